"""A report's tables as text: Markdown, tabs, or columns set apart by spaces. Lines of cells, each cleaned of what is no word.

What was taken away from a cell is told beside it, so that whoever pasted the text sees how it was read.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sundhedsaftale.lib.danish import normalised

LONGEST_TEXT = 400_000  # characters; the whole report is a fifth of it
_PIPE = re.compile(r"(?<!\\)\|")
_GAP = re.compile(r"\t|[ \u00a0]{2,}")
_RULE = re.compile(r"[\s|:+=_-]*")
_TAG_NOTE = re.compile(r"<sup>\s*(\d{1,3})\s*</sup>|\^(\d{1,3})\^?", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,200}>")
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_NOTES = re.compile(f"[{_SUPERSCRIPTS}]+(?:[ ,;]*[{_SUPERSCRIPTS}]+)*")
_PLAIN = str.maketrans(_SUPERSCRIPTS, "0123456789")
_LIGHTS = re.compile("[●○◯⬤•■□▪▲△▼◆🔴🟡🟢🟥🟨🟩⚫⚪\ufe0f]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_STARS = re.compile(r"\*\*|__|\\(?=[|*_.\-])")


@dataclass(frozen=True)
class TextCell:
    """notes: the footnotes marked in it. lights: how many coloured marks stood in it, now without their colour."""

    text: str
    column: int
    notes: tuple[str, ...] = ()
    lights: int = 0
    markup: bool = False


@dataclass(frozen=True)
class TextLine:
    """cells is empty for a line that is no row of a table; then `is_blank` says whether anything stood there."""

    number: int
    cells: tuple[TextCell, ...]
    is_blank: bool = False


def squeezed(words: str) -> str:
    """Letters and digits alone: a word that a narrow column parted is the word again."""
    return normalised(words).replace(" ", "")


def text_lines(text: str) -> Iterator[TextLine]:
    """Every line of the text but the rules under headings."""
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        if not line.strip():
            yield TextLine(number, (), is_blank=True)
            continue
        if _RULE.fullmatch(line):
            continue
        parts = _parts(line)
        yield TextLine(number, tuple(_cell(part, at) for at, part in enumerate(parts, start=1)) if parts else ())


def _parts(line: str) -> list[str]:
    if "|" in line:
        bare = line.strip()
        bare = bare[1:] if bare.startswith("|") else bare
        bare = bare[:-1] if bare.endswith("|") and not bare.endswith("\\|") else bare
        return _PIPE.split(bare)
    if "\t" in line:
        return line.split("\t")
    parts = _GAP.split(line.strip())
    return parts if len(parts) > 1 else []


def _cell(raw: str, column: int) -> TextCell:
    notes = [found for pair in _TAG_NOTE.findall(raw) for found in pair if found]
    bare = _TAG.sub(" ", _TAG_NOTE.sub(" ", raw))
    unescaped = html.unescape(bare)
    for mark in _NOTES.findall(unescaped):
        notes += re.findall(r"\d+", mark.translate(_PLAIN))
    plain = _INVISIBLE.sub("", _NOTES.sub(" ", unescaped))
    lights = len(_LIGHTS.findall(plain.replace("\ufe0f", "")))
    words = _STARS.sub("", _LIGHTS.sub(" ", plain))
    markup = bool(_TAG.search(raw)) or unescaped != bare
    return TextCell(" ".join(words.split()), column, tuple(dict.fromkeys(notes)), lights, markup)
