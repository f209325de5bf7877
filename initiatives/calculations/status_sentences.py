"""Taking a status cell apart: sentences, parentheses, statements, and what each statement is about."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import NamedTuple

from initiatives.calculations import status_words as w
from sundhedsaftale.lib.periods import FoundPeriod

ITEM, PART, OTHER = "item", "part", "other"

_PARENTHESIS = re.compile(r"\(([^()]*)\)")
_WORD = re.compile(r"[^\W\d_][\w.-]*")
# The first sign alone decides whether a place is looked at, which is why it stands before what must be around it.
_SEPARATOR = re.compile(r"[,;:\s](?:(?<=[,;:])|(?:men|og|samt|mens)\s|[–-]\s)")
_SUB_TRACK = re.compile(r"\d\)")
_NUMBERED = re.compile(r"\d\)\s")
_SENTENCE_END = re.compile(r"[.;!?](?:\s|$)|\n\s*\n")
_LOOK_BACK = 14
# Titles and subjects are short: nothing farther away than this belongs to them, however long a sentence runs on.
_NEAR = 300
# The first words of a subject name it; what follows tells more of it.
_NAMING = 3

# "Evaluering er igangsat og forventes færdig": the second statement is about "Evaluering", not "Evaluering er".
_AUXILIARY_END = re.compile(r"(?:\s+(?:er|blev|bliver|var|har|der|nu))+$", re.IGNORECASE)
_NEW_SUBJECT = re.compile(r"\s([A-ZÆØÅ][a-zæøå]+)\s+$")
# Signs and small words at the edges of a title, once its date has been taken out of it.
_EDGE_WORDS = ("i", "på", "til", "den", "fra", "siden", "og", "ved", "med", "senest", "inden", "omkring")
_EDGE = re.compile(
    rf"^[\s,.;:()\-–•*»«]+|(?:[\s,.;:(\-–]|\b(?:{'|'.join(_EDGE_WORDS)}|d\.|pr\.))+$",
    re.IGNORECASE,
)


class Statement(NamedTuple):
    """One statement: its kind, where it stands, and whether it is about the item, a part of it or something else."""

    kind: str
    start: int
    end: int
    about: str
    subject: str


class Cell(NamedTuple):
    """A status cell being read.

    The text, the same in small letters, its periods and where each begins, the parentheses set aside, the sentences
    and what is stated in each, and the words at which a statement or a cause may begin.
    """

    text: str
    low: str
    found: list[FoundPeriod]
    starts: list[int]
    asides: list[tuple[int, int]]
    sentences: list[tuple[int, int]]
    stated: list[list[tuple[str, int, int]]]
    hits: list[tuple[int, bytes]]


def take_apart(text: str, found: list[FoundPeriod]) -> Cell:
    low = w.lowered(text)
    starts = [item.start for item in found]
    asides: list[tuple[int, int]] = []
    if "(" in text:
        closed = _PARENTHESIS.finditer(text)
        asides = [match.span() for match in closed if not _is_only_a_period(match, found, starts)]
    spans, hits = sentences(text, low), w.word_hits(low)
    return Cell(text, low, found, starts, asides, spans, w.find_statements(low, spans, hits), hits)


def _is_only_a_period(match: re.Match[str], found: list[FoundPeriod], starts: list[int]) -> bool:
    """ "Genoptages (2. kvartal 2021)" is one statement; other parentheses stand aside."""
    first = bisect_left(starts, match.start())
    for item in found[first : first + 1]:
        if item.end < match.end():
            return not trimmed(match.string[match.start(1) : item.start] + match.string[item.end : match.end(1)])
    return False


def sentences(text: str, low: str) -> list[tuple[int, int]]:
    """Where the sentences stand. A blank line ends one, and so does a line that begins with a word of status."""
    found: list[tuple[int, int]] = []
    start = 0
    breaks = w.BREAK_OR_NUMBER if ")" in text and _NUMBERED.search(text) else w.BREAK
    for match in breaks.finditer(text):
        place = match.start()
        if text[place] in ".!?":
            place += 1
            # The full stop may be that of "pga.", and then only a blank line ends the sentence.
            if text[place - 1] == "." and match[0].count("\n") < 2 and _is_shortened(low, start, place):
                continue
        elif text.endswith(".", 0, place) and match[0].count("\n") < 2 and _is_shortened(low, start, place):
            continue
        if text[start:place].strip():
            found.append((start, place))
        start = match.end()
    if text[start:].strip():
        found.append((start, len(text)))
    return found


def _is_shortened(low: str, start: int, place: int) -> bool:
    """Whether the full stop before the place belongs to an abbreviation or to a number such as "20."."""
    word = low[max(low.rfind(" ", start, place), low.rfind("\n", start, place), start - 1) + 1 : place - 1]
    if word.isalpha():
        return word in w.ABBREVIATIONS
    return w.ABBREVIATION.search(low[max(start, place - _LOOK_BACK) : place]) is not None


def aside_at(cell: Cell, place: int) -> tuple[int, int] | None:
    """The parenthesis that holds a place, if any."""
    index = bisect_right(cell.asides, place, key=lambda aside: aside[0]) - 1
    return cell.asides[index] if index >= 0 and place < cell.asides[index][1] else None


def periods_between(cell: Cell, start: int, end: int) -> list[FoundPeriod]:
    first = bisect_left(cell.starts, start)
    return cell.found[first : bisect_left(cell.starts, end, first)]


def statements(cell: Cell, number: int) -> list[Statement]:
    """The statements of one sentence. A later one without a subject of its own has that of the one before."""
    said: list[Statement] = []
    if not cell.stated[number]:
        return said
    start = place = cell.sentences[number][0]
    subject, about = "", ITEM
    in_sub_track = _SUB_TRACK.match(cell.text, start) is not None
    for kind, begins, ends in cell.stated[number]:
        if kind == w.NOTHING or (cell.asides and aside_at(cell, begins)):
            continue
        own = _subject(cell, place, begins, is_first=place == start)
        if own or place == start:
            subject, about = own, _about(own) if own else ITEM
        elif subject:
            subject = _AUXILIARY_END.sub("", subject)
        said.append(Statement(kind, begins, ends, PART if in_sub_track else about, subject))
        place = ends
    return said


def _subject(cell: Cell, start: int, end: int, *, is_first: bool) -> str:
    """The words before a statement that say what it is about, without dates.

    Empty for a later statement with no subject of its own: "… er igangsat i klyngen og forventes færdig".
    """
    if start == end or cell.low[start:end].isspace():
        return ""
    separator = None
    for sign in _SEPARATOR.finditer(cell.low, start, end):
        separator = sign
    if separator is not None:
        after = cell.low[separator.end() : end].strip()
        if after in ("som", "der"):
            # "… en arbejdsgruppe, som afrapporterer": the word before the comma is who.
            return " ".join(cell.text[start : separator.start()].split()[-1:])
        if after or not is_first:
            start = separator.end()
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
    seen = 0
    for word in _WORD.findall(subject.lower()):
        bare = word.strip(".")
        if bare in w.OF_THE_ITEM:
            continue
        if _is_part(bare):
            return PART
        seen += 1
        if seen == _NAMING:
            break
    return OTHER if seen else ITEM


@lru_cache(maxsize=2048)
def _is_part(word: str) -> bool:
    return w.PART.fullmatch(word) is not None


def trimmed(words: str) -> str:
    words = " ".join(words.split())
    last = words[words.rfind(" ") + 1 :]
    if last.isalpha() and words[0].isalnum() and last.lower() not in _EDGE_WORDS:
        return words
    return _EDGE.sub("", words).strip()


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
    for place, head in cell.hits:
        if head not in w.MARK_HEADS:
            continue
        mark = w.CAUSE_MARK.match(cell.low, place)
        if mark is None:
            continue
        stop = _SENTENCE_END.search(cell.low, mark.end())
        end = stop.start() if stop else len(cell.low)
        named = w.find_cause(cell.low, mark.end(), end)
        if named:
            best = named
        elif best is None and cell.low[mark.end() : end].strip():
            best = (w.OTHER, (mark.end(), end))
    return best


def cause_named(cell: Cell, place: int) -> tuple[str, tuple[int, int]] | None:
    """A cause named in the sentence that stands at the place, its parentheses included."""
    for start, end in cell.sentences:
        if start <= place < end:
            return w.find_cause(cell.low, start, end)
    return None
