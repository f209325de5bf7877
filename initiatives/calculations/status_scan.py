"""Going through the words of a status cell once: where periods and marks of a cause may begin, and what is stated."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from initiatives.calculations import status_words as w
from sundhedsaftale.lib.periods import FIRST_WORDS
from sundhedsaftale.lib.words import finder

_Match = Callable[[str, int, int], re.Match[str] | None]


class _Meaning(NamedTuple):
    """What may begin with a word: kinds of statement, earlier ones first; the mark of a cause; a period."""

    kinds: tuple[tuple[str, _Match], ...]
    marks_cause: bool
    begins_period: bool


class Scan(NamedTuple):
    """(kind, start, end) of each statement of each sentence, and the places where a period or a cause may begin."""

    stated: list[list[tuple[str, int, int]]]
    periods: list[int]
    marks: list[int]


def _meanings(words: set[str]) -> dict[bytes, _Meaning]:
    """By what the finder finds: a blank and the word, or as much of it as is enough to know it."""
    return {
        f" {word.removesuffix('*')}".encode("latin-1"): _Meaning(
            kinds=tuple((kind.name, kind.pattern.match) for kind in w.KINDS if word in kind.first),
            marks_cause=word in w.MARK_FIRST,
            begins_period=f"{word}#" in FIRST_WORDS,
        )
        for word in words
    }


_WORDS = {word for kind in w.KINDS for word in kind.first} | set(w.MARK_FIRST)
_MEANINGS = _meanings(_WORDS)
_NUMBER_OR_PERIOD = _Meaning((), marks_cause=False, begins_period=True)
_FINDER = finder(_WORDS | FIRST_WORDS, w.ONLY_BEFORE)


def scan(low: str, words: bytes, sentences: list[tuple[int, int]]) -> Scan:
    """`low` is a text in small letters, `words` its words as `lib.words.lowered` gives them. No statements overlap."""
    stated: list[list[tuple[str, int, int]]] = [[] for _ in sentences]
    periods: list[int] = []
    marks: list[int] = []
    number = done = 0
    end = sentences[0][1] if sentences else 0
    for hit in _FINDER.finditer(words):
        kinds, marks_cause, begins_period = _MEANINGS.get(hit[0], _NUMBER_OR_PERIOD)
        place = hit.start()
        if begins_period:
            periods.append(place)
        if marks_cause:
            marks.append(place)
        if not kinds or place < done:
            continue
        while place >= end:
            number += 1
            end = sentences[number][1]
        for kind, matches in kinds:
            if match := matches(low, place, end):
                done = match.end()
                stated[number].append((kind, place, done))
                break
    return Scan(stated, periods, marks)
