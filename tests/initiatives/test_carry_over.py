"""A plan handed on: choices that can be undone, copies made at once, and an old plan that stays as it was."""

from __future__ import annotations

import html
import re
import threading
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from indicators.models import AreaSuccession
from initiatives.actions import reminder_mails, reminders
from initiatives.actions.carry_over import (
    CarryOverEnded,
    cancel_carry_over,
    choose,
    choose_each,
    choose_for_rest,
    fingerprint,
    start_carry_over,
    unchoose,
)
from initiatives.actions.carry_over_confirm import confirm_carry_over
from initiatives.actions.links import add_link
from initiatives.actions.status import StatusDraft, record_status
from initiatives.models import (
    ActionItem,
    Body,
    BodySuccession,
    CarryOver,
    CarryOverChoice,
    CarryOverTarget,
    Contribution,
    DelayCause,
    FollowsFrom,
    Milestone,
    Plan,
    Reminder,
    ReminderMail,
    StatusUpdate,
    Track,
)
from initiatives.permissions import check_user_can_carry_over, user_can_carry_over
from initiatives.presenters.mine import waiting_count
from initiatives.presenters.successors import takers, usual_day
from tests.initiatives import small_world as world
from tests.initiatives.large_plan import large_plan

pytestmark = pytest.mark.django_db
BEFORE, DAY = date(2026, 12, 1), date(2027, 1, 1)


@pytest.fixture(autouse=True)
def _december() -> Any:
    with time_machine.travel(world.at(BEFORE, 9), tick=False):
        yield


@pytest.fixture
def old() -> Body:
    """A committee of 2020 followed by another of 2022, and that by two councils on 1 January 2027."""
    first = world.body("Koordinationsudvalget", valid_to=date(2022, 6, 30))
    then = world.body("Samarbejdsudvalget", valid_from=date(2022, 7, 1), valid_to=date(2026, 12, 31))
    BodySuccession.objects.create(predecessor=first, successor=then, on=date(2022, 7, 1))
    for name in ("Rådet Midt", "Rådet Vest"):
        council = world.body(name, slug=name.split()[1].lower(), valid_from=DAY)
        BodySuccession.objects.create(predecessor=then, successor=council, on=DAY)
    return first


@pytest.fixture
def midt(old: Body) -> Body:
    return Body.objects.get(slug="midt")


@pytest.fixture
def vest(old: Body) -> Body:
    return Body.objects.get(slug="vest")


@pytest.fixture
def secretary(old: Body) -> Any:
    who = world.user("sekretaer@example.dk")
    world.member(who, old)
    return who


@pytest.fixture
def plan(old: Body) -> Plan:
    plan = world.plan(old, as_of=date(2020, 11, 5), short_title="Handleplanen", is_example=True)
    for state in ("in_progress", "postponed", "planned"):
        world.item(plan, state=state, owners=(old,), due=date(2027, 3, 31))
    world.item(plan, state="completed", owners=(old,))
    return plan


@pytest.fixture
def draft(plan: Plan, secretary: Any) -> CarryOver:
    return start_carry_over(plan=plan, on=DAY, by=secretary)


def items(plan: Plan) -> list[ActionItem]:
    return list(plan.items.order_by("number"))


def confirm(draft: CarryOver, by: Any = None, **more: Any) -> list[Plan]:
    return confirm_carry_over(carry_over=draft, seen=fingerprint(draft), by=by, **more)


def everything(plan: Plan) -> list[Any]:
    """Every row of the plan, its history too, as it stands in the database."""
    rows: list[Any] = [Plan.objects.filter(pk=plan.pk), plan.history.all(), plan.tracks.all(), plan.items.all()]
    rows += [ActionItem.history.filter(plan_id=plan.pk), Track.history.filter(plan_id=plan.pk)]
    for model in ("anchorings", "statuses", "schedules", "milestones", "contributions", "postponements"):
        related = ActionItem._meta.get_field(model).related_model
        rows.append(related.objects.filter(item__plan=plan))  # type: ignore[union-attr]
    return [sorted(map(str, queryset.values_list())) for queryset in rows]


# --- Choices ----------------------------------------------------------------------------------------------------------


def test_a_second_hand_over_of_the_same_plan_is_refused(plan: Plan, draft: CarryOver) -> None:
    with pytest.raises(ValidationError, match=r"already being carried over|allerede"):
        start_carry_over(plan=plan, on=DAY, by=None)
    assert plan.carry_overs.count() == 1


