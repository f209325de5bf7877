"""Forms of targets: what is to be reached, where, by when, and who decided it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from indicators.models import Area, Direction, Indicator
from initiatives.actions.targets import stamp_of
from initiatives.forms.base import day_input, select, text_area, text_input
from initiatives.models import Body, Target
from sundhedsaftale.lib.danish import NumberError, format_number, is_english, parse_decimal


class NumberField(forms.CharField):
    """A number as people here write it: 10,5 in Danish, 10.5 in English."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return parse_decimal(text, "." if is_english(get_language() or "da") else ",")
        except NumberError as error:
            raise ValidationError(_("Write a number, for example 10,5.")) from error


class IndicatorField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name}, {obj.unit}" if obj.unit else str(obj.name)


class AreaField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.kind.name.lower()})"


class TargetForm(forms.Form):
    """What may change of a target; indicator, area and body never do."""

    value = NumberField(
        label=_("What value is to be reached?"),
        help_text=_("In the indicator’s own unit."),
        max_length=30,
        widget=text_input("sa-w-s", inputmode="decimal"),
        error_messages={"required": _("Write the value.")},
    )
    due_on = forms.DateField(
        label=_("By which day?"), widget=day_input(), error_messages={"required": _("Choose the day.")}
    )
    decided_on = forms.DateField(
        label=_("When was it decided?"),
        help_text=_("Progress is counted from the newest figure there was on that day."),
        widget=day_input(),
        error_messages={"required": _("Choose the day.")},
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=2000, widget=text_area(2))
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput())

    def look_at(self, target: Target) -> None:
        """The person has been told how the target stands now: saving again is saving over that."""
        self.data = {**self.data.dict(), "seen": stamp_of(target)}  # type: ignore[attr-defined]

    @staticmethod
    def opening_values(target: Target) -> dict[str, Any]:
        value: Decimal = target.value.normalize()
        decimals = max(0, -int(value.as_tuple().exponent))
        text = format_number(value, decimals, get_language() or "da")
        return {"value": text, "due_on": target.due_on, "decided_on": target.decided_on, "note": target.note} | {
            "seen": stamp_of(target)
        }


class NewTargetForm(TargetForm):
    """`bodies`: those whose targets the person may set."""

    body = forms.ModelChoiceField(
        label=_("Who has decided it?"),
        queryset=Body.objects.none(),
        empty_label=None,
        widget=select("sa-w-l"),
        error_messages={"required": _("Choose who has decided it.")},
    )
    indicator = IndicatorField(
        label=_("Which indicator?"),
        queryset=Indicator.objects.none(),
        to_field_name="code",
        empty_label=_("Choose an indicator"),
        widget=select("sa-w-l"),
        help_text=_("Only indicators with a wanted direction can have a target."),
        error_messages={"required": _("Choose an indicator.")},
    )
    area = AreaField(
        label=_("Where?"),
        queryset=Area.objects.none(),
        to_field_name="code",
        empty_label=_("Choose an area"),
        widget=select("sa-w-l"),
        error_messages={"required": _("Choose an area.")},
    )
    field_order = ("body", "indicator", "area", "value", "due_on", "decided_on", "note")

    def __init__(self, *args: Any, bodies: Iterable[Body], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = Body.objects.filter(pk__in=[body.pk for body in bodies])  # type: ignore[attr-defined]
        with_direction = Indicator.objects.exclude(direction=Direction.NONE).filter(same_as__isnull=True)
        self.fields["indicator"].queryset = with_direction  # type: ignore[attr-defined]
        self.fields["area"].queryset = Area.objects.valid_on(today).select_related("kind")  # type: ignore[attr-defined]


class WithdrawTargetForm(forms.Form):
    withdrawn_reason = forms.CharField(
        label=_("Why is the target withdrawn?"),
        max_length=1000,
        widget=text_input(),
        error_messages={"required": _("Write why the target is withdrawn.")},
    )
