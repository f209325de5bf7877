"""Rows of figures for the small catalogue, drawn by chance: every kind of figure and blank, and words that are hard to store."""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path

from tests.indicators.world import HEADER

ANYTHING_GOES = {"changed_pct": 10**6, "new_pct": 10**6, "vanished": 10**6, "areas_missing": 10**6, "factor": 0}
AREAS = {
    "genindlaeggelser": ("000", "081", "082", "791", "825"),
    "overlevelse": ("000", "081", "082"),
    "psykiatri": ("000", "791"),
}
BLANKS = ("suppressed", "not_measured", "not_published")
WORDS = ("Få.", 'Et "tegn", en \\ skråstreg og \\N.', "Æblegrød; tab\\t")


def one_row(draw: random.Random, indicator: str, area: str, period: str) -> str:
    carried = draw.choice(("false", "false", "true"))
    light = draw.choice(("", "green", "yellow"))
    method = draw.choice(("", "", "crude"))
    note = draw.choice(("", "1", "1;2"))
    if draw.random() < 0.2:
        reason = draw.choice(WORDS).replace('"', '""')
        value = f',,{draw.choice(BLANKS)},"{reason}"'
    else:
        number = draw.choice((0, 50, 99, 100, 101, draw.randint(0, 999)))
        flag = draw.choice(("ok", "ok", "ok", "provisional", "corrected", "not_comparable"))
        printed = draw.choice(("", f'"{number // 10},{number % 10}"'))
        value = f"{number / 10},{printed},{flag},"
    return f"{indicator},{area},{period},,{value},{note},{method},{carried},{light},,,{draw.choice(('', *WORDS[2:]))}"


def write_rows(path: Path, draw: random.Random, periods: Iterable[int]) -> int:
    """A file of one edition with a row for each period, indicator and area; how many rows it has."""
    rows = [
        one_row(draw, indicator, area, str(period))
        for period in periods
        for indicator, areas in AREAS.items()
        for area in areas
    ]
    path.write_text(HEADER.strip() + ",edition\n" + "\n".join(f"{row},maal-2023" for row in rows) + "\n")
    return len(rows)
