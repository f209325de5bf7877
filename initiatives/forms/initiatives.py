"""Forms of initiatives: five fields to log one, the rest to enrich it, and a link with its reason.

A form only parses; what may be stored is decided by the actions, whose errors are put back on the fields.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from indicators.models import Area, Goal, Indicator
from initiatives.forms.base import checkbox, select, text_area, text_input
from initiatives.models import Body, Initiative, Stage
from initiatives.presenters.evidence import step_choices
from initiatives.presenters.initiatives import full_goal_name

KNOWN_CHOICES = (
    ("none", _("No result yet")),
    ("story", _("A story")),
    ("figures", _("Figures before and after")),
    ("chart", _("A chart with a signal")),
    ("comparison", _("A comparison group")),
    ("ended", _("Ended without effect")),
)
STEP_OF_KNOWN = {"none": 0, "story": 1, "figures": 2, "chart": 3, "comparison": 4, "ended": 0}


class GoalField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return full_goal_name(obj)


class AreasField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.kind.name})"


class InitiativeLogForm(forms.Form):
    """The five fields, and what is known so far with "no result yet" already chosen."""

    title = forms.CharField(
        label=_("1. What do you call it?"),
        max_length=200,
        widget=text_input(),
        error_messages={"required": _("Write what you call it.")},
    )
    body = forms.ModelChoiceField(
        label=_("2. Who does it?"),
        queryset=Body.objects.none(),
        empty_label=None,
        widget=select("sa-w-l"),
        help_text=_("You can log for the bodies you answer for."),
        error_messages={"required": _("Choose who does it.")},
    )
    target_group = forms.CharField(
        label=_("3. For whom?"),
        widget=text_area(2),
        help_text=_("Describe the group, never single persons."),
        error_messages={"required": _("Write whom it is for.")},
    )
    what = forms.CharField(
        label=_("4. What do you do?"),
        widget=text_area(4),
        help_text=_("A few sentences. Never write a CPR number."),
        error_messages={"required": _("Write what you do.")},
    )
    goal = GoalField(
        label=_("5. Which goal does it work for?"),
        queryset=Goal.objects.none(),
        empty_label=_("Choose a goal"),
        widget=select("sa-w-l"),
        error_messages={"required": _("Choose a goal.")},
    )
    known = forms.ChoiceField(
        label=_("What do you know so far?"),
        choices=KNOWN_CHOICES,
        initial="none",
        required=False,
        widget=forms.RadioSelect(attrs={"class": "form-radio"}),
        help_text=_("No result yet is a good answer. It can be changed any day."),
    )

    def __init__(self, *args: Any, bodies: list[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = Body.objects.filter(pk__in=[body.pk for body in bodies])  # type: ignore[attr-defined]
        self.fields["goal"].queryset = Goal.objects.select_related("framework")  # type: ignore[attr-defined]
        if len(bodies) == 1:
            self.fields["body"].initial = bodies[0].pk

    def values(self) -> dict[str, Any]:
        """The arguments of the action, from a form that is valid."""
        known = self.cleaned_data.pop("known") or "none"
        ended = {"ended_without_effect": True, "stage": Stage.ENDED} if known == "ended" else {}
        return {**self.cleaned_data, "evidence_step": STEP_OF_KNOWN[known], **ended}


class InitiativeEditForm(forms.Form):
    """Everything that can be said about an initiative; only the first three are needed."""

    title = forms.CharField(
        label=_("What do you call it?"),
        max_length=200,
        widget=text_input(),
        error_messages={"required": _("Write what you call it.")},
    )
    target_group = forms.CharField(
        label=_("For whom?"),
        widget=text_area(2),
        help_text=_("Describe the group, never single persons."),
        error_messages={"required": _("Write whom it is for.")},
    )
    what = forms.CharField(
        label=_("What do you do?"), widget=text_area(4), error_messages={"required": _("Write what you do.")}
    )
    stage = forms.ChoiceField(label=_("How far is it?"), choices=Stage.choices, widget=select())
    started = forms.CharField(
        label=_("When did it begin?"),
        max_length=120,
        required=False,
        widget=text_input("sa-w-m"),
        help_text=_("As precisely as you know it: spring 2024 or 1 September 2024."),
    )
    partners = forms.CharField(label=_("Who else takes part?"), required=False, widget=text_area(2))
    areas = AreasField(
        label=_("Where?"),
        queryset=Area.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-checkbox"}),
        help_text=_("Choose every area where it is done."),
    )
    evidence_step = forms.TypedChoiceField(
        label=_("What do you know?"),
        coerce=int,
        widget=forms.RadioSelect(attrs={"class": "form-radio"}),
        help_text=_("Choose the step you can show. Figures before and after cannot show effect."),
    )
    ended_without_effect = forms.BooleanField(
        label=_("Ended without effect. This helps the others just as much."),
        required=False,
        widget=checkbox(),
    )
    evidence_note = forms.CharField(label=_("How do you know?"), required=False, widget=text_area(2))
    result = forms.CharField(
        label=_("What came out of it?"),
        required=False,
        widget=text_area(3),
        help_text=_("Leave it empty if there is no result yet."),
    )
    enablers = forms.CharField(label=_("What helped?"), required=False, widget=text_area(2))
    barriers = forms.CharField(label=_("What stood in the way?"), required=False, widget=text_area(2))
    source_title = forms.CharField(
        label=_("Where can one read more?"), max_length=300, required=False, widget=text_input()
    )
    source_url = forms.URLField(label=_("Web address"), required=False, assume_scheme="https", widget=text_input())

    def __init__(self, data: Any = None, *, initiative: Initiative, today: date) -> None:
        initial = {name: getattr(initiative, name) for name in self.base_fields if name != "areas"}
        initial["areas"] = [area.pk for area in initiative.areas.all()]
        super().__init__(data, initial=initial)
        # An area that has ended stays choosable where it is already chosen: saving must not drop it silently.
        areas = Area.objects.valid_on(today) | Area.objects.filter(pk__in=initial["areas"])
        self.fields["areas"].queryset = areas.select_related("kind")  # type: ignore[attr-defined]
        self.fields["evidence_step"].choices = step_choices()  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """The arguments of the action. Without an effect and still running would say two things at once."""
        values = dict(self.cleaned_data)
        values["areas"] = list(values["areas"])
        if values["ended_without_effect"]:
            values["stage"] = Stage.ENDED
        return values


class InitiativeLinkForm(forms.Form):
    """A link to one goal or one indicator, and why it is drawn."""

    target = forms.ChoiceField(
        label=_("Goal or indicator"),
        widget=select("sa-w-l"),
        error_messages={"required": _("Choose a goal or an indicator.")},
    )
    reason = forms.CharField(
        label=_("Why does it belong together?"),
        widget=text_area(2),
        error_messages={"required": _("Write why the link is there.")},
    )

    def __init__(self, *args: Any, taken: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["target"].choices = link_choices(set(taken))  # type: ignore[attr-defined]

    def target_object(self) -> Goal | Indicator:
        """Raises ValidationError when the goal or indicator has gone since the form was opened."""
        kind, _sep, code = self.cleaned_data["target"].partition(":")
        found: Goal | Indicator | None = (
            Goal.objects.filter(slug=code).first() if kind == "goal" else Indicator.objects.filter(code=code).first()
        )
        if found is None:
            raise ValidationError({"target": [_("Choose a goal or an indicator.")]})
        return found


def link_choices(taken: set[str]) -> list[Any]:
    """Goals and, under each goal, its indicators, without those already linked to. Two queries."""
    goals = Goal.objects.select_related("framework").prefetch_related("indicators")
    choices: list[Any] = [("", _("Choose a goal or an indicator"))]
    for goal in goals:
        rows = [(f"goal:{goal.slug}", _("The goal: %(goal)s") % {"goal": full_goal_name(goal)})]
        rows += [(f"indicator:{indicator.code}", indicator.name) for indicator in goal.indicators.all()]
        choices.append((goal.name, [row for row in rows if row[0] not in taken]))
    return choices
