"""Taking a status cell apart: sentences, parentheses, statements, and what each statement is about."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from initiatives.calculations import status_words as w
from sundhedsaftale.lib.periods import FoundPeriod

ITEM, PART, OTHER = "item", "part", "other"

_PARENTHESIS = re.compile(r"\(([^()]*)\)")
_WORD = re.compile(r"[^\W\d_][\w.-]*")
_SEPARATOR = re.compile(r"[,;:]|\s(?:men|og|samt|mens)\s|\s[–-]\s")
_SUB_TRACK = re.compile(r"\d\)")
_SENTENCE_END = re.compile(r"[.;!?](?:\s|$)|\n\s*\n")
_LOOK_BACK = 14
# Titles and subjects are short: nothing farther away than this belongs to them, however long a sentence runs on.
_NEAR = 300

# "Evaluering er igangsat og forventes færdig": the second statement is about "Evaluering", not "Evaluering er".
_AUXILIARY_END = re.compile(r"(?:\s+(?:er|blev|bliver|var|har|der|nu))+$", re.IGNORECASE)
_NEW_SUBJECT = re.compile(r"\s([A-ZÆØÅ][a-zæøå]+)\s+$")
# Signs and small words at the edges of a title, once its date has been taken out of it.
_EDGE = re.compile(
    r"^[\s,.;:()\-–•*»«]+|(?:[\s,.;:(\-–]|\b(?:i|på|til|den|d\.|pr\.|fra|siden|og|ved|med|senest|inden|omkring))+$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Statement:
    """One statement: its kind, where it stands, and whether it is about the item, a part of it or something else."""

    kind: str
    start: int
    end: int
    about: str
    subject: str


@dataclass(frozen=True)
class Cell:
    """A status cell being read: the text, the same in small letters, its periods, and the parentheses set aside."""

    text: str
    low: str
    found: list[FoundPeriod]
    asides: list[tuple[int, int]]


def take_apart(text: str, found: list[FoundPeriod]) -> Cell:
    asides = [match.span() for match in _PARENTHESIS.finditer(text) if not _is_only_a_period(match, found)]
    return Cell(text, w.lowered(text), found, asides)


def _is_only_a_period(match: re.Match[str], found: list[FoundPeriod]) -> bool:
    """ "Genoptages (2. kvartal 2021)" is one statement; other parentheses stand aside."""
    first = bisect_left(found, match.start(), key=lambda item: item.start)
    for item in found[first : first + 1]:
        if item.end < match.end():
            return not trimmed(match.string[match.start(1) : item.start] + match.string[item.end : match.end(1)])
    return False


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where the sentences stand. A blank line ends one, and so does a line that begins with a word of status."""
    start = 0
    for match in w.BREAK.finditer(text):
        place = match.start()
        could_go_on = text.endswith(".", 0, place) and match[0].count("\n") < 2
        if could_go_on and w.ABBREVIATION.search(w.lowered(text[max(start, place - _LOOK_BACK) : place])):
            continue
        if text[start:place].strip():
            yield start, place
        start = match.end()
    if text[start:].strip():
        yield start, len(text)


def aside_at(cell: Cell, place: int) -> tuple[int, int] | None:
    """The parenthesis that holds a place, if any."""
    index = bisect_right(cell.asides, place, key=lambda aside: aside[0]) - 1
    return cell.asides[index] if index >= 0 and place < cell.asides[index][1] else None


def periods_between(cell: Cell, start: int, end: int) -> list[FoundPeriod]:
    first = bisect_left(cell.found, start, key=lambda item: item.start)
    return cell.found[first : bisect_left(cell.found, end, lo=first, key=lambda item: item.start)]


