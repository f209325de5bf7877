"""A fresh link to answer by, asked for on the page of one that had run out."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from initiatives.models.meetings import Meeting
from initiatives.models.plans import ActionItem


class FreshLink(models.Model):
    """One mail with one link, to the person themselves. The link is made when the mail is, and never stored.

    handed_over_at is committed before the mail server is called, so a mail goes out once at most; one that was lost is
    asked for again.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="fresh_links")
    item = models.ForeignKey(ActionItem, on_delete=models.CASCADE, related_name="+")
    meeting = models.ForeignKey(Meeting, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    handed_over_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-asked_at", "-pk")
        indexes = (models.Index(fields=("person", "asked_at"), name="fresh_links_of_an_hour"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.item_id} {self.asked_at:%Y-%m-%d %H:%M}"
