"""From a file's bytes to a plan draft. Size and kind first, then the grid, then the rules; nothing is stored or logged."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import PurePath

from initiatives.calculations.plan_draft import PlanDraft
from initiatives.calculations.plan_grid import Document
from initiatives.calculations.plan_owners import KnownBody
from initiatives.calculations.plan_table import NoPlanFound, draft_plan
from initiatives.plan_files import refusals as r
from initiatives.plan_files.delimited import read_csv
from initiatives.plan_files.docx import read_docx
from initiatives.plan_files.limits import MOST_BYTES
from initiatives.plan_files.pdf import OnPage, read_pdf
from initiatives.plan_files.refusals import FileRefused, place_words
from initiatives.plan_files.scanning import place_values, refuse_cpr_numbers
from initiatives.plan_files.text import read_text, read_text_file
from initiatives.plan_files.xlsx import read_xlsx
from sundhedsaftale.lib.packages import OLE_HEADER, refuse_old_or_encrypted

logger = logging.getLogger(__name__)

PDF = ".pdf"
_READERS: dict[str, Callable[[bytes], Document]] = {
    ".docx": read_docx,
    ".xlsx": read_xlsx,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".txt": read_text_file,
    ".md": read_text_file,
    PDF: read_pdf,
}
_TEXT = (".csv", ".tsv", ".txt", ".md")
_WITH_MACROS = (".docm", ".dotm", ".xlsm", ".xltm", ".xlsb", ".xlam")
_OLD = (".doc", ".dot", ".xls", ".xlt")


def read_plan_file(content: bytes, filename: str, *, as_of: date, bodies: Sequence[KnownBody]) -> PlanDraft:
    """The plan in a file. as_of: the day its words speak of. Raises FileRefused before anything of the file is kept."""
    return draft_from(open_plan_file(content, filename), as_of=as_of, bodies=bodies)


def read_plan_text(text: str, *, as_of: date, bodies: Sequence[KnownBody]) -> PlanDraft:
    """The plan in a pasted text. Raises FileRefused."""
    return draft_from(open_plan_text(text), as_of=as_of, bodies=bodies)


def open_plan_text(text: str) -> Document:
    if len(text.encode("utf-8", errors="replace")) > MOST_BYTES:
        raise FileRefused(r.TOO_LARGE, {"limit": str(MOST_BYTES // 2**20)})
    if not text.strip():
        raise FileRefused(r.EMPTY)
    return read_text(text)


def open_plan_file(content: bytes, filename: str, *, on_page: OnPage | None = None) -> Document:
    """The file as a grid, checked and searched for CPR numbers. Raises FileRefused.

    on_page: told of each page of a PDF that has been read, and how many there are; other files take no time.
    """
    name = PurePath(filename.replace("\\", "/")).name
    refuse_cpr_numbers([({"part": "name"}, name)])
    if len(content) > MOST_BYTES:
        raise FileRefused(r.TOO_LARGE, {"limit": str(MOST_BYTES // 2**20)})
    if not content.strip():
        raise FileRefused(r.EMPTY)
    ending = PurePath(name).suffix.lower()
    if ending in _WITH_MACROS:
        raise FileRefused(r.MACROS)
    if ending in _OLD or content.startswith(OLE_HEADER):
        refuse_old_or_encrypted(content)
        raise FileRefused(r.OLD_FORMAT)
    if ending not in _READERS:
        raise FileRefused(r.UNKNOWN_TYPE)
    if ending in _TEXT and content.startswith((b"PK\x03\x04", b"%PDF-")):
        raise FileRefused(r.WRONG_TYPE, {"ending": ending})
    if ending == PDF:
        return _read(lambda pages: read_pdf(pages, on_page=on_page), content)
    return _read(_READERS[ending], content)


def _read(reader: Callable[[bytes], Document], content: bytes) -> Document:
    """Whatever a library trips over is a damaged file; only the kind of error is logged, since its words may be a cell's."""
    try:
        return reader(content)
    except FileRefused:
        raise
    except Exception as error:
        logger.info("a plan file could not be read: %s", type(error).__name__)
        raise FileRefused(r.CORRUPT) from None


def draft_from(document: Document, *, as_of: date, bodies: Sequence[KnownBody]) -> PlanDraft:
    """The plan in an opened file. Raises FileRefused when no table is one, or several are."""
    try:
        return draft_plan(document, as_of=as_of, bodies=bodies)
    except NoPlanFound as error:
        places = "; ".join(place_words(place_values(place)) for place in error.places)
        raise FileRefused(error.code, {"tables": places}) from None
