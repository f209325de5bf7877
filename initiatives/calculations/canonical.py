"""One text for one content: canonical JSON, and its SHA-256.

The form, number 1. UTF-8 without spaces; the keys of an object sorted by code point; every text in Unicode's NFC form;
whole numbers as they are and never a float; a decimal as text without needless zeros ("11.5", "0"); a day as
"2020-11-05"; an instant in UTC with six decimals of its second ("2020-11-05T08:00:00.000000Z"). So the same content gives
the same hash on every database, in every time zone and in every language.

A change of anything here is a new number: what was hashed under the old one must be checked by the old form.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

FORM = 1


class NotCanonicalError(TypeError):
    """A value that has no canonical form: a float, an instant without a time zone, an endless decimal."""


def canonical_json(value: Any) -> str:
    """The one JSON text of the value. Raises NotCanonicalError."""
    return json.dumps(_plain(value), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def sha256_of(value: Any) -> str:
    """SHA-256 of the canonical JSON, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(value).encode("utf-8")).hexdigest()


def decimal_text(value: Decimal) -> str:
    """ "11.5" for 11.500000, "0" for 0E-6 and for -0.0; never an exponent."""
    if not value.is_finite():
        raise NotCanonicalError(f"{value} is no number")
    if value == 0:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        # `str()` takes the plain text out of an enumeration's member or a text marked safe for HTML.
        return str(value) if value.isascii() else unicodedata.normalize("NFC", str(value))
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return _object(value)
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    raise NotCanonicalError(f"{type(value).__name__} has no canonical form")


def _instant(value: datetime) -> str:
    if value.tzinfo is None:
        raise NotCanonicalError("an instant needs a time zone")
    return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _object(value: dict[Any, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, entry in value.items():
        if not isinstance(key, str):
            raise NotCanonicalError("the keys of an object are texts")
        name = _plain(key)
        if name in found:
            raise NotCanonicalError(f"two keys are written {name!r}")
        found[name] = _plain(entry)
    return found
