"""Secret addresses from which a calendar program fetches deadlines and meetings."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from initiatives.models.bodies import Body


class CalendarFeed(models.Model):
    """A person's own calendar, or with `body` that body's as the person may see it.

    The address holds a secret of 128 bits; only its hash is kept, so it is shown once and a lost one is replaced.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="calendar_feeds")
    body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.CASCADE, related_name="calendar_feeds")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_read_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("person", "-created_at", "-pk")
        constraints = (
            # Two constraints, because a null is never equal to a null on SQLite.
            models.UniqueConstraint(
                fields=("person",),
                condition=Q(body__isnull=True, revoked_at__isnull=True),
                name="one_own_calendar_per_person",
                violation_error_message=_("There is a calendar address already."),
            ),
            models.UniqueConstraint(
                fields=("person", "body"),
                condition=Q(revoked_at__isnull=True),
                name="one_body_calendar_per_person",
                violation_error_message=_("There is a calendar address already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.body_id or 'own'}"
