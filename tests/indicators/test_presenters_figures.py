"""Cells, lights and their arithmetic in words: every blank has a reason, every light its sum."""

from typing import Any

import pytest
from django.utils import translation

from indicators.actions.assessments import assess
from indicators.calculations.lights import NoLight
from indicators.models import Area, Indicator, Observation
from indicators.presenters import figures, lights
from indicators.presenters.arithmetic import sum_line
from indicators.presenters.lights import DEVELOPMENT, LEVEL
from indicators.presenters.observations import (
    Figure,
    by_breakdown,
    history,
    latest,
    levels_and_notes,
    of_kind,
    series,
)
from sundhedsaftale.lib.danish import NBSP
from tests.factories import make_area, make_edition, make_indicator, make_observation, make_source

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Any:
    """The words are tested as they are written in the code; the Danish ones are the translations' business."""
    with translation.override("en"):
        yield


@pytest.fixture
def country() -> Area:
    return make_area()


@pytest.fixture
def viborg() -> Area:
    return make_area("791", "municipality")


def judged(indicator: Indicator, area: Area) -> Figure:
    assess(indicator_ids=[indicator.pk])
    return latest([indicator], [area])[indicator.pk, area.pk]


def test_the_arithmetic_of_a_level_light(country: Area, viborg: Area) -> None:
    indicator = make_indicator()
    make_observation(indicator, country, "11")
    make_observation(indicator, viborg, "13.3")
    figure = judged(indicator, viborg)
    light = lights.level_light(figure)
    assert (light.code, light.word, light.none, light.icon_path) == (
        "red", "Worse than the country", False, "icons/light-level-worse.svg",
    )  # fmt: skip
    short = lights.level_light(figure, short=True)
    assert (short.word, short.hidden) == ("Worse", "than the country")


def test_a_doubtful_light_is_marked_in_the_cell_and_in_the_sum(country: Area, viborg: Area) -> None:
    indicator = make_indicator()
    make_observation(indicator, country, "56.4")
    make_observation(indicator, viborg, "56.9")
    figure = judged(indicator, viborg)
    assert lights.level_light(figure).notes == ("May differ because of rounding",)
    assert lights.level_light(figure).doubtful


@pytest.mark.parametrize("code", list(NoLight))
@pytest.mark.parametrize("kind", [LEVEL, DEVELOPMENT])
def test_every_missing_light_has_a_word_and_a_whole_sentence(
    country: Area, viborg: Area, code: NoLight, kind: str
) -> None:
    indicator = make_indicator()
    make_observation(indicator, viborg, "11")
    figure = judged(indicator, viborg)
    for one in (figure, None):
        light = lights.no_light(kind, code, one)
        assert light.none
        assert light.word
        assert light.reason.endswith(".")
        assert light.icon_path == "icons/light-none.svg"


def test_the_missing_year_is_named(viborg: Area) -> None:
    indicator = make_indicator()
    make_observation(indicator, viborg, "11")
    light = lights.development_light(judged(indicator, viborg))
    assert (light.word, light.reason_code) == ("2022 figures missing", "previous_missing")
    assert light.reason == "We have no figure for 2022 to compare with."


def test_what_the_source_says_of_the_cell_comes_before_the_rule(country: Area, viborg: Area) -> None:
    note = "Kommunens tal er ikke standardiseret."
    indicator = make_indicator(level={"level_comparable": False, "level_note": note, "method": "crude"})
    make_observation(indicator, country, "11", method="std")
    make_observation(indicator, viborg, "13", method="crude")
    light = lights.level_light(judged(indicator, viborg))
    assert (light.code, light.reason_code, light.reason) == ("", "comparator_other_kind", note)


def test_a_published_light_is_shown_where_we_have_none_and_said_to_be_the_sources(country: Area) -> None:
    indicator = make_indicator()
    make_observation(indicator, country, "11", published_development="green", published_basis="Aflæst i tabel 1.")
    figure = judged(indicator, country)
    light = lights.development_light(figure)
    assert (light.code, light.published, light.notes) == ("green", True, ("The source's own light",))
    assert lights.published_sentence(DEVELOPMENT, figure) == (
        "The source shows: Improving. We cannot compute a light ourselves. Aflæst i tabel 1."
    )


