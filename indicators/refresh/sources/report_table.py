"""The report's own tables, pasted as text or Markdown by a data steward, who has said which period they are of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import timezone

from indicators.actions.mappings import note_unknown_names
from indicators.calculations.figure_rows import COLUMNS
from indicators.calculations.report_text import LONGEST_TEXT
from indicators.models import DataSource, TableMapping
from indicators.refresh.reading import NotReadable, RowsNotReadable, Table
from indicators.refresh.report_facts import read_pasted, said_of
from indicators.refresh.report_traps import trap_counts


def declared(source: DataSource) -> Any:
    """What was said of the text: said otherwise, the same text is another one."""
    mapping = TableMapping.objects.filter(source=source).first()
    return said_of(mapping) if mapping is not None else None


def read(path: Path, source: DataSource) -> Table:
    """The rows of every table in the text, and what had to be read in a certain way. Raises NotReadable.

    What is pasted is a part of a publication: a figure that is not in it has not vanished.
    """
    mapping = TableMapping.objects.filter(source=source).first()
    if mapping is None or not mapping.layout.get("period"):
        raise NotReadable("mapping_missing")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotReadable("not_text") from None
    if len(text) > LONGEST_TEXT:
        raise NotReadable("too_large")
    found = read_pasted(text, mapping).report
    if found.unknown:
        note_unknown_names(source=source, names=found.unknown, now=timezone.now(), by=None)
    if found.rejected:
        raise RowsNotReadable(found.rejected)
    return Table(COLUMNS, found.rows, is_part=True, traps=trap_counts(found.traps))
