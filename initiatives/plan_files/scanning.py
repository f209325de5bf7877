"""Looking for CPR numbers everywhere in a file, before anything of it is kept. An error names the place, never the digits."""

from __future__ import annotations

from collections.abc import Iterable

from initiatives.calculations.plan_draft import Place
from initiatives.plan_files import refusals as r
from initiatives.plan_files.refusals import FileRefused
from sundhedsaftale.lib.cpr import REFUSE, find_cpr


def refuse_cpr_numbers(pieces: Iterable[tuple[dict[str, str], str]]) -> None:
    """Raise FileRefused for the first number found. Each piece of text comes with the values that name its place."""
    perhaps: dict[str, str] | None = None
    for place, text in pieces:
        hits = find_cpr(text)
        if any(hit.kind == REFUSE for hit in hits):
            raise FileRefused(r.CPR_NUMBER, place)
        if hits and perhaps is None:
            perhaps = place
    if perhaps is not None:
        raise FileRefused(r.CPR_PERHAPS, perhaps)


def place_values(place: Place) -> dict[str, str]:
    values = {"sheet": place.sheet, "table": place.table, "page": place.page, "row": place.row}
    return {name: str(value) for name, value in values.items() if value} or {"part": "text"}
