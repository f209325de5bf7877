"""Which row of a newer file is which item of the plan, and what the file says differently. What is gone is only named.

A row and an item belong together by key, else by title (first under the same heading), else, as a guess that somebody
must confirm, because title and number are alike. Each row has at most one item and each item at most one row.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher

from initiatives.calculations.plan_draft import DraftItem
from sundhedsaftale.lib.periods import Period

BY_KEY, BY_TITLE, SIMILAR = "key", "title", "similar"
#: How alike two titles must be to be offered as the same item: beside an equal number, and without one.
ALIKE_WITH_NUMBER, ALIKE_ALONE = 0.55, 0.85

_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_NO_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class ExistingItem:
    """An item of the plan as it stands: what a row of a file is compared with.

    owners: slugs, in the order of the plan; owner_names beside them. due: what the current status aims at. schedules:
    the periods of the item by kind (planned, started, since, due), in the order written.
    """

    key: str
    number: int
    title: str
    content: str = ""
    section_number: str = ""
    section: str = ""
    sub_section: str = ""
    owners: tuple[str, ...] = ()
    owner_names: tuple[str, ...] = ()
    status_text: str = ""
    state: str = ""
    cause: str = ""
    due: Period | None = None
    as_of: date | None = None
    schedules: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)
    milestones: tuple[tuple[str, Period], ...] = ()


@dataclass(frozen=True)
class Match:
    """key: of the item. how: key, title or similar; ratio: how alike the titles are, 1.0 when they are the same."""

    key: str
    how: str
    ratio: float = 1.0

    @property
    def is_guess(self) -> bool:
        return self.how == SIMILAR


def plain(text: str) -> str:
    """The words without what layout did to them: line breaks, double spaces and soft hyphens say nothing."""
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text)).split())


def title_key(title: str) -> str:
    """A title as titles are compared: no case, no signs between the words."""
    return _NO_LETTERS.sub(" ", plain(title).casefold()).strip()


def match_items(rows: Sequence[DraftItem], existing: Sequence[ExistingItem]) -> dict[int, Match]:
    """The item of each row, by the row's place in the list. A row without an item is left out: it is new."""
    matcher = _Matcher(rows, existing)
    matcher.pair(lambda row: row.key, lambda item: item.key, BY_KEY)
    matcher.pair(lambda row: _under(row.title, row.section), lambda item: _under(item.title, item.section), BY_TITLE)
    matcher.pair(lambda row: title_key(row.title), lambda item: title_key(item.title), BY_TITLE)
    matcher.pair_similar()
    return matcher.found


def _under(title: str, section: str) -> str:
    return f"{title_key(section)}\n{title_key(title)}" if title_key(title) else ""


class _Matcher:
    """The rows and items that nothing has been found for yet, and what has been found."""

    def __init__(self, rows: Sequence[DraftItem], existing: Sequence[ExistingItem]) -> None:
        self.rows = dict(enumerate(rows))
        self.items = {item.key: item for item in existing}
        self.found: dict[int, Match] = {}

    def pair(self, of_row: Callable[[DraftItem], str], of_item: Callable[[ExistingItem], str], how: str) -> None:
        """Rows and items with the same sign. Several with one sign: equal numbers first, the rest in their order."""
        items: dict[str, list[ExistingItem]] = defaultdict(list)
        for item in self.items.values():
            items[of_item(item)].append(item)
        for by_number in (True, False):
            for place, row in list(self.rows.items()):
                sign = of_row(row)
                same = [item for item in items[sign] if not by_number or item.number == row.number] if sign else []
                if same:
                    items[sign].remove(same[0])
                    self._take(place, Match(same[0].key, how))

    def pair_similar(self) -> None:
        """The most alike first. Letters are compared only where a number or most of the words are the same."""
        titles = {key: title_key(item.title) for key, item in self.items.items()}
        words = {key: set(title.split()) for key, title in titles.items()}
        scored: list[tuple[float, int, str]] = []
        comparer = SequenceMatcher(autojunk=False)
        for place, row in self.rows.items():
            title = title_key(row.title)
            own = set(title.split())
            comparer.set_seq2(title)
            for key, item in self.items.items():
                same_number = item.number == row.number
                if not own or (not same_number and 2 * len(own & words[key]) < max(len(own), len(words[key]))):
                    continue
                enough = ALIKE_WITH_NUMBER if same_number else ALIKE_ALONE
                comparer.set_seq1(titles[key])
                if comparer.real_quick_ratio() >= enough and comparer.quick_ratio() >= enough:
                    ratio = comparer.ratio()
                    if ratio >= enough:
                        scored.append((ratio, place, key))
        for ratio, place, key in sorted(scored, key=lambda entry: (-entry[0], entry[1], entry[2])):
            if place in self.rows and key in self.items:
                self._take(place, Match(key, SIMILAR, round(ratio, 2)))

    def _take(self, place: int, match: Match) -> None:
        self.found[place] = match
        del self.rows[place], self.items[match.key]