def test_a_day_before_the_plan_and_a_closed_plan_are_refused(plan: Plan) -> None:
    with pytest.raises(ValidationError) as refused:
        start_carry_over(plan=plan, on=date(2020, 11, 5), by=None)
    assert list(refused.value.message_dict) == ["on"]
    plan.closed_on = BEFORE
    with pytest.raises(ValidationError):
        start_carry_over(plan=plan, on=DAY, by=None)
    assert not CarryOver.objects.exists()


def test_nothing_open_is_nothing_to_hand_on(old: Body) -> None:
    done = world.plan(old)
    world.item(done, state="completed")
    with pytest.raises(ValidationError):
        start_carry_over(plan=done, on=DAY, by=None)


@pytest.mark.parametrize(
    ("outcome", "bodies", "reason", "field"),
    [
        ("nonsense", (), "", "outcome"),
        ("continues", (), "", "bodies"),
        ("continues", ("midt", "vest"), "", "bodies"),
        ("split", ("midt",), "", "bodies"),
        ("split", (), "", "bodies"),
        ("closed", (), "  ", "reason"),
        ("closed", ("midt",), "Slut.", "bodies"),
        ("closed", (), "Borger 010190-1234 er færdig.", "reason"),
    ],
)
def test_a_choice_that_does_not_hang_together_is_refused_and_nothing_stored(
    draft: CarryOver, outcome: str, bodies: tuple[str, ...], reason: str, field: str
) -> None:
    found = [Body.objects.get(slug=slug) for slug in bodies]
    with pytest.raises(ValidationError) as refused:
        choose(carry_over=draft, item=items(draft.plan)[0], outcome=outcome, bodies=found, reason=reason, by=None)
    assert list(refused.value.message_dict) == [field]
    assert "010190" not in str(refused.value)
    assert not CarryOverChoice.objects.exists()


def test_bodies_that_do_not_stand_on_the_day_and_the_old_body_are_refused(draft: CarryOver, old: Body) -> None:
    gone = Body.objects.get(name="Samarbejdsudvalget")
    for body in (gone, old):
        with pytest.raises(ValidationError) as refused:
            choose(carry_over=draft, item=items(draft.plan)[0], outcome="continues", bodies=[body], by=None)
        assert list(refused.value.message_dict) == ["bodies"]


def test_a_settled_item_and_one_of_another_plan_cannot_be_chosen(draft: CarryOver, midt: Body) -> None:
    other = world.item(world.plan(draft.plan.body))
    for item in (items(draft.plan)[3], other):
        with pytest.raises(ValidationError):
            choose(carry_over=draft, item=item, outcome="continues", bodies=[midt], by=None)


def test_a_choice_can_be_changed_and_taken_back_and_its_history_tells(
    draft: CarryOver, midt: Body, vest: Body, secretary: Any
) -> None:
    item = items(draft.plan)[0]
    choose(carry_over=draft, item=item, outcome="continues", bodies=[midt], by=secretary)
    choose(carry_over=draft, item=item, outcome="split", bodies=[midt, vest], by=secretary)
    assert [target.body for target in draft.choices.get().targets.all()] == [midt, vest]
    assert unchoose(carry_over=draft, item=item, by=secretary)
    assert not unchoose(carry_over=draft, item=item, by=secretary)
    assert not CarryOverTarget.objects.exists()
    history = CarryOverChoice.history.order_by("history_id")
    assert [(row.history_type, row.outcome) for row in history] == [("+", "continues"), ("~", "split"), ("-", "split")]
    assert {row.history_user for row in history} == {secretary}
    assert history[1].history_change_reason == "Rådet Midt, Rådet Vest"


def test_the_rest_is_chosen_at_once_and_what_was_chosen_stays(draft: CarryOver, midt: Body, vest: Body) -> None:
    choose(carry_over=draft, item=items(draft.plan)[1], outcome="closed", bodies=[], reason="Slut.", by=None)
    assert choose_for_rest(carry_over=draft, body=midt, by=None) == 2
    assert choose_for_rest(carry_over=draft, body=vest, by=None) == 0
    outcomes = [(choice.item.number, choice.outcome) for choice in draft.choices.order_by("item__number")]
    assert outcomes == [(1, "continues"), (2, "closed"), (3, "continues")]
    assert CarryOverChoice.history.count() == 3


