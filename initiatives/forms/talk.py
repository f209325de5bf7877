"""A comment, and how often somebody wants mail. The forms parse; the actions decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from initiatives.forms.base import select, text_area

RHYTHMS = (
    ("each", _("One by one: when somebody mentions you. What changes on what you follow stands only under My tasks.")),
    ("daily", _("Once a day: all that is new in one mail, each working day at 8.")),
    ("weekly", _("Once a week: all that is new in one mail, on the first working day of the week at 8.")),
)


class CommentForm(forms.Form):
    """names: who can be named, by primary key, as they are written after an @."""

    text = forms.CharField(
        label=_("Your comment"),
        help_text=_("Name a colleague by writing @ and the name. Never write a CPR number."),
        required=False,
        strip=False,
        widget=text_area(4),
    )
    mention = forms.TypedChoiceField(
        label=_("Name a colleague (if you wish)"),
        help_text=_("They are told of it, and find the comment under My tasks."),
        required=False,
        coerce=int,
        empty_value=None,
        widget=select("sa-w-l"),
        error_messages={"invalid_choice": _("Choose somebody who can read the comment.")},
    )

    def __init__(self, *args: Any, names: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.auto_id = "kommentar-%s"
        self.fields["mention"].choices = [("", _("Nobody")), *names.items()]  # type: ignore[attr-defined]
        self.fields["text"].widget.attrs |= {
            "data-mentions": "kommentar-mention",
            "aria-autocomplete": "list",
            "aria-controls": "kommentar-navne",
        }

    def also(self) -> list[int]:
        chosen = self.cleaned_data["mention"]
        return [] if chosen is None else [chosen]


class RhythmForm(forms.Form):
    rhythm = forms.ChoiceField(
        label=_("How do you want mail about what is new?"),
        choices=RHYTHMS,
        widget=forms.RadioSelect(attrs={"class": "form-radio"}),
        error_messages={"required": _("Choose how often you want mail.")},
    )
