"""The tables of life expectancy that the shipped definitions ask for, as the statbank describes them; figures made up.

Codes, unit and what is missing are those recorded of the tables in 2026: HISBK lists Christiansø (411), which has no rows and
is no municipality, and gives four islands as ".."; HISB7 begins in 1840 and has no code for both sexes together.
"""

from __future__ import annotations

import csv

from indicators.actions.catalogue.reading import FOLDER
from tests.statbank_server import MISSING, BankTable, Cells, Statbank

BOTH = {"TOT": "I alt", "M": "Mænd", "K": "Kvinder"}
CHRISTIANSOE = "411"
TOO_FEW = ("492", "563", "741", "825")  # Ærø, Fanø, Samsø, Læsø
REGIONS = {
    "000": "Hele landet",
    "084": "Region Hovedstaden",
    "085": "Region Sjælland",
    "083": "Region Syddanmark",
    "082": "Region Midtjylland",
    "081": "Region Nordjylland",
}
NAMES = ("statbank_hisbk", "statbank_hisbr", "statbank_hisb7")
#: How many figures each of them gives, blanks included.
FIGURES = {"statbank_hisbk": 2 * (1 + 98), "statbank_hisbr": 3 * 6, "statbank_hisb7": 2 * 2}


def add_tables(bank: Statbank) -> None:
    with (FOLDER / "areas.csv").open(encoding="utf-8", newline="") as file:
        own = {row["code"]: row["name"] for row in csv.DictReader(file) if row["kind"] == "municipality"}
    areas = {"000": "Hele landet", **own, CHRISTIANSOE: "Christiansø"}
    bank.add(_table("HISBK", {"OMRÅDE": areas, "KØN": BOTH}, ("2020:2024", "2021:2025")))
    bank.add(_table("HISBR", {"OMRÅDE": REGIONS, "KØN": BOTH}, ("2022:2023", "2023:2024", "2024:2025")))
    bank.add(
        _table("HISB7", {"KØN": {"M": "Mænd", "K": "Kvinder"}}, ("1840:1849", "1999:2000", "2023:2024", "2024:2025"))
    )


def _table(name: str, variables: dict[str, dict[str, str]], periods: tuple[str, ...]) -> BankTable:
    keys: list[tuple[str, ...]] = [()]
    for codes in [*variables.values(), dict.fromkeys(periods)]:
        keys = [(*key, code) for key in keys for code in codes]
    cells: Cells = {
        key: MISSING if key[0] in TOO_FEW else f"{80 + number % 50 / 10:.1f}"
        for number, key in enumerate(keys)
        if key[0] != CHRISTIANSOE
    }
    own = {code: dict(codes) for code, codes in variables.items()}  # a test may take codes out of one table alone
    own["Tid"] = {period: period for period in periods}
    return BankTable(name, own, cells, updated="2026-02-12T08:00:00")
