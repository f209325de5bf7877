"""Plans and items as pages: what they say, in how many queries, and what a secretary can do by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from initiatives.actions.status import StatusDraft, keep_status, record_status
from initiatives.models import BodySuccession, DelayCause, FollowsFrom, Plan, PlanKind, Role, Track
from initiatives.presenters.plans import front_plan, plan_summary, plans_for_areas
from tests.initiatives import small_world as world
from tests.initiatives.large_plan import large_plan

pytestmark = pytest.mark.django_db
DAY = date(2020, 11, 5)
TODAY = date(2026, 11, 22)


def text_of(answer: Any) -> str:
    """The page's own content, without the frame that is the same on every page."""
    text = answer.content.decode()
    return text[text.index("<main") : text.index("</main>")]


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies["sprog"] = "en"
    return client


@pytest.fixture
def plan() -> Plan:
    return world.plan(world.body("Udvalget"), as_of=DAY)


@pytest.fixture
def secretary(english: Client, plan: Plan) -> Any:
    who = world.user("sekretaer@example.dk")
    world.member(who, plan.body)
    english.force_login(who)
    return who


def tell(item: Any, state: str, *, as_of: date = DAY, **draft: Any) -> None:
    opened_on = item.statuses.count()
    words = StatusDraft(state=state, text=draft.pop("text", "Ord."), **draft)
    record_status(item=item, draft=words, opened_on=opened_on, as_of=as_of, by=None)


def page_of(client: Client, plan: Plan) -> str:
    return text_of(client.get(reverse("plan", args=[plan.slug])))


# --- The answer -------------------------------------------------------------------------------------------------------


def test_the_answer_is_counted(english: Client, plan: Plan) -> None:
    covid = DelayCause.objects.create(code="covid_19", name="COVID-19", name_en="COVID-19")
    items = [world.item(plan, state=None) for _ in range(4)]
    tell(items[0], "postponed", planned="2. kvartal 2020", due="2. kvartal 2021", cause=covid)
    tell(items[1], "postponed", planned="2. kvartal 2020", cause=covid)
    tell(items[2], "delayed", cause=covid)
    tell(items[3], "in_progress")
    page = page_of(english, plan)
    assert "Three of four items are hit by COVID-19." in page
    assert "Two are postponed and one is delayed. One of them has no new date." in page
    assert "Promised for Q2 2020, postponed to Q2 2021 <b>(4 quarters).</b>".replace(" ", "") in page.replace(" ", "")
    assert "Postponed without a new date." in page


@pytest.mark.parametrize(
    ("states", "lead"),
    [
        ([], "The plan has no items yet."),
        ([None, None], "None of the two items has a status."),
        ([None], "The plan&#x27;s only item has no status."),
        (["in_progress", "completed"], "None of the two items is delayed, postponed or on hold."),
        (["in_progress"], "neither delayed, postponed nor on hold"),
        (["delayed", "in_progress"], "One of two items is delayed, postponed or on hold."),
    ],
)
def test_the_answer_of_other_plans(english: Client, plan: Plan, states: list[str | None], lead: str) -> None:
    for state in states:
        world.item(plan, state=state)
    assert lead in page_of(english, plan)


def test_items_say_why_something_is_missing(english: Client, plan: Plan) -> None:
    plan.no_status_note, plan.no_owner_note = "Kilden giver ingen status.", "Kilden nævner intet udvalg."
    plan.save()
    world.item(plan, state=None)
    page = page_of(english, plan)
    assert "Kilden giver ingen status." in page
    assert "Kilden nævner intet udvalg." in page
    assert "There is nothing to draw." in page
    assert "sa-track" not in page


def test_the_words_stand_as_written_and_are_escaped(english: Client, plan: Plan) -> None:
    item = world.item(plan, state=None, title="<b>Titel</b>")
    tell(item, "in_progress", text="Aftalen <script>x</script> er »klar«.\n\nNæste linje.")
    page = page_of(english, plan)
    assert "Aftalen &lt;script&gt;x&lt;/script&gt; er »klar«.\nNæste linje." in page
    assert "&lt;b&gt;Titel&lt;/b&gt;" in page
    assert "<script>x" not in page