def statements(cell: Cell, start: int, end: int) -> Iterator[Statement]:
    """The statements of one sentence. A later one without a subject of its own has that of the one before."""
    place, subject, about = start, "", ITEM
    in_sub_track = _SUB_TRACK.match(cell.text, start) is not None
    for kind, begins, ends in w.find_statements(cell.low, start, end):
        if kind == w.NOTHING or (cell.asides and aside_at(cell, begins)):
            continue
        own = _subject(cell, place, begins, is_first=place == start)
        if own or place == start:
            subject, about = own, _about(own)
        else:
            subject = _AUXILIARY_END.sub("", subject)
        yield Statement(kind, begins, ends, PART if in_sub_track else about, subject)
        place = ends


def _subject(cell: Cell, start: int, end: int, *, is_first: bool) -> str:
    """The words before a statement that say what it is about, without dates.

    Empty for a later statement with no subject of its own: "… er igangsat i klyngen og forventes færdig".
    """
    separators = list(_SEPARATOR.finditer(cell.low, start, end))
    if separators and cell.low[separators[-1].end() : end].strip() in ("som", "der"):
        # "… en arbejdsgruppe, som afrapporterer": the word before the comma is who.
        return " ".join(cell.text[start : separators[-1].start()].split()[-1:])
    if separators and (not is_first or cell.text[separators[-1].end() : end].strip()):
        start = separators[-1].end()
    elif not is_first:
        # A full stop was forgotten: "Forsinket pga. COVID-19 Status udarbejdes …".
        new = _NEW_SUBJECT.search(cell.text, start, end)
        return new[1] if new else ""
    start = max(start, end - _NEAR)
    words = cell.text[start:end]
    for item in periods_between(cell, start, end):
        words = words.replace(cell.text[item.start : item.end], " ")
    return trimmed(words)


def _about(subject: str) -> str:
    words = [word for word in (word.strip(".") for word in _WORD.findall(subject.lower())) if word not in w.OF_THE_ITEM]
    if not words:
        return ITEM
    return PART if any(w.PART.fullmatch(word) for word in words[:3]) else OTHER


def trimmed(words: str) -> str:
    return _EDGE.sub("", " ".join(words.split())).strip()


def title_without(text: str, start: int, end: int, item: FoundPeriod) -> str:
    """A stretch of text as the title of what happens at a date: without the date itself."""
    before = trimmed(text[max(start, item.start - _NEAR) : item.start])
    after = " ".join(text[item.end : min(end, item.end + _NEAR)].split())
    if len(before) > 3 and len(after) < 3:
        return before[:200]
    return trimmed(f"{before} {after}")[:200]


def statement_title(cell: Cell, statement: Statement, item: FoundPeriod) -> str:
    """The statement as a title: what it is about and what is to happen, without the date."""
    end = item.start if item.start > statement.end else statement.end
    said = trimmed(cell.text[statement.start : min(end, statement.start + _NEAR)])
    subject = statement.subject
    return f"{subject} {said}"[:200] if subject else said[:1].upper() + said[1:200]


def cause_marked(cell: Cell) -> tuple[str, tuple[int, int]] | None:
    """The last cause with a mark before it ("pga.", "skyldes") and where it stands; of no known kind: "other"."""
    best: tuple[str, tuple[int, int]] | None = None
    for mark in w.CAUSE_MARK.finditer(cell.low):
        stop = _SENTENCE_END.search(cell.low, mark.end())
        end = stop.start() if stop else len(cell.low)
        match = w.CAUSE.search(cell.low, mark.end(), end)
        if match:
            best = (match.lastgroup or w.OTHER, match.span())
        elif best is None and cell.low[mark.end() : end].strip():
            best = (w.OTHER, (mark.end(), end))
    return best


def cause_named(cell: Cell, place: int) -> tuple[str, tuple[int, int]] | None:
    """A cause named in the sentence that stands at the place, its parentheses included."""
    for start, end in sentences(cell.text):
        if start <= place < end:
            match = w.CAUSE.search(cell.low, start, end)
            return (match.lastgroup or w.OTHER, match.span()) if match else None
    return None
