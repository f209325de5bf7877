"""A small catalogue with sources over the network, and a statbank to fetch them from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from indicators.actions.catalogue import load_catalogue, source_definitions
from sundhedsaftale.lib.hosts import read_hosts
from tests.indicators.world import write_catalogue
from tests.statbank_server import BankTable, Statbank

AREAS = {"000": "Hele landet", "081": "Region Nordjylland", "082": "Region Midtjylland", "791": "Viborg"}
SEX = {"TOT": "I alt", "M": "Mænd", "K": "Kvinder"}

SOURCES = """
- {name: statbank_genind, title: Statbank, reader: statbank, edition: statbank-genind, licence: CC BY 4.0.}
- {name: andres_tal, title: JSON-stat, reader: jsonstat, edition: andres-tal}
"""
EDITIONS = """
- {slug: statbank-genind, source: statbank_genind, title: Statbank, published_on: ''}
- {slug: andres-tal, source: andres_tal, title: JSON-stat, published_on: '2025-05-01'}
"""
STATBANK = """\
- name: statbank_genind
  table: GENIND
  language: da
  format: BULK
  indicator: genindlaeggelser
  unit: pct.
  table_unit: Procent
  decimals: 1
  method: statbank
  variables:
    - code: OMRÅDE
      is: area
      values: all
    - code: KØN
      is: fixed
      values: ["TOT"]
    - code: Tid
      is: period
      values: all
"""
JSONSTAT = """\
- name: andres_tal
  url: {origin}/jsonstat/one
  indicator: genindlaeggelser
  unit: pct.
  decimals: 1
  method: other
  variables:
    - {{code: area, is: area, map: {{"N": "081", "M": "082"}}}}
    - {{code: year, is: period}}
"""


def bank_table() -> BankTable:
    periods = {"2021": "2021", "2022": "2022"}
    cells = {
        (area, sex, period): f"{10 + index + place / 10:.1f}"
        for index, area in enumerate(AREAS)
        for sex in SEX
        for place, period in enumerate(periods)
    }
    return BankTable("GENIND", {"OMRÅDE": dict(AREAS), "KØN": dict(SEX), "Tid": periods}, cells, unit="Procent")


@contextmanager
def statbank_world(folder: Path, settings: Any, monkeypatch: Any) -> Iterator[Statbank]:
    """The catalogue is loaded, nothing is fetched yet. `folder` holds its files."""
    write_catalogue(folder)
    with Statbank() as bank:
        bank.add(bank_table())
        for name, more in (("sources.yaml", SOURCES), ("editions.yaml", EDITIONS)):
            path = folder / name
            path.write_text(path.read_text(encoding="utf-8") + more, encoding="utf-8")
        (folder / "sources").mkdir()
        (folder / "sources/statbank_genind.yaml").write_text(STATBANK, encoding="utf-8")
        (folder / "sources/andres_tal.yaml").write_text(JSONSTAT.format(origin=bank.origin), encoding="utf-8")
        monkeypatch.setattr(source_definitions, "FOLDER", folder)
        settings.FIGURE_HOSTS = read_hosts(bank.origin)
        settings.STATBANK_URL = bank.url
        load_catalogue(by=None, folder=folder)
        yield bank
