"""The outbox: what is due to be said to whom, and what became of it."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators.models import Indicator
from initiatives.models.bodies import Role
from initiatives.models.meetings import Meeting
from initiatives.models.plans import ActionItem, Milestone
from initiatives.models.work import Initiative


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
        """Mails about what these bodies do: items of their plans or that they carry, meetings, initiatives."""
        plans = Q(item__plan__body__in=body_ids) | Q(milestone__item__plan__body__in=body_ids)
        carried = Q(item__owners__in=body_ids) | Q(milestone__item__owners__in=body_ids)
        own = Q(milestone__body__in=body_ids) | Q(meeting__body__in=body_ids) | Q(initiative__body__in=body_ids)
        reminders = Reminder.objects.filter(plans | carried | own)
        return self.filter(pk__in=reminders.values("mail_id"))


class ReminderMail(models.Model):
    """One mail to one person. HANDING_OVER is committed before the mail server is called and SENT after.

    So a row found long after in CLAIMED was never handed over and is tried again, while one found in HANDING_OVER may
    have been sent: it becomes UNCERTAIN, is listed, and only a person sends it again, with the same Message-ID.
    REFUSED: the server said no for good. DROPPED: everything in it was settled before it was sent.

    attempts: how often a worker took it since it was queued, or sent again by hand. not_before: when a mail the server
    did not want yet may be tried again. sent_again: who asked for it to be sent again, and when; "" for nobody.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reminder_mails")
    message_id = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=14, choices=MailState, default=MailState.PENDING)
    subject = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(null=True, blank=True)
    sent_again = models.CharField(max_length=300, blank=True)
    error = models.TextField(blank=True)

    objects = ReminderMailQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (models.Index(fields=("state", "claimed_at"), name="mail_work"),)

    def __str__(self) -> str:
        return self.message_id


#: What a reminder can be about: each is a column, and exactly one of them is filled in.
REMINDED_OF = ("item", "milestone", "meeting", "initiative", "indicator")


class Reminder(models.Model):
    """One thing somebody is to be reminded of. `key` is recipient, object, kind, due date and revision: once, ever.

    recipient_role: the role in which a person is told about what others have not done (the secretary, then the chair);
    "" when they are the first to be reminded.
    """

    key = models.CharField(max_length=200, unique=True)
    mail = models.ForeignKey(ReminderMail, on_delete=models.PROTECT, related_name="reminders")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reminders")
    item = models.ForeignKey(ActionItem, null=True, blank=True, on_delete=models.CASCADE, related_name="reminders")
    milestone = models.ForeignKey(Milestone, null=True, blank=True, on_delete=models.CASCADE, related_name="reminders")
    meeting = models.ForeignKey(Meeting, null=True, blank=True, on_delete=models.CASCADE, related_name="reminders")
    initiative = models.ForeignKey(
        Initiative, null=True, blank=True, on_delete=models.CASCADE, related_name="reminders"
    )
    indicator = models.ForeignKey(Indicator, null=True, blank=True, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=20)
    recipient_role = models.CharField(max_length=12, choices=Role, blank=True)
    due_on = models.DateField()
    late = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(condition=~Q(key=""), name="reminder_key_not_empty"),
            models.CheckConstraint(
                condition=Q(
                    *(Q(**{f"{other}__isnull": other != one for other in REMINDED_OF}) for one in REMINDED_OF),
                    _connector=Q.OR,
                ),
                name="reminder_of_one_thing",
            ),
        )

    def __str__(self) -> str:
        return self.key


class Digest(models.Model):
    """A person's news of some days, in a mail: mentions, and what changed on what they follow.

    `until` is unique for a person, so the same days are told once, ever.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="digests")
    mail = models.OneToOneField(ReminderMail, on_delete=models.PROTECT, related_name="digest")
    since = models.DateTimeField()
    until = models.DateTimeField()
    until_day = models.DateField()

    class Meta:
        ordering = ("-until", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("person", "until_day"), name="one_digest_per_person_and_day"),
            models.CheckConstraint(condition=Q(since__lt=models.F("until")), name="digest_covers_some_time"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.until_day}"
