"""My profile, the account an invitation opens, and closing an account. The actions decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import gettext_lazy as _

from initiatives.forms.base import checkbox, select, text_input


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), help_text=_("It stands beside what you write."), max_length=120, widget=text_input()
    )
    language = forms.ChoiceField(label=_("Language of mails to me"), choices=settings.LANGUAGES, widget=select())


class NewAccountForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        help_text=_("It stands beside what you write."),
        max_length=120,
        widget=forms.TextInput(attrs={"class": "form-input sa-w-l", "autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "form-input sa-w-l", "autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("The password once more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "form-input sa-w-l", "autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = " ".join(str(text) for text in password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("password") and values.get("again") and values["password"] != values["again"]:
            self.add_error("again", _("The two passwords are not the same."))
        return values


class ClosePersonForm(forms.Form):
    """ask: bodies are left without a secretary, so it takes a tick."""

    def __init__(self, *args: Any, ask: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if ask:
            self.fields["confirmed"] = forms.BooleanField(
                label=_("Yes, these bodies are to be without a secretary"), required=False, widget=checkbox()
            )