def test_a_change_is_seen_at_once(english: Client, plan: Plan) -> None:
    item = world.item(plan, state=None)
    tell(item, "in_progress", text="Første ord.")
    assert "Første ord." in page_of(english, plan)
    tell(item, "completed", text="Sidste ord.")
    page = page_of(english, plan)
    assert "Sidste ord." in page
    assert "Første ord." not in page


def test_closed_items_and_headings_do_not_count(english: Client, plan: Plan) -> None:
    world.item(plan, state="delayed")
    world.item(plan, state="in_progress")
    plan.items.filter(number=1).update(closed_on=DAY, closed_reason="Løst.")
    closed = Track.objects.create(plan=plan, title="Lukket spor", position=2, closed_on=DAY, closed_reason="Væk.")
    sub = Track.objects.create(plan=plan, title="Underspor", parent=closed, position=3)
    plan.items.filter(number=2).update(track=sub)
    page = page_of(english, plan)
    assert "The plan has no items yet." in page
    assert "Løst." in page
    assert "Væk." in page


def test_bodies_and_what_came_after_them(english: Client, plan: Plan) -> None:
    middle, council = world.body("Samarbejdsudvalget"), world.body("Sundhedsrådet")
    BodySuccession.objects.create(predecessor=plan.body, successor=middle, on=date(2022, 7, 1))
    BodySuccession.objects.create(predecessor=middle, successor=council, on=date(2199, 1, 1))
    page = page_of(english, plan)
    assert "The plan keeps the names of 2020." in page
    assert "Udvalget was succeeded 1\u00a0July 2022 by Samarbejdsudvalget." in page
    assert "Samarbejdsudvalget will be succeeded 1\u00a0January 2199 by Sundhedsrådet." in page


def test_marks_are_for_the_eye_and_the_sentence_for_everybody(english: Client, plan: Plan) -> None:
    item = world.item(plan, state=None)
    tell(item, "on_hold", started="november 2019", since="marts 2020", due="1. kvartal 2021")
    page = page_of(english, plan)
    assert '<div class="sa-track" aria-hidden="true"><span class="sa-track__now' in page
    for mark in ("started", "paused", "moved"):
        assert f"mark-{mark}.svg" in page
    assert "On hold from March 2020 to Q1 2021" in page


def test_the_list_of_plans_in_one_query(english: Client, plan: Plan, django_assert_num_queries: Any) -> None:
    world.plan(plan.body, is_example=True)
    world.plan(plan.body, closed_on=DAY, closed_reason="Udløbet.")
    page = text_of(english.get(reverse("plan_list")))
    for heading in ("Open plans", "Examples", "Closed plans"):
        assert heading in page
    assert "One plan is open." in page


# --- Queries ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 200])
def test_a_plan_page_takes_at_most_twelve_queries_whatever_its_size(
    client: Client, size: int, django_assert_max_num_queries: Any
) -> None:
    plan = large_plan(items=size)
    world.area("000", "Hele landet", "country")
    world.area("791", "Viborg", "municipality", inside=world.area("082", "Midtjylland", "region"))
    secretary = world.user()
    world.member(secretary, plan.body)
    url = reverse("plan", args=[plan.slug])
    for who in (None, secretary):
        if who:
            client.force_login(who)
        with django_assert_max_num_queries(12):
            answer = client.get(url, {"omraade": "791"})
        assert answer.content.decode().count('<article class="sa-item"') == size


def test_an_items_page_takes_the_same_queries_whatever_its_history(
    client: Client, plan: Plan, django_assert_max_num_queries: Any
) -> None:
    item = world.item(plan, state=None)
    tell(item, "in_progress")
    for sequence in range(1, 30):
        keep_status(item=item, opened_on=sequence, as_of=DAY, by=None)
    with django_assert_max_num_queries(16):
        client.get(reverse("item", args=[plan.slug, item.number]))