def test_the_list_is_saved_at_once_and_only_what_differs_is_written(draft: CarryOver, midt: Body, vest: Body) -> None:
    first, second, third, _done = items(draft.plan)
    assert choose_each(carry_over=draft, wanted={first: midt, second: midt, third: None}, by=None) == 2
    assert choose_each(carry_over=draft, wanted={first: midt, second: vest, third: None}, by=None) == 1
    assert choose_each(carry_over=draft, wanted={first: None, second: vest}, by=None) == 1
    assert [(choice.item, choice.targets.get().body) for choice in draft.choices.all()] == [(second, vest)]


def test_a_hand_over_given_up_made_nothing_and_another_may_begin(draft: CarryOver, midt: Body, secretary: Any) -> None:
    choose_for_rest(carry_over=draft, body=midt, by=secretary)
    cancel_carry_over(carry_over=draft, by=secretary)
    for act in (
        lambda: choose_for_rest(carry_over=draft, body=midt, by=None),
        lambda: choose_each(carry_over=draft, wanted={}, by=None),
        lambda: unchoose(carry_over=draft, item=items(draft.plan)[0], by=None),
        lambda: cancel_carry_over(carry_over=draft, by=None),
        lambda: confirm(draft),
    ):
        with pytest.raises(CarryOverEnded) as ended:
            act()
        assert ended.value.carry_over.finished_by == secretary
    assert Plan.objects.count() == 1
    assert start_carry_over(plan=draft.plan, on=DAY, by=None).state == "draft"


# --- Confirming -------------------------------------------------------------------------------------------------------


@pytest.fixture
def rich(plan: Plan, old: Body, secretary: Any) -> ActionItem:
    """Item 1 with everything an item can have: sub-heading, links, milestones, a moved date and a coordinator."""
    item = items(plan)[0]
    sub = Track.objects.create(plan=plan, parent=plan.tracks.get(), title="Under spor", position=5)
    ActionItem.objects.filter(pk=item.pk).update(
        track=sub, content="Indhold.", horizon="short", coordinator=secretary, links_note="Fordi."
    )
    cause = DelayCause.objects.create(code="it", name="It", name_en="IT")
    words = StatusDraft(state="postponed", text="Udsat pga. it.", due="2. kvartal 2027", cause=cause)
    record_status(item=item, draft=words, opened_on=1, as_of=BEFORE, by=secretary)
    add_link(thing=item, target=world.goal(), reason="Nævnt i planen.", note="Side 3.", by=secretary)
    gone = add_link(thing=item, target=world.indicator(), reason="Forkert.", by=secretary)
    Contribution.objects.filter(pk=gone.pk).update(removed_at=world.at(BEFORE), removed_reason="Forkert.")
    for title, reached, body in (("Nået", BEFORE, None), ("Model klar", None, old), ("Uden forum", None, None)):
        item.milestones.create(
            title=title, precision="day", first_day=DAY, last_day=DAY, reached_on=reached, body=body, words="1.1.2027"
        )
    item.refresh_from_db()
    return item


def test_the_copy_has_all_that_was_promised_and_says_where_it_came_from(
    rich: ActionItem, draft: CarryOver, midt: Body, secretary: Any
) -> None:
    choose_for_rest(carry_over=draft, body=midt, by=secretary)
    (plan,) = confirm(draft, secretary)
    assert (plan.title, plan.kind, plan.body, plan.as_of) == (draft.plan.title, draft.plan.kind, midt, DAY)
    assert plan.is_example
    assert plan.source_note == f"Ført videre 1.\u00a0januar 2027 fra »{draft.plan.title}« (Koordinationsudvalget)."
    first = plan.items.get(number=1)
    assert (first.key, first.title, first.content, first.horizon, first.links_note) == (
        rich.key, rich.title, "Indhold.", "short", "Fordi.",
    )  # fmt: skip
    assert first.coordinator is None
    assert (first.track.title, first.track.parent and first.track.parent.title) == ("Under spor", "Spor")
    assert [anchoring.body for anchoring in first.anchorings.all()] == [midt]
    status = first.statuses.get()
    assert (status.sequence, status.state, status.as_of, status.unchanged) == (1, "postponed", BEFORE, False)
    assert status.text == "Udsat pga. it.\n\n(Ført videre 1.\u00a0januar 2027 fra punkt 1 i »Handleplanen«.)"
    assert status.cause is not None
    assert status.due is not None
    assert (status.due.words, status.due.kind, status.due.item) == ("2. kvartal 2027", "planned", first)
    assert [(step.title, step.body) for step in first.milestones.order_by("pk")] == [
        ("Model klar", midt),
        ("Uden forum", None),
    ]
    link = first.contributions.get()
    assert (link.goal, link.note, link.by) == (world.goal(), "Side 3.", secretary)
    assert link.reason == "Nævnt i planen. (Ført videre 1.\u00a0januar 2027.)"
    assert FollowsFrom.objects.get(item=first).origin == rich
    assert CarryOverTarget.objects.get(new_item=first).choice.item == rich
    for thing in (plan, first, first.track):
        assert [row.history_user for row in thing.history.all()] == [secretary]
        assert "Ført videre" in thing.history.get().history_change_reason
    assert not first.postponements.exists()


