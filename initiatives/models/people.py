"""Who is asked to join a body, and who stands in for whom."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from initiatives.models.bodies import Body, Role


class InvitationMail(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    HANDING_OVER = "handing_over", _("Being handed over")
    SENT = "sent", _("Sent")
    UNCERTAIN = "uncertain", _("Uncertain")
    REFUSED = "refused", _("Refused by the mail server")


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def standing(self, *, now: datetime) -> InvitationQuerySet:
        """Neither accepted nor withdrawn, and not too old."""
        return self.filter(accepted_at__isnull=True, withdrawn_at__isnull=True, expires_at__gt=now)


class Invitation(models.Model):
    """Somebody is asked by mail to take a role in a body. Only the hash of the link's secret is kept.

    The mail follows the same order as reminders: HANDING_OVER is committed before the mail server is called.
    """

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=12, choices=Role)
    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=5, default="da")  # of the mail; theirs when they get an account
    valid_from = models.DateField()  # when the role begins
    valid_to = models.DateField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations_accepted"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    mail_state = models.CharField(max_length=14, choices=InvitationMail, default=InvitationMail.WAITING)
    mailed_at = models.DateTimeField(null=True, blank=True)
    mail_error = models.TextField(blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("body", "email", "role"),
                condition=Q(accepted_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_invitation_per_body_role_and_address",
                violation_error_message=_("That address has already been invited to this role."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_from__lte=F("valid_to")),
                name="invited_role_ends_after_it_begins",
                violation_error_message=_("The role must begin before it ends."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="invitation_accepted_or_withdrawn",
            ),
        )

    def __str__(self) -> str:
        return f"{self.role} {self.body_id}"


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def valid_on(self, day: date) -> DelegationQuerySet:
        return self.filter(first_day__lte=day, last_day__gte=day, ended_at__isnull=True)


class Delegation(models.Model):
    """While somebody is away, a deputy takes over their roles and their reminders, in one body or in all of them.

    Never deleted: ending it early is a moment in `ended_at`, and what the deputy wrote stays the deputy's.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deputy_for")
    body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="delegations")
    first_day = models.DateField()
    last_day = models.DateField()
    created_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = DelegationQuerySet.as_manager()

    class Meta:
        ordering = ("-first_day", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(first_day__lte=F("last_day")),
                name="delegation_ends_after_it_begins",
                violation_error_message=_("The absence must begin before it ends."),
            ),
            models.CheckConstraint(
                condition=~Q(person=F("deputy")),
                name="nobody_deputises_for_themselves",
                violation_error_message=_("Choose somebody else as deputy."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.deputy_id} for {self.person_id}"
