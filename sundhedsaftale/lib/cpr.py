"""Finding Danish civil registration numbers (CPR) in text, so that they never enter.

A hit is a valid date ddmmyy, perhaps a separator, and four digits, not inside a longer token of digits and hyphens.
With a separator it is refused. Ten digits together are refused when the modulus-11 check holds or the date is 1
January (handed out without that check); otherwise they may be a production unit number (P-nummer) and are a warning.
Since 2007 numbers without a valid check digit are issued for any date, which is why they are at least warned about.

Nothing here keeps the digits: a hit knows only where they stand.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

REFUSE = "refuse"
WARN = "warn"

_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_HYPHENS = "\u058a\u1400\u1806\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u207b\u208b\u2212\ufe58\ufe63\uff0d"
_DIGIT = re.compile(r"\d")
_DOTS = ".\u00b7\u2024\u2027\u30fb\uff0e"
# On canonical text: digits 0-9, "-" for any hyphen, " " for any space. Not touching another digit or hyphen token.
# A hyphen may have spaces or a line break beside it; a line break alone parts two numbers.
_NUMBER = re.compile(r"(?<!\d)(?<!\d-)([0-3]\d[01]\d{3})([ \n]?-[ \n]?| {1,3}|\. ?)?(\d{4})(?!\d)(?!-\d)")


@dataclass(frozen=True)
class CprHit:
    """Where a number stands in the text given, and what to do: `kind` is "refuse" or "warn"."""

    start: int
    end: int
    kind: str


def find_cpr(text: str) -> list[CprHit]:
    """All CPR-like numbers, in order. Offsets are into the text as given, invisible characters included."""
    if _DIGIT.search(text) is None:
        return []
    canonical, places = _canonical(text)
    hits = []
    for match in _NUMBER.finditer(canonical):
        separated = match[2] is not None or "\u00ad" in text[places[match.start() + 5] : places[match.start() + 6]]
        kind = _kind(match[1], match[3], separated=separated)
        if kind is not None:
            hits.append(CprHit(places[match.start()], places[match.end() - 1] + 1, kind))
    return hits


def _kind(day: str, serial: str, *, separated: bool) -> str | None:
    if not _is_date(day):
        return None
    if separated or day.startswith("0101"):
        return REFUSE
    digits = day + serial
    checked = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True)) % 11 == 0
    return REFUSE if checked else WARN


def _is_date(ddmmyy: str) -> bool:
    """The century is unknown here, so 29 February is a date when the two-digit year divides by four."""
    day, month, year = int(ddmmyy[:2]), int(ddmmyy[2:4]), int(ddmmyy[4:])
    if not (1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]):
        return False
    return not (day == 29 and month == 2) or year % 4 == 0


_ASCII = str.maketrans({"\t": " ", "\r": "\n", "\x0b": "\n", "\x0c": "\n"})


def _canonical(text: str) -> tuple[str, Sequence[int]]:
    if text.isascii():
        return text.translate(_ASCII), range(len(text))
    # Each different character is looked at once; a workbook holds thirty million of some hundred kinds.
    signs = {ord(character): _one(character) for character in set(text)}
    canonical = text.translate(signs)
    if len(canonical) == len(text):
        return canonical, range(len(text))
    return canonical, [place for place, character in enumerate(text) if signs[ord(character)]]


@lru_cache(maxsize=4096)
def _one(character: str) -> str:
    """At most one character. Single ones are remembered, never what they stood in."""
    if character.isascii():
        return character.translate(_ASCII)
    if character in _DOTS:
        return "."
    if character in _HYPHENS:
        return "-"
    category = unicodedata.category(character)
    if category.startswith("N"):
        value = unicodedata.digit(character, None)
        return "x" if value is None else str(value)
    # The soft hyphen is invisible too (Cf): it is dropped, and looked for again where the separator would stand.
    if category in ("Cf", "Mn", "Me") or character in "\u115f\u1160\u3164\uffa0":
        return ""
    if category == "Zs":
        return " "
    if category in ("Zl", "Zp"):
        return "\n"
    return "-" if category == "Pd" else character