def test_the_old_plan_stays_as_it_was(rich: ActionItem, draft: CarryOver, midt: Body, vest: Body) -> None:
    choose(carry_over=draft, item=rich, outcome="split", bodies=[midt, vest], by=None)
    choose_for_rest(carry_over=draft, body=midt, by=None)
    before = everything(draft.plan)
    confirm(draft)
    assert everything(draft.plan) == before


def test_a_plan_for_each_body_and_none_for_what_ends(draft: CarryOver, midt: Body, vest: Body) -> None:
    first, second, third, _done = items(draft.plan)
    choose(carry_over=draft, item=first, outcome="split", bodies=[vest, midt], by=None)
    choose(carry_over=draft, item=second, outcome="continues", bodies=[vest], by=None)
    choose(carry_over=draft, item=third, outcome="closed", bodies=[], reason="Pengene er brugt.", by=None)
    plans = confirm(draft)
    assert [(plan.body, [item.title for item in items(plan)]) for plan in plans] == [
        (midt, [first.title]),
        (vest, [first.title, second.title]),
    ]
    assert [item.number for item in items(plans[1])] == [1, 2]
    assert len({plan.slug for plan in plans}) == 2


def test_coordinators_and_another_kind_when_they_are_asked_for(
    rich: ActionItem, draft: CarryOver, midt: Body, secretary: Any
) -> None:
    other = type(draft.plan.kind).objects.create(code="naerplan", name="Nærsundhedsplan", name_plural="Planer")
    choose_for_rest(carry_over=draft, body=midt, by=None)
    (plan,) = confirm(draft, kind=other, keep_coordinators=True)
    assert plan.kind == other
    assert plan.items.get(number=1).coordinator == secretary


def test_an_item_without_a_status_goes_on_without_one_but_with_its_promise(plan: Plan, midt: Body) -> None:
    item = world.item(plan, state=None)
    item.schedules.create(
        kind="planned", words="2027", precision="year", first_day=DAY, last_day=date(2027, 12, 31),
        recorded_at=world.at(BEFORE),
    )  # fmt: skip
    draft = start_carry_over(plan=plan, on=DAY, by=None)
    choose_for_rest(carry_over=draft, body=midt, by=None)
    (new,) = confirm(draft)
    copy = new.items.get(title=item.title)
    assert not copy.statuses.exists()
    assert [row.words for row in copy.schedules.all()] == ["2027"]


def test_an_item_without_a_choice_stops_the_confirmation_and_nothing_is_stored(draft: CarryOver, midt: Body) -> None:
    choose(carry_over=draft, item=items(draft.plan)[0], outcome="continues", bodies=[midt], by=None)
    with pytest.raises(ValidationError, match="2, 3"):
        confirm(draft)
    draft.refresh_from_db()
    assert (draft.state, draft.finished_at, Plan.objects.count()) == ("draft", None, 1)


def test_only_what_was_seen_is_confirmed(draft: CarryOver, midt: Body, vest: Body) -> None:
    choose_for_rest(carry_over=draft, body=midt, by=None)
    seen = fingerprint(draft)
    choose(carry_over=draft, item=items(draft.plan)[0], outcome="continues", bodies=[vest], by=None)
    with pytest.raises(ValidationError):
        confirm_carry_over(carry_over=draft, seen=seen, by=None)
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert Plan.objects.count() == 1


