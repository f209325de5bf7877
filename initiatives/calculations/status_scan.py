"""Going through the words of a status cell once: where periods and marks of a cause may begin, and what is stated."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from initiatives.calculations import status_words as w
from sundhedsaftale.lib.periods import FIRST_WORDS
from sundhedsaftale.lib.words import Lowered, finder

_Match = Callable[[str, int, int], re.Match[str] | None]


class _Meaning(NamedTuple):
    """What may begin with a word: kinds of statement, earlier ones first; the mark of a cause; a period.

    A kind without a pattern is said by the word itself.
    """

    kinds: tuple[tuple[str, _Match | None], ...]
    marks_cause: bool
    begins_period: bool


class Scan(NamedTuple):
    """(kind, start, end) of each statement of each sentence, and the places where a period or a cause may begin."""

    stated: list[list[tuple[str, int, int]]]
    periods: list[int]
    marks: list[int]


def _kinds(word: str) -> Iterator[tuple[str, _Match | None]]:
    for kind in w.KINDS:
        if kind.phrases is not None and word in kind.first:
            yield kind.name, kind.phrases.match
        if word in kind.words:
            yield kind.name, None


def _meanings(words: set[str]) -> dict[bytes, _Meaning]:
    """By what the finder finds: a blank and the word, or as much of it as is enough to know it."""
    return {
        f" {word.removesuffix('*')}".encode("latin-1"): _Meaning(
            kinds=tuple(_kinds(word)),
            marks_cause=word in w.MARK_FIRST,
            begins_period=f"{word}#" in FIRST_WORDS,
        )
        for word in words
    }


_WORDS = {word for kind in w.KINDS for word in kind.first | kind.words} | set(w.MARK_FIRST)
_MEANINGS = _meanings(_WORDS)
_NUMBER_OR_PERIOD = _Meaning((), marks_cause=False, begins_period=True)
_FINDER = finder(_WORDS | FIRST_WORDS, w.ONLY_BEFORE)


def scan(lower: Lowered, sentences: list[tuple[int, int]]) -> Scan:
    """The statements of each sentence do not overlap: the first kind that fits a place has it."""
    low, words, is_latin = lower
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
            if matches is not None:
                match = matches(low, place, end)
                after = match.end() if match else 0
            else:
                # The blank before the word is part of what was found.
                after = hit.end() - 1 if is_latin or _is_whole(low, place, hit.end() - 1) else 0
            if after:
                stated[number].append((kind, place, after))
                done = after
                break
    return Scan(stated, periods, marks)


def _is_whole(low: str, start: int, end: int) -> bool:
    """Whether no letter from abroad, a blank to the finder, makes the word part of a longer one."""
    return not (low[start - 1 : start].isalnum() or low[end : end + 1].isalnum())
