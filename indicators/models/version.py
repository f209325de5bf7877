from __future__ import annotations

from django.db import models


class DataVersion(models.Model):
    """One row that counts every change a reader could see. A page made at one count is good until the next.

    Pages only read, and most readers are not signed in, so a page they all see need be made once for each version.
    """

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(pk=1), name="one_data_version"),)

    def __str__(self) -> str:
        return str(self.number)