def test_a_published_light_over_differing_methods_says_so(country: Area, viborg: Area) -> None:
    indicator = make_indicator(level={"level_comparable": False, "method": "crude"})
    make_observation(indicator, country, "11", method="std")
    make_observation(indicator, viborg, "13", method="crude", published_level="red")
    light = lights.level_light(judged(indicator, viborg))
    assert (light.code, light.published, light.notes) == ("red", True, ("Published, methods differ",))


def test_a_difference_between_published_and_computed_is_never_silent(country: Area, viborg: Area) -> None:
    indicator = make_indicator()
    make_observation(indicator, country, "11")
    make_observation(indicator, viborg, "13", published_level="yellow")
    figure = judged(indicator, viborg)
    light = lights.level_light(figure)
    assert (light.code, light.published, light.notes) == ("red", False, ("The source shows: As the country",))
    assert "From the printed figures we get: Worse than the country." in lights.published_sentence(LEVEL, figure)
    Observation.objects.filter(pk=figure.observation.pk).update(published_level="red")
    assert lights.published_sentence(LEVEL, judged(indicator, viborg)) == "The source shows the same light."


def test_a_withheld_cell_shows_no_number_and_says_why(country: Area, viborg: Area) -> None:
    indicator = make_indicator()
    make_observation(indicator, country, "11")
    make_observation(indicator, viborg, None, reason="Færre end 20 borgere.", footnotes="17")
    view = figures.figure_view(judged(indicator, viborg), area=viborg, indicator=indicator)
    assert (view.text, view.with_unit, view.value) == ("", "", None)
    assert (view.blank, view.reason, view.footnotes) == ("Withheld", "Færre end 20 borgere.", (17,))
    assert (view.level.code, view.level.reason) == ("", "Færre end 20 borgere.")


def test_nought_is_printed_as_a_number(viborg: Area) -> None:
    indicator = make_indicator()
    make_observation(indicator, viborg, "0")
    view = figures.figure_view(judged(indicator, viborg), area=viborg, indicator=indicator)
    assert (view.text, view.with_unit, view.blank) == ("0.0", f"0.0{NBSP}pct.", "")


@pytest.mark.parametrize(
    ("code", "kind", "word"),
    [
        ("klynge-midt", "cluster", "No figure for the cluster"),
        ("raad-midt", "health_council", "No figure for the council"),
        ("082", "region", "Not measured for regions"),
    ],
)
def test_an_area_nobody_has_figures_for_says_so(code: str, kind: str, word: str) -> None:
    view = figures.figure_view(None, area=make_area(code, kind), indicator=make_indicator())
    assert view.blank == word
    assert view.reason.endswith(".")
    assert view.level.none
    assert view.development.none


def test_numbers_and_units_in_danish(viborg: Area) -> None:
    with translation.override("da"):
        indicator = make_indicator(unit="kr.", decimals=0)
        make_observation(indicator, viborg, "2032")
        view = figures.figure_view(judged(indicator, viborg), area=viborg, indicator=indicator)
        assert view.with_unit == f"2.032{NBSP}kr."
        assert figures.published_words("2024-11") == "november 2024"
        assert figures.published_words("2023-11-07") == f"7.{NBSP}november 2023"
        assert figures.published_words("2022") == "2022"
        assert figures.period_label("2024M03") == "marts 2024"
        assert figures.period_label("2014M07:2015M06") == "juli 2014 \u2013 juni 2015"


# --- Which figure is the newest ---------------------------------------------------------------------------------------


