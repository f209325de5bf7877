"""Where a title ends and the content begins, and which number stands before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from initiatives.calculations.plan_grid import Line, cell_text

#: A title longer than this is not one; the item model holds 300.
LONGEST_TITLE = 200
_LONGEST_KEPT = 280
# A question is a title of its own when at least this much follows on the same line.
_SHORTEST_REST = 40

_NUMBER = re.compile(
    r"\s*(?:(?:punkt|nr\.?|indsats|handling|item|no\.?)\s+)?(\d{1,3})\s*(?:[.):]|\s[-–—])\s*(?=\D)", re.I
)
_DOTTED = re.compile(r"\s*\d{1,3}(?:\.\d{1,3})+\.?\)?\s+(?=\S)")
_NOT_A_NUMBER = re.compile(
    r"(?:kvartal|kvt|halvår|halvdel|januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sep|okt|nov|dec|klasse|års)\b",
    re.I,
)
_SECTION = re.compile(
    r"\s*(?:(?:spor|tema|del|afsnit|fase|track|theme|part|section)\s+([A-ZÆØÅ]|[IVX]+|\d{1,3})\s*(?:[.):]|\s?[-–—])?\s+"
    r"|(\d{1,3}(?:\.\d{1,3})*)\s*(?:[.):]|\s[-–—])\s*|(\d{1,3}(?:\.\d{1,3})+)\s+|([A-ZÆØÅ]|[IVX]{1,4})[.)]\s+)(?=\S)",
    re.I,
)
_BULLET = re.compile(r"\s*[•·▪‣◦\uf0b7*–-]\s+")
_BROKEN_WORD = re.compile(r"(?<=[^\W\d_])[-\u2010]$")
_SENTENCE_END = re.compile(r"[.?!:](?=\s)")


@dataclass(frozen=True)
class TitleParts:
    """number: None when none is written. sure: False when the end of the title was guessed."""

    title: str
    content: str = ""
    number: int | None = None
    sure: bool = True


def join_lines(lines: Sequence[str]) -> str:
    """Lines as one: a word broken by a hyphen is joined, other breaks are spaces ("COVID-/19", "børne-/og unge")."""
    joined = ""
    for line in lines:
        words = " ".join(line.replace("\u00ad", "").split())
        if not words:
            continue
        if not joined:
            joined = words
        elif _BROKEN_WORD.search(joined) and words[0].islower() and not re.match(r"(?:og|eller|and|or)\b", words):
            joined = joined[:-1] + words
        elif _BROKEN_WORD.search(joined) and words[0].isdigit():
            joined += words
        else:
            joined += " " + words
    return joined


def without_bullet(text: str) -> str:
    return _BULLET.sub("", text, count=1)


def split_number(title: str) -> tuple[int | None, str]:
    """ "3. Akutteams" is (3, "Akutteams"). A dotted number ("1.2") is taken off, but is no number of an item."""
    dotted = _DOTTED.match(title)
    if dotted:
        return None, title[dotted.end() :].strip()
    match = _NUMBER.match(title)
    if match is None or _NOT_A_NUMBER.match(title, match.end()):
        return None, title.strip()
    return int(match[1]), title[match.end() :].strip()


def split_section(title: str) -> tuple[str, str]:
    """ "1. Brug af data" is ("1", "Brug af data"), "Spor 2: Ledelse" ("2", "Ledelse"); ("", title) without a number."""
    match = _SECTION.match(title)
    if match is None or _NOT_A_NUMBER.match(title, match.end()):
        return "", title.strip()
    number = next(group for group in match.groups() if group)
    return number, title[match.end() :].strip()


def continues_sentence(text: str) -> bool:
    """Whether the text begins in the middle of something: with a small letter."""
    start = text.lstrip()[:1]
    return bool(start) and start.islower()


def split_title(lines: Sequence[Line]) -> TitleParts:
    """Title and content that share a cell: the bold beginning is the title, else the first line or block."""
    kept = list(lines)
    while kept and kept[0].is_blank:
        kept.pop(0)
    if not kept:
        return TitleParts("")
    filled = [line for line in kept if not line.is_blank]
    whole = join_lines([line.text for line in filled])
    if all(line.is_bold for line in filled) and len(filled) <= 2 and len(whole) <= _LONGEST_KEPT:
        number, title = split_number(whole)
        return TitleParts(title, "", number)
    bold = _bold_title(kept)
    title, content, sure = bold if bold is not None else _plain_title(kept)
    number, title = split_number(title)
    return TitleParts(title, content.strip(), number, sure)


def _bold_title(lines: list[Line]) -> tuple[str, str, bool] | None:
    """None when nothing at the start is bold, or everything is."""
    count = 0
    while count < len(lines) and lines[count].is_bold:
        count += 1
    if count and any(not line.is_blank for line in lines[count:]):
        title = join_lines([line.text for line in lines[:count]])
        return (title, cell_text(lines[count:]), True) if len(title) <= _LONGEST_KEPT else None
    if count or not lines[0].bold:
        return None
    head, rest = lines[0].text[: lines[0].bold], lines[0].text[lines[0].bold :]
    if not re.search(r"[^\W\d_]{2}", head) or (head[-1:].isalnum() and rest[:1].isalnum()):
        return None
    return join_lines([head.rstrip(" :–—")]), cell_text([Line(rest.lstrip(" :–—")), *lines[1:]]), True


def _plain_title(lines: list[Line]) -> tuple[str, str, bool]:
    count = 1
    while count < len(lines) and not lines[count].is_blank and _runs_on(lines[count - 1], lines[count]):
        count += 1
    title = join_lines([line.text for line in lines[:count]])
    after = count
    while after < len(lines) and lines[after].is_blank:
        after += 1
    rest = cell_text(lines[after:])
    runs_into_rest = continues_sentence(rest) or (after == count and len(title) > LONGEST_TITLE)
    if runs_into_rest or len(title) > LONGEST_TITLE:
        return _first_sentence(title, rest)
    asked = title.find("? ")
    if not rest and asked > 0 and len(title) - asked > _SHORTEST_REST:
        return title[: asked + 1], title[asked + 2 :], False
    return title, rest, True


def _runs_on(line: Line, following: Line) -> bool:
    start = following.text.lstrip()[:1]
    return (start.islower() or start == "(" or bool(_BROKEN_WORD.search(line.text.rstrip()))) and not _BULLET.match(
        following.text
    )


def _first_sentence(title: str, rest: str) -> tuple[str, str, bool]:
    """A title that runs into its content is cut after its first question, sentence or, at worst, word."""
    content = f"{title}\n{rest}".strip()
    ends = [match.end() for match in _SENTENCE_END.finditer(title[:LONGEST_TITLE]) if match.end() > 3]
    questions = [end for end in ends if title[end - 1] == "?"]
    if questions or ends:
        end = (questions or ends)[0]
        return title[:end].rstrip(".: "), f"{title[end:].strip()}\n{rest}".strip(), False
    if len(title) <= LONGEST_TITLE:
        return title, rest, False
    return title[:120].rsplit(" ", 1)[0] + " …", content, False
