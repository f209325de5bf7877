"""What changed since last meeting: the sides, the answer, the lines, and that nothing is guessed from later rows."""

from __future__ import annotations

import html
import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from indicators.actions.assessments import assess
from initiatives.actions.plans import close
from initiatives.actions.status import StatusDraft, keep_status, record_status
from initiatives.models import ActionItem, DelayCause, Plan, Snapshot, StatusUpdate
from initiatives.presenters.changes import changes_page
from initiatives.presenters.plans import plan_summary
from tests import factories as make
from tests.initiatives import small_world as world
from tests.initiatives.changes_world import freeze, freeze_light
from tests.initiatives.large_plan import large_plan

pytestmark = pytest.mark.django_db
MEETING, LATER, TODAY = date(2026, 9, 3), date(2026, 9, 20), date(2026, 10, 1)


@pytest.fixture(autouse=True)
def _then() -> Any:
    """Everything below happens on the day of the meeting, until a test says otherwise."""
    with time_machine.travel(world.at(MEETING, 9), tick=False):
        yield


@pytest.fixture
def cause() -> DelayCause:
    return DelayCause.objects.create(code="it", name="It", name_en="IT")


@pytest.fixture
def plan() -> Plan:
    return world.plan(world.body("Udvalget"), as_of=date(2026, 1, 1))


def tell(item: ActionItem, state: str, text: str = "Ord.", *, on: datetime | None = None, **draft: Any) -> StatusUpdate:
    with time_machine.travel(on or world.at(MEETING, 9), tick=False):
        words = StatusDraft(state=state, text=text, **draft)
        opened_on = item.statuses.count()
        return record_status(
            item=item, draft=words, opened_on=opened_on, as_of=(on or world.at(MEETING)).date(), by=None
        )


def page_of(client: Client, plan: Plan, language: str = "en", status: int = 200, **sides: str) -> str:
    client.cookies["sprog"] = language
    with time_machine.travel(world.at(TODAY), tick=False):
        answer = client.get(reverse("plan_changes", args=[plan.slug]), sides)
    assert answer.status_code == status
    text = re.sub(r"<[^>]+>", " ", answer.content.decode().split("<main")[1])
    return re.sub(r"\s+", " ", html.unescape(text))


def story(plan: Plan, cause: DelayCause) -> Snapshot:
    """Eight items frozen at a meeting, and what was written about them afterwards."""
    items = [world.item(plan, state=None, title=f"Punkt {n}") for n in range(1, 9)]
    for n, item in enumerate(items, start=1):
        tell(
            item,
            "planned",
            "Planlagt." if n != 6 else "Aftalen er godkendt i region og kommuner.",
            due="2. kvartal 2026",
        )
    tell(items[2], "postponed", due="4. kvartal 2026", cause=cause)
    snapshot = freeze(plan, MEETING)
    after = world.at(LATER)
    tell(items[0], "in_progress", "Vi er i gang.", on=after)
    tell(items[1], "in_progress", on=after)
    tell(items[2], "postponed", due="2. kvartal 2027", cause=cause, on=after)
    tell(items[5], "planned", "Aftalen er godkendt i alle kommuner.", on=after)
    with time_machine.travel(after, tick=False):
        keep_status(item=items[6], opened_on=1, as_of=LATER, by=None)
        close(thing=items[7], reason="Regionen overtog det.", on=LATER, by=None)
    return snapshot


def test_the_answer_comes_first_and_counts_what_happened(client: Client, plan: Plan, cause: DelayCause) -> None:
    story(plan, cause)
    page = page_of(client, plan)
    assert (
        "Since the meeting 3 September 2026: two items have got under way, one is postponed for the second time, "
        "one is taken out of the plan and two are not updated."
    ) in page.replace("\u00a0", " ")
    assert "One item has a new answer and stands as before." in page


def test_items_stand_under_what_is_most_pressing_each_once(plan: Plan, cause: DelayCause) -> None:
    story(plan, cause)
    page = changes_page(plan, "", "", today=TODAY)
    assert [(group.code, [line.number for line in group.lines]) for group in page.groups] == [
        ("postponed", [3]),
        ("gone", [8]),
        ("not_updated", [4, 5]),
        ("started", [1, 2]),
        ("reworded", [6]),
    ]
    lines = {line.number: line for group in page.groups for line in group.lines}
    assert any(
        re.search(r"til 2.\s*kvartal 2027 \(2\s*kvartaler\)", fact) or "Q2 2027" in fact for fact in lines[3].facts
    )
    assert lines[8].facts == ("Regionen overtog det.",)
    assert lines[1].was is not None
    assert [piece.kind for piece in lines[6].diff] == ["same", "removed", "added", "same"]
    assert 7 not in lines  # answered, and as before


