"""A file of populations on its way in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.calculations.population_rows import LONGEST_SOURCE


class PopulationForm(forms.Form):
    """The file, and the source of its rows where it has no column for it."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "Excel (.xlsx) or CSV, at most 10 MB. The first line names the columns: "
            "area_code, age_group, year, people and source."
        ),
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"class": "form-input sa-w-l", "accept": ".csv,.txt,.xlsx"}),
    )
    source = forms.CharField(
        label=gettext_lazy("Source, where the file names none"),
        help_text=gettext_lazy("The table and the day the people were counted, for example FOLK1A, 1 January 2023."),
        max_length=LONGEST_SOURCE,
        required=False,
        widget=forms.TextInput(attrs={"class": "form-input sa-w-l", "autocomplete": "off"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file is None:
            raise forms.ValidationError(_("Choose a file."))
        if getattr(file, "too_large", False):
            raise forms.ValidationError(_("The file is larger than 10 MB. Divide it."))
        return file
