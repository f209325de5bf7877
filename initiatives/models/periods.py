from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from sundhedsaftale.lib.periods import Period


class PeriodFields(models.Model):
    """An imprecise period as columns: the words as written, and the first and last day they cover.

    A period without days ("løbende", no date) has both null. The deadline of a period is its last day.
    """

    words = models.CharField(max_length=160, blank=True)
    precision = models.CharField(max_length=12)
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True, db_index=True)

    class Meta:
        abstract = True
        constraints = (
            models.CheckConstraint(
                condition=Q(first_day__isnull=True, last_day__isnull=True)
                | Q(first_day__isnull=False, last_day__isnull=False, first_day__lte=F("last_day")),
                name="%(class)s_period_ends_after_it_begins",
                violation_error_message=_("The period must begin before it ends."),
            ),
        )

    @property
    def period(self) -> Period:
        return Period(precision=self.precision, first_day=self.first_day, last_day=self.last_day, words=self.words)
