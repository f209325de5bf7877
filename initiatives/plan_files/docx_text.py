"""The words of Word's paragraphs as a reader sees them: accepted changes, no struck or hidden text, list marks kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from initiatives.calculations.plan_grid import Line

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_WITHIN_NAMES = "ins moveTo hyperlink smartTag fldSimple customXml dir bdo sdt sdtContent"
_WITHIN = {f"{W}{name}" for name in _WITHIN_NAMES.split()}
_LEFT_OUT = {f"{W}del", f"{W}moveFrom"}
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_DEEPEST_STYLE = 20


def is_on(node: Any) -> bool:
    """Whether a switch such as <w:b/> is there and not turned off."""
    return node is not None and node.get(f"{W}val", "1") not in ("0", "false", "off", "none")


@dataclass(frozen=True)
class Style:
    name: str = ""
    bold: bool = False
    level: int = 0
    num_id: str = ""
    depth: int = 0


class Styles:
    """Paragraph and character styles, with what they inherit from the styles they are based on."""

    def __init__(self, root: Any) -> None:
        nodes = root.iter(f"{W}style") if root is not None else ()
        self._nodes = {node.get(f"{W}styleId"): node for node in nodes}
        self._made: dict[str, Style] = {}
        self.default = next(
            (
                key
                for key, node in self._nodes.items()
                if node.get(f"{W}type") == "paragraph" and node.get(f"{W}default") in ("1", "true")
            ),
            "",
        )

    def get(self, style_id: str | None, depth: int = 0) -> Style:
        if not style_id or style_id not in self._nodes or depth > _DEEPEST_STYLE:
            return Style()
        if style_id not in self._made:
            self._made[style_id] = self._make(self._nodes[style_id], depth)
        return self._made[style_id]

    def _make(self, node: Any, depth: int) -> Style:
        based_on = node.find(f"{W}basedOn")
        parent = self.get(based_on.get(f"{W}val"), depth + 1) if based_on is not None else Style()
        name_node = node.find(f"{W}name")
        name = name_node.get(f"{W}val", "") if name_node is not None else ""
        bold = node.find(f"{W}rPr/{W}b")
        number = node.find(f"{W}pPr/{W}numPr/{W}numId")
        level = node.find(f"{W}pPr/{W}numPr/{W}ilvl")
        outline = outline_level(node.find(f"{W}pPr"))
        return Style(
            name=name,
            bold=parent.bold if bold is None else is_on(bold),
            level=_heading_level(name) or outline or parent.level,
            num_id=parent.num_id if number is None else number.get(f"{W}val", ""),
            depth=parent.depth if level is None else _number(level.get(f"{W}val")),
        )


def _heading_level(name: str) -> int:
    words = name.casefold().split()
    is_heading = len(words) == 2 and words[0] in ("heading", "overskrift") and words[1].isdigit()
    return min(_number(words[1]), 9) if is_heading else 0


def outline_level(properties: Any) -> int:
    """1-9 for a paragraph that stands in the document's outline, else 0."""
    node = properties.find(f"{W}outlineLvl") if properties is not None else None
    level = _number(node.get(f"{W}val")) + 1 if node is not None else 0
    return level if level < 10 else 0


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.lstrip("-").isdigit() and len(text) < 10 else 0


@dataclass(frozen=True)
class _Level:
    kind: str
    text: str
    start: int


class Numbering:
    """The marks of lists: "• " for every bullet, and the number Word would print."""

    def __init__(self, root: Any) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        if root is None:
            return
        by_id = {node.get(f"{W}abstractNumId"): node for node in root.iter(f"{W}abstractNum")}
        for node in root.iter(f"{W}num"):
            link = node.find(f"{W}abstractNumId")
            abstract = by_id.get(link.get(f"{W}val")) if link is not None else None
            if abstract is not None:
                num_id = node.get(f"{W}numId", "")
                self._levels[num_id] = {
                    _number(level.get(f"{W}ilvl")): self._level(level) for level in abstract.iter(f"{W}lvl")
                }
                self._abstract[num_id] = num_id if node.find(f"{W}lvlOverride") is not None else str(id(abstract))

    @staticmethod
    def _level(node: Any) -> _Level:
        values = {}
        for name in ("numFmt", "lvlText", "start"):
            child = node.find(f"{W}{name}")
            values[name] = child.get(f"{W}val", "") if child is not None else ""
        return _Level(values["numFmt"], values["lvlText"], _number(values["start"] or "1"))

    def mark(self, num_id: str, depth: int) -> str:
        levels = self._levels.get(num_id)
        if num_id in ("", "0") or levels is None or depth not in levels:
            return ""
        level = levels[depth]
        if level.kind == "bullet":
            return "  " * min(depth, 8) + "• "
        counts = self._counts[self._abstract[num_id]]
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [key for key in counts if key > depth]:
            del counts[deeper]
        if level.kind == "none":
            return ""
        text = level.text
        for place in range(9):
            if f"%{place + 1}" in text:
                kind = levels[place].kind if place in levels else "decimal"
                text = text.replace(f"%{place + 1}", _printed(counts.get(place, 1), kind))
        return f"{text} " if text.strip() else ""


