"""The outbox: what is due to be said to whom, and what became of it."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from initiatives.models.plans import ActionItem


class MailState(models.TextChoices):
    PENDING = "pending", _("Waiting")
    CLAIMED = "claimed", _("Being prepared")
    HANDING_OVER = "handing_over", _("Being handed over")
    SENT = "sent", _("Sent")
    UNCERTAIN = "uncertain", _("Uncertain")
    REFUSED = "refused", _("Refused by the mail server")
    DROPPED = "dropped", _("No longer needed")


class ReminderMailQuerySet(models.QuerySet["ReminderMail"]):
    def concerning(self, body_ids: Collection[int]) -> ReminderMailQuerySet:
        """Mails about items of these bodies: their own plans', or those they carry."""
        reminders = Reminder.objects.filter(Q(item__plan__body__in=body_ids) | Q(item__owners__in=body_ids))
        return self.filter(pk__in=reminders.values("mail_id"))


class ReminderMail(models.Model):
    """One mail to one person. HANDING_OVER is committed before the mail server is called and SENT after.

    So a row found long after in CLAIMED was never handed over and is tried again, while one found in HANDING_OVER may
    have been sent: it becomes UNCERTAIN, is listed, and only a person sends it again, with the same Message-ID.
    REFUSED: the server said no for good. DROPPED: everything in it was settled before it was sent.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reminder_mails")
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=14, choices=MailState, default=MailState.PENDING)
    subject = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    objects = ReminderMailQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=("state", "claimed_at"), name="mail_work"),)

    def __str__(self) -> str:
        return self.message_id


class Reminder(models.Model):
    """One thing somebody is to be reminded of. `key` is recipient, object, kind, due date and revision: once, ever."""

    key = models.CharField(max_length=200, unique=True)
    mail = models.ForeignKey(ReminderMail, on_delete=models.PROTECT, related_name="reminders")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reminders")
    item = models.ForeignKey(ActionItem, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=20)
    due_on = models.DateField()
    late = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (models.CheckConstraint(condition=~Q(key=""), name="reminder_key_not_empty"),)

    def __str__(self) -> str:
        return self.key
