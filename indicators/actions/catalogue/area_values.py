"""How indicators combine, and how many live where: the two files that figures of areas without their own are computed by.

Both files may be missing: then nothing is computed, and every page says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from indicators.actions.catalogue.content import Catalogue, Row
from indicators.actions.catalogue.reading import Checker, read_csv, read_yaml
from indicators.models import Area, CombiningKind, Indicator

COMBINING, POPULATIONS = "combining.yaml", "populations.csv"
MOST_PEOPLE = 20_000_000


def read_area_values(folder: Path, check: Checker, catalogue: Catalogue) -> None:
    if (folder / COMBINING).exists():
        _combining(folder, check, catalogue)
    if (folder / POPULATIONS).exists():
        _populations(folder, check, catalogue)


def _combining(folder: Path, check: Checker, catalogue: Catalogue) -> None:
    codes = {row["code"] for row in catalogue.indicators}
    seen: dict[Any, int] = {}
    for entry in read_yaml(folder, COMBINING):
        check.fields(entry, "age_group note", "indicator kind")
        code = check.text(entry, "indicator", most=100)
        check.known(entry, "indicator", code, codes, "indicator")
        check.once(entry, "indicator", seen, code, "The indicator")
        row: Row = {
            "indicator": code,
            "kind": check.choice(entry, "kind", CombiningKind.values),
            "age_group": check.slug(entry, "age_group", most=20) if entry.get("age_group") else "",
            "note": check.text(entry, "note"),
        }
        catalogue.combining.append(row)


def _populations(folder: Path, check: Checker, catalogue: Catalogue) -> None:
    codes = {row["code"] for row in catalogue.areas}
    seen: dict[Any, int] = {}
    for entry in read_csv(folder, POPULATIONS):
        check.fields(entry, "", "area_code age_group year people source")
        code, group = entry.get("area_code", ""), check.slug(entry, "age_group", most=20)
        check.known(entry, "area_code", code, codes, "area")
        row: Row = {
            "area": code,
            "age_group": group,
            "year": check.whole(entry, "year", low=1900, high=2200, empty=False),
            "people": check.whole(entry, "people", high=MOST_PEOPLE, empty=False),
            "source": check.text(entry, "source", most=300),
        }
        check.once(entry, "area_code", seen, (code, group, row["year"]), "The number of people")
        catalogue.populations.append(row)


def combining_rows(catalogue: Catalogue, indicators: Mapping[str, Indicator]) -> list[Row]:
    rows = [{**row, "indicator_id": indicators[row["indicator"]].pk} for row in catalogue.combining]
    return [{key: value for key, value in row.items() if key != "indicator"} for row in rows]


def population_rows(catalogue: Catalogue, areas: Mapping[str, Area]) -> list[Row]:
    rows = [{**row, "area_id": areas[row["area"]].pk} for row in catalogue.populations]
    return [{key: value for key, value in row.items() if key != "area"} for row in rows]
