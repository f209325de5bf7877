"""The forms of the second step and of passkeys, dressed as the others. Imported when somebody first asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from allauth.socialaccount import forms as social
from allauth.socialaccount.internal.flows.connect import disconnect
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from sundhedsaftale.actions.sign_in import close_claimed
from sundhedsaftale.forms import Dressed
from sundhedsaftale.lib.cpr import find_cpr

LONGEST_NAME = 60


class Code:
    """Six digits from the app, or a recovery code: a number pad on a phone."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
        self.fields["code"].widget.attrs.update({"class": "form-input sa-w-s", "inputmode": "numeric"})


class AuthenticateForm(Code, Dressed, base.AuthenticateForm):
    pass


class ReauthenticateForm(Code, Dressed, base.ReauthenticateForm):
    pass


class ActivateTOTPForm(Code, Dressed, totp.ActivateTOTPForm):
    pass


@contextmanager
def made_up_is_wrong() -> Iterator[None]:
    """What a browser sends as a passkey may be anything; django-allauth stumbles over some of it."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise get_adapter().validation_error("incorrect_code") from error


class Credential:
    def clean_credential(self) -> Any:
        with made_up_is_wrong():
            return super().clean_credential()  # type: ignore[misc]


class LoginWebAuthnForm(Credential, webauthn.LoginWebAuthnForm):
    pass


class AuthenticateWebAuthnForm(Credential, webauthn.AuthenticateWebAuthnForm):
    pass


class ReauthenticateWebAuthnForm(Credential, webauthn.ReauthenticateWebAuthnForm):
    pass


class Named:
    """A passkey's name is its owner's own words."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the passkey")
        self.fields["name"].max_length = LONGEST_NAME
        self.fields["name"].widget.attrs["maxlength"] = LONGEST_NAME

    def clean_name(self) -> str:
        clean = getattr(super(), "clean_name", None)
        name: str = clean() if clean else self.cleaned_data["name"]  # type: ignore[attr-defined]
        if find_cpr(name):
            raise ValidationError(_("The text holds a CPR number. Delete it and save again. Nothing has been saved."))
        return name[:LONGEST_NAME]


class AddWebAuthnForm(Named, Dressed, webauthn.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        box = self.fields["passwordless"]
        box.initial = True
        box.label = _("Sign in with the passkey alone")
        box.help_text = _("Then you need no password. Your device asks for your finger, face or PIN.")

    def clean(self) -> dict[str, Any]:
        with made_up_is_wrong():
            cleaned: dict[str, Any] = super().clean()
        return cleaned


class EditWebAuthnForm(Named, Dressed, webauthn.EditWebAuthnForm):
    pass


class DisconnectForm(social.DisconnectForm):
    """What the workplace's claims gave ends with the connection."""

    def save(self) -> None:
        account = self.cleaned_data["account"]
        with transaction.atomic():  # `disconnect` may ask for the password first; then nothing has happened
            close_claimed(account=account, today=timezone.localdate())
            disconnect(self.request, account)
