"""Formulas in a workbook, found in its checked parts: all lines of a sheet in a moment, without opening it."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from sundhedsaftale.lib.packages import Package, local_name, parse_xml

_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_ROOT = re.compile(rb"<(?:([\w.-]+):)?worksheet[\s>]")


@dataclass(frozen=True)
class Formula:
    """line: counted from 1. place: "B3", "" where the file leaves its cells unnamed."""

    line: int
    place: str


def first_formula(package: Package, title: str) -> Formula | None:
    """The first one among the cells of the sheet; formulas of rules and of names are no figures. Raises FileRefused."""
    part = package.parts.get(_part_of(package, title), b"")
    if b"\0" in part[:64]:  # UTF-16: what is looked for is ASCII
        part = part.replace(b"\0", b"")
    root = _ROOT.search(part, 0, 4096)
    mark = root[1] + b":" if root is not None and root[1] else b""
    begins, ends = part.find(b"<" + mark + b"sheetData"), part.rfind(b"sheetData")
    found = re.compile(b"<" + re.escape(mark) + rb"f[\s/>]").search(part, max(begins, 0), max(ends, 0))
    if found is None:
        return None
    before = part[max(begins, 0) : found.start()]
    cells = re.findall(b"<" + re.escape(mark) + rb"""c\s[^>]*?\br=["']([A-Z]{1,3})([0-9]{1,7})["']""", before[-1000:])
    if cells:
        letters, number = cells[-1]
        return Formula(int(number), (letters + number).decode())
    return Formula(len(re.findall(b"<" + re.escape(mark) + rb"row[\s>]", before)), "")


def _part_of(package: Package, title: str) -> str:
    """The name of the sheet's part; "" when the workbook says none."""
    links = parse_xml(package.parts[_LINKS]).findall("{*}Relationship") if _LINKS in package.parts else []
    targets = {link.get("Id", ""): link.get("Target", "") for link in links}
    for node in parse_xml(package.parts[_BOOK]).iter():
        if local_name(node) == "sheet" and node.get("name") == title:
            link = next((value for key, value in node.attrib.items() if key.endswith("}id")), "")
            return posixpath.normpath(posixpath.join("xl", targets.get(link, ""))).lstrip("/")
    return ""
