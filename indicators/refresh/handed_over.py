"""A file that somebody hands over for a source: looked at before any of it is kept, and refused with one sentence."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.actions.table_uploads import keep_upload
from indicators.calculations.table_guess import fits, guess_layout
from indicators.calculations.table_mapping import Names, TableLayout, missing_roles
from indicators.models import DataSource, TableMapping, TableUpload
from indicators.refresh.grids import Grid, encodings_of, grid_texts, read_grid, visible_sheets
from indicators.refresh.names import known_names
from indicators.refresh.reading import NotReadable, refuse_cpr_numbers
from indicators.refresh.refusals import refusal_sentence
from sundhedsaftale.lib.cpr import find_cpr

LARGEST = 10_000_000  # bytes; a larger one is put into the folder of the server
ENDINGS = (".csv", ".txt", ".xlsx")
MOST_LOOKED_AT = 5000  # lines read before a worker reads them all
SHOWN = 30  # lines enough to see and to guess by


@dataclass(frozen=True)
class Look:
    """The first lines of a kept file, the layout to begin from, and whether it is a guess or was declared before.

    problem: why the sheet cannot be shown, "" when it can. is_ready: nothing is left to be declared. encoding_is_guess: of a
    text file, nobody has said in which encoding it is written. described_at: when the layout was declared.
    """

    grid: Grid
    layout: TableLayout
    names: Names
    is_guess: bool
    is_ready: bool
    problem: str = ""
    encoding_is_guess: bool = False
    described_at: datetime | None = None


def refusal(data: bytes, filename: str, *, sheet: str = "") -> str:
    """Why the file cannot be taken, in one sentence; "" when it can. No word of the file is in it.

    sheet: the one the source's files are read from; without it any sheet may be, so none of them may hold a formula.
    """
    if find_cpr(Path(filename).stem):
        return _("The name of the file holds a CPR number. Give it another name and try again. The file is not kept.")
    if Path(filename).suffix.lower() not in ENDINGS:
        return refusal_sentence("file_wrong_type")
    if len(data) > LARGEST:
        return _("The file is larger than 10 MB. Put it into the folder on the server, or divide it.")
    try:
        _looked_through(data, sheet)
        refuse_cpr_numbers(grid_texts(data))
    except NotReadable as error:
        place = _(" Line %(line)s of the file.") % {"line": error.line} if error.line and error.code == "cpr" else ""
        return refusal_sentence(error.code, error.details) + place
    return ""


def _looked_through(data: bytes, sheet: str) -> None:
    try:
        read_grid(data, sheet=sheet, most_lines=MOST_LOOKED_AT, every_sheet=not sheet)
    except NotReadable as error:
        if not sheet or error.code != "sheet_missing":
            raise
        read_grid(data, most_lines=MOST_LOOKED_AT, every_sheet=True)


def take_in(*, source: DataSource, data: bytes, filename: str, by: Any) -> TableUpload:
    """Keep the file under a name of ours until it has been run. Raises ValidationError keyed by file."""
    saved = _saved(source)
    reason = refusal(data, filename, sheet=saved.sheet if saved is not None else "")
    if reason:
        raise ValidationError({"file": reason})
    ending = Path(filename).suffix.lower()
    return keep_upload(source=source, data=data, ending=ending, now=timezone.now(), by=by)


def look_again(upload: TableUpload, *, sheet: str = "", encoding: str = "") -> Look:
    """The kept file as it would be read now. The layout declared before holds where the table has its columns.

    sheet, encoding: those chosen on the page, "" for those declared before or found in the file.
    """
    saved = _saved(upload.source)
    path = Path(settings.VAR_DIR) / upload.file
    try:
        data = path.read_bytes()
    except OSError:
        return _nothing(_("The file is kept no more. Hand it over again."))
    wanted = sheet or (saved.sheet if saved is not None else "")
    found = encodings_of(data)
    declared = _declared_encoding(saved, data, found)
    try:
        grid = _grid(data, wanted, encoding if encoding in found else declared, chosen=bool(sheet))
    except NotReadable as error:
        return _nothing(refusal_sentence(error.code, error.details), sheet=wanted, data=data)
    is_text = bool(found)
    written = grid.read_as if is_text else (saved.encoding if saved is not None else "")
    is_guess = is_text and written not in (encoding, declared)
    if saved is not None and grid.sheet in ("", saved.sheet) and fits(saved, grid.lines):
        is_other = is_text and saved.encoding not in ("", written)
        is_ready = not missing_roles(saved) and not is_other
        layout = replace(saved, encoding=written)
        return Look(grid, layout, known_names(), False, is_ready, "", is_guess, upload.source.table_mapping.changed_at)
    names = known_names()
    layout = replace(guess_layout(grid.lines, names, sheet=grid.sheet), encoding=written)
    return Look(grid, layout, names, is_guess=True, is_ready=False, encoding_is_guess=is_guess)


def _saved(source: DataSource) -> TableLayout | None:
    """What was declared of the source's files. 1 query, and none when it was fetched with the source."""
    try:
        stored = source.table_mapping.layout
    except TableMapping.DoesNotExist:
        return None
    return TableLayout.from_json(stored) if stored else None


def _declared_encoding(saved: TableLayout | None, data: bytes, found: tuple[str, ...]) -> str:
    """The one declared before, unless this file seems to be written in another."""
    declared = saved.encoding if saved is not None else ""
    return declared if declared in found and (data.isascii() or found[0] == declared) else ""


def _grid(data: bytes, sheet: str, encoding: str, *, chosen: bool) -> Grid:
    try:
        return read_grid(data, sheet=sheet, encoding=encoding, most_lines=SHOWN)
    except NotReadable as error:
        if chosen or error.code != "sheet_missing":
            raise
        return read_grid(data, most_lines=SHOWN)  # the sheet of the last file is not in this one


def _nothing(problem: str, *, sheet: str = "", data: bytes = b"") -> Look:
    """A file or a sheet that cannot be shown; the workbook's other sheets can still be chosen."""
    try:
        sheets = visible_sheets(data)
    except NotReadable:
        sheets = ()
    grid = Grid((), "", sheet or next(iter(sheets), ""), sheets)
    return Look(grid, TableLayout(), Names({}, {}, {}), is_guess=True, is_ready=False, problem=problem)
