"""The map of the municipalities: one tile each, its light as shape and colour, its name and figure in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from indicators.calculations.lights import GREEN, RED, YELLOW
from indicators.presenters.figures import join_unit
from indicators.presenters.lights import DEVELOPMENT, LEVEL, LightView, direction_sentence, plain_light
from indicators.presenters.tile_grid import TILES
from sundhedsaftale.lib.danish import join_words
from sundhedsaftale.presenters.area_ranking import AreaFigure, Choice, KindFigures, with_query

#: What a light is called in an address.
SLUGS = {LEVEL: "niveau", DEVELOPMENT: "udvikling"}


@dataclass(frozen=True)
class TileView:
    """One municipality: where it stands, which shape, and the sentence that is read aloud instead of the shape."""

    letters: str
    row: int
    column: int
    shape: str  # "green", "yellow", "red" or "none"
    url: str
    name: str
    words: str
    own: bool


@dataclass(frozen=True)
class LegendEntry:
    shape: str
    light: LightView
    count: int


@dataclass(frozen=True)
class MapPage:
    name: str
    code: str
    goal_name: str
    goal_url: str
    indicator_url: str
    ranking_url: str
    curves_url: str
    kicker: str
    lead: str
    rest: str
    as_of: str
    lights: tuple[Choice, ...]
    light_name: str
    west: tuple[TileView, ...]
    east: tuple[TileView, ...]
    legend: tuple[LegendEntry, ...]
    blanks: tuple[tuple[str, str], ...]  # (reason, the municipalities it holds for)
    rows: tuple[AreaFigure, ...]
    ranked: bool
    period: str
    caption: str
    sorted_by: str = "plads"


def light_of_slug(slug: str) -> str:
    return DEVELOPMENT if slug == SLUGS[DEVELOPMENT] else LEVEL


def map_page(data: KindFigures, query: str, kind: str) -> MapPage:
    """No queries. `kind` is the light that is shown: level or development."""
    indicator = data.indicator
    by_code = {row.area.code: row for row in data.rows}
    tiles = [(tile, by_code[tile.code]) for tile in TILES if tile.code in by_code]
    count = Counter(_light(row, kind).code for _tile, row in tiles)
    lead, rest = _answer(count, kind)
    periods = {row.cell.period_label for row in data.rows if row.cell.text}
    here = reverse("indicator_map", args=[indicator.code])
    labels = {
        LEVEL: _("Level: against the whole country"),
        DEVELOPMENT: _("Development: against the measurement before"),
    }
    views = [(tile.east, _tile_view(tile.letters, tile.row, tile.column, row, kind)) for tile, row in tiles]
    return MapPage(
        name=indicator.name,
        code=indicator.code,
        goal_name=indicator.goal.name,
        goal_url=reverse("goal", args=[indicator.goal.slug]) + query,
        indicator_url=reverse("indicator", args=[indicator.code]) + query,
        ranking_url=with_query(reverse("indicator_ranking", args=[indicator.code]), query, slags="kommune"),
        curves_url=reverse("indicator_curves", args=[indicator.code]) + query,
        kicker=f"{indicator.goal.framework.name} · {indicator.goal.number}. {indicator.goal.name}",
        lead=lead,
        rest=rest,
        as_of=direction_sentence(indicator.direction),
        lights=tuple(
            Choice(labels[one], here + query if one == LEVEL else with_query(here, query, lys=SLUGS[one]), one == kind)
            for one in (LEVEL, DEVELOPMENT)
        ),
        light_name=labels[kind],
        west=tuple(view for east, view in views if not east),
        east=tuple(view for east, view in views if east),
        legend=_legend(count, kind),
        blanks=_blanks([row for _tile, row in tiles], kind),
        rows=data.rows,
        ranked=data.ranking.count > 0,
        period=periods.pop() if len(periods) == 1 else "",
        caption=f"{indicator.name}, {indicator.unit}" if indicator.unit else indicator.name,
    )


def _light(row: AreaFigure, kind: str) -> LightView:
    return row.cell.level if kind == LEVEL else row.cell.development


def _tile_view(letters: str, row: int, column: int, figure: AreaFigure, kind: str) -> TileView:
    light = _light(figure, kind)
    said = light.word.lower() + (f" {light.hidden}" if light.hidden else "")
    if not figure.cell.text:
        words = f"{figure.cell.blank}. {figure.why}"
    else:
        value = join_unit(figure.cell.text, figure.figure.indicator.unit if figure.figure else "")
        words = f"{value}, {said}" if not light.none else f"{value}. {light.reason}"
        if light.notes:
            words = f"{words} ({join_words(light.notes, get_language() or 'da').lower()})"
    return TileView(letters, row, column, light.code or "none", figure.url, figure.name, words, figure.own)


def _legend(count: Counter[str], kind: str) -> tuple[LegendEntry, ...]:
    return tuple(LegendEntry(code or "none", plain_light(kind, code), count[code]) for code in (GREEN, YELLOW, RED, ""))


def _blanks(rows: list[AreaFigure], kind: str) -> tuple[tuple[str, str], ...]:
    """Why some are without a light: each reason once, with the names it holds for, "all 98" when it holds for all."""
    by_reason: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: row.area.sort_key):
        light = _light(row, kind)
        if light.none:
            by_reason.setdefault(row.why if not row.cell.text else light.reason, []).append(row.name)
    language = get_language() or "da"
    return tuple(
        (reason, _("All %(count)d municipalities") % {"count": len(names)})
        if len(names) == len(rows)
        else (reason, join_words(names, language))
        for reason, names in sorted(by_reason.items(), key=lambda pair: -len(pair[1]))
    )


def _answer(count: Counter[str], kind: str) -> tuple[str, str]:
    lit = count[GREEN] + count[YELLOW] + count[RED]
    if not lit:
        return _("No municipality has a light here."), _("The reason stands under the map.")
    words = {"green": count[GREEN], "yellow": count[YELLOW], "red": count[RED], "lit": lit}
    rest = ""
    if count[""]:
        rest = ngettext(
            "%(count)d municipality has no light.", "%(count)d municipalities have no light.", count[""]
        ) % {"count": count[""]}
    if kind == LEVEL:
        return (
            _("%(green)d municipalities are better than the country, %(yellow)d are as the country, %(red)d are worse.")
            % words,
            rest,
        )
    return _("%(green)d municipalities improve, %(yellow)d are unchanged, %(red)d get worse.") % words, rest
