"""The report's tables as pasted text, and what holds for all of it. The forms parse; the actions decide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.actions.mappings import ReportChoices
from indicators.calculations.table_mapping import period_code
from indicators.forms.table_uploads import SourceForm, published_text, select, text_input
from indicators.models import Framework, TableMapping
from indicators.presenters.figures import period_label
from indicators.refresh.pasted import CPR, refuse_text


class ChoicesForm(forms.Form):
    """What the text itself does not say of its figures."""

    framework = forms.ChoiceField(
        label=gettext_lazy("Which goals is the report about?"),
        help_text=gettext_lazy("The names of the rows are looked up among the indicators of these goals."),
        required=False,
        widget=select(),
    )
    published_on = forms.CharField(
        label=gettext_lazy("When was the report published?"),
        help_text=gettext_lazy(
            "2026, 2026-11 or 2026-11-05. A figure that differs from one published earlier is then read as a correction."
        ),
        max_length=10,
        required=False,
        widget=text_input("sa-w-m"),
    )
    period = forms.CharField(
        label=gettext_lazy("Period of the figures"),
        help_text=gettext_lazy("For rows that say nothing else: 2025, 2. kvartal 2025, marts 2025."),
        max_length=40,
        required=False,
        widget=text_input("sa-w-m"),
    )
    periods = forms.CharField(
        label=gettext_lazy("Rows with a period of their own"),
        help_text=gettext_lazy(
            "Only those whose name does not say it. One a line, with the table where only one of them is meant: "
            "Daglige rygere, kommuner = 2021. The tables are called regioner and kommuner."
        ),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"class": "form-input", "rows": 3, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, frameworks: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["framework"].choices = [("", _("Every set of goals")), *frameworks]  # type: ignore[attr-defined]

    def clean_published_on(self) -> str:
        return published_text(self.cleaned_data["published_on"])

    def clean_period(self) -> str:
        text = str(self.cleaned_data["period"])
        if text and period_code(text) is None:
            raise forms.ValidationError(_("The period is not one we can read. Write for example 2025 or marts 2025."))
        return text

    def to_choices(self) -> ReportChoices:
        """From a form that is valid."""
        names = ("period", "periods", "framework", "published_on")
        return ReportChoices(**{name: self.cleaned_data[name] for name in names})


class PasteForm(ChoicesForm, SourceForm):
    """The text and the report it is from. Of a report used before, what is left empty holds as it did last time."""

    field_order = ("text", "source", "title", "publisher", "licence", "framework", "published_on", "period", "periods")

    # No max_length: a browser would cut the text off there without a word, and a table with it.
    text = forms.CharField(
        label=gettext_lazy("The tables of the report"),
        help_text=gettext_lazy(
            "Copied with their headings, as text or Markdown. The rest of the report may come along. Never a CPR number."
        ),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"class": "form-input", "rows": 14, "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        source, framework = self.fields["source"], self.fields["framework"]
        source.label, source.help_text = _("Report"), _("What was said of it last time is remembered.")
        source.empty_label = _("A new report, named below")  # type: ignore[attr-defined]
        self.fields["title"].label = _("Name of a new report")
        named = framework.choices[1:]  # type: ignore[attr-defined]
        framework.choices = [("", _("Choose, or as last time")), *named]  # type: ignore[attr-defined]

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        try:
            refuse_text(text)
        except ValidationError as error:
            if error.code == CPR:
                # The refused text stays in nothing, not even in the field it came from.
                self.data = {**self.data.dict(), "text": ""}  # type: ignore[attr-defined]
            raise
        return text

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "source" in values and not values["source"]:
            for name, sentence in (
                ("framework", _("Choose the goals that the report is about.")),
                ("period", _("Say which period the figures are of, for example 2025 or marts 2025.")),
            ):
                if name in values and not values[name]:
                    self.add_error(name, sentence)
        return values


def choices_initial(mapping: TableMapping) -> dict[str, str]:
    """The form's fields as they were said last. A period is written in words where its words can be read back."""
    layout = mapping.layout
    code = layout.get("period", "")
    words = period_label(code)
    return {
        "period": words if period_code(words) == code else code,
        "periods": layout.get("periods", ""),
        "framework": layout.get("framework", ""),
        "published_on": mapping.published_on,
    }


def framework_choices() -> list[tuple[str, str]]:
    """Those that somebody measures something of. 1 query."""
    return list(Framework.objects.filter(goals__indicators__isnull=False).distinct().values_list("slug", "name"))
