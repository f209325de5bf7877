"""Asking before it is frozen or approved. What the form was opened on comes back with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from initiatives.forms.base import text_area


class FreezeForm(forms.Form):
    expected_version = forms.IntegerField(min_value=1, max_value=32000, widget=forms.HiddenInput)
    note = forms.CharField(
        label=_("What is corrected?"),
        help_text=_("Stands on the new version for ever, beside the one it corrects."),
        max_length=2000,
        required=False,
        widget=text_area(3),
    )

    def __init__(self, *args: Any, version: int, **kwargs: Any) -> None:
        """version: what freezing now would make. The first one corrects nothing."""
        super().__init__(*args, **kwargs)
        self.initial["expected_version"] = version
        if version == 1 and not self.is_bound:
            del self.fields["note"]


class ApproveForm(forms.Form):
    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
