"""The status editor: a person's own words first, then what they mean. The form parses; `record_status` decides."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from initiatives.actions.status import CANCELS_DATE, StatusDraft
from initiatives.calculations.states import CLOSED_STATES
from initiatives.calculations.status_reader import StatusReading
from initiatives.forms.base import checkbox, select, text_area, text_input
from initiatives.models import DelayCause, State, StatusUpdate

PAGES = ("plan", "item", "mine", "meeting")
WORDS_LENGTH = 160  # of a period, as it is stored
TEXT_LENGTH = 6000


class CauseField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return obj.name_en if (get_language() or "da").startswith("en") else obj.name


class StatusForm(forms.Form):
    """Fields as in `StatusDraft`. `opened_on` is the sequence the editor was opened on, `page` where it stands.

    meeting: the one it is written for, when the person came from its page.
    """

    text = forms.CharField(
        label=gettext_lazy("Status in your own words"),
        help_text=gettext_lazy(
            "Write as you usually do. The text is kept word for word and goes into the annex. Never write a CPR number."
        ),
        max_length=TEXT_LENGTH,
        required=False,
        strip=False,
        widget=text_area(5),
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        help_text=gettext_lazy("Yours to choose. It is never changed for you."),
        choices=State.choices,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "form-radio"}),
    )
    due = forms.CharField(
        label=gettext_lazy("New date"),
        help_text=gettext_lazy(
            "As precisely as you know it: 2. kvartal 2027, foråret 2027, uge 34 2027 or 20. november 2027."
        ),
        max_length=WORDS_LENGTH,
        required=False,
        widget=text_input("sa-w-m"),
    )
    no_date = forms.BooleanField(
        label=gettext_lazy("No new date yet. The item is marked »No new date«"), required=False, widget=checkbox()
    )
    cause = CauseField(
        label=gettext_lazy("Cause"),
        help_text=gettext_lazy("Must be chosen when the item is postponed."),
        queryset=DelayCause.objects.none(),
        empty_label=gettext_lazy("Choose a cause"),
        required=False,
        widget=select(),
    )
    planned = forms.CharField(
        label=gettext_lazy("Promised for"), max_length=WORDS_LENGTH, required=False, widget=text_input("sa-w-m")
    )
    started = forms.CharField(
        label=gettext_lazy("Started"), max_length=WORDS_LENGTH, required=False, widget=text_input("sa-w-m")
    )
    since = forms.CharField(
        label=gettext_lazy("On hold since"), max_length=WORDS_LENGTH, required=False, widget=text_input("sa-w-m")
    )
    opened_on = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    meeting = forms.IntegerField(min_value=1, required=False, widget=forms.HiddenInput)
    page = forms.ChoiceField(choices=[(page, page) for page in PAGES], required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, number: int, current: StatusUpdate | None, **kwargs: Any) -> None:
        # Several editors may stand open on one page: their ids carry the item's number.
        kwargs["auto_id"] = f"punkt-{number}-%s"
        super().__init__(*args, **kwargs)
        self.current = current
        self.fields["cause"].queryset = DelayCause.objects.all()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        state, due, no_date = values.get("state"), values.get("due", ""), values.get("no_date", False)
        if "due" in self.errors or due or no_date or state in CLOSED_STATES:
            return values
        if state in CANCELS_DATE:
            self.add_error("due", _("Write the new date, or tick »No new date yet«."))
        elif self.current is not None and self.current.due is not None:
            # An emptied field may mean "gone" or "I only wanted to tidy up": ask, do not guess.
            self.add_error("due", _("The item had a date. Write it again, write a new one, or tick »No new date yet«."))
        return values

    def draft(self) -> StatusDraft:
        """What the person says, from a form that is valid."""
        values = self.cleaned_data
        return StatusDraft(
            state=values["state"],
            text=values["text"],
            due=values["due"],
            planned=values["planned"],
            started=values["started"],
            since=values["since"],
            cause=values["cause"],
            no_date=values["no_date"],
        )


def opening_values(current: StatusUpdate | None, *, page: str, meeting: int | None = None) -> dict[str, Any]:
    """The editor as it opens: the current words and state, to be changed where something is new."""
    if current is None:
        return {"opened_on": 0, "page": page, "meeting": meeting}
    return {
        "text": current.text,
        "state": current.state,
        "due": current.due.words if current.due else "",
        "no_date": current.due is None and current.state in CANCELS_DATE,
        "cause": current.cause_id,
        "opened_on": current.sequence,
        "page": page,
        "meeting": meeting,
    }


def with_reading(typed: dict[str, Any], reading: StatusReading, *, old_due: str = "") -> dict[str, Any]:
    """What was typed, with the reader's suggestion in place of the fields it has an answer for. Only when asked to.

    "Udsat" without a new date cancels the one the editor opened with (`old_due`), never one typed since.
    """
    suggested = {
        "state": reading.state,
        "cause": reading.cause,
        "due": reading.new_date.words if reading.new_date else None,
        "planned": reading.planned.words if reading.planned else None,
        "started": reading.started.words if reading.started else None,
        "since": reading.since.words if reading.since else None,
    }
    values = {**typed, **{name: value for name, value in suggested.items() if value}}
    if reading.state in CANCELS_DATE:
        typed_due = str(typed.get("due") or "").strip()
        kept = "" if typed_due == old_due else typed_due
        values["due"] = reading.new_date.words if reading.new_date else kept
        values["no_date"] = not values["due"] and not reading.unreadable
    elif reading.new_date:
        values["no_date"] = False
    return values