def test_new_words_are_marked_for_eye_and_ear(client: Client, plan: Plan, cause: DelayCause) -> None:
    story(plan, cause)
    with time_machine.travel(world.at(TODAY), tick=False):
        markup = client.get(reverse("plan_changes", args=[plan.slug])).content.decode()
    assert "<del><span" in markup
    assert "<ins><span" in markup
    assert re.search(r"<del>.*fjernet|<del>.*removed", markup)


def test_two_frozen_versions_are_compared_whatever_was_written_later(plan: Plan, cause: DelayCause) -> None:
    first = story(plan, cause)
    with time_machine.travel(world.at(LATER, 12), tick=False):
        second = freeze(plan, LATER)
    item = plan.items.get(number=4)
    tell(item, "completed", "Færdigt.", on=world.at(date(2026, 9, 25)))
    page = changes_page(plan, f"v{first.pk}", f"v{second.pk}", today=TODAY)
    assert 4 in [line.number for group in page.groups if group.code == "not_updated" for line in group.lines]
    # Asked for the other way round it is the same comparison.
    turned = changes_page(plan, f"v{second.pk}", f"v{first.pk}", today=TODAY)
    assert turned.groups == page.groups
    # The usual earlier side is the newest version.
    assert "20" in changes_page(plan, "", "", today=TODAY).lead


def test_a_day_knows_what_was_recorded_by_its_end_in_denmark_and_nothing_later(plan: Plan) -> None:
    item = world.item(plan, state=None)
    tell(item, "planned", on=world.at(MEETING, 9))
    tell(item, "in_progress", on=world.at(LATER, 23, 59))  # 21:59 UTC
    tell(item, "completed", on=world.at(date(2026, 9, 21), 0, 1))  # still the 20th in UTC
    page = changes_page(plan, MEETING.isoformat(), LATER.isoformat(), today=TODAY)
    assert [group.code for group in page.groups] == ["started"]
    page = changes_page(plan, LATER.isoformat(), "2026-09-21", today=TODAY)
    assert [group.code for group in page.groups] == ["finished"]
    # Before anything was written the item itself is not there: its row is of the day of the meeting.
    page = changes_page(plan, "2026-09-02", MEETING.isoformat(), today=TODAY)
    assert [group.code for group in page.groups] == ["new_item"]


def test_postponements_are_counted_as_of_the_day(plan: Plan, cause: DelayCause) -> None:
    item = world.item(plan, state=None)
    tell(item, "planned", due="1. kvartal 2027")
    tell(item, "postponed", due="2. kvartal 2027", cause=cause, on=world.at(LATER))
    tell(item, "postponed", due="3. kvartal 2027", cause=cause, on=world.at(date(2026, 9, 25)))
    first = changes_page(plan, MEETING.isoformat(), LATER.isoformat(), today=TODAY)
    assert not any("2." in fact and "gang" in fact for fact in first.groups[0].lines[0].facts)
    assert item.postponements.count() == 2
    assert [group.code for group in first.groups] == ["postponed"]


def test_owners_are_unknown_on_a_day_nobody_froze_and_the_page_says_so(plan: Plan) -> None:
    owner = world.body("Klyngen")
    item = world.item(plan, state=None, owners=(owner,))
    tell(item, "planned")
    snapshot = freeze(plan, MEETING)
    item.anchorings.update(body=world.body("Rådet"))
    tell(item, "planned", on=world.at(LATER))
    assert [group.code for group in changes_page(plan, f"v{snapshot.pk}", "nu", today=TODAY).groups] == ["other_owners"]
    page = changes_page(plan, MEETING.isoformat(), LATER.isoformat(), today=TODAY)
    assert page.groups == ()
    assert page.notes


def test_milestones_reached_are_told_once(plan: Plan) -> None:
    item = world.item(plan, state=None)
    tell(item, "in_progress")
    day = date(2026, 9, 15)
    item.milestones.create(title="Model godkendt", precision="day", first_day=day, last_day=day, reached_on=day)
    page = changes_page(plan, MEETING.isoformat(), LATER.isoformat(), today=TODAY)
    (line,) = page.groups[0].lines
    assert any("Model godkendt" in fact for fact in line.facts)
    again = changes_page(plan, LATER.isoformat(), "nu", today=TODAY)
    assert not any("Model godkendt" in fact for fact in again.groups[0].lines[0].facts)


def test_nothing_to_compare_with_says_why(client: Client, plan: Plan) -> None:
    tell(world.item(plan, state=None), "planned")
    page = page_of(client, plan)
    assert "There is nothing to compare with yet." in page
    assert "No meeting has been frozen, and statuses have been written on one day at most." in page
    short = plan_summary(plan, today=TODAY).changes
    assert short is not None
    assert (short.lead, short.lines, bool(short.blank)) == ("", (), True)


