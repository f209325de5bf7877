"""The upload of a body's letter document."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from initiatives.annex.letter_checks import MAX_BYTES

TOO_LARGE = _("The file is larger than 2 MB. Make its pictures smaller and try again.")


class LetterForm(forms.Form):
    file = forms.FileField(
        label=_("Word document (.docx)"),
        help_text=_("At most 2 MB, without macros, links and objects."),
        widget=forms.FileInput(attrs={"class": "form-input sa-file", "accept": ".docx"}),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
    )

    def clean_file(self) -> Any:
        """The size before anything is read."""
        found = self.cleaned_data["file"]
        if found.size > MAX_BYTES:
            raise forms.ValidationError(TOO_LARGE)
        return found
