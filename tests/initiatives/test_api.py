"""Plans, items, bodies and initiatives for machines."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client

from initiatives.models import BodySuccession, Contribution
from tests.initiatives import small_world as world

pytestmark = pytest.mark.django_db

DUE = date(2027, 3, 31)


def get(client: Client, path: str, status: int = 200) -> Any:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == status, answer.content
    return json.loads(answer.content)


def rows(client: Client, path: str) -> list[Any]:
    return list(get(client, path)["results"])


@pytest.fixture
def small() -> Any:
    """One plan with three items, one of them linked, and one initiative."""
    body = world.body("Styregruppen", slug="styregruppen")
    owner = world.body("Praksisplanudvalget", "praksisplanudvalg", slug="praksis")
    coordinator = world.user("hemmelig@example.dk")
    of = world.plan(body)
    first = world.item(of, due=DUE, state="postponed", owners=(owner, body), coordinator=coordinator, title="Første")
    world.item(of, due=None, state="postponed", title="Anden")
    world.item(of, due=None, state="completed", title="Tredje")
    measure = world.indicator("genindlaeggelser", of=world.goal(1))
    Contribution.objects.create(item=first, indicator=measure, reason="Måles her.", created_at=first.created_at)
    world.initiative(body, "Opkald", goals=(world.goal(2),), areas=(world.area("791", "Viborg"),), evidence_step=2)
    return of


def test_an_item_carries_status_due_owners_and_links(client: Client, small: Any) -> None:
    item = rows(client, f"items/?plan={small.slug}")[0]
    assert (item["title"], item["status"]["state"], item["due"]["last_day"]) == ("Første", "postponed", "2027-03-31")
    assert [owner["slug"] for owner in item["owners"]] == ["praksis", "styregruppen"]
    assert item["links"] == [{"goal": None, "indicator": "genindlaeggelser", "reason": "Måles her.", "note": ""}]
    assert (item["without_new_date"], item["track"]["number"]) == (False, "1")
    assert client.get(item["url"]).status_code == 200


def test_a_removed_link_is_gone_and_an_old_status_is_not_current(client: Client, small: Any) -> None:
    item = small.items.get(number=1)
    Contribution.objects.update(removed_at=item.created_at)
    world.status(item, state="completed")
    found = rows(client, f"items/?plan={small.slug}")[0]
    assert (found["links"], found["status"]["state"]) == ([], "completed")


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Første", "Anden", "Tredje"]),
        ("state=postponed", ["Første", "Anden"]),
        ("state=postponed&state=completed", ["Første", "Anden", "Tredje"]),
        ("owner=praksis", ["Første"]),
        ("goal=nationale-maal-1", ["Første"]),
        ("goal=nationale-maal-2", []),
        ("indicator=genindlaeggelser", ["Første"]),
        ("open=true", ["Første", "Anden"]),
        ("open=false", ["Tredje"]),
        ("due_before=2027-03-31", ["Første"]),
        ("due_before=2027-03-30", []),
        ("due_after=2027-03-31", ["Første"]),
        ("due_after=2027-04-01", []),
    ],
)
def test_item_filters(client: Client, small: Any, query: str, titles: list[str]) -> None:
    assert [item["title"] for item in rows(client, f"items/?{query}")] == titles


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 1),
        ("goal=nationale-maal-2", 1),
        ("goal=nationale-maal-1", 0),
        ("area=791", 1),
        ("evidence_step=2", 1),
        ("evidence_step=0", 0),
        ("body=styregruppen", 1),
        ("kind=klynge", 1),
        ("stage=ended", 0),
        ("ended_without_effect=false", 1),
    ],
)
def test_initiative_filters(client: Client, small: Any, query: str, number: int) -> None:
    assert len(rows(client, f"initiatives/?{query}")) == number


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("items/?state=sovende", "state"),
        ("items/?plan=intet", "plan"),
        ("items/?owner=intet", "owner"),
        ("items/?due_before=i+morgen", "due_before"),
        ("initiatives/?goal=intet", "goal"),
        ("initiatives/?area=999", "area"),
        ("initiatives/?evidence_step=6", "evidence_step"),
        ("bodies/?kind=intet", "kind"),
        ("bodies/?valid_on=2026-13-01", "valid_on"),
        ("plans/?body=intet", "body"),
    ],
)
def test_a_filter_value_that_does_not_exist_is_refused_with_its_name(client: Client, path: str, name: str) -> None:
    answer = get(client, path, 400)
    assert list(answer) == [name]
    assert answer[name][0]


def test_bodies_have_dates_and_successors(client: Client) -> None:
    old = world.body("Før", slug="foer", valid_to="2022-06-30")
    new = world.body("Efter", slug="efter", valid_from="2022-07-01")
    BodySuccession.objects.create(predecessor=old, successor=new, on="2022-07-01")
    assert get(client, "bodies/foer/")["successors"][0]["slug"] == "efter"
    assert [body["slug"] for body in rows(client, "bodies/?valid_on=2020-01-01")] == ["foer"]
    assert [body["slug"] for body in rows(client, "bodies/?valid_on=2023-01-01")] == ["efter"]


def test_plans_count_their_items(client: Client, small: Any) -> None:
    assert get(client, f"plans/{small.slug}/")["items"] == 3


@pytest.mark.parametrize("path", ["bodies/", "plans/", "items/", "initiatives/"])
def test_no_address_or_name_of_a_person(client: Client, small: Any, path: str) -> None:
    text = client.get(f"/api/v1/{path}").content.decode()
    assert "example.dk" not in text
    assert "hemmelig" not in text


@pytest.mark.parametrize("path", ["bodies/", "plans/", "items/", "initiatives/"])
def test_it_can_be_read_and_not_written(client: Client, small: Any, path: str) -> None:
    client.force_login(world.user(is_superuser=True, is_staff=True))
    for method in (client.post, client.put, client.patch, client.delete):
        assert method(f"/api/v1/{path}", data="{}", content_type="application/json").status_code == 405


@pytest.mark.parametrize(("path", "most"), [("bodies/", 4), ("plans/", 3), ("items/", 8), ("initiatives/", 5)])
def test_questions_do_not_grow_with_rows(
    client: Client, django_assert_max_num_queries: Any, path: str, most: int
) -> None:
    for number in range(12):
        body = world.body(f"Klynge {number}")
        of = world.plan(body)
        for _ in range(3):
            item = world.item(of, due=DUE, owners=(body,))
            Contribution.objects.create(item=item, goal=world.goal(1), reason="r", created_at=item.created_at)
        world.initiative(body, goals=(world.goal(1), world.goal(2)), areas=(world.area("791", "Viborg"),))
    with django_assert_max_num_queries(most):
        assert len(rows(client, path)) >= 12


def test_pages_follow_each_other(client: Client) -> None:
    for number in range(5):
        world.body(f"Klynge {number}")
    first = get(client, "bodies/?page_size=2")
    assert (first["count"], len(first["results"])) == (5, 2)
    seen = [body["slug"] for body in first["results"]]
    while first["next"]:
        first = json.loads(client.get(first["next"]).content)
        seen += [body["slug"] for body in first["results"]]
    assert len(set(seen)) == 5
    get(client, "bodies/?page=99", 404)
