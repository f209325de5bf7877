"""A file of populations, CSV or xlsx, read the way every file of figures is: checked first, searched for CPR numbers."""

from __future__ import annotations

from indicators.calculations.population_rows import PopulationTable, read_populations
from indicators.refresh.grids import read_grid
from indicators.refresh.handed_over import refusal
from indicators.refresh.names import known_names


class FileNotTaken(ValueError):
    """The file as a whole cannot be read; the message is one sentence for people, and no word of the file is in it."""


def read_population_file(data: bytes, filename: str, *, source: str = "") -> PopulationTable:
    """source: of the rows that name none. Raises FileNotTaken."""
    if sentence := refusal(data, filename):
        raise FileNotTaken(sentence)
    names = known_names()
    return read_populations(read_grid(data).lines, names.area, names.area_names, source=source)
