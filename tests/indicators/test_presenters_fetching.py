"""Figures come with all that a page prints around them, as Django itself would fetch them, and each object once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from indicators.actions.assessments import assess
from indicators.models import Area, Assessment, Observation
from indicators.models.one_of import OneOf
from indicators.presenters.fetching import fetched
from tests.factories import make_observation
from tests.project.page_world import Denmark, correct, denmark, fill

pytestmark = pytest.mark.django_db

RELATED = ("area__kind", "edition", "assessment__level_comparator__area__kind", "assessment__development_comparator")
COMPARED = ("pk", "indicator_id", "area_id", "period", "value")


@pytest.fixture
def world() -> Denmark:
    """Two years, a correction, a figure withheld and one without lights."""
    world = denmark()
    fill(world.readmissions, {"000": "11.4", "791": "12.0"}, "2022")
    correct(world.readmissions, "791", "12.8")
    make_observation(world.stays, world.region, None, "2022")
    assess(indicator_ids=[world.readmissions.pk, world.stays.pk])
    make_observation(world.stays, world.country, "50", "2021")
    return world


def columns(one: Any) -> dict[str, Any]:
    return {field.attname: getattr(one, field.attname) for field in one._meta.concrete_fields}


def told(row: Observation) -> list[Any]:
    """Everything a page may print of a figure."""
    lights: Assessment | None = getattr(row, "assessment", None)
    said: list[Any] = [columns(one) for one in (row, row.area, row.area.kind, row.edition)]
    if lights is None:
        return said
    beside, earlier = lights.level_comparator, lights.development_comparator
    said += [columns(lights), lights.observation.pk]
    said.append(beside and [*(getattr(beside, name) for name in COMPARED), beside.area.name, columns(beside.area.kind)])
    said.append(earlier and [*(getattr(earlier, name) for name in COMPARED)])
    return said


@pytest.mark.usefixtures("world")
def test_the_figures_are_those_that_django_would_fetch(django_assert_num_queries: Callable[..., Any]) -> None:
    expected = [told(row) for row in Observation.objects.select_related(*RELATED).order_by("-period_end", "pk")]
    with django_assert_num_queries(1):
        found = [told(row) for row in fetched(Observation.objects.all(), "-period_end", "pk")]
    assert found == expected
    assert {len(one) for one in expected} == {4, 8}  # with lights and without


@pytest.mark.usefixtures("world")
def test_lights_alone_come_without_what_they_compare_with(django_assert_num_queries: Callable[..., Any]) -> None:
    with django_assert_num_queries(1):
        rows = fetched(Observation.objects.current(), "pk", compared=False)
        lights = [
            (row.pk, row.area.kind.name, row.assessment.level_light) for row in rows if hasattr(row, "assessment")
        ]
    assert len(rows) > len(lights) > 10


def test_what_rows_have_in_common_is_one_object(world: Denmark) -> None:
    rows = fetched(Observation.objects.current().filter(indicator=world.readmissions, period="2023"), "pk")
    beside = [row.assessment.level_comparator for row in rows]
    assert len({id(row.edition) for row in rows}) == 2
    assert len({id(row.area.kind) for row in rows}) == 3
    assert len({id(one) for one in beside if one is not None}) == 1
    assert all(row.assessment.observation is row for row in rows)


def test_the_order_asked_for_holds_whatever_that_of_the_question(world: Denmark) -> None:
    found = Observation.objects.filter(indicator=world.readmissions).order_by("value")
    pks = [row.pk for row in fetched(found, "-pk")]
    assert pks == sorted(pks, reverse=True)
    assert pks


@pytest.mark.parametrize(
    ("areas", "codes"),
    [
        pytest.param(lambda: Area.objects.of_kind("municipality"), {"740", "779", "791"}, id="of a kind"),
        pytest.param(lambda: Area.objects.filter(code__in=("000", "082")), {"000", "082"}, id="some"),
        pytest.param(lambda: Area.objects.filter(code="nowhere"), set(), id="none the database knows"),
        pytest.param(Area.objects.none, set(), id="none at all"),
    ],
)
def test_figures_are_found_by_a_question_for_areas(world: Denmark, areas: Any, codes: set[str]) -> None:
    found = Observation.objects.filter(indicator=world.stays, period="2023").in_areas(areas())
    assert set(found.values_list("area__code", flat=True)) == codes
    assert set(Area.objects.filter(OneOf("pk", areas())).values_list("code", flat=True)) == codes
