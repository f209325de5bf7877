"""A file on its way in, and the corrections of one row. The forms parse; the actions decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

from initiatives.calculations.link_suggestions import LinkSuggestion
from initiatives.calculations.plan_review import OTHER, PERIODS, PLACES, SAME, ImportRow
from initiatives.forms.base import day_input, select, text_area, text_input
from initiatives.models import Body, Plan, PlanKind, State
from initiatives.plan_files.preview import Preview
from initiatives.presenters.import_rows import cause_name, value_text
from sundhedsaftale.lib.cpr import find_cpr

LARGEST = 10_000_000  # bytes of a file
LONGEST = 2_000_000  # characters of a pasted plan
TEXTS = ("title", "content", *PLACES)
ENDINGS = ".docx,.xlsx,.csv,.txt,.pdf"


class UploadForm(forms.Form):
    """A file or pasted text, and which plan it is. `goes_to`: "new:<body>" or "plan:<plan>"."""

    goes_to = forms.ChoiceField(
        label=gettext_lazy("What is it?"),
        help_text=gettext_lazy("Only bodies you are the secretariat of are listed."),
        widget=select("sa-w-l"),
        error_messages={"required": gettext_lazy("Choose a new plan or one you have.")},
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("Word, Excel, CSV or text, at most 10 MB. A PDF is read as well as it can be."),
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"class": "form-input sa-w-l", "accept": ENDINGS}),
    )
    text = forms.CharField(
        label=gettext_lazy("Or paste the table here"),
        help_text=gettext_lazy("Copied from Word or Excel, with its headings. Never paste a CPR number."),
        max_length=LONGEST,
        required=False,
        strip=False,
        widget=text_area(6),
    )
    title = forms.CharField(
        label=gettext_lazy("Title of a new plan"),
        help_text=gettext_lazy("May be left empty when the file names it."),
        max_length=300,
        required=False,
        widget=text_input(),
    )
    kind = forms.ModelChoiceField(
        label=gettext_lazy("Kind of a new plan"), queryset=PlanKind.objects.none(), empty_label=None, widget=select()
    )
    as_of = forms.DateField(
        label=gettext_lazy("The day the file speaks of"),
        help_text=gettext_lazy(
            "Bodies are recognised by their names on this day. Empty: the file's own date, or today."
        ),
        required=False,
        widget=day_input(),
    )

    def __init__(self, *args: Any, bodies: Sequence[Body], plans: Iterable[Plan], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.bodies = {body.pk: body for body in bodies}
        self.plans = {plan.pk: plan for plan in plans}
        self.fields["kind"].queryset = PlanKind.objects.all()  # type: ignore[attr-defined]
        self.fields["goes_to"].choices = [  # type: ignore[attr-defined]
            (
                body.name,
                [(f"new:{body.pk}", _("A new plan for %(body)s") % {"body": body.name})]
                + [
                    (f"plan:{plan.pk}", _("A newer version of »%(title)s«") % {"title": plan.title})
                    for plan in self.plans.values()
                    if plan.body_id == body.pk
                ],
            )
            for body in bodies
        ]

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"])
        if find_cpr(text):
            # The refused text stays in nothing, not even in the field it came from.
            self.data = {**self.data.dict(), "text": ""}  # type: ignore[attr-defined]
            raise forms.ValidationError(
                gettext("The text holds a CPR number. Delete it and paste again. Nothing has been kept.")
            )
        return text

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file is not None and (getattr(file, "too_large", False) or file.size > LARGEST):
            raise forms.ValidationError(gettext("The file is larger than 10 MB. A plan in Word is far smaller."))
        return file

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        file, text = values.get("file"), values.get("text", "").strip()
        if "file" in self.errors or "text" in self.errors:
            return values
        if file is None and not text:
            self.add_error("file", gettext("Choose a file, or paste the table below."))
        elif file is not None and text:
            self.add_error("file", gettext("There is both a file and pasted text. Keep one of them."))
        return values

    def target(self) -> tuple[Body, Plan | None]:
        """From a form that is valid: whose plan it is, and which one it is a newer version of."""
        kind, _colon, number = self.cleaned_data["goes_to"].partition(":")
        if kind == "plan":
            plan = self.plans[int(number)]
            return self.bodies[plan.body_id], plan
        return self.bodies[int(number)], None


class RowForm(forms.Form):
    """One row as it will be stored. Only what differs from how it stood becomes a correction."""

    match = forms.ChoiceField(
        label=gettext_lazy("Is it the same item?"),
        choices=[(SAME, gettext_lazy("Yes, the same item")), (OTHER, gettext_lazy("No, a new item"))],
        required=False,
        widget=forms.RadioSelect(attrs={"class": "form-radio"}),
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=300, required=False, widget=text_input())
    content = forms.CharField(
        label=gettext_lazy("What is to be done"), max_length=20_000, required=False, widget=text_area(4)
    )
    owners = forms.MultipleChoiceField(
        label=gettext_lazy("Who carries it"),
        help_text=gettext_lazy("Those chosen stand first. Only bodies that existed on the plan's date are listed."),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-checkbox"}),
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False, widget=select())
    planned = forms.CharField(
        label=gettext_lazy("Promised for"), max_length=160, required=False, widget=text_input("sa-w-m")
    )
    new_date = forms.CharField(
        label=gettext_lazy("New date"), max_length=160, required=False, widget=text_input("sa-w-m")
    )
    started = forms.CharField(
        label=gettext_lazy("Started"), max_length=160, required=False, widget=text_input("sa-w-m")
    )
    since = forms.CharField(
        label=gettext_lazy("On hold since"), max_length=160, required=False, widget=text_input("sa-w-m")
    )
    cause = forms.ChoiceField(label=gettext_lazy("Cause"), required=False, widget=select())
    milestones = forms.MultipleChoiceField(
        label=gettext_lazy("Milestones to keep"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-checkbox"}),
    )
    links = forms.MultipleChoiceField(
        label=gettext_lazy("Link to these goals and indicators"),
        help_text=gettext_lazy("Suggested from the words of the item. Tick only those that are right."),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-checkbox"}),
    )
    section_number = forms.CharField(
        label=gettext_lazy("Number of the heading"), max_length=10, required=False, widget=text_input("sa-w-m")
    )
    section = forms.CharField(label=gettext_lazy("Heading"), max_length=300, required=False, widget=text_input())
    sub_section = forms.CharField(
        label=gettext_lazy("Sub-heading"), max_length=300, required=False, widget=text_input()
    )

    def __init__(
        self,
        data: Any = None,
        *,
        row: ImportRow,
        preview: Preview,
        suggestions: Sequence[LinkSuggestion],
    ) -> None:
        super().__init__(data, initial=_opening(row), auto_id=f"raekke-{row.place + 1}-%s")
        self.row = row
        set_choices = {
            "state": [("", _("Choose a state")), *State.choices],
            "cause": [("", _("No cause")), *((code, cause_name(code, preview)) for code in preview.causes)],
            "owners": _owner_choices(row, preview),
            "milestones": [
                (str(place), _step_text(step.title, value_text("planned", step.when.value, preview)))
                for place, step in enumerate(row.milestones)
                if step.is_new
            ],
            "links": [
                (one.code, f"{one.name} ({', '.join(f'»{word}«' for word in one.words)})") for one in suggestions
            ],
        }
        for name, choices in set_choices.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        for name in ("milestones", "links"):
            if not set_choices[name]:
                del self.fields[name]
        if row.match is None or not row.match.is_guess:
            del self.fields["match"]
        if not row.item.status_text.strip() and not (row.existing and row.existing.state):
            for name in ("state", "cause", "new_date", "started", "since"):
                del self.fields[name]  # nothing is said of the item, so there is nothing to correct

    def correction(self) -> dict[str, Any]:
        """From a form that is valid: the fields a person changed, and that the row has been looked at."""
        values, row = self.cleaned_data, self.row
        changed: dict[str, Any] = {"seen": True}
        for name in TEXTS:
            if _one_line_end(values[name]) != _one_line_end(getattr(row, name)):
                changed[name] = values[name]
        for name in ("state", "cause", *PERIODS):
            if name in values and values[name] != row.values[name]:
                changed[name] = values[name]
        if tuple(values["owners"]) != row.owners and set(values["owners"]) != set(row.owners):
            changed["owners"] = [slug for slug in row.owners if slug in values["owners"]] + [
                slug for slug in values["owners"] if slug not in row.owners
            ]
        elif row.unknown_owners:
            changed["owners"] = list(row.owners)
        if "milestones" in values:
            kept = sorted(int(place) for place in values["milestones"])
            if kept != [place for place, step in enumerate(row.milestones) if step.on]:
                changed["milestones"] = kept
        if "links" in values and set(values["links"]) != {link["code"] for link in row.links}:
            changed["links"] = values["links"]
        if values.get("match"):
            changed["match"] = values["match"]
        return changed


class ClosingForm(forms.Form):
    """Whether an item that is gone from the file is closed, and why."""

    close = forms.BooleanField(required=False)
    reason = forms.CharField(max_length=1000, required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("close") and not values.get("reason", "").strip():
            self.add_error("reason", gettext("Write why it is closed."))
        return values


def _opening(row: ImportRow) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in TEXTS},
        **row.values,
        "owners": list(row.owners),
        "milestones": [str(place) for place, step in enumerate(row.milestones) if step.on],
        "links": [link["code"] for link in row.links],
        "match": row.edit.get("match", ""),
    }


def _owner_choices(row: ImportRow, preview: Preview) -> list[tuple[str, str]]:
    chosen = [(slug, preview.bodies[slug].name) for slug in row.owners if slug in preview.bodies]
    others = [(slug, body.name) for slug, body in preview.bodies.items() if body.valid and slug not in row.owners]
    return chosen + others


def _step_text(title: str, when: str) -> str:
    return f"{title}, {when}" if when else title


def _one_line_end(text: str) -> str:
    """A browser sends line breaks as CR LF; that is no change."""
    return text.replace("\r\n", "\n").strip()