def test_a_failure_half_way_stores_nothing(draft: CarryOver, midt: Body, monkeypatch: Any) -> None:
    choose_for_rest(carry_over=draft, body=midt, by=None)

    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise RuntimeError("the database went away")

    monkeypatch.setattr(Milestone.objects, "bulk_create", fail)
    before = everything(draft.plan)
    with pytest.raises(RuntimeError):
        confirm(draft)
    draft.refresh_from_db()
    assert (draft.state, Plan.objects.count(), StatusUpdate.objects.count()) == ("draft", 1, 4)
    assert not CarryOverTarget.objects.filter(new_item__isnull=False).exists()
    assert everything(draft.plan) == before


def test_what_was_finished_meanwhile_is_not_handed_on(draft: CarryOver, midt: Body) -> None:
    choose_for_rest(carry_over=draft, body=midt, by=None)
    done = items(draft.plan)[0]
    record_status(item=done, draft=StatusDraft(state="completed", text="Færdigt."), opened_on=1, as_of=BEFORE, by=None)
    (plan,) = confirm(draft)
    assert [item.title for item in items(plan)] == [item.title for item in items(draft.plan)[1:3]]
    assert not draft.choices.filter(item=done).exists()


def test_confirming_again_makes_nothing_and_says_who_did(draft: CarryOver, midt: Body, secretary: Any) -> None:
    choose_for_rest(carry_over=draft, body=midt, by=None)
    confirm(draft, secretary)
    with pytest.raises(CarryOverEnded) as ended:
        confirm(draft)
    assert ended.value.carry_over.finished_by == secretary
    assert Plan.objects.count() == 2
    assert [row.state for row in draft.history.order_by("history_id")] == ["draft", "confirmed"]
    assert not draft.plan.items.to_hand_on().exists()


@pytest.mark.django_db(transaction=True)
def test_two_confirm_at_once_and_one_is_told(draft: CarryOver, midt: Body) -> None:
    choose_for_rest(carry_over=draft, body=midt, by=None)
    seen = fingerprint(draft)
    start, outcomes = threading.Barrier(2), []

    def press() -> None:
        try:
            start.wait(10)
            confirm_carry_over(carry_over=draft, seen=seen, by=None)
            outcomes.append("made")
        except CarryOverEnded as ended:
            outcomes.append(f"told of {ended.carry_over.state}")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["made", "told of confirmed"]
    assert Plan.objects.count() == 2
    assert ActionItem.objects.count() == 7


def test_two_hundred_items_divided_between_three_ask_as_often_as_a_few(django_assert_max_num_queries: Any) -> None:
    plan = large_plan()
    bodies = [world.body(f"Råd {n}") for n in range(3)]
    draft = start_carry_over(plan=plan, on=DAY, by=None)
    number = choose_for_rest(carry_over=draft, body=bodies[0], by=None)
    assert number == 125
    for choice in draft.choices.all():
        CarryOverTarget.objects.bulk_create(CarryOverTarget(choice=choice, body=body) for body in bodies[1:])
    draft.choices.update(outcome="split")
    with django_assert_max_num_queries(110):
        plans = confirm(draft)
    assert [plan.items.count() for plan in plans] == [number] * 3
    assert StatusUpdate.objects.filter(item__plan__in=plans).count() == 3 * number


# --- Who comes after --------------------------------------------------------------------------------------------------


def test_the_day_and_the_takers_follow_the_chain(plan: Plan, midt: Body, vest: Body) -> None:
    assert usual_day(plan) == DAY
    found = takers(plan, DAY, [])
    assert found.first == (midt, vest)
    assert Body.objects.get(name="Samarbejdsudvalget") not in found.others
    assert [body.name for body in takers(plan, date(2026, 12, 31), []).first] == ["Samarbejdsudvalget"]


def test_one_successor_of_the_owners_is_a_suggestion_and_two_are_none(plan: Plan, midt: Body, vest: Body) -> None:
    cluster, other = world.body("Klyngen", valid_to=date(2026, 12, 31)), world.body("Gruppen")
    BodySuccession.objects.create(predecessor=cluster, successor=midt, on=DAY)
    found = takers(plan, DAY, [cluster.pk, other.pk])
    assert found.only_successor([cluster.pk]) == midt
    assert found.only_successor([cluster.pk, other.pk]) == midt
    assert found.only_successor([other.pk]) is None
    assert found.only_successor([]) is None


