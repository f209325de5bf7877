"""Plans, headings and items by hand. The forms parse; the actions decide and their errors come back to the fields."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.db.models import Case, Q, When
from django.utils.translation import gettext_lazy as _

from initiatives.forms.base import day_input, select, text_area, text_input
from initiatives.models import ActionItem, Agreement, Body, Horizon, Membership, Plan, PlanKind, Track


class PlanForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=300, required=False, widget=text_input())
    short_title = forms.CharField(
        label=_("Short title"),
        help_text=_("Used where there is little room. May be left empty."),
        max_length=120,
        required=False,
        widget=text_input(),
    )
    kind = forms.ModelChoiceField(
        label=_("Kind of plan"), queryset=PlanKind.objects.none(), empty_label=None, widget=select()
    )
    as_of = forms.DateField(
        label=_("Date of the plan"),
        help_text=_("The plan keeps the names that bodies had on this day. May be left empty."),
        required=False,
        widget=day_input(),
    )
    agreement = forms.ModelChoiceField(
        label=_("Carries out the agreement"),
        queryset=Agreement.objects.none(),
        empty_label=_("No agreement"),
        required=False,
        widget=select(),
    )
    description = forms.CharField(label=_("What the plan is for"), max_length=4000, required=False, widget=text_area(4))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = PlanKind.objects.all()  # type: ignore[attr-defined]
        self.fields["agreement"].queryset = Agreement.objects.all()  # type: ignore[attr-defined]

    @staticmethod
    def opening_values(plan: Plan) -> dict[str, Any]:
        names = ("title", "short_title", "kind", "as_of", "agreement", "description")
        return {name: getattr(plan, name) for name in names}


class NewPlanForm(PlanForm):
    """`bodies` are those whose plans the person may make."""

    body = forms.ModelChoiceField(
        label=_("Whose plan it is"),
        help_text=_("Only bodies you are the secretariat of."),
        queryset=Body.objects.none(),
        empty_label=None,
        widget=select(),
    )
    field_order = ("title", "body", "kind")

    def __init__(self, *args: Any, bodies: list[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = Body.objects.filter(pk__in=[body.pk for body in bodies])  # type: ignore[attr-defined]


class TrackForm(forms.Form):
    number = forms.CharField(
        label=_("Number"),
        help_text=_("As it stands in the plan, for example 2. May be left empty."),
        max_length=10,
        required=False,
        widget=text_input("sa-w-m"),
    )
    title = forms.CharField(label=_("Heading"), max_length=300, required=False, widget=text_input())


class ItemForm(forms.Form):
    """Owners are offered as they were on the plan's date, beside those the item already has."""

    title = forms.CharField(label=_("Title"), max_length=300, required=False, widget=text_input())
    content = forms.CharField(
        label=_("What is to be done"),
        help_text=_("Two or three sentences. Never write a CPR number."),
        max_length=6000,
        required=False,
        widget=text_area(5),
    )
    owners = forms.ModelMultipleChoiceField(
        label=_("Who carries it"),
        help_text=_("Choose one or more. Only bodies that existed on the plan's date are listed."),
        queryset=Body.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-checkbox"}),
    )
    coordinator = forms.ModelChoiceField(
        label=_("Coordinator"),
        help_text=_(
            "Keeps it moving and may write its status. Members of the plan's body and of the owners are listed."
        ),
        queryset=get_user_model().objects.none(),
        empty_label=_("Nobody named"),
        required=False,
        widget=select("sa-w-l"),
    )
    track = forms.ModelChoiceField(label=_("Under the heading"), queryset=Track.objects.none(), empty_label=None)
    horizon = forms.ChoiceField(label=_("Horizon"), choices=Horizon.choices, required=False, widget=select())
    horizon_note = forms.CharField(label=_("Note on the horizon"), max_length=1000, required=False, widget=text_area(2))

    def __init__(self, *args: Any, plan: Plan, today: date, item: ActionItem | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [anchoring.body_id for anchoring in item.anchorings.all()] if item is not None else []
        valid = Body.objects.valid_on(plan.as_of or today).values("pk")
        # Those that carry it now stand first: the list is long, and one scrolled out of sight would look unchosen.
        self.fields["owners"].queryset = Body.objects.filter(  # type: ignore[attr-defined]
            Q(pk__in=valid) | Q(pk__in=chosen)
        ).order_by(Case(When(pk__in=chosen, then=0), default=1), "sort_key")
        members = Membership.objects.valid_on(today).filter(Q(body=plan.body_id) | Q(body__in=chosen))
        people = Q(pk__in=members.values("user"))
        if item is not None and item.coordinator_id is not None:
            people |= Q(pk=item.coordinator_id)
        self.fields["coordinator"].queryset = get_user_model().objects.filter(people)  # type: ignore[attr-defined]
        self.fields["track"].queryset = plan.tracks.filter(closed_on__isnull=True)  # type: ignore[attr-defined]
        if item is not None:
            self.fields["track"].queryset |= Track.objects.filter(pk=item.track_id)  # type: ignore[attr-defined]
        self.fields["track"].widget.attrs["class"] = "form-select sa-w-l"

    @staticmethod
    def opening_values(item: ActionItem) -> dict[str, Any]:
        names = ("title", "content", "coordinator", "track", "horizon", "horizon_note")
        values = {name: getattr(item, name) for name in names}
        return {**values, "owners": [anchoring.body_id for anchoring in item.anchorings.all()]}


class NewItemForm(ItemForm):
    planned = forms.CharField(
        label=_("Promised for"),
        help_text=_(
            "As precisely as you know it: 2. kvartal 2027, foråret 2027 or 20. november 2027. May be left empty."
        ),
        max_length=160,
        required=False,
        widget=text_input("sa-w-m"),
    )
    field_order = ("title", "content", "owners", "coordinator", "planned", "horizon", "horizon_note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["track"]  # it is added where the button stood


class CloseForm(forms.Form):
    closed_reason = forms.CharField(
        label=_("Why it is closed"),
        help_text=_("It stays readable with its date and reason. It can be reopened."),
        max_length=1000,
        required=False,
        widget=text_area(3),
    )


class MilestoneForm(forms.Form):
    title = forms.CharField(label=_("What is to be reached"), max_length=300, required=False, widget=text_input())
    when = forms.CharField(
        label=_("When"),
        help_text=_("As precisely as you know it: 2. kvartal 2027 or 20. november 2027. May be left empty."),
        max_length=160,
        required=False,
        widget=text_input("sa-w-m"),
    )
    body = forms.ModelChoiceField(
        label=_("Who deals with it"),
        queryset=Body.objects.none(),
        empty_label=_("Nobody named"),
        required=False,
        widget=select("sa-w-l"),
    )

    def __init__(self, *args: Any, plan: Plan, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = Body.objects.valid_on(plan.as_of or today)  # type: ignore[attr-defined]


class RemoveLinkForm(forms.Form):
    removed_reason = forms.CharField(
        label=_("Why is it removed?"), max_length=1000, required=False, widget=text_area(2)
    )
