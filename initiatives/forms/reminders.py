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


class TellingForm(forms.Form):
    """Either may be left empty: then that person is never told."""

    tell_secretary_days = forms.IntegerField(
        label=_("The secretary is told, days after the deadline"),
        help_text=_("Only when nobody has written a status since the deadline. Left empty: never."),
        required=False,
        widget=forms.NumberInput(attrs={"class": "form-input sa-w-s", "min": 1, "max": 365}),
    )
    tell_chair_days = forms.IntegerField(
        label=_("The chair is told, days after the deadline"),
        help_text=_("More days than for the secretary. Left empty: never."),
        required=False,
        widget=forms.NumberInput(attrs={"class": "form-input sa-w-s", "min": 1, "max": 365}),
    )