def test_the_successor_of_an_area_counts_when_the_body_has_none() -> None:
    before, after = world.area("084", "Hovedstaden", "region"), world.area("087", "Østdanmark", "region")
    AreaSuccession.objects.create(predecessor=before, successor=after, on=DAY)
    plan = world.plan(world.body("Udvalget", area=before))
    region = world.body("Region Østdanmark", area=after, valid_from=DAY)
    assert usual_day(plan) == DAY
    assert takers(plan, DAY, []).first == (region,)
    assert takers(plan, date(2026, 12, 31), []).first == ()


# --- Asked about once -------------------------------------------------------------------------------------------------


def test_until_the_day_the_old_is_open_and_from_the_day_the_new(draft: CarryOver, midt: Body) -> None:
    first = items(draft.plan)[0]
    choose(carry_over=draft, item=first, outcome="closed", bodies=[], reason="Slut.", by=None)
    choose_for_rest(carry_over=draft, body=midt, by=None)
    assert ActionItem.objects.open(today=DAY).filter(plan=draft.plan).count() == 4  # a draft is nothing yet
    (new,) = confirm(draft)

    def still_open(day: date) -> tuple[list[int], list[int]]:
        found = ActionItem.objects.open(today=day)
        return tuple(sorted(found.filter(plan=one).values_list("number", flat=True)) for one in (draft.plan, new))  # type: ignore[return-value]

    assert still_open(BEFORE) == ([1, 2, 3, 4], [])
    assert still_open(date(2026, 12, 31)) == ([1, 2, 3, 4], [])
    assert still_open(DAY) == ([4], [1, 2])


def test_my_tasks_and_the_reminders_ask_in_one_place(
    client: Client, draft: CarryOver, midt: Body, secretary: Any
) -> None:
    world.member(secretary, midt)
    choose_for_rest(carry_over=draft, body=midt, by=secretary)
    (new,) = confirm(draft, secretary)
    for day, there, not_there in ((BEFORE, draft.plan, new), (date(2027, 3, 24), new, draft.plan)):
        with time_machine.travel(world.at(day, 9), tick=False):
            client.force_login(secretary)
            page = client.get(reverse("mine")).content.decode()
            assert reverse("item", args=[there.slug, 1]) in page
            assert reverse("item", args=[not_there.slug, 1]) not in page
            assert waiting_count(secretary, day) == (3 if day > DAY else 0)
    with time_machine.travel(world.at(date(2027, 3, 24), 9), tick=False):
        assert reminders.queue_due(now=world.at(date(2027, 3, 24), 9)) == 3
    assert set(Reminder.objects.values_list("item__plan", flat=True)) == {new.pk}


def test_a_reminder_that_waits_falls_out_when_its_item_was_handed_on(
    draft: CarryOver, midt: Body, secretary: Any
) -> None:
    choose_for_rest(carry_over=draft, body=midt, by=secretary)
    mail = ReminderMail.objects.create(recipient=secretary, message_id="<a@b>", created_at=world.at(BEFORE))
    item = items(draft.plan)[0]
    due = item.statuses.get().due
    assert due is not None
    Reminder.objects.create(
        key="k",
        mail=mail,
        recipient=secretary,
        item=item,
        kind="before_30",
        due_on=due.last_day,
        created_at=world.at(BEFORE),
    )
    assert reminder_mails.compose(mail, today=DAY) is not None
    confirm(draft, secretary)
    assert reminder_mails.compose(mail, today=BEFORE) is not None
    assert reminder_mails.compose(mail, today=DAY) is None


def test_the_api_says_open_of_one_of_them(client: Client, draft: CarryOver, midt: Body) -> None:
    choose_for_rest(carry_over=draft, body=midt, by=None)
    confirm(draft)
    counts = []
    for day in (BEFORE, DAY):
        with time_machine.travel(world.at(day), tick=False):
            counts.append(client.get("/api/v1/items/", {"open": "true"}).json()["count"])
    assert counts == [3, 3]


# --- Pages ------------------------------------------------------------------------------------------------------------


