"""The grid of tiles: every municipality once, letters of its own, neighbours about where they are."""

from __future__ import annotations

import csv

import pytest

from indicators.presenters.tile_grid import CODES, ROWS, TILES, WEST
from tests.conftest import ROOT


def official() -> dict[str, str]:
    with (ROOT / "indicators/catalogue/areas.csv").open(encoding="utf-8") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file) if row["kind"] == "municipality"}


PLACES = {tile.code: (tile.row, tile.column + (WEST if tile.east else 0) + tile.east) for tile in TILES}


def place(name: str) -> tuple[int, int]:
    return next(PLACES[code] for code, known in official().items() if known == name)


def test_every_municipality_stands_once_on_a_tile_of_its_own() -> None:
    assert len(TILES) == 98
    assert sorted(tile.code for tile in TILES) == sorted(official())
    assert len(set(PLACES.values())) == 98
    assert len({tile.letters for tile in TILES}) == len(CODES) == 98


def test_the_tiles_lie_inside_the_places_the_stylesheet_knows() -> None:
    css = (ROOT / "static/css/app.css").read_text()
    assert {tile.column for tile in TILES} == set(range(1, 10))
    for number in range(1, ROWS + 1):
        assert f".sa-tr{number}{{grid-row:{number}}}" in css
    for number in range(1, WEST + 1):
        assert f".sa-tc{number}{{grid-column:{number}}}" in css


def test_letters_stand_in_the_name_in_their_order() -> None:
    names = official()
    for tile in TILES:
        assert len(tile.letters) == 3
        name = iter(names[tile.code].upper())
        assert all(letter in name for letter in tile.letters), (tile.letters, names[tile.code])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hjørring", "Frederikshavn"), ("Viborg", "Silkeborg"), ("Aarhus", "Skanderborg"), ("Esbjerg", "Fanø"),
        ("Herning", "Ikast-Brande"), ("Kolding", "Fredericia"), ("Aabenraa", "Sønderborg"), ("Odense", "Kerteminde"),
        ("Svendborg", "Langeland"), ("Vordingborg", "Guldborgsund"), ("Lolland", "Guldborgsund"), ("Lejre", "Roskilde"),
        ("København", "Frederiksberg"), ("København", "Tårnby"), ("Tårnby", "Dragør"), ("Helsingør", "Fredensborg"),
    ],
)  # fmt: skip
def test_neighbours_are_neighbours(one: str, other: str) -> None:
    (row, column), (other_row, other_column) = place(one), place(other)
    assert max(abs(row - other_row), abs(column - other_column)) == 1


@pytest.mark.parametrize(
    ("west", "east"),
    [("Lemvig", "Norddjurs"), ("Esbjerg", "Kolding"), ("Kolding", "Odense"), ("Odense", "Slagelse"),
     ("Kalundborg", "Roskilde"), ("Roskilde", "København"), ("Aarhus", "Samsø"), ("Frederikshavn", "Læsø")],
)  # fmt: skip
def test_west_is_left(west: str, east: str) -> None:
    assert place(west)[1] < place(east)[1]


@pytest.mark.parametrize(
    ("north", "south"),
    [("Hjørring", "Aalborg"), ("Aalborg", "Randers"), ("Randers", "Aarhus"), ("Aarhus", "Horsens"),
     ("Vejle", "Aabenraa"), ("Middelfart", "Assens"), ("Odense", "Svendborg"), ("Svendborg", "Ærø"),
     ("Helsingør", "København"), ("København", "Køge"), ("Køge", "Vordingborg"), ("Vordingborg", "Lolland")],
)  # fmt: skip
def test_north_is_up(north: str, south: str) -> None:
    assert place(north)[0] < place(south)[0]


def test_islands_have_sea_around_them() -> None:
    for name in ("Læsø", "Samsø", "Bornholm"):
        row, column = place(name)
        around = {(row, column - 1), (row, column + 1), (row - 1, column), (row + 1, column)}
        assert not around & set(PLACES.values())