@lru_cache(maxsize=512)
def _printed(number: int, kind: str) -> str:
    if kind in ("lowerLetter", "upperLetter") and 1 <= number <= 26:
        return chr(ord("a" if kind == "lowerLetter" else "A") + number - 1)
    if kind in ("lowerRoman", "upperRoman") and 1 <= number <= 39:
        left, text = number, ""
        for value, sign in _ROMAN:
            while left >= value:
                text, left = text + sign, left - value
        return text if kind == "lowerRoman" else text.upper()
    return str(number)


@dataclass
class Paragraphs:
    """Reads paragraphs one after another, because list numbers count on. changed, struck: what was left out was met."""

    styles: Styles
    numbering: Numbering
    changed: bool = False
    struck: bool = False
    hidden: list[str] = field(default_factory=list)

    def lines(self, paragraph: Any) -> list[Line]:
        """The paragraph as lines: a line break inside it begins a new one."""
        properties = paragraph.find(f"{W}pPr")
        style = self.styles.get(self._style_id(properties))
        level = style.level or outline_level(properties)
        pieces = list(self._pieces(paragraph, style))
        text = "".join(words for words, _ in pieces)
        mark = self._mark(properties, style) if text.strip() else ""
        if mark:
            pieces.insert(0, (mark, all(bold for words, bold in pieces if words.strip())))
        return _lines(pieces, level, style.name)

    def ends_deleted(self, paragraph: Any) -> bool:
        """Whether the paragraph's end was deleted, so that the next one goes on from it."""
        return paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None

    def _style_id(self, properties: Any) -> str:
        node = properties.find(f"{W}pStyle") if properties is not None else None
        return node.get(f"{W}val", "") if node is not None else self.styles.default

    def _mark(self, properties: Any, style: Style) -> str:
        node = properties.find(f"{W}numPr") if properties is not None else None
        num_id, depth = style.num_id, style.depth
        if node is not None:
            number, level = node.find(f"{W}numId"), node.find(f"{W}ilvl")
            num_id = number.get(f"{W}val", "") if number is not None else num_id
            depth = _number(level.get(f"{W}val")) if level is not None else depth
        mark = self.numbering.mark(num_id, depth)
        return mark or ("• " if num_id != "0" and style.name.casefold().startswith("list bullet") else "")

    def _pieces(self, node: Any, style: Style) -> Iterator[tuple[str, bool]]:
        for child in node:
            if child.tag == f"{W}r":
                yield from self._run(child, style)
            elif child.tag in _LEFT_OUT:
                self.changed = True
            elif child.tag in _WITHIN:
                self.changed = self.changed or child.tag in (f"{W}ins", f"{W}moveTo")
                yield from self._pieces(child, style)

    def _run(self, run: Any, style: Style) -> Iterator[tuple[str, bool]]:
        properties = run.find(f"{W}rPr")
        text = _run_text(run)
        if not text:
            return
        bold = style.bold
        if properties is not None:
            if is_on(properties.find(f"{W}vanish")):
                self.hidden.append(text)
                return
            if is_on(properties.find(f"{W}strike")) or is_on(properties.find(f"{W}dstrike")):
                self.struck = self.struck or bool(text.strip())
                return
            character = properties.find(f"{W}rStyle")
            if character is not None:
                bold = bold or self.styles.get(character.get(f"{W}val")).bold
            own = properties.find(f"{W}b")
            bold = bold if own is None else is_on(own)
        yield text, bold


_SIGNS = {f"{W}tab": " ", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}softHyphen": "\u00ad"}


def _run_text(run: Any) -> str:
    return "".join((child.text or "") if child.tag == f"{W}t" else _SIGNS.get(child.tag, "") for child in run)


def _lines(pieces: list[tuple[str, bool]], level: int, style: str) -> list[Line]:
    """The pieces cut at line breaks; each line knows how much of its beginning is bold."""
    lines: list[Line] = []
    text, bold, open_ = "", 0, True
    for words, is_bold in pieces:
        for place, part in enumerate(words.replace("\r", "\n").split("\n")):
            if place:
                lines.append(Line(text, bold, level, style))
                text, bold, open_ = "", 0, True
            text += part
            if open_ and (is_bold or not part.strip()):
                bold = len(text)
            elif part.strip():
                open_ = False
    lines.append(Line(text, bold if text[:bold].strip() else 0, level, style))
    return lines