def text_of(answer: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", answer.content.decode().split("<main")[1])
    return re.sub(r"\s+", " ", html.unescape(text))


@pytest.fixture
def english(client: Client, secretary: Any) -> Client:
    client.cookies["sprog"] = "en"
    client.force_login(secretary)
    return client


def url(plan: Plan, name: str = "carry_over", *more: Any) -> str:
    return reverse(name, args=[plan.slug, *more])


def test_only_the_secretariat_of_the_old_body_and_the_403_names_it(client: Client, plan: Plan, secretary: Any) -> None:
    assert client.get(url(plan)).status_code == 302
    assert user_can_carry_over(secretary, plan, today=BEFORE)
    assert user_can_carry_over(world.user(is_superuser=True), plan, today=BEFORE)
    stranger = world.user()
    world.member(stranger, world.body("Andre"))
    with pytest.raises(PermissionDenied, match="Koordinationsudvalget"):
        check_user_can_carry_over(stranger, plan, today=BEFORE)
    start_carry_over(plan=plan, on=DAY, by=None)
    for who in (None, stranger):
        if who is not None:
            client.force_login(who)
            answer = client.get(url(plan))
            assert answer.status_code == 403
            assert "Koordinationsudvalget" in answer.content.decode()
        for name in ("carry_over_start", "carry_over_choices", "carry_over_rest", "carry_over_cancel"):
            assert client.post(url(plan, name)).status_code == 403, name
        for address in (url(plan, "carry_over_summary"), url(plan, "carry_over_item", 1)):
            assert client.post(address).status_code == 403, address
    assert CarryOver.objects.get().state == "draft"


def test_the_whole_way_by_the_pages(english: Client, plan: Plan, midt: Body, vest: Body) -> None:
    page = english.get(url(plan))
    assert page.context["form"]["on"].value() == DAY
    answer = english.post(url(plan, "carry_over_start"), {"on": "2027-01-01"}, follow=True)
    assert "The hand-over has begun." in text_of(answer)
    assert "Zero of three open items" in text_of(answer)
    first, second, _third, _done = items(plan)
    answer = english.post(
        url(plan, "carry_over_choices"), {f"item-{first.pk}": midt.pk, f"item-{second.pk}": ""}, follow=True
    )
    assert "1 choice was changed." in text_of(answer)
    answer = english.post(url(plan, "carry_over_item", 2), {"outcome": "closed", "reason": ""})
    assert answer.status_code == 422
    assert "Write why it ends here." in text_of(answer)
    english.post(url(plan, "carry_over_item", 2), {"outcome": "closed", "reason": "Pengene er brugt."})
    assert "These items still need a choice" in text_of(english.get(url(plan, "carry_over_summary")))
    answer = english.post(url(plan, "carry_over_rest"), {"body": vest.pk}, follow=True)
    assert "1 item continues in Rådet Vest." in text_of(answer)
    summary = english.get(url(plan, "carry_over_summary"))
    assert "2 new plans will be made" in text_of(summary)
    assert "Pengene er brugt." in text_of(summary)
    seen = summary.context["page"].seen
    answer = english.post(url(plan, "carry_over_summary"), {"seen": seen, "kind": plan.kind_id}, follow=True)
    assert "2 new plans are made." in text_of(answer)
    assert Plan.objects.count() == 3
    # Somebody who still had the summary open is told.
    answer = english.post(url(plan, "carry_over_summary"), {"seen": seen, "kind": plan.kind_id}, follow=True)
    assert "confirmed the hand-over" in text_of(answer)
    assert "Nothing was made twice" in text_of(answer)
    assert Plan.objects.count() == 3
    answer = english.post(url(plan, "carry_over_rest"), {"body": vest.pk}, follow=True)
    assert "confirmed the hand-over" in text_of(answer)


def test_taking_a_choice_back_saves_the_others_too(english: Client, plan: Plan, draft: CarryOver, midt: Body) -> None:
    first, second, _third, _done = items(plan)
    choose(carry_over=draft, item=first, outcome="continues", bodies=[midt], by=None)
    data = {f"item-{first.pk}": midt.pk, f"item-{second.pk}": midt.pk, "remove": first.pk}
    english.post(url(plan, "carry_over_choices"), data)
    assert [choice.item for choice in draft.choices.all()] == [second]


def test_a_stale_summary_is_shown_again_with_what_there_is(
    english: Client, plan: Plan, draft: CarryOver, midt: Body
) -> None:
    choose_for_rest(carry_over=draft, body=midt, by=None)
    answer = english.post(url(plan, "carry_over_summary"), {"seen": "old", "kind": plan.kind_id})
    assert "Somebody changed the choices" in text_of(answer)
    assert answer.context["form"]["seen"].value() == fingerprint(draft)
    assert Plan.objects.count() == 1


def test_the_only_successor_is_suggested_and_marked(english: Client, plan: Plan, draft: CarryOver, midt: Body) -> None:
    cluster = world.body("Klyngen", valid_to=date(2026, 12, 31))
    BodySuccession.objects.create(predecessor=cluster, successor=midt, on=DAY)
    first = items(plan)[0]
    first.anchorings.update(body=cluster)
    answer = english.get(url(plan))
    steps = {step.number: step for step in answer.context["page"].steps}
    assert [option.label for option in steps[1].options if option.selected] == ["Rådet Midt"]
    assert [option.value for option in steps[2].options if option.selected] == [""]
    assert text_of(answer).count("Suggestion") == 1
    assert not draft.choices.exists()


def test_a_plan_without_successors_offers_every_body_of_the_day(english: Client, secretary: Any) -> None:
    body = world.body("Uden efterfølger")
    world.member(secretary, body)
    plan = world.plan(body)
    world.item(plan)
    assert english.get(url(plan)).context["form"]["on"].value() is None
    english.post(url(plan, "carry_over_start"), {"on": "2027-01-01"})
    page = english.get(url(plan)).context["page"]
    assert page.steps[0].options == ()
    assert [group.label for group in page.takers] == ["Other bodies on that day"]


def test_old_and_new_pages_say_where_it_went_and_came_from(english: Client, draft: CarryOver, midt: Body) -> None:
    first = items(draft.plan)[0]
    choose(carry_over=draft, item=first, outcome="closed", bodies=[], reason="Pengene er brugt.", by=None)
    choose_for_rest(carry_over=draft, body=midt, by=None)
    assert "carried over" not in text_of(english.get(url(draft.plan, "plan")))
    (new,) = confirm(draft)
    said = {
        url(draft.plan, "plan"): (
            "Is carried over 1 January 2027 to Rådet Midt",
            "Ends 1 January 2027: Pengene er brugt.",
        ),
        url(draft.plan, "item", 2): ("Is carried over 1 January 2027 to Rådet Midt, item 1",),
        url(draft.plan, "item", 1): ("Ends 1 January 2027: Pengene er brugt.",),
        url(new, "plan"): (f"Takes over 1 January 2027 from {draft.plan.title} (Koordinationsudvalget)",),
        url(new, "item", 1): ("Takes over 1 January 2027 from item 2 of", "What did it grow out of?"),
    }
    for address, texts in said.items():
        page = text_of(english.get(address)).replace("\u00a0", " ")
        for text in texts:
            assert text in page, (address, text)
    with time_machine.travel(world.at(DAY), tick=False):
        page = text_of(english.get(url(draft.plan, "plan"))).replace("\u00a0", " ")
    assert "Carried over 1 January 2027 to Rådet Midt" in page
    assert "Ended 1 January 2027: Pengene er brugt." in page


@pytest.mark.parametrize("size", [8, 200])
def test_the_wizard_takes_at_most_twelve_queries_whatever_its_size(
    client: Client, size: int, django_assert_max_num_queries: Any
) -> None:
    plan = large_plan(items=size)
    world.area("000", "Hele landet", "country")
    plan.body.area = world.area("082", "Midtjylland", "region")
    plan.body.save()
    secretary = world.user()
    world.member(secretary, plan.body)
    client.force_login(secretary)
    council = world.body("Rådet", valid_from=DAY)
    BodySuccession.objects.create(predecessor=plan.body, successor=council, on=DAY)
    draft = start_carry_over(plan=plan, on=DAY, by=None)
    with django_assert_max_num_queries(12):
        assert client.get(url(plan)).status_code == 200
    choose_for_rest(carry_over=draft, body=council, by=None)
    with django_assert_max_num_queries(12):
        assert client.get(url(plan)).status_code == 200
    with django_assert_max_num_queries(13):
        assert client.get(url(plan, "carry_over_summary")).status_code == 200


@pytest.mark.slow
def test_the_demos_chain_leads_to_the_councils_of_the_region(client: Client) -> None:
    call_command("load_demo", verbosity=0)
    plan = Plan.objects.get(slug="handleplan-genindlaeggelser-2020")
    assert usual_day(plan) == DAY
    names = [body.name for body in takers(plan, DAY, []).first]
    assert len(names) == 5
    assert all(name.startswith("Sundhedsråd") for name in names)
