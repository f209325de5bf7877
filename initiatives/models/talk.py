"""What people say to each other about an item or an initiative, and what each of them follows."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators.models import Area, Goal
from initiatives.models.plans import ActionItem, Plan
from initiatives.models.work import Initiative


class Comment(models.Model):
    """A remark between colleagues, never part of the official status text, an annex or a frozen meeting.

    It is not edited; whoever wrote it may withdraw it, and then the page says that a comment was withdrawn.
    """

    item = models.ForeignKey(ActionItem, null=True, blank=True, on_delete=models.PROTECT, related_name="comments")
    initiative = models.ForeignKey(Initiative, null=True, blank=True, on_delete=models.PROTECT, related_name="comments")
    text = models.TextField()
    created_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("created_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(item__isnull=False, initiative__isnull=True)
                | Q(item__isnull=True, initiative__isnull=False),
                name="comment_on_one_thing",
                violation_error_message=_("A comment stands on one item or one initiative."),
            ),
            models.CheckConstraint(
                condition=~Q(text=""), name="comment_has_words", violation_error_message=_("Write a comment.")
            ),
        )

    def __str__(self) -> str:
        return f"{self.item_id or self.initiative_id} {self.created_at:%Y-%m-%d}"


class Mention(models.Model):
    """Somebody named in a comment. `seen_at`: when they opened what it was about from their own page."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mentions")
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("comment", "pk")
        constraints = (models.UniqueConstraint(fields=("comment", "person"), name="mentioned_once_in_a_comment"),)

    def __str__(self) -> str:
        return f"{self.comment_id} -> {self.person_id}"


FOLLOWED = ("goal", "area", "plan", "item", "initiative")


class Follow(models.Model):
    """Somebody wants to hear what changes on one goal, area, plan, item or initiative. Their own business only."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows")
    goal = models.ForeignKey(Goal, null=True, blank=True, on_delete=models.CASCADE, related_name="follows")
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.CASCADE, related_name="follows")
    plan = models.ForeignKey(Plan, null=True, blank=True, on_delete=models.CASCADE, related_name="follows")
    item = models.ForeignKey(ActionItem, null=True, blank=True, on_delete=models.CASCADE, related_name="follows")
    initiative = models.ForeignKey(Initiative, null=True, blank=True, on_delete=models.CASCADE, related_name="follows")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("created_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    *(Q(**{f"{other}__isnull": other != one for other in FOLLOWED}) for one in FOLLOWED),
                    _connector=Q.OR,
                ),
                name="follows_one_thing",
            ),
            *(
                # One for each kind, because a null is never equal to a null on SQLite.
                models.UniqueConstraint(fields=("person", one), name=f"follows_{one}_once")
                for one in FOLLOWED
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} follows"
