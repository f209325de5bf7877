"""What a light opens: the sum in one line, and everything it rests on."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import translation

from indicators.actions.assessments import assess
from indicators.models import Area, Footnote, Indicator
from indicators.presenters.arithmetic import change_text, light_sum, sum_line
from indicators.presenters.lights import DEVELOPMENT, LEVEL
from indicators.presenters.observations import Figure, latest, notes_of
from sundhedsaftale.lib.danish import NBSP
from tests.factories import make_area, make_indicator, make_observation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english() -> object:
    with translation.override("en"):
        yield


@pytest.fixture
def country() -> Area:
    return make_area("000")


@pytest.fixture
def viborg() -> Area:
    return make_area("791", "municipality")


def judged(indicator: Indicator, area: Area) -> Figure:
    assess(indicator_ids=[indicator.pk])
    return latest([indicator], [area])[indicator.pk, area.pk]


def facts(kind: str, figure: Figure) -> dict[str, str]:
    opened = light_sum(kind, figure, notes_of([figure]))
    assert opened is not None
    return dict(opened.facts)


def test_the_sum_of_a_level_light_in_one_line(country: Area, viborg: Area) -> None:
    indicator = make_indicator()
    make_observation(indicator, country, "11")
    make_observation(indicator, viborg, "11.4")
    figure = judged(indicator, viborg)
    line = f"11.4 against 11.0 (Hele landet, 2023) = +3.6{NBSP}pct.; lower is better → red"
    assert sum_line(LEVEL, figure) == line
    opened = light_sum(LEVEL, figure)
    assert opened is not None
    assert (opened.title, opened.line) == ("Level", line)
    assert dict(opened.facts) == {
        "Compared with": "Hele landet (country), 2023",
        "Limit": (
            "Within 1 pct. either way, the limits included, is yellow. Counted in per cent, not percentage points."
        ),
        "Decimals": "The printed figures are used; they have 1 decimal.",
        "Rounding": (f"Before rounding, the change lies from +2.7{NBSP}pct. to +4.6{NBSP}pct. The light is the same."),
        "The source’s light": "We do not know it.",
        "Rule": "version 2024.1",
    }
    assert light_sum(DEVELOPMENT, figure) is None, "no light, nothing to open: the reason stands beside it"


@pytest.mark.parametrize(
    ("now", "then", "line"),
    [
        ("11.7", "13.9", f"11.7 against 13.9 (Viborg, 2022) = −15.8{NBSP}pct.; lower is better → green"),
        ("11", "11", f"11.0 against 11.0 (Viborg, 2022) = 0.0{NBSP}pct.; lower is better → yellow"),
        ("0", "0", f"0.0 against 0.0 (Viborg, 2022) = 0.0{NBSP}pct.; lower is better → yellow"),
        ("4", "0", "4.0 beside 0.0 (Viborg, 2022) gives no light. A change from 0 cannot be computed in per cent."),
    ],
)
def test_the_sum_of_a_development_light_in_one_line(viborg: Area, now: str, then: str, line: str) -> None:
    indicator = make_indicator()
    make_observation(indicator, viborg, then, "2022")
    make_observation(indicator, viborg, now)
    assert sum_line(DEVELOPMENT, judged(indicator, viborg)) == line


def test_the_mark_of_rounding_carries_its_interval(country: Area, viborg: Area) -> None:
    indicator = make_indicator()
    make_observation(indicator, country, "56.4")
    make_observation(indicator, viborg, "56.9")
    assert facts(LEVEL, judged(indicator, viborg))["Rounding"] == (
        f"May differ because of rounding: before it, the change lies from +0.7{NBSP}pct. to +1.1{NBSP}pct."
    )


def test_a_comparator_that_may_be_nothing_names_no_interval(country: Area, viborg: Area) -> None:
    indicator = make_indicator(decimals=0)
    make_observation(indicator, country, "0")
    make_observation(indicator, viborg, "0")
    assert facts(LEVEL, judged(indicator, viborg))["Rounding"] == "From 0 to 0 there is nothing to round."
    other = make_indicator("andet", decimals=0, level={"decimals": 0})
    make_observation(other, country, "0.4")
    make_observation(other, viborg, "3")
    assert "the change can be anything" in facts(LEVEL, judged(other, viborg))["Rounding"]


def test_decimals_that_are_held_are_shown_and_said(country: Area, viborg: Area) -> None:
    indicator = make_indicator()
    make_observation(indicator, country, "11")
    make_observation(indicator, viborg, "11.4367")
    figure = judged(indicator, viborg)
    assert sum_line(LEVEL, figure).startswith("11.4367 against 11.0 ")
    assert facts(LEVEL, figure)["Decimals"] == "All the decimals we hold are used."


def test_the_note_of_the_source_comes_with_its_words(country: Area, viborg: Area) -> None:
    indicator = make_indicator()
    Footnote.objects.create(framework=indicator.goal.framework, number=3, text="Tallene er standardiseret.")
    make_observation(indicator, country, "11")
    make_observation(indicator, viborg, "13", footnotes="3;9")
    figure = judged(indicator, viborg)
    assert facts(LEVEL, figure)["Notes in the source"] == "3: Tallene er standardiseret. 9"
    opened = light_sum(LEVEL, figure)
    assert opened is not None
    assert dict(opened.facts)["Notes in the source"] == "3 9"


def test_a_published_light_stands_beside_the_computed_one(country: Area, viborg: Area) -> None:
    indicator = make_indicator()
    make_observation(indicator, country, "11")
    make_observation(indicator, viborg, "13", published_level="yellow")
    said = facts(LEVEL, judged(indicator, viborg))["The source’s light"]
    assert said == "The source shows: As the country. From the printed figures we get: Worse than the country."


def test_a_published_light_without_one_of_ours_opens_why(country: Area, viborg: Area) -> None:
    indicator = make_indicator(
        level={"level_comparable": False, "method": "crude", "level_note": "Ikke standardiseret."}
    )
    make_observation(indicator, country, "11", method="std")
    make_observation(indicator, viborg, "13", method="crude", published_level="red")
    opened = light_sum(LEVEL, judged(indicator, viborg))
    assert opened is not None
    assert opened.line == "13.0 beside 11.0 (Hele landet, 2023) gives no light. Ikke standardiseret."
    assert "Limit" not in dict(opened.facts)
    assert "We cannot compute a light ourselves." in dict(opened.facts)["The source’s light"]


def test_a_blank_opens_nothing(country: Area, viborg: Area) -> None:
    indicator = make_indicator()
    make_observation(indicator, country, "11")
    make_observation(indicator, viborg, None)
    figure = judged(indicator, viborg)
    assert sum_line(LEVEL, figure) == ""
    assert light_sum(LEVEL, figure) is None
    assert light_sum(LEVEL, None) is None


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ("1", "+1.0"),
        ("-1.000000", "−1.0"),
        ("1.04", "+1.04"),
        ("-0.996", "−0.996"),
        ("1.000001", "+1.000001"),
        ("1.06", "+1.1"),
        ("3.636364", "+3.6"),
        ("0", "0.0"),
    ],
)
def test_a_change_close_to_the_limit_is_never_rounded_onto_it(change: str, text: str) -> None:
    assert change_text(Decimal(change), "en") == f"{text}{NBSP}pct."