def test_without_a_frozen_version_the_last_status_day_but_one_is_the_earlier_side(client: Client, plan: Plan) -> None:
    item = world.item(plan, state=None)
    tell(item, "planned")
    tell(item, "in_progress", on=world.at(LATER))
    assert "Since 3 September 2026: one item has got under way." in page_of(client, plan).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("sides", "said"),
    [
        ({"fra": "v999999"}, "The plan has no such frozen version."),
        ({"fra": "vx"}, "The plan has no such frozen version."),
        ({"fra": "i går"}, "»i går« is no day."),
        ({"fra": "2026-02-31"}, "»2026-02-31« is no day."),
        ({"til": "2026-10-02"}, "has not come yet."),
        ({"fra": "2026-09-03", "fra_dag": "2031-01-01"}, "has not come yet."),
    ],
)
def test_a_side_that_cannot_be_read_is_one_clear_message(
    client: Client, plan: Plan, sides: dict[str, str], said: str
) -> None:
    page = page_of(client, plan, status=422, **sides)
    assert said in page
    assert "There is nothing to compare" not in page


def test_another_plans_version_is_none_of_this_plan(client: Client, plan: Plan) -> None:
    other = freeze(world.plan(world.body("Andre")), MEETING)
    page_of(client, plan, status=422, fra=f"v{other.pk}")


# --- Lights -----------------------------------------------------------------------------------------------------------


def figures(plan: Plan) -> tuple[Any, Any, Snapshot]:
    """An indicator at 12 against 10 for the country: red today."""
    indicator, region = make.make_indicator(), make.make_area("082", "region")
    for area, value in ((make.make_area(), "10"), (region, "12")):
        make.make_observation(indicator, area, value)
    assess(indicator_ids=[indicator.pk])
    tell(world.item(plan, state=None), "planned")
    return indicator, region, freeze(plan, MEETING)


def test_a_light_that_turned_is_told_with_both_editions(client: Client, plan: Plan) -> None:
    indicator, region, snapshot = figures(plan)
    freeze_light(snapshot, indicator, region, level_light="green")
    page = page_of(client, plan)
    assert "1 of the 1 lights that can be compared has turned." in page
    assert re.search(r"Better than the country.*→.*Worse than the country", page)
    assert "Udgaven fra 2023 → Udgave nationale-maal-2024" in page


def test_a_light_that_was_not_there_has_not_turned(client: Client, plan: Plan) -> None:
    indicator, region, snapshot = figures(plan)
    freeze_light(snapshot, indicator, region, level_light="", level_reason="suppressed")
    page = page_of(client, plan)
    assert "No light can be compared." in page
    assert "The figure is withheld because it builds on too few people." in page


def test_days_that_were_not_frozen_have_no_lights(client: Client, plan: Plan) -> None:
    indicator, region, snapshot = figures(plan)
    freeze_light(snapshot, indicator, region, level_light="green")
    for sides in ({"fra": MEETING.isoformat()}, {"fra": f"v{snapshot.pk}", "til": LATER.isoformat()}):
        page = page_of(client, plan, **sides)
        assert "Lights are kept in frozen versions only." in page
        assert "can be compared has turned" not in page


# --- Short form and cost ----------------------------------------------------------------------------------------------


def test_the_short_form_tells_the_same_and_leaves_silence_to_the_page(
    plan: Plan, cause: DelayCause, django_assert_num_queries: Any
) -> None:
    story(plan, cause)
    found = Plan.objects.select_related("kind", "body").get(pk=plan.pk)
    with django_assert_num_queries(5):
        summary = plan_summary(found, today=TODAY).changes
    assert summary is not None
    assert [line.number for line in summary.lines] == [3, 8, 1, 2, 6]
    assert summary.more == 0
    assert summary.url == reverse("plan_changes", args=[plan.slug])
    assert summary.lead == changes_page(plan, "", "", today=TODAY).lead


def test_a_plan_frozen_for_a_meeting_to_come_is_compared_with_the_one_before(plan: Plan, cause: DelayCause) -> None:
    story(plan, cause)
    freeze(plan, TODAY + timedelta(days=14))
    summary = plan_summary(plan, today=TODAY).changes
    assert summary is not None
    assert "3\u00a0September 2026" in summary.lead


@pytest.mark.slow
@pytest.mark.parametrize("size", [1, 200])
def test_a_page_takes_at_most_twelve_queries_whatever_its_size(
    client: Client, size: int, django_assert_max_num_queries: Any
) -> None:
    plan = large_plan(items=size)
    indicators = [make.make_indicator(f"i-{n}") for n in range(3)]
    snapshot = freeze(plan, MEETING)
    region = make.make_area("082", "region")
    for indicator in indicators:
        make.make_observation(indicator, region, "12")
        freeze_light(snapshot, indicator, region, level_light="green")
    assess(indicator_ids=[indicator.pk for indicator in indicators])
    for who in (None, world.user()):
        if who:
            client.force_login(who)
        with time_machine.travel(world.at(TODAY), tick=False), django_assert_max_num_queries(12):
            answer = client.get(reverse("plan_changes", args=[plan.slug]), {"omraade": "082"})
        assert answer.status_code == 200
