"""All the words of a checked package, shown or not: what must be searched before anything of the file is kept."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sundhedsaftale.lib.packages import Package, local_name, parse_xml

# Identifiers of the programs themselves: they look like ten digits now and then.
_MACHINE_WORDS = re.compile(r"0x[0-9A-Fa-f]+|\{?[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\}?")
_MARGIN = re.compile(r"^word/(?:header|footer)\d*\.xml$")
_NOTE = re.compile(r"comment|footnotes|endnotes|people\.xml", re.IGNORECASE)
_TEXT_OF = {"t", "delText", "instrText", "delInstrText", "v", "f", "definedName", "oddHeader", "oddFooter", "a"}
_ENDS_A_PIECE = {"p", "si", "is", "c", "v", "f", "comment", "definedName", "oddHeader", "oddFooter", "br", "cr"}
_SIGNS = {"tab": " ", "noBreakHyphen": "-", "softHyphen": "\u00ad"}
_WORDPROCESSING = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WORDS_IN = ("descr", "title", "alt", "tooltip", "name", f"{_WORDPROCESSING}author")


def package_pieces(package: Package) -> Iterator[tuple[dict[str, str], str]]:
    """All words of all parts, what is shown and what is not: headers, comments, properties, hidden sheets."""
    for name, part in package.parts.items():
        if not name.endswith(".rels") and name != "[Content_Types].xml":
            yield {"part": _kind(name)}, _words(name, part)


def _kind(name: str) -> str:
    if _MARGIN.match(name):
        return "margin"
    if _NOTE.search(name):
        return "note"
    return "properties" if name.startswith(("docProps/", "customXml/")) else "hidden"


def _words(name: str, part: bytes) -> str:
    root = parse_xml(part)
    if name.startswith(("docProps/", "customXml/")):
        words = "\n".join(text for text in root.itertext())
        values = "\n".join(value for node in root.iter() for value in node.attrib.values())
        return _MACHINE_WORDS.sub(" ", f"{words}\n{values}")
    pieces: list[str] = []
    is_reference = False
    for node in root.iter():
        tag = local_name(node)
        if tag == "c":
            is_reference = node.get("t") == "s"  # the number of a shared string, whose words are scanned elsewhere
        if tag in _TEXT_OF and node.text:
            pieces.append(_value(node.text, is_reference=is_reference) if tag == "v" else node.text)
        elif tag in _SIGNS:
            pieces.append(_SIGNS[tag])
        if tag in _ENDS_A_PIECE:
            pieces.append("\n")
        pieces.extend(f"\n{value}\n" for key, value in node.attrib.items() if key in _WORDS_IN)
    return "".join(pieces)


def _value(text: str, *, is_reference: bool) -> str:
    """A number in a cell, written out: nine digits are ten with the zero that Excel dropped. A fraction is no number here."""
    number = text.strip().removesuffix(".0")
    if is_reference or re.fullmatch(r"-?\d+\.\d+(?:E[+-]?\d+)?", number):
        return ""
    return number.zfill(10) if number.isdigit() and len(number) == 9 else number
