from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class MailRhythm(models.TextChoices):
    EACH = "each", _("One by one, when there is something")
    DAILY = "daily", _("One mail a day")
    WEEKLY = "weekly", _("One mail a week")


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in with an e-mail address. What they may do follows from their dated memberships of bodies."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(_("language"), max_length=5, default="da")
    reminders_paused_until = models.DateField(null=True, blank=True)
    mail_rhythm = models.CharField(_("mails"), max_length=8, choices=MailRhythm, default=MailRhythm.EACH)
    mail_rhythm_since = models.DateTimeField(null=True, blank=True)  # a digest tells nothing from before it was chosen
    news_seen_at = models.DateTimeField(null=True, blank=True)  # when they last opened what is new to them
    # Closed, never deleted: what they wrote stays theirs. is_active is then false.
    closed_on = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        ordering = ("email",)
        permissions = (("steward_data", _("May refresh, approve and roll back figures")),)

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name or self.email


class SiteRole(models.TextChoices):
    STEWARD = "steward", _("Data steward")
    ADMINISTRATOR = "administrator", _("Administrator")


class AccountEvent(models.TextChoices):
    OPENED = "opened", _("Account opened")
    RENAMED = "renamed", _("Name changed")
    LANGUAGE = "language", _("Language of mails changed")
    CLOSED = "closed", _("Account closed")
    REOPENED = "reopened", _("Account reopened")
    GRANTED = "granted", _("Site role given")
    WITHDRAWN = "withdrawn", _("Site role withdrawn")


class AccountChange(models.Model):
    """What was done to an account, when and by whom. Append-only; passwords and sign-ins are no part of it.

    A history table of the whole user would get a row at every sign-in, and a copy of the password's hash with it.
    """

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="changes")
    what = models.CharField(max_length=12, choices=AccountEvent)
    before = models.CharField(max_length=200, blank=True)
    after = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.person_id} {self.what}"


class Heartbeat(models.Model):
    """Last sign of life from a background process; readiness looks at how old it is."""

    name = models.SlugField(unique=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"


class ClaimedMembership(models.Model):
    """A membership that a workplace's claim gave, and that ends when the claim is gone. No other membership is touched."""

    membership = models.OneToOneField("initiatives.Membership", on_delete=models.CASCADE, related_name="claimed")
    account = models.ForeignKey("socialaccount.SocialAccount", on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        ordering = ("membership",)

    def __str__(self) -> str:
        return f"{self.membership_id} by {self.account_id}"
