"""Free text on its way in: no civil registration (CPR) number is ever stored.

The scan comes before everything else an action does. Its error names the field, never the number.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sundhedsaftale.lib.cpr import find_cpr


def refuse_cpr(**texts: str) -> None:
    """Raise ValidationError keyed by field name when a text holds what is, or may be, a CPR number."""
    errors: dict[str, list[str]] = {}
    for field, text in texts.items():
        hits = find_cpr(text or "")
        if any(hit.kind == "refuse" for hit in hits):
            errors[field] = [_("The text holds a CPR number. Delete it and save again. Nothing has been saved.")]
        elif hits:
            errors[field] = [
                _(
                    "Ten digits in a row here may be a CPR number. "
                    "If they are something else, write them in pairs: 12 34 56 78 90."
                )
            ]
    if errors:
        raise ValidationError(errors)
