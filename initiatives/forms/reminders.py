"""Until when a person wants no reminders."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from initiatives.forms.base import day_input


class PauseForm(forms.Form):
    until = forms.DateField(
        label=_("Send me nothing until and including"),
        widget=day_input(),
        help_text=_("At most a year ahead. A deputy is reminded instead, if there is one."),
        error_messages={"required": _("Choose a day."), "invalid": _("Write the day as year-month-day.")},
    )
