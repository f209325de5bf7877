"""How much a page asks the database, whatever the size; and that a kept page is never older than the data."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO
from typing import Any
from unittest import mock

import pytest
from django.core.management import call_command
from django.test import Client

from indicators.actions.assessments import assess
from indicators.models import Area, AreaMembership, Edition, Goal, Indicator, IndicatorLevel, Observation
from initiatives.models import Contribution, Initiative, Plan
from sundhedsaftale.lib.periods import observation_period
from tests import factories as make
from tests.initiatives import small_world as small
from tests.initiatives.large_plan import large_plan
from tests.project.page_world import Denmark, correct, denmark

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
    client: Client, world: Denmark, django_assert_max_num_queries: Callable[..., Any]
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


# --- Kept pages -------------------------------------------------------------------------------------------------------


@pytest.fixture
def kept(settings: Any) -> None:
    settings.PAGE_CACHE_SECONDS = 600


def words(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_kept_page_asks_for_the_area_and_the_version_only(
    client: Client, world: Denmark, kept: None, django_assert_num_queries: Callable[..., Any]
) -> None:
    first = client.get("/omraader/791/").content
    with django_assert_num_queries(2):
        again = client.get("/omraader/791/").content
    tokens = re.compile(rb'(csrfmiddlewaretoken" value=|X-CSRFToken": )"[^"]+"')
    assert tokens.sub(b"", first) == tokens.sub(b"", again)


def test_a_corrected_figure_is_seen_at_once(client: Client, world: Denmark, kept: None) -> None:
    client.cookies["sprog"] = "en"
    assert "55.3" in words(client.get("/indikatorer/sygehusophold/?omraade=791"))
    correct(world.stays, "791", "50.1")
    page = words(client.get("/indikatorer/sygehusophold/?omraade=791"))
    assert "Viborg: 50.1" in page


def test_a_status_a_link_and_a_removed_link_are_seen_at_once(client: Client, world: Denmark, kept: None) -> None:
    client.cookies["sprog"] = "en"
    plan = small.plan(small.body("Udvalget", area=world.region))
    item = small.item(plan, title="Løftet")
    assert "sa-state--delayed" not in client.get("/?omraade=082").content.decode()
    small.status(item, state="delayed")
    assert "sa-state--delayed" in client.get("/?omraade=082").content.decode()
    assert "Løftet" not in words(client.get("/maal/maal/"))
    link = Contribution.objects.create(item=item, goal=Goal.objects.get(), reason="Fordi.", created_at=make.moment())
    assert "Løftet" in words(client.get("/maal/maal/"))
    link.removed_at = make.moment()
    link.save()
    assert "Løftet" not in words(client.get("/maal/maal/"))


def test_rewording_is_seen_at_once(client: Client, world: Denmark, kept: None) -> None:
    plan = small.plan(small.body("Udvalget", area=world.region))
    item = small.item(plan, title="Før")
    initiative = small.initiative(plan.body, "Gammelt navn", goals=(Goal.objects.get(),))
    assert "Før" in words(client.get("/?omraade=082"))
    assert "Gammelt navn" in words(client.get("/maal/maal/"))
    item.title = "Efter"
    item.save()
    initiative.title = "Nyt navn"
    initiative.save()
    assert "Efter" in words(client.get("/?omraade=082"))
    assert "Nyt navn" in words(client.get("/maal/maal/"))
    assert Initiative.objects.count() == 1


def test_languages_and_areas_are_kept_apart(client: Client, world: Denmark, kept: None) -> None:
    client.cookies["sprog"] = "en"
    assert "Viborg" in words(client.get("/maal/maal/?omraade=791"))
    assert "13.3" in words(client.get("/maal/maal/?omraade=791"))
    client.cookies["sprog"] = "da"
    assert "13,3" in words(client.get("/maal/maal/?omraade=791"))
    assert "13,3" not in words(client.get("/maal/maal/?omraade=081"))


def test_nothing_kept_belongs_to_a_reader(world: Denmark, kept: None) -> None:
    """Two readers, the same kept page: each has a token of its own in the forms."""
    tokens = []
    for _ in range(2):
        client = Client()
        body = client.get("/omraader/791/").content.decode()
        tokens.append(set(re.findall(r'csrfmiddlewaretoken" value="([^"]+)"', body)))
    assert tokens[0]
    assert not tokens[0] & tokens[1]


@pytest.mark.slow
def test_the_real_content_on_every_page(client: Client) -> None:
    """What is shipped, on every goal, indicator and area page: 200, and no blank without its reason."""
    call_command("load_demo", "--without-users", stdout=StringIO())
    addresses = [f"/maal/{slug}/" for slug in Goal.objects.values_list("slug", flat=True)]
    addresses += [f"/indikatorer/{code}/" for code in Indicator.objects.values_list("code", flat=True)]
    addresses += [
        f"/omraader/{code}/" for code in Area.objects.exclude(kind="municipality").values_list("code", flat=True)
    ]
    addresses += ["/omraader/791/", "/omraader/825/", "/", "/maal/", "/om/"]
    assert IndicatorLevel.objects.count() > 100
    for address in addresses:
        for area in ("", "?omraade=791", "?omraade=klynge-midtklyngen", "?omraade=oestdanmark"):
            response = client.get(address + area)
            assert response.status_code == 200, address + area
            assert '<span class="sa-blank"></span>' not in response.content.decode(), address + area
    physical = words(client.get("/indikatorer/fysisk-aktivitet-skoleboern/"))
    assert "27,1" in physical
    assert "37,1" in physical
