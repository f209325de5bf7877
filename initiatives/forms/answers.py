"""The two forms behind a link in a mail: the status in new words, and the short one for what is late.

Both are the status form, so both are saved by the same rules. They stand on one page, so each has ids of its own.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.forms.base import text_area
from initiatives.forms.status import StatusForm, opening_values
from initiatives.models import State, StatusUpdate

LATE = (State.DELAYED, State.POSTPONED, State.ON_HOLD)


class UpdateForm(StatusForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "opdater-%s"


class DelayForm(StatusForm):
    """Late, moved or on hold: until when, or that nobody knows, and why. Nothing is filled in but the state."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "forsinket-%s"
        self.fields["state"].choices = [(state.value, state.label) for state in LATE]  # type: ignore[attr-defined]
        self.fields["state"].help_text = ""
        self.fields["text"].label = gettext_lazy("What has happened?")
        self.fields["text"].help_text = gettext_lazy(
            "A sentence is enough. It is kept word for word and goes into the annex. Never write a CPR number."
        )
        self.fields["text"].widget = text_area(3)
        self.fields["cause"].help_text = ""

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if "due" not in self.errors and not values.get("due") and not values.get("no_date"):
            self.add_error("due", _("Write the new date, or tick »No new date yet«."))
        if "cause" not in self.errors and values.get("cause") is None:
            self.add_error("cause", _("Choose the cause that fits best."))
        return values


def update_values(current: StatusUpdate | None) -> dict[str, Any]:
    return opening_values(current, page="")


def delay_values(current: StatusUpdate | None) -> dict[str, Any]:
    state = current.state if current is not None and current.state in LATE else State.DELAYED.value
    return {"state": state, "opened_on": current.sequence if current else 0}
