"""The day, and the division into areas, a page is looked at with: `?dato=2020-11-05&inddeling=davaerende`.

Nothing asked for means today and the division of today. Both are kept in links, so that who looks at a day stays there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl, urlencode

AREA, DAY, DIVISION = "omraade", "dato", "inddeling"
NOW, THEN = "nuvaerende", "davaerende"

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DANISH = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", re.ASCII)


class ViewedError(ValueError):
    """`field` names what could not be read: DAY or DIVISION. The words for people are the door's."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True)
class Viewed:
    """day: areas and bodies are those of it. asked: what else stood in the address, for the way back to today."""

    day: date
    today: date
    division: str = NOW
    asked: tuple[tuple[str, str], ...] = ()

    @property
    def is_other_day(self) -> bool:
        return self.day != self.today

    @property
    def then(self) -> bool:
        """Whether the areas are those of the figures' own period."""
        return self.division == THEN

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """What a link must carry for the next page to be looked at alike."""
        day = ((DAY, self.day.isoformat()),) if self.is_other_day else ()
        return (*day, (DIVISION, self.division)) if self.then else day

    def query(self, **more: str) -> str:
        """ "?omraade=791&dato=2020-11-05"; "" when nothing has to be carried."""
        pairs = [*((key, value) for key, value in more.items() if value), *self.pairs]
        return f"?{urlencode(pairs)}" if pairs else ""

    @property
    def tail(self) -> str:
        """The same for after a question that is there already: "&dato=2020-11-05"."""
        return "".join(f"&{urlencode([pair])}" for pair in self.pairs)

    @property
    def own_query(self) -> str:
        return self.query()

    @property
    def today_query(self) -> str:
        """The same page on today. Never empty: an empty link would be the page as it is."""
        return "?" + urlencode([pair for pair in self.asked if pair[0] != DAY])

    def with_division(self, division: str) -> str:
        kept = [pair for pair in self.asked if pair[0] != DIVISION]
        return "?" + urlencode([*kept, (DIVISION, division)] if division != NOW else kept)


def read_viewed(asked: Mapping[str, str], *, today: date) -> Viewed:
    """Raises ViewedError for a day that is none, and for a division there is not."""
    day, division = asked.get(DAY, "").strip(), asked.get(DIVISION, "").strip() or NOW
    if division not in (NOW, THEN):
        raise ViewedError(DIVISION)
    return Viewed(read_day(day) if day else today, today, division, _pairs(asked))


def read_day(text: str) -> date:
    """2020-11-05, 5.11.2020, 5/11-2020. Raises ViewedError."""
    iso, danish = _ISO.fullmatch(text.strip()), _DANISH.fullmatch(text.strip())
    try:
        if iso:
            return date(*(int(part) for part in iso.groups()))
        if danish:
            day, month, year = (int(part) for part in danish.groups())
            return date(year, month, day)
    except ValueError:
        pass
    raise ViewedError(DAY)


def for_area(query: str, code: str = "") -> str:
    """The same day and division with another area, or none: "?omraade=791&dato=2020-11-05" -> "?dato=2020-11-05"."""
    kept = [pair for pair in parse_qsl(query.removeprefix("?")) if pair[0] in (DAY, DIVISION)]
    pairs = [(AREA, code), *kept] if code else kept
    return f"?{urlencode(pairs)}" if pairs else ""


def _pairs(asked: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    items: Iterable[tuple[str, str]] = asked.items()
    return tuple((key, value) for key, value in items if value)
