"""What the forms share: widgets with the classes of the design system, and errors on their way back to the page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError


def add_errors(form: forms.BaseForm, error: ValidationError) -> None:
    """Put an action's errors on the fields they are keyed by; on the whole form when the form has no such field."""
    keyed = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    for name, messages in keyed.items():
        form.add_error(name if name in form.fields else None, messages)


def error_list(form: forms.BaseForm) -> list[dict[str, str]]:
    """The form's errors for the summary on top: {field_id, text}, in the order of the fields."""
    rows = [{"field_id": "", "text": str(text)} for text in form.non_field_errors()]
    for field in form:
        several = isinstance(field.field.widget, (forms.RadioSelect, forms.CheckboxSelectMultiple))
        field_id = f"{field.auto_id}_0" if several else str(field.auto_id)
        label = field.label if str(field.label).endswith("?") else f"{field.label}:"
        rows += [{"field_id": field_id, "text": f"{label} {text}"} for text in field.errors]
    return rows


def text_input(width: str = "sa-w-l", **attrs: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"class": f"form-input {width}", "autocomplete": "off", **attrs})


def text_area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"class": "form-input", "rows": rows})


def select(width: str = "sa-w-m") -> forms.Select:
    return forms.Select(attrs={"class": f"form-select {width}"})


def checkbox() -> forms.CheckboxInput:
    return forms.CheckboxInput(attrs={"class": "form-checkbox"})


def day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-input sa-w-m"})
