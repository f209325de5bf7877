"""A file that somebody hands over for a source: looked at before any of it is kept, and refused with one sentence."""

from __future__ import annotations

from dataclasses import dataclass
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
from indicators.refresh.grids import Grid, grid_texts, read_grid
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

    problem: why the sheet cannot be shown, "" when it can. is_ready: nothing is left to be declared.
    """

    grid: Grid
    layout: TableLayout
    names: Names
    is_guess: bool
    is_ready: bool
    problem: str = ""


def refusal(data: bytes, filename: str) -> str:
    """Why the file cannot be taken, in one sentence; "" when it can. No word of the file is in it."""
    if find_cpr(Path(filename).stem):
        return _("The name of the file holds a CPR number. Give it another name and try again. The file is not kept.")
    if Path(filename).suffix.lower() not in ENDINGS:
        return refusal_sentence("file_wrong_type")
    if len(data) > LARGEST:
        return _("The file is larger than 10 MB. Put it into the folder on the server, or divide it.")
    try:
        read_grid(data, most_lines=MOST_LOOKED_AT)
        refuse_cpr_numbers(grid_texts(data))
    except NotReadable as error:
        place = _(" Line %(line)s of the file.") % {"line": error.line} if error.line and error.code == "cpr" else ""
        return refusal_sentence(error.code, error.details) + place
    return ""


def take_in(*, source: DataSource, data: bytes, filename: str, by: Any) -> TableUpload:
    """Keep the file under a name of ours until it has been run. Raises ValidationError keyed by file."""
    reason = refusal(data, filename)
    if reason:
        raise ValidationError({"file": reason})
    ending = Path(filename).suffix.lower()
    return keep_upload(source=source, data=data, ending=ending, now=timezone.now(), by=by)


def look_again(upload: TableUpload, *, sheet: str = "") -> Look:
    """The kept file as it would be read now. The layout declared before holds where the table has its columns."""
    mapping = TableMapping.objects.filter(source=upload.source_id).first()
    saved = TableLayout.from_json(mapping.layout) if mapping is not None and mapping.layout else None
    wanted = sheet or (saved.sheet if saved is not None else "")
    path = Path(settings.VAR_DIR) / upload.file
    try:
        data = path.read_bytes()
    except OSError:
        return _nothing(_("The file is kept no more. Hand it over again."))
    try:
        grid = _grid(data, wanted, chosen=bool(sheet))
    except NotReadable as error:
        return _nothing(refusal_sentence(error.code, error.details))
    if saved is not None and grid.sheet in ("", saved.sheet) and fits(saved, grid.lines):
        return Look(grid, saved, known_names(), is_guess=False, is_ready=not missing_roles(saved))
    names = known_names()
    return Look(grid, guess_layout(grid.lines, names, sheet=grid.sheet), names, is_guess=True, is_ready=False)


def _grid(data: bytes, sheet: str, *, chosen: bool) -> Grid:
    try:
        return read_grid(data, sheet=sheet, most_lines=SHOWN)
    except NotReadable as error:
        if chosen or error.code != "sheet_missing":
            raise
        return read_grid(data, most_lines=SHOWN)  # the sheet of the last file is not in this one


def _nothing(problem: str) -> Look:
    return Look(Grid((), ""), TableLayout(), Names({}, {}, {}), is_guess=True, is_ready=False, problem=problem)