def test_the_newest_of_the_usual_kind(country: Area) -> None:
    """A later quarter, an older year and five years ending on the same day are not the year 2023."""
    indicator = make_indicator()
    for value, period, method in (("44", "2024K1", ""), ("40", "2022", ""), ("43", "2019:2023", "five_years")):
        make_observation(indicator, country, value, period, method=method)
    make_observation(indicator, country, "42")
    figure = latest([indicator], [country])[indicator.pk, country.pk]
    assert figure.observation.value == 42
    assert [one.observation.period for one in series(indicator, [country])[country.pk]] == ["2022", "2023"]


def test_breakdowns_are_kept_apart(country: Area) -> None:
    names = [{"code": "plejehjem", "name": "Bor på plejehjem"}]
    indicator = make_indicator(breakdowns=names)
    make_observation(indicator, country, "17")
    make_observation(indicator, country, "20", breakdown="plejehjem")
    assert latest([indicator], [country])[indicator.pk, country.pk].observation.value == 17
    assert [figure.observation.value for figure in by_breakdown(indicator, [country])] == [17, 20]
    assert figures.breakdown_name(indicator, "plejehjem") == "Bor på plejehjem"


def test_the_same_indicator_in_another_framework_shows_the_same_figures(country: Area) -> None:
    national = make_indicator()
    local = make_indicator("lokal", kinds=(), same_as=national)
    make_observation(national, country, "11")
    figure = latest([local, national], [country])[local.pk, country.pk]
    assert (figure.observation.value, figure.indicator) == (11, local)
    assert len(levels_and_notes(local)[0]) == 3
    assert len(of_kind(local, "country")) == 1


def test_all_versions_of_a_figure(country: Area) -> None:
    indicator = make_indicator()
    source = make_source()
    old, new = make_edition("maal-2023", "2023", source=source), make_edition("maal-2024", "2024", source=source)
    make_observation(indicator, country, "27.1", edition=old, is_current=False)
    make_observation(indicator, country, "37.1", edition=new, flag="corrected")
    figure = judged(indicator, country)
    versions = history(figure)
    assert [str(one.observation.value) for one in versions] == ["37.100000", "27.100000"]
    assert lights.level_light(versions[1]).reason == "Another version of the figure counts now."
    assert figures.figure_view(figure, area=country, indicator=indicator).flag_word == "Corrected"


def test_queries_do_not_grow_with_the_cells(django_assert_num_queries: Any) -> None:
    indicators = [make_indicator(f"indikator-{number}") for number in range(4)]
    areas = [make_area("000")] + [make_area(f"{number}", "municipality") for number in range(101, 106)]
    for indicator in indicators:
        for area in areas:
            make_observation(indicator, area, "11")
    assess(indicator_ids=[indicator.pk for indicator in indicators])
    with django_assert_num_queries(2):
        found = latest(indicators, areas)
        for (indicator_id, _), figure in found.items():
            view = figures.figure_view(figure, area=figure.area, indicator=figure.indicator)
            assert indicator_id == figure.indicator.pk
            assert view.level.word
            assert figure.area.kind_id == "country" or sum_line(LEVEL, figure)
    assert len(found) == 24
    with django_assert_num_queries(2):
        assert [figure.area.code for figure in of_kind(indicators[0], "municipality")] == [
            "101", "102", "103", "104", "105",
        ]  # fmt: skip


def test_tallies_hold_no_withheld_and_no_directionless_figures(country: Area, viborg: Area) -> None:
    worse, neutral = make_indicator("a"), make_indicator("b", direction="none")
    for indicator in (worse, neutral):
        make_observation(indicator, country, "10")
        make_observation(indicator, viborg, "15")
        make_observation(indicator, viborg, "12", "2022")
    withheld = make_indicator("c")
    make_observation(withheld, viborg, None)
    assess(indicator_ids=[worse.pk, neutral.pk, withheld.pk])
    found = latest([worse, neutral, withheld], [viborg]).values()
    counted = figures.double_tally(found)
    assert [figure.indicator.code for figure in counted.both_red] == ["a"]
    assert counted.both_green == ()
    assert (counted.level.red, counted.level.none, counted.level.lit) == (1, 2, 1)
