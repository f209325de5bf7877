"""How much a page asks the database, whatever the size; and that a kept page is never older than the data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from django.test import Client

from indicators.actions.assessments import assess
from indicators.models import Area, AreaMembership, Edition, Goal, Indicator, Observation
from initiatives.models import Contribution, Plan
from sundhedsaftale.lib.periods import observation_period
from tests import factories as make
from tests.initiatives import small_world as small
from tests.initiatives.large_plan import large_plan
from tests.project.page_world import Denmark, denmark

pytestmark = pytest.mark.django_db

MOST = 12
PAGES = (
    "/",
    "/?omraade=791",
    "/?omraade=klynge-midtklyngen",
    "/?omraade=082",
    "/maal/maal/",
    "/maal/maal/?omraade=791",
    "/maal/maal/?omraade=082",
    "/indikatorer/sygehusophold/",
    "/indikatorer/sygehusophold/?omraade=791",
    "/indikatorer/sygehusophold/?omraade=klynge-midtklyngen",
    "/omraader/000/",
    "/omraader/791/",
    "/omraader/082/",
    "/omraader/klynge-midtklyngen/",
)


@pytest.fixture(autouse=True)
def _no_drawing() -> Any:
    picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
    with mock.patch("indicators.charts.rendering._draw", lambda specs: [picture] * len(specs)):
        yield


@pytest.fixture
def world() -> Denmark:
    return denmark()


@pytest.fixture
def large(world: Denmark) -> Plan:
    """A region of 60 municipalities, 12 indicators over 6 years, 200 items, 60 initiatives, all of it linked."""
    goal, edition = Goal.objects.get(), Edition.objects.get()
    municipalities = [make.make_area(f"9{n:02}", "municipality", f"Kommune {n}") for n in range(60)]
    AreaMembership.objects.bulk_create(AreaMembership(member=one, container=world.region) for one in municipalities)
    for n in range(10):
        make.make_indicator(f"stor-{n}", goal=goal, position=10 + n)
    indicators = list(Indicator.objects.all())
    areas = [*Area.objects.filter(kind__in=("country", "region")), *municipalities]
    rows = []
    for year in range(2017, 2023):
        days = observation_period(str(year))
        for indicator in indicators:
            for number, area in enumerate(areas):
                rows.append(
                    Observation(
                        indicator=indicator, area=area, period=str(year), period_start=days.first_day,
                        period_end=days.last_day, value=10 + number % 7 + year % 5, edition=edition,
                    )
                )  # fmt: skip
    Observation.objects.bulk_create(rows)
    assess(indicator_ids=[indicator.pk for indicator in indicators])
    plan = large_plan()
    plan.body.area = world.region
    plan.body.save()
    now = make.moment()
    Contribution.objects.bulk_create(
        Contribution(item=item, indicator=indicators[item.number % 12], reason="r", created_at=now)
        for item in plan.items.all()
    )
    for n in range(60):
        small.initiative(plan.body, f"Initiativ {n}", goals=(goal,), areas=(world.region,))
    return plan


def test_a_page_of_a_large_world_asks_at_most_twelve_times(
    client: Client, large: Plan, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for address in PAGES:
        with django_assert_max_num_queries(MOST, info=address):
            assert client.get(address).status_code == 200


def test_somebody_signed_in_costs_no_more_than_that_either(
    client: Client, world: Denmark, settings: Any, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    plan = small.plan(small.body("Udvalget", area=world.region))
    secretary = small.user()
    small.member(secretary, plan.body)
    small.item(plan, title="Løftet", owners=(plan.body,))
    client.force_login(secretary)
    for address in PAGES:
        with django_assert_max_num_queries(MOST, info=address):
            assert client.get(address).status_code == 200


def test_the_size_of_the_world_does_not_change_the_number_of_questions(
    client: Client, world: Denmark, request: Any, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    counted = []
    for _ in range(2):
        with django_assert_max_num_queries(MOST) as captured:
            client.get("/maal/maal/?omraade=082")
        counted.append(len(captured))
        request.getfixturevalue("large")
    assert counted[1] <= counted[0] + 1  # the first initiative brings the query for its kind
