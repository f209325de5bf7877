"""allauth's own forms in the classes of the design system; nothing else about them is changed."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from django.forms import CheckboxInput


class Dressed:
    """Gives each field the class its kind of input has on every other page."""

    fields: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, CheckboxInput):
                field.widget.attrs["class"] = "form-input sa-w-m"
            # The label says it; a placeholder disappears when one begins to write.
            field.widget.attrs.pop("placeholder", None)


class LoginForm(Dressed, allauth_forms.LoginForm):
    pass


class ResetPasswordForm(Dressed, allauth_forms.ResetPasswordForm):
    pass


class ResetPasswordKeyForm(Dressed, allauth_forms.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(Dressed, allauth_forms.ChangePasswordForm):
    pass


class SetPasswordForm(Dressed, allauth_forms.SetPasswordForm):
    pass


class ReauthenticateForm(Dressed, allauth_forms.ReauthenticateForm):
    pass