def test_saving_a_status_in_a_large_plan_does_not_grow_with_it(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    plan = large_plan(items=60)
    secretary = world.user()
    world.member(secretary, plan.body)
    client.force_login(secretary)
    url = reverse("status_edit", args=[plan.slug, 1])
    with django_assert_max_num_queries(40):
        answer = client.post(
            url,
            {"state": "completed", "text": "Færdigt.", "opened_on": "2", "page": "plan"},
            headers={"HX-Request": "true"},
        )
    assert answer.status_code == 200


# --- What other pages are told ----------------------------------------------------------------------------------------


def test_the_summary_of_a_plan(plan: Plan, django_assert_num_queries: Any) -> None:
    first, second, third = (world.item(plan, state=None) for _ in range(3))
    for item in (first, second, third):
        tell(item, "planned", due="2. kvartal 2021")
    later = date(2021, 2, 1)
    tell(first, "delayed", due="4. kvartal 2021", as_of=later)
    keep_status(item=second, opened_on=1, as_of=later, by=None)
    tell(third, "planned", due="2. kvartal 2021", as_of=later, text="Nye ord, samme sag.")
    found = Plan.objects.select_related("kind", "body").get(pk=plan.pk)
    with django_assert_num_queries(5):
        summary = plan_summary(found, today=TODAY)
    assert (summary.total, summary.moved, summary.as_of) == (3, 1, later)
    assert [(entry.state.code, entry.count) for entry in summary.tally] == [("planned", 2), ("delayed", 1)]
    assert summary.rows[0].planned
    assert summary.rows[0].now


def test_milestones_to_come_and_those_that_are_late(plan: Plan) -> None:
    item = world.item(plan)
    done = world.item(plan, state="completed")
    for place, (owner, last, reached) in enumerate(
        [(item, date(2027, 1, 31), None), (item, date(2021, 1, 31), None), (item, DAY, DAY), (done, DAY, None)]
    ):
        owner.milestones.create(
            title=f"M{place}", precision="day", first_day=last, last_day=last, reached_on=reached, position=place
        )
    lines = plan_summary(plan, today=TODAY).next_milestones
    assert [(line.title, line.late) for line in lines] == [("M1", True), ("M0", False)]


def test_the_front_plan_is_real_open_and_the_newest(plan: Plan) -> None:
    assert front_plan() is None
    tell(world.item(plan, state=None), "planned")
    example, closed = world.plan(plan.body, is_example=True), world.plan(plan.body)
    for other in (example, closed):
        tell(world.item(other, state=None), "planned", as_of=TODAY)
    Plan.objects.filter(pk=closed.pk).update(closed_on=DAY)
    assert front_plan() == plan


def test_plans_of_an_area(plan: Plan, django_assert_num_queries: Any) -> None:
    region = world.area("082", "Midtjylland", "region")
    plan.body.area = region
    plan.body.save()
    world.item(plan)
    with django_assert_num_queries(1):
        lines = plans_for_areas([region.pk])
    assert [(line.title, line.total) for line in lines] == [(plan.title, 1)]
    assert plans_for_areas([region.pk + 1]) == ()


# --- One item ---------------------------------------------------------------------------------------------------------


def test_an_items_page_tells_everything(english: Client, plan: Plan, secretary: Any) -> None:
    covid = DelayCause.objects.create(code="covid_19", name="COVID-19", name_en="COVID-19")
    item, origin = world.item(plan, state=None), world.item(world.plan(plan.body), title="Anbefalingen")
    FollowsFrom.objects.create(item=item, origin=origin, note="Læst side om side.")
    tell(item, "postponed", planned="2. kvartal 2020", due="2. kvartal 2021", cause=covid, text="De første ord.")
    keep_status(item=item, opened_on=1, as_of=TODAY, by=secretary)
    page = text_of(english.get(reverse("item", args=[plan.slug, 1])))
    for said in ("4 quarters", "COVID-19", "De første ord.", "written by sekretaer", "Unchanged", "Anbefalingen"):
        assert said in page
    back = text_of(english.get(reverse("item", args=[origin.plan.slug, 1])))
    assert "What grew out of it?" in back


def test_who_changed_what_and_when(english: Client, plan: Plan, secretary: Any) -> None:
    item = world.item(plan, title="Gammel titel")
    url = reverse("item_edit", args=[plan.slug, 1])
    values = {"title": "Ny titel", "content": "", "owners": [plan.body.pk], "track": item.track_id}
    assert english.post(url, values).status_code == 302
    page = text_of(english.get(reverse("item", args=[plan.slug, 1])))
    assert "<del>Gammel titel</del>" in page
    assert "<ins>Ny titel</ins>" in page
    assert "sekretaer" in page
    assert item.history.first().history_user == secretary


def test_a_coordinator_is_chosen_among_the_members(english: Client, plan: Plan, secretary: Any) -> None:
    item = world.item(plan, owners=(plan.body,))
    stranger = world.user("fremmed@example.dk")
    url = reverse("item_edit", args=[plan.slug, 1])
    values = {"title": "Titel", "owners": [plan.body.pk], "track": item.track_id}
    assert "fremmed" not in text_of(english.get(url))
    assert english.post(url, {**values, "coordinator": stranger.pk}).status_code == 422
    english.post(url, {**values, "coordinator": secretary.pk})
    item.refresh_from_db()
    assert item.coordinator == secretary


# --- By hand ----------------------------------------------------------------------------------------------------------


def test_a_plan_from_an_empty_page_to_an_item_with_a_link(english: Client, plan: Plan, secretary: Any) -> None:
    kind = PlanKind.objects.get()
    values = {"title": "Min plan", "body": plan.body.pk, "kind": kind.pk}
    assert english.post(reverse("plan_create"), values)["Location"] == "/planer/min-plan/rediger/"
    english.post(reverse("track_create", args=["min-plan"]), {"title": "Første spor", "number": "1"})
    track = Track.objects.get(plan__slug="min-plan")
    under = f"{reverse('track_create', args=['min-plan'])}?under={track.pk}"
    english.post(under, {"title": "Underspor"})
    assert track.children.get().title == "Underspor"
    add = reverse("item_create", args=["min-plan", track.pk])
    refused = english.post(add, {"title": "Mit punkt", "content": "Indhold jeg skrev."})
    assert refused.status_code == 422
    assert "Indhold jeg skrev." in refused.content.decode()
    english.post(add, {"title": "Mit punkt", "owners": [plan.body.pk], "planned": "2. kvartal 2027"})
    english.post(reverse("milestone_create", args=["min-plan", 1]), {"title": "Evaluering", "when": "2027"})
    goal = world.goal()
    link = reverse("link_create", args=["min-plan", 1])
    english.post(link, {"target": f"goal:{goal.slug}", "reason": "Det handler punktet om."})
    page = text_of(english.get(reverse("item", args=["min-plan", 1])))
    for said in ("Mit punkt", "Q2 2027", "Evaluering", "Det handler punktet om.", goal.name):
        assert said in page
    remove = reverse("link_remove", args=["min-plan", 1, goal.contributions.get().pk])
    assert english.post(remove, {"removed_reason": ""}).status_code == 422
    english.post(remove, {"removed_reason": "Forkert mål."})
    assert "Forkert mål." in text_of(english.get(reverse("item", args=["min-plan", 1])))
    assert not goal.contributions.active().exists()


def test_order_closing_and_reopening(english: Client, plan: Plan, secretary: Any) -> None:
    for _ in range(2):
        world.item(plan)
    english.post(reverse("item_move", args=[plan.slug, 2]), {"direction": "up"})
    assert list(plan.items.order_by("position").values_list("number", flat=True)) == [2, 1]
    assert english.post(reverse("item_close", args=[plan.slug, 1]), {"closed_reason": ""}).status_code == 422
    english.post(reverse("item_close", args=[plan.slug, 1]), {"closed_reason": "Løst."})
    assert plan.items.get(number=1).closed_on is not None
    english.post(reverse("item_reopen", args=[plan.slug, 1]))
    assert plan.items.get(number=1).closed_on is None
    track = plan.tracks.get()
    english.post(reverse("track_edit", args=[plan.slug, track.pk]), {"title": "Nyt navn", "number": "9"})
    english.post(reverse("track_close", args=[plan.slug, track.pk]), {"closed_reason": "Færdigt."})
    english.post(reverse("plan_close", args=[plan.slug]), {"closed_reason": "Afløst."})
    assert "Afløst." in page_of(english, plan)
    english.post(reverse("track_reopen", args=[plan.slug, track.pk]))
    english.post(reverse("plan_reopen", args=[plan.slug]))
    plan.refresh_from_db()
    track.refresh_from_db()
    assert (plan.closed_on, track.closed_on, track.title) == (None, None, "Nyt navn")


def test_a_milestone_reached_and_taken_back(english: Client, plan: Plan, secretary: Any) -> None:
    item = world.item(plan)
    milestone = item.milestones.create(title="M", precision="day", first_day=DAY, last_day=DAY)
    url = reverse("milestone_reach", args=[plan.slug, 1, milestone.pk])
    for value, reached in (("1", True), ("0", False)):
        english.post(url, {"reached": value})
        milestone.refresh_from_db()
        assert (milestone.reached_on is not None) == reached
    edit = reverse("milestone_edit", args=[plan.slug, 1, milestone.pk])
    assert english.post(edit, {"title": "M", "when": "uge 54 2027"}).status_code == 422


def every_door(plan: Plan) -> list[tuple[str, dict[str, Any]]]:
    item = world.item(plan)
    milestone = item.milestones.create(title="M", precision="day", first_day=DAY, last_day=DAY)
    link = item.contributions.create(goal=world.goal(), reason="Fordi.", created_at=world.at(DAY))
    track = plan.tracks.get()
    one, at_item, at_track = [plan.slug], [plan.slug, item.number], [plan.slug, track.pk]
    reason, title = {"closed_reason": "x"}, {"title": "x"}
    return [
        (reverse("plan_create"), {"title": "x", "body": plan.body_id, "kind": plan.kind_id}),
        (reverse("plan_edit", args=one), {**title, "kind": plan.kind_id}),
        (reverse("plan_close", args=one), reason),
        (reverse("plan_reopen", args=one), {}),
        (reverse("track_create", args=one), title),
        (reverse("track_edit", args=at_track), title),
        (reverse("track_move", args=at_track), {"direction": "up"}),
        (reverse("track_close", args=at_track), reason),
        (reverse("track_reopen", args=at_track), {}),
        (reverse("item_create", args=at_track), {**title, "owners": [plan.body_id]}),
        (reverse("item_edit", args=at_item), {**title, "owners": [plan.body_id], "track": track.pk}),
        (reverse("item_move", args=at_item), {"direction": "up"}),
        (reverse("item_close", args=at_item), reason),
        (reverse("item_reopen", args=at_item), {}),
        (reverse("milestone_create", args=at_item), title),
        (reverse("milestone_edit", args=[*at_item, milestone.pk]), title),
        (reverse("milestone_reach", args=[*at_item, milestone.pk]), {"reached": "1"}),
        (reverse("link_create", args=at_item), {"target": "goal:x", "reason": "x"}),
        (reverse("link_remove", args=[*at_item, link.pk]), {"removed_reason": "x"}),
    ]


@pytest.mark.parametrize("role", [None, Role.CHAIR, Role.LEAD, Role.READER])
def test_every_door_is_closed_to_those_who_are_not_the_secretariat(
    english: Client, plan: Plan, role: str | None
) -> None:
    doors = every_door(plan)
    if role:
        who = world.user()
        world.member(who, plan.body, role)
        english.force_login(who)
    before = (Plan.objects.count(), plan.items.get().history.count(), plan.history.count())
    for url, values in doors:
        answer = english.post(url, values)
        assert answer.status_code == 403, url
        assert "Udvalget" in answer.content.decode(), url
    assert (Plan.objects.count(), plan.items.get().history.count(), plan.history.count()) == before
    page = page_of(english, plan)
    assert "Edit the plan" not in page


def test_a_secretary_of_another_body_or_of_yesterday_is_not_one(english: Client, plan: Plan) -> None:
    who = world.user()
    world.member(who, world.body("Et andet udvalg"))
    world.member(who, plan.body, valid_to=date(2025, 12, 31))
    english.force_login(who)
    assert english.post(reverse("plan_close", args=[plan.slug]), {"closed_reason": "x"}).status_code == 403


def test_opening_a_form_asks_who_you_are(english: Client, plan: Plan) -> None:
    for name in ("plan_manage", "plan_edit", "plan_close", "track_create"):
        answer = english.get(reverse(name, args=[plan.slug]))
        assert answer.status_code == 302
        assert "next=" in answer["Location"]


def test_what_belongs_to_another_plan_is_not_found_here(english: Client, plan: Plan, secretary: Any) -> None:
    other = world.plan(world.body("Et andet udvalg"))
    world.item(plan)
    track = other.tracks.get()
    assert english.post(reverse("track_edit", args=[plan.slug, track.pk]), {"title": "x"}).status_code == 404
    milestone = world.item(other).milestones.create(title="M", precision="day", first_day=DAY, last_day=DAY)
    assert english.post(reverse("milestone_edit", args=[plan.slug, 1, milestone.pk])).status_code == 404
    assert english.get(reverse("plan", args=["findes-ikke"])).status_code == 404
