"""The hand-over of a plan: the day, one item's fate, and the last answers before it is confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from initiatives.forms.base import checkbox, day_input, select, text_area
from initiatives.models import Body, CarryOverChoice, Outcome, PlanKind


class StartForm(forms.Form):
    on = forms.DateField(
        label=_("The day of the hand-over"),
        help_text=_("Until that day the items stand in this plan, from that day with those who take over."),
        widget=day_input(),
    )


class BodyTicks(forms.ModelMultipleChoiceField):
    """Bodies in the order given: those who come after first, marked so."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Body.objects.none(), **kwargs)
        self.successors: set[int] = set()

    def label_from_instance(self, obj: Any) -> str:
        comes_after = _("comes after")
        return f"{obj.name} ({comes_after})" if obj.pk in self.successors else str(obj.name)


class ItemFateForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("What becomes of the item?"),
        choices=Outcome.choices,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "form-radio"}),
    )
    bodies = BodyTicks(
        label=_("Who takes it over?"),
        help_text=_("One body when it continues, two or more when it is divided, none when it ends."),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-checkbox"}),
    )
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("Must be written when the item ends here. It stands beside the item for ever."),
        max_length=1000,
        required=False,
        widget=text_area(3),
    )

    def __init__(self, *args: Any, first: Sequence[Body], others: Sequence[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["bodies"]
        assert isinstance(field, BodyTicks)  # nosec B101
        field.successors = {body.pk for body in first}
        bodies = [*first, *others]
        field.queryset = Body.objects.filter(pk__in=[body.pk for body in bodies])
        field.choices = [(body.pk, field.label_from_instance(body)) for body in bodies]

    @staticmethod
    def opening_values(choice: CarryOverChoice | None) -> dict[str, Any]:
        if choice is None:
            return {}
        bodies = [target.body_id for target in choice.targets.all()]
        return {"outcome": choice.outcome, "reason": choice.reason, "bodies": bodies}


class ConfirmForm(forms.Form):
    kind = forms.ModelChoiceField(
        label=_("Kind of the new plans"), queryset=PlanKind.objects.none(), empty_label=None, widget=select("sa-w-m")
    )
    keep_coordinators = forms.BooleanField(
        label=_("The coordinators go with their items"), required=False, widget=checkbox()
    )
    seen = forms.CharField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].queryset = PlanKind.objects.all()  # type: ignore[attr-defined]
