"""A file of figures on its way in, and how its table is laid out. The forms parse; the actions decide."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.calculations.table_mapping import (
    AREA,
    BREAKDOWN,
    COMMA,
    FOOTNOTES,
    INDICATOR,
    LONG,
    PERIOD,
    POINT,
    SKIP,
    UNIT,
    VALUE,
    WIDE_INDICATORS,
    WIDE_PERIODS,
    WIDE_VALUES,
    Names,
    TableLayout,
    missing_roles,
    period_code,
    unit_key,
)
from indicators.models import DataSource
from indicators.refresh.refusals import role_word

_PUBLISHED = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
_ROLES = (SKIP, AREA, INDICATOR, PERIOD, VALUE, UNIT, BREAKDOWN, FOOTNOTES)


def text_input(width: str = "sa-w-l") -> forms.TextInput:
    return forms.TextInput(attrs={"class": f"form-input {width}", "autocomplete": "off"})


def select(width: str = "sa-w-l") -> forms.Select:
    return forms.Select(attrs={"class": f"form-select {width}"})


def published_text(words: str) -> str:
    """ "2026-11", or "" for a day that is not known."""
    text = words.strip()
    if text and not _PUBLISHED.fullmatch(text):
        raise forms.ValidationError(_("Write it as 2026, 2026-11 or 2026-11-05."))
    return text


class SourceForm(forms.Form):
    """The source that figures belong to: one of those there are, or a new one with a name."""

    source = forms.ModelChoiceField(
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("What was said of its columns last time is remembered."),
        queryset=DataSource.objects.none(),
        required=False,
        empty_label=gettext_lazy("A new source, named below"),
        widget=select(),
    )
    title = forms.CharField(
        label=gettext_lazy("Name of a new source"), max_length=200, required=False, widget=text_input()
    )
    publisher = forms.CharField(
        label=gettext_lazy("Who publishes it?"), max_length=200, required=False, widget=text_input()
    )
    licence = forms.CharField(
        label=gettext_lazy("Terms of use"),
        help_text=gettext_lazy("As the publisher writes them. May be left empty."),
        max_length=500,
        required=False,
        widget=text_input(),
    )
    published_on = forms.CharField(
        label=gettext_lazy("Published on"),
        help_text=gettext_lazy("Year, month or day: 2026, 2026-11 or 2026-11-05. May be left empty."),
        max_length=10,
        required=False,
        widget=text_input("sa-w-m"),
    )

    def __init__(self, *args: Any, sources: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = sources  # type: ignore[attr-defined]

    def clean_published_on(self) -> str:
        return published_text(self.cleaned_data["published_on"])

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if "source" in values and not values["source"] and not values.get("title"):
            self.add_error("title", _("Choose a source above, or name a new one."))
        return values


class UploadForm(SourceForm):
    """A file, and the source it belongs to."""

    field_order = ("source", "file")

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "Excel (.xlsx) or CSV, at most 10 MB. Values, not formulas. Never a CPR number, not even in the name."
        ),
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"class": "form-input sa-w-l", "accept": ".csv,.txt,.xlsx"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file is None:
            raise forms.ValidationError(_("Choose a file."))
        if getattr(file, "too_large", False):
            raise forms.ValidationError(
                _("The file is larger than 10 MB. Put it into the folder on the server, or divide it.")
            )
        return file


class LayoutForm(forms.Form):
    """What the columns hold. A field for each column of the table, `role_0` and on, beside what holds for all rows."""

    layout = forms.ChoiceField(
        label=gettext_lazy("How are the figures spread?"),
        choices=(
            (LONG, gettext_lazy("One figure in each row")),
            (WIDE_PERIODS, gettext_lazy("A column for each period")),
            (WIDE_INDICATORS, gettext_lazy("A column for each indicator")),
        ),
        widget=select(),
    )
    decimal_mark = forms.ChoiceField(
        label=gettext_lazy("Decimal mark"),
        help_text=gettext_lazy("Of numbers written as text. Excel's own numbers need none."),
        choices=((COMMA, gettext_lazy("Comma: 10,7")), (POINT, gettext_lazy("Point: 10.7"))),
        widget=select("sa-w-m"),
    )
    skip = forms.IntegerField(
        label=gettext_lazy("Rows above the headings to leave out"),
        min_value=0,
        max_value=500,
        widget=forms.NumberInput(attrs={"class": "form-input sa-w-m"}),
    )
    area = forms.CharField(
        label=gettext_lazy("Area of all rows"),
        help_text=gettext_lazy("Only when no column says it."),
        required=False,
        max_length=160,
        widget=text_input(),
    )
    indicator = forms.ChoiceField(
        label=gettext_lazy("Indicator of all rows"),
        help_text=gettext_lazy("Only when no column says it."),
        required=False,
        widget=select(),
    )
    period = forms.CharField(
        label=gettext_lazy("Period of all rows"),
        help_text=gettext_lazy("Only when no column says it: 2025, 2. kvartal 2025, marts 2025."),
        required=False,
        max_length=40,
        widget=text_input("sa-w-m"),
    )
    unit = forms.CharField(
        label=gettext_lazy("Unit of all rows"),
        help_text=gettext_lazy("When it is said here, a file for an indicator with another unit is refused."),
        required=False,
        max_length=60,
        widget=text_input("sa-w-m"),
    )
    blank_reason = forms.CharField(
        label=gettext_lazy("What does a blank cell mean?"),
        help_text=gettext_lazy(
            "For example: Not published, too few people. Empty: a file with a blank figure is refused."
        ),
        required=False,
        max_length=300,
        widget=text_input(),
    )
    fill_down = forms.BooleanField(
        label=gettext_lazy("An area or period that stands once holds for the blank cells below it (merged cells)"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-checkbox"}),
    )
    fill_right = forms.BooleanField(
        label=gettext_lazy("A heading that stands once holds for the blank headings to its right (merged cells)"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-checkbox"}),
    )

    def __init__(
        self,
        *args: Any,
        width: int,
        read: TableLayout,
        names: Names,
        indicators: Iterable[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        """read: how the file was read for the look: its sheet and its encoding are chosen beside the form."""
        super().__init__(*args, **kwargs)
        self.width, self.read, self.names = width, read, names
        self.fields["indicator"].choices = [("", _("A column says it")), *indicators]  # type: ignore[attr-defined]
        for at in range(width):
            self.fields[f"role_{at}"] = forms.ChoiceField(
                label=_("What column %(number)s holds") % {"number": at + 1},
                choices=role_choices(),
                required=False,
                widget=select(""),
            )

    def clean_period(self) -> str:
        text = str(self.cleaned_data["period"])
        if text and period_code(text) is None:
            raise forms.ValidationError(_("The period is not one we can read. Write for example 2025 or marts 2025."))
        return text

    def clean_area(self) -> str:
        text = str(self.cleaned_data["area"])
        if text and self.names.area(text) is None:
            raise forms.ValidationError(_("The name of the area is not known. Write it as it stands under Areas."))
        return text

    def clean_unit(self) -> str:
        text = str(self.cleaned_data["unit"])
        facts = self.names.facts.get(self.cleaned_data.get("indicator", ""))
        if facts is not None and text and unit_key(text) != unit_key(facts.unit):
            raise forms.ValidationError(_("The indicator's unit is %(unit)s.") % {"unit": facts.unit})
        return text

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if self.errors:
            return values
        roles = [role for role in self._roles() if role not in (SKIP, WIDE_VALUES)]
        twice = next((role for role in roles if roles.count(role) > 1), None)
        if twice is not None:
            self.add_error(None, _("Two columns are said to hold: %(role)s.") % {"role": role_word(twice)})
        missing = ", ".join(role_word(role) for role in missing_roles(self.to_layout()))
        if missing:
            self.add_error(
                None, _("The columns do not say everything that a figure needs: %(roles)s.") % {"roles": missing}
            )
        return values

    def to_layout(self) -> TableLayout:
        values = self.cleaned_data
        return TableLayout(
            layout=values["layout"],
            decimal_mark=values["decimal_mark"],
            sheet=self.read.sheet,
            encoding=self.read.encoding,
            skip=values["skip"],
            roles=self._roles(),
            constants={name: values[name] for name in (AREA, INDICATOR, PERIOD, UNIT) if values[name]},
            fill_down=values["fill_down"],
            fill_right=values["fill_right"],
            blank_reason=values["blank_reason"],
        )

    def _roles(self) -> tuple[str, ...]:
        roles = (self.cleaned_data.get(f"role_{at}", SKIP) for at in range(self.width))
        wide = self.cleaned_data["layout"] != LONG
        return tuple(WIDE_VALUES if wide and role == VALUE else role for role in roles)


def role_choices() -> Sequence[tuple[str, str]]:
    return [(role, role_word(role) if role else _("left out")) for role in _ROLES]


def layout_initial(layout: TableLayout) -> Mapping[str, Any]:
    """The form's fields filled from a layout."""
    plain = {name: getattr(layout, name) for name in ("layout", "decimal_mark", "skip", "fill_down", "fill_right")}
    roles = {f"role_{at}": VALUE if role == WIDE_VALUES else role for at, role in enumerate(layout.roles)}
    return {**plain, **layout.constants, "blank_reason": layout.blank_reason, **roles}
