"""The words that periods are made of, and stretches of text made of nothing but such words.

A period is read within a stretch and nowhere else. Stretches are short and people write the same ones again and again,
so the long look at the forms of `grammar` is taken at a few words only, and once for each different few.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sundhedsaftale.lib.words import finder

#: Words a period can begin with, besides numbers and a quarter such as "k2".
_FIRST = """
    primo medio ultimo starten begyndelsen tidligt midten midt slutningen sidst sent early mid late
    udgangen afslutningen end årets årsskiftet
    januar februar marts april maj juni juli august september oktober november december
    january february march may june july october jan feb mar apr jun jul aug sep sept okt oct nov dec
    første anden andet tredje fjerde femte sjette first second third fourth fifth
    kvartal quarter uge ugerne week weeks
    forår foråret efterår efteråret sommer sommeren sommerferien vinter vinteren spring summer autumn winter
    løbende fortløbende kontinuerligt ongoing
"""
#: Words that stand inside a period, or between the two ends of one.
_INSIDE = """
    kvartalet kvartals kvt kv halvår halvåret halvdel halvdelen half af of i in på år året the year udgang slutning
    til to og and med frem t o m st nd rd th k q h u w
"""


def _one_of(words: str) -> str:
    """A pattern for one of the words, the longest first, sorted by first letter so that most words fail at once."""
    by_letter: dict[str, list[str]] = {}
    for word in sorted(words.split(), key=len, reverse=True):
        by_letter.setdefault(word[0], []).append(word[1:])
    return "|".join(f"{letter}(?:{'|'.join(rest)})" for letter, rest in by_letter.items())


# No step of these patterns is ever taken back ("++"), so that the work grows with the length of the text and no faster.
# Numbers and words may be glued: "uge34", "2021k2", "1st".
_WORD = _one_of(_FIRST + _INSIDE)
_FIRST_TOKEN = rf"(?<!\w)(?:\d++|[hkq]\d++|{_one_of(_FIRST)})(?:\d++|{_WORD})*+(?!\w)"
_TOKEN = rf"(?:\d++|{_WORD})++(?!\w)"
#: The full stop of "nov." belongs to it and that after a number does not, or "2021." would be read beside "2021". A
#: number joined to its end belongs to it: in "2021.5x" 2021 is no year.
_STRETCH = re.compile(rf"{_FIRST_TOKEN}(?:[\s.,/:-]++{_TOKEN})*+(?:[.,/:-]\d\w*+|(?<!\d)\.(?!\w))?+")
# "førstehalvår": a blank was forgotten.
_NUMBERS = ("første", "andet", "anden", "tredje", "fjerde", "femte")
_GLUED = [f"{number}{unit}" for number in _NUMBERS for unit in ("kvartal", "halvår")]
#: What a period can begin with, as `lib.words.finder` wants it. Beside numbers, which it finds of itself.
FIRST_WORDS = frozenset(f"{word}#" for word in [*_FIRST.split(), *_GLUED, "h", "k", "q"])
FIRST = finder(FIRST_WORDS)
_SHORTEST = len("maj")


def stretches(low: str, places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Where the stretches of period words stand in a text in small letters, given where its first words stand."""
    end = 0
    for place in places:
        if place >= end and (match := _STRETCH.match(low, place)):
            end = match.end()
            if end - place >= _SHORTEST:
                yield place, end
