"""Taking a status cell apart: sentences, parentheses, statements, and what each statement is about."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from initiatives.calculations import status_words as w
from initiatives.calculations.status_scan import scan
from sundhedsaftale.lib.periods import FoundPeriod, find_periods_at
from sundhedsaftale.lib.words import Lowered

ITEM, PART, OTHER = "item", "part", "other"

_PARENTHESIS = re.compile(r"\(([^()]*)\)")
_WORD = re.compile(r"[^\W\d_][\w.-]*")
# The first sign alone decides whether a place is looked at, which is why it stands before what must be around it.
_SEPARATOR = re.compile(r"[,;:\s](?:(?<=[,;:])|(?:men|og|samt|mens)\s|[–-]\s)")
_LAST_SEPARATOR = re.compile(f".*({_SEPARATOR.pattern})", re.DOTALL)
_SEPARATING = ("men", "og", "samt", "mens", "–", "-")
_NUMBERED = re.compile(r"\d\)\s")
_SENTENCE_END = re.compile(r"[.;!?](?:\s|$)|\n\s*\n")
_LOOK_BACK = 14
#: No abbreviation has so many letters in a row.
_LONGEST_SHORT = 1 + max(map(len, w.ABBREVIATIONS))
# Titles and subjects are short: nothing farther away than this belongs to them, however long a sentence runs on.
_NEAR = 300
# The first words of a subject name it; what follows tells more of it.
_NAMING = 3

# "Evaluering er igangsat og forventes færdig": the second statement is about "Evaluering", not "Evaluering er".
_AUXILIARY_END = re.compile(r"(?:\s+(?:er|blev|bliver|var|har|der|nu))+$", re.IGNORECASE)
_NEW_SUBJECT = re.compile(r"\s([A-ZÆØÅ][a-zæøå]+)\s+$")
# Signs and small words at the edges of a title, once its date has been taken out of it.
_EDGE_WORDS = frozenset(("i", "på", "til", "den", "fra", "siden", "og", "ved", "med", "senest", "inden", "omkring"))
_FIRST_SIGNS = " ,.;:()-–•*»«"
_LAST_EDGE = re.compile(rf"(?:[\s,.;:(\-–]|\b(?:{'|'.join(sorted(_EDGE_WORDS))}|d\.|pr\.))+$", re.IGNORECASE)
_LAST_WORDS = 30


class Statement:
    """One statement: its kind, where it stands, and what it is about. That is looked for when it is asked for.

    Most statements are never asked. `begin` is where the words before it begin that may say what it is about, and
    `before` the statement of the same sentence that it follows.
    """

    __slots__ = ("_before", "_begin", "_cell", "_in_sub_track", "_named", "end", "kind", "start")

    def __init__(
        self, cell: Cell, kind: str, start: int, end: int, begin: int, before: Statement | None, in_sub_track: bool
    ) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self._cell = cell
        self._begin = begin
        self._before = before
        self._in_sub_track = in_sub_track
        self._named: tuple[str, str] | None = None

    @property
    def subject(self) -> str:
        """The words that say what it is about. A later one without such words has those of the one before."""
        return (self._named or self._look())[0]

    @property
    def about(self) -> str:
        """ITEM, PART or OTHER. What stands under "1)" is a part, whatever it is about."""
        return PART if self._in_sub_track else (self._named or self._look())[1]

    def _look(self) -> tuple[str, str]:
        later: list[Statement] = []
        said = self
        while said._named is None:
            own = _subject(said._cell, said._begin, said.start, is_first=said._before is None)
            if own or said._before is None:
                said._named = own, _about(own)
            else:
                later.append(said)
                said = said._before
        named = said._named
        if later:
            named = _AUXILIARY_END.sub("", named[0]), named[1]
        for said in later:
            said._named = named
        return named


class Cell(NamedTuple):
    """A status cell being read.

    The text, the same in small letters, its periods and where each begins, the parentheses set aside, the sentences
    and what is stated in each, and the words at which the mark of a cause may begin.
    """

    text: str
    low: str
    found: list[FoundPeriod]
    starts: list[int]
    asides: list[tuple[int, int]]
    sentences: list[tuple[int, int]]
    stated: list[list[tuple[str, int, int]]]
    marks: list[int]


def take_apart(text: str, lower: Lowered, *, today: date | None = None) -> Cell:
    """The text has no invisible characters. `today` is the day it speaks of."""
    low = lower.small
    spans = sentences(text, low)
    scanned = scan(lower, spans)
    read = find_periods_at(text, lower, scanned.periods, today=today)
    # A period without a first day ("løbende") promises nothing.
    found = [item for item in read if item.period is None or item.period.first_day is not None]
    starts = [item.start for item in found]
    asides: list[tuple[int, int]] = []
    if "(" in text:
        closed = _PARENTHESIS.finditer(text)
        asides = [match.span() for match in closed if not _is_only_a_period(match, found, starts)]
    return Cell(text, low, found, starts, asides, spans, scanned.stated, scanned.marks)


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
        place, after = match.span()
        if text[place] in ".!?":
            place += 1
        # The full stop may be that of "pga.", and then only a blank line ends the sentence.
        if place and text[place - 1] == "." and _is_shortened(low, start, place) and match[0].count("\n") < 2:
            continue
        if start < place and not text[start:place].isspace():
            found.append((start, place))
        start = after
    if start < len(text) and not text[start:].isspace():
        found.append((start, len(text)))
    return found


def _is_shortened(low: str, start: int, place: int) -> bool:
    """Whether the full stop before the place belongs to an abbreviation or to a number such as "20."."""
    last = low[place - 1 - _LONGEST_SHORT : place - 1]
    if len(last) == _LONGEST_SHORT and last.isalpha():
        return False
    word = low[max(low.rfind(" ", start, place), low.rfind("\n", start, place), start - 1) + 1 : place - 1]
    if word.isalpha():
        return word in w.ABBREVIATIONS
    if len(word) > 2 and word.isdecimal():
        return False
    return w.ABBREVIATION.search(low[max(start, place - _LOOK_BACK) : place]) is not None


def aside_at(cell: Cell, place: int) -> tuple[int, int] | None:
    """The parenthesis that holds a place, if any."""
    index = bisect_right(cell.asides, place, key=lambda aside: aside[0]) - 1
    return cell.asides[index] if index >= 0 and place < cell.asides[index][1] else None


def periods_between(cell: Cell, start: int, end: int) -> list[FoundPeriod]:
    first = bisect_left(cell.starts, start)
    return cell.found[first : bisect_left(cell.starts, end, first)]


def statements(cell: Cell, number: int) -> list[Statement]:
    """The statements of one sentence."""
    said: list[Statement] = []
    place = cell.sentences[number][0]
    before = None
    in_sub_track = cell.text.startswith(")", place + 1) and cell.text[place].isdecimal()
    for kind, start, end in cell.stated[number]:
        if kind == w.NOTHING or (cell.asides and aside_at(cell, start)):
            continue
        before = Statement(cell, kind, start, end, place, before, in_sub_track)
        said.append(before)
        place = end
    return said


def _subject(cell: Cell, start: int, end: int, *, is_first: bool) -> str:
    """The words before a statement that say what it is about, without dates.

    Empty for a later statement with no subject of its own: "… er igangsat i klyngen og forventes færdig".
    """
    if start == end or cell.low[start:end].isspace():
        return ""
    separator = _last_separator(cell.low, start, end)
    if separator is not None:
        after = cell.low[separator[1] : end].strip()
        if after in ("som", "der"):
            # "… en arbejdsgruppe, som afrapporterer": the word before the comma is who.
            return " ".join(cell.text[start : separator[0]].split()[-1:])
        if after or not is_first:
            start = separator[1]
    elif not is_first:
        # A full stop was forgotten: "Forsinket pga. COVID-19 Status udarbejdes …".
        new = _NEW_SUBJECT.search(cell.text, start, end)
        return new[1] if new else ""
    start = max(start, end - _NEAR)
    words = cell.text[start:end]
    for item in periods_between(cell, start, end) if cell.found else ():
        words = words.replace(cell.text[item.start : item.end], " ")
    return trimmed(words)


def _last_separator(low: str, start: int, end: int) -> tuple[int, int] | None:
    last = _LAST_SEPARATOR.match(low, start, end)
    if last is None:
        return None
    if low.endswith(_SEPARATING, start, last.start(1)):
        # "og og": the blank between them may belong to the first, and then the second is none.
        return list(_SEPARATOR.finditer(low, start, end))[-1].span()
    return last.span(1)


def _about(subject: str) -> str:
    seen = 0
    for word in subject.split():
        for about in _about_word(word):
            if about == PART:
                return PART
            seen += 1
            if seen == _NAMING:
                return OTHER
    return OTHER if seen else ITEM


@lru_cache(maxsize=2048)
def _about_word(word: str) -> tuple[str, ...]:
    """What is named between two blanks, mostly one thing or nothing. The item itself need not be named."""
    bare = [part.strip(".") for part in _WORD.findall(word.lower())]
    return tuple(PART if w.PART.fullmatch(part) else OTHER for part in bare if part not in w.OF_THE_ITEM)


def trimmed(words: str) -> str:
    """The words on one line without the signs and small words at its edges."""
    parts = words.split()
    if not parts:
        return ""
    words = " ".join(parts)
    last = parts[-1]
    if last.isalpha() and words[0].isalnum() and last.lower() not in _EDGE_WORDS:
        return words
    words = words.lstrip(_FIRST_SIGNS)
    # The last few words are looked at first, for only these mostly can be of the edge.
    near = len(words) - _LAST_WORDS
    edge = _LAST_EDGE.search(words, near) if near > 0 else None
    if near <= 0 or (edge and edge.start() == near):
        edge = _LAST_EDGE.search(words)
    return words[: edge.start()].strip() if edge else words.strip()


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
    for place in cell.marks:
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
