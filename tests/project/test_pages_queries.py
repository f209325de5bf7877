"""How much a page asks the database, whatever the size; and that a kept page is never older than the data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.actions.assessments import assess
from indicators.models import (
    Area,
    AreaMembership,
    AreaSuccession,
    Edition,
    Goal,
    Indicator,
    IndicatorCombining,
    Observation,
    Population,
)
from initiatives.models import Contribution, Plan, Target
from sundhedsaftale.lib.periods import observation_period
from tests import factories as make
from tests.initiatives import small_world as small
from tests.initiatives.large_plan import large_plan
from tests.project.page_world import LAST_DAY, REFORM, Denmark, denmark

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

NEAR_A_MERGER = (
    "/indikatorer/sygehusophold/",
    "/maal/maal/",
    "/omraader/{}/",
    "/omraader/{}/lister/",
    "/indikatorer/sygehusophold/rangliste/",
    "/indikatorer/sygehusophold/kurver/",
    "/maal/maal/kurver/",
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


def test_a_reader_signed_in_near_a_region_that_merges_costs_no_more_either(client: Client, world: Denmark) -> None:
    """Everything at once: a merger, a cluster, populations, a target, work linked to both, a role with a body."""
    new = make.make_area("oestdanmark", "region", "Østdanmark", official_name="Region Østdanmark", valid_from=REFORM)
    Area.objects.filter(pk=world.region.pk).update(valid_to=LAST_DAY)
    AreaMembership.objects.create(member=new, container=world.country, valid_from=REFORM)
    AreaSuccession.objects.create(predecessor=world.region, successor=new, on=REFORM)
    plan = small.plan(small.body("Udvalget", area=world.region))
    Population.objects.create(area=world.region, age_group="0-plus", year=2023, people=1, source="Test")
    for indicator in (world.readmissions, world.stays):
        IndicatorCombining.objects.create(indicator=indicator, kind="rate", age_group="0-plus")
    secretary = small.user()
    small.member(secretary, plan.body)
    item = small.item(plan, title="Løftet", owners=(plan.body,))
    for linked in ({"indicator": world.stays}, {"goal": world.stays.goal}):
        Contribution.objects.create(item=item, reason="r", created_at=make.moment(), **linked)
    Target.objects.create(
        indicator=world.stays, area=world.region, body=plan.body, value="40", due_on=date(2028, 12, 31),
        decided_on=date(2026, 1, 1), created_at=make.moment(),
    )  # fmt: skip
    client.force_login(secretary)
    over = []
    for page in NEAR_A_MERGER:
        for code in ("791", "klynge-midtklyngen", "oestdanmark"):
            for tail in ("&dato=2027-03-01", "&inddeling=davaerende"):
                address = f"{page.format(code)}?omraade={code}{tail}"
                with CaptureQueriesContext(connection) as asked:
                    assert client.get(address).status_code == 200
                if len(asked) > MOST:
                    over.append((len(asked), address))
    assert over == []
