"""Goals and indicators suggested from the words of an item."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.calculations.link_suggestions import SUGGESTIONS, LinkTarget, suggest_links

TARGETS = (
    LinkTarget("goal:sammenhaeng", "Bedre sammenhængende patientforløb"),
    LinkTarget("goal:aeldre", "Styrket indsats for kronikere og ældre patienter"),
    LinkTarget("indicator:genindlaeggelser", "Akutte somatiske genindlæggelser inden for 30 dage"),
    LinkTarget("indicator:psykiatri", "Akutte psykiatriske genindlæggelser inden for 30 dage"),
    LinkTarget("indicator:hofte", "Overlevelse efter hoftebrud"),
)


def codes(text: str) -> list[str]:
    return [one.code for one in suggest_links(text, TARGETS)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Færre akutte somatiske (gen)indlæggelser", "indicator:genindlaeggelser"),
        ("Patienter med hoftebrud skal overleve. Overlevelsen følges.", "indicator:hofte"),
        ("Akutte genindlæggelser på psykiatrisk afdeling", "indicator:psykiatri"),
        ("Indsatser for kronikere og ældre", "goal:aeldre"),
    ],
)
def test_the_words_point_at_the_target(text: str, first: str) -> None:
    assert codes(text)[0] == first


def test_the_words_come_with_it_as_the_text_has_them() -> None:
    (one,) = suggest_links("Flere overlever hoftebruddet: overlevelsen måles", TARGETS)
    assert one.words == ("hoftebruddet", "overlevelsen")
    assert 0.9 < one.score <= 1


@pytest.mark.parametrize("text", ["", "Etik og data", "Borgere, patienter og kommuner skal have bedre kvalitet"])
def test_words_of_every_plan_point_at_nothing(text: str) -> None:
    assert codes(text) == []


@given(st.text())
def test_never_raises_and_never_more_than_a_few(text: str) -> None:
    found = suggest_links(text, TARGETS)
    assert len(found) <= SUGGESTIONS
    assert all(0 < one.score <= 1 and one.words for one in found)
