"""Freezing: what is copied, when it is refused, and two people at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from indicators.models import Area, AreaMembership, Assessment, Edition, Observation
from initiatives.actions.freezing import ApprovalConflict, FreezeConflict, approve, freeze
from initiatives.actions.frozen_content import gather, total_slip
from initiatives.actions.links import add_link
from initiatives.actions.plans import close, update_item, update_plan
from initiatives.actions.status import StatusDraft, keep_status, record_status
from initiatives.calculations import frozen_record
from initiatives.calculations.delays import Move
from initiatives.models import (
    Approval,
    Body,
    Decision,
    Plan,
    Snapshot,
    SnapshotItem,
    SnapshotLight,
    Track,
)
from initiatives.models.snapshots import FROZEN
from initiatives.presenters.snapshots import check_hash
from tests.factories import make_source
from tests.initiatives import small_world as world
from tests.initiatives.frozen_world import DAY, Frozen, frozen_world, meeting_of
from tests.initiatives.large_plan import large_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def there() -> Frozen:
    return frozen_world()


def freeze_now(there: Frozen, version: int = 1, note: str = "", **more: Any) -> Snapshot:
    facts = {"meeting": there.meeting, "plan": there.plan, "by": there.secretary, **more}
    return freeze(expected_version=version, note=note, **facts)


def stored() -> dict[str, list[dict[str, Any]]]:
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in FROZEN}


# --- What is copied ---------------------------------------------------------------------------------------------------


def test_the_words_around_the_items(there: Frozen) -> None:
    snapshot = Snapshot.objects.get(pk=freeze_now(there).pk)
    assert (snapshot.version, snapshot.note, snapshot.schema) == (1, "", 1)
    assert (snapshot.plan_title, snapshot.plan_kind, snapshot.plan_as_of) == (there.plan.title, "Handleplan", DAY)
    assert (snapshot.item_name, snapshot.item_name_plural) == ("punkt", "punkter")
    assert (snapshot.body_name, snapshot.area_code, snapshot.area_name) == ("Samarbejdsudvalget", "082", "Midtjylland")
    assert (snapshot.meeting_day, snapshot.case_number) == (DAY, "24/1234")
    assert (snapshot.by, snapshot.by_name) == (there.secretary, "sekretaer")
    assert snapshot.description == "Planen samler indsatserne."
    assert (snapshot.approved_by, snapshot.approved_at) == ("", None)
    assert timezone.now() - snapshot.frozen_at < timedelta(minutes=1)


def test_an_item_that_was_moved_twice(there: Frozen) -> None:
    row = freeze_now(there).items.get(key=there.moved.key)
    assert (row.position, row.number, row.title) == (1, 1, "Fælles akutteams i alle klynger?")
    assert (row.track_number, row.track_title, row.sub_title) == ("1", "Spor", "")
    assert row.owners == ["Midtklyngen", "Samarbejdsudvalget"]
    assert (row.state, row.undated, row.words, row.status_sequence) == ("postponed", False, "Udsat igen.", 2)
    assert (row.status_as_of, row.written_by, row.on_behalf_of) == (DAY, "sekretaer", "")
    assert row.due == ["4. kvartal 2021", "quarter", "2021-10-01", "2021-12-31"]
    assert row.promised == [["2. kvartal 2020", "quarter", "2020-04-01", "2020-06-30"]]
    assert (row.cause_code, row.cause_name) == ("covid_19", "COVID-19")
    assert (row.times_postponed, row.slip) == (2, 6)
    assert row.milestones == [
        {
            "title": "Aftalen er underskrevet",
            "words": "1. kvartal 2021",
            "precision": "quarter",
            "first": "2021-01-01",
            "last": "2021-03-31",
            "reached_on": None,
            "body": "Midtklyngen",
        }
    ]
    assert row.decision == "Udvalget tog det til efterretning."
    assert (row.links, row.link_names) == (["genindlaeggelser"], ["Akutte genindlæggelser"])


def test_an_item_on_hold_under_a_sub_heading_and_one_without_a_status(there: Frozen) -> None:
    snapshot = freeze_now(there)
    paused, silent = snapshot.items.get(key=there.paused.key), snapshot.items.get(key=there.silent.key)
    assert (paused.track_title, paused.sub_title) == ("Spor", "Underspor")
    assert (paused.state, paused.undated, paused.unchanged, paused.due) == ("on_hold", True, True, None)
    assert [row[0] for row in paused.since] == ["marts 2020"]
    assert paused.on_behalf_of == "Midtklyngen"
    assert paused.links == ["nationale-maal/1"]
    assert paused.link_names == [there.denmark.stays.goal.name]
    assert (paused.times_postponed, paused.slip, paused.decision) == (1, None, "")
    assert (silent.state, silent.words, silent.status_sequence, silent.status_as_of) == ("", "", 0, None)
    assert (silent.times_postponed, silent.slip, silent.owners, silent.links) == (0, 0, [], [])


def test_the_order_is_that_of_the_plans_page_and_what_is_closed_is_left_out(there: Frozen) -> None:
    titles = list(freeze_now(there).items.order_by("position").values_list("title", flat=True))
    assert titles == ["Fælles akutteams i alle klynger?", "Ingen har skrevet", "Etik og data"]
    Track.objects.filter(plan=there.plan, parent=None).update(closed_on=DAY)
    with pytest.raises(ValidationError, match=r"no items|ingen punkter"):
        freeze_now(there, version=2, note="Uden spor.")


def test_lights_of_the_country_the_bodys_area_and_the_areas_that_were_in_it(there: Frozen) -> None:
    rows = list(freeze_now(there).lights.order_by("position"))
    assert [row.position for row in rows] == list(range(1, 11))
    # The two indicators of the goal; Nordjylland is outside the body's area, and the cluster has no figures of its own.
    assert [row.area_code for row in rows] == ["000", "082", "740", "779", "791"] * 2
    assert [row.indicator_code for row in rows] == ["genindlaeggelser"] * 5 + ["sygehusophold"] * 5
    viborg = rows[4]
    figure = Observation.objects.get(indicator=there.denmark.readmissions, area__code="791")
    sums = Assessment.objects.get(observation=figure)
    assert (viborg.value, viborg.period, viborg.decimals, viborg.unit) == (Decimal("13.3"), "2023", 1, "pct.")
    assert (viborg.goal_number, viborg.goal_name) == ("1", there.denmark.readmissions.goal.name)
    assert (viborg.level_light, viborg.level_reason, viborg.level_said) == ("red", "", "")
    assert (viborg.development_light, viborg.development_reason) == ("", "previous_missing")
    assert viborg.development_said == "Vi har intet tal for 2022 at sammenligne med."
    assert (viborg.edition_slug, viborg.edition_title) == (figure.edition.slug, figure.edition.title)
    assert (viborg.edition_fingerprint, viborg.rule_version) == (figure.edition.fingerprint, sums.rule_version)
    assert rows[0].level_reason == "is_comparator"


def test_only_areas_that_were_inside_on_the_day_of_the_meeting(there: Frozen) -> None:
    """A municipality that has left, one that is still to come, and one that no longer exists."""
    inside = AreaMembership.objects.filter(container=there.denmark.region)
    inside.filter(member__code="740").update(valid_to=date(2023, 11, 6))
    inside.filter(member__code="779").update(valid_from=date(2023, 11, 8))
    codes = set(freeze_now(there).lights.values_list("area_code", flat=True))
    assert codes == {"000", "082", "791"}
    Area.objects.filter(code="791").update(valid_to=date(2023, 11, 6))
    assert set(freeze_now(there, 2, "Rettet.").lights.values_list("area_code", flat=True)) == {"000", "082"}


def test_a_withheld_figure_keeps_its_reason_and_a_body_without_an_area_sees_the_country(there: Frozen) -> None:
    Assessment.objects.all().delete()
    Observation.objects.filter(indicator=there.denmark.readmissions, area__code="000").update(
        value=None, flag="suppressed", reason="For få personer.", published_development="green"
    )
    Body.objects.filter(pk=there.body.pk).update(area=None)
    [row, other] = freeze_now(there).lights.order_by("position")
    assert (row.area_code, row.value, row.flag, row.reason) == ("000", None, "suppressed", "For få personer.")
    assert (row.level_light, row.level_reason, row.level_said) == ("", "no_number", "For få personer.")
    assert (row.development_published, row.level_published, row.rule_version) == ("green", "", "")
    assert other.level_reason == "superseded"


def test_links_that_were_removed_and_links_of_closed_items_bring_no_figures(there: Frozen) -> None:
    there.moved.contributions.update(removed_at=timezone.now())
    there.paused.contributions.update(removed_at=timezone.now())
    add_link(
        thing=there.plan.items.get(title="Lukket punkt"),
        target=there.denmark.stays,
        reason="Fordi.",
        by=there.secretary,
    )
    snapshot = freeze_now(there)
    assert snapshot.lights.count() == 0
    assert check_hash(snapshot)


@pytest.mark.parametrize(
    ("ends", "slip"),
    [
        ([], 0),
        ([("2020-06-30", "2021-06-30")], 4),
        ([("2020-06-30", "2021-06-30"), ("2021-06-30", "2021-12-31")], 6),
        ([("2020-06-30", None)], None),
        ([("2020-06-30", "2021-06-30"), ("2021-06-30", None)], None),
        ([("2020-06-30", None), (None, "2021-12-31")], 6),
        ([(None, "2021-12-31")], None),
    ],
)
def test_how_far_it_was_moved_in_all(ends: list[tuple[str | None, str | None]], slip: int | None) -> None:
    def day(text: str | None) -> date | None:
        return date.fromisoformat(text) if text else None

    assert total_slip(Move("punkt", day(begin), day(end)) for begin, end in ends) == slip


# --- The checksum -----------------------------------------------------------------------------------------------------


def test_the_checksum_is_that_of_the_stored_rows(there: Frozen) -> None:
    snapshot = Snapshot.objects.get(pk=freeze_now(there).pk)
    assert len(snapshot.content_hash) == 64
    assert check_hash(snapshot)
    for zone, language in (("Pacific/Auckland", "en"), ("America/New_York", "da")):
        with timezone.override(zone), translation.override(language):
            assert check_hash(Snapshot.objects.get(pk=snapshot.pk))


def test_what_is_frozen_is_the_same_in_every_language_and_time_zone(there: Frozen) -> None:
    first = gather(there.meeting, there.plan).fingerprint
    with timezone.override("Pacific/Auckland"), translation.override("en"):
        assert gather(there.meeting, there.plan).fingerprint == first


def test_it_is_the_same_on_every_database(there: Frozen) -> None:
    """One number for both: the suite runs on SQLite and on PostgreSQL."""
    Plan.objects.filter(pk=there.plan.pk).update(title="Handleplan")
    Edition.objects.update(title="Udgave", fingerprint="f" * 64)
    there.plan.refresh_from_db()
    assert gather(there.meeting, there.plan).fingerprint == ONE_FINGERPRINT


ONE_FINGERPRINT = "25d35e4a80b3a6ab9263f586829d42873da86ef47d63c4c177c9df3c76cdfa11"


@pytest.mark.parametrize("place", ["snapshot", "item", "light", "one item less", "one light less"])
def test_any_change_of_the_rows_breaks_it(there: Frozen, place: str) -> None:
    snapshot = freeze_now(there)
    items, lights = list(snapshot.items.all()), list(snapshot.lights.all())
    assert check_hash(snapshot, items, lights)
    if place == "snapshot":
        snapshot.case_number = "24/1235"
    elif place == "item":
        items[1].owners = [*items[1].owners, "En til"]
    elif place == "light":
        lights[3].value = Decimal("13.300001")
    elif place == "one item less":
        items.pop()
    else:
        lights.pop()
    assert not check_hash(snapshot, items, lights)


def test_every_column_is_under_the_checksum_or_left_out_on_purpose() -> None:
    covered = {
        Snapshot: {*frozen_record.SNAPSHOT, *frozen_record.OF_THE_MOMENT},
        SnapshotItem: set(frozen_record.ITEM),
        SnapshotLight: set(frozen_record.LIGHT),
    }
    left_out = {
        Snapshot: {"id", "meeting", "plan", "by", "content_hash"},
        SnapshotItem: {"id", "snapshot"},
        SnapshotLight: {"id", "snapshot"},
    }
    for model, names in covered.items():
        assert {field.name for field in model._meta.fields} == names | left_out[model], model


def test_a_schema_this_program_does_not_know_is_not_checked_with_another(there: Frozen) -> None:
    snapshot = freeze_now(there)
    snapshot.schema = 2
    with pytest.raises(frozen_record.UnknownSchemaError):
        check_hash(snapshot)


# --- Nothing reaches it afterwards ------------------------------------------------------------------------------------


def test_no_edit_rename_or_new_figure_changes_a_frozen_row(there: Frozen) -> None:
    snapshot = freeze_now(there)
    before = stored()
    update_item(item=there.moved, by=there.secretary, today=DAY, title="Et nyt navn", content="Andet indhold")
    update_plan(plan=there.plan, by=there.secretary, title="En anden plan")
    record_status(
        item=there.silent,
        draft=StatusDraft(state="in_progress", text="Nu er vi i gang."),
        opened_on=0,
        as_of=DAY,
        by=there.secretary,
    )
    for thing, name in ((there.body, "Et andet udvalg"), (there.secretary, "Et andet navn")):
        thing.name = name
        thing.save()
    Decision.objects.update(text="Noget andet.")
    Observation.objects.update(value=Decimal("99"))
    Edition.objects.update(title="En anden udgave")
    close(thing=there.plan, reason="Slut.", on=DAY, by=there.secretary)
    assert stored() == before
    assert check_hash(Snapshot.objects.get(pk=snapshot.pk))


# --- Versions ---------------------------------------------------------------------------------------------------------


def test_a_correction_is_the_next_version_and_says_what_it_corrects(there: Frozen) -> None:
    first = freeze_now(there)
    before = stored()
    for note in ("", "   "):
        with pytest.raises(ValidationError) as refused:
            freeze_now(there, 2, note)
        assert refused.value.message_dict.keys() == {"note"}
    assert stored() == before
    second = freeze_now(there, 2, " Forkert dato på punkt 1. ")
    assert (second.version, second.note) == (2, "Forkert dato på punkt 1.")
    assert Snapshot.objects.get(pk=first.pk).content_hash == first.content_hash
    assert second.content_hash != first.content_hash
    other = meeting_of(there.body, date(2024, 2, 6))
    assert freeze_now(there, 1, meeting=other).version == 1


@pytest.mark.parametrize("expected", [1, 3])
def test_whoever_opened_the_form_on_another_version_is_told(there: Frozen, expected: int) -> None:
    first = freeze_now(there)
    before = stored()
    with pytest.raises(FreezeConflict) as conflict:
        freeze_now(there, expected, "Min rettelse.")
    assert conflict.value.current == first
    assert stored() == before


def test_a_version_that_was_never_there_is_refused(there: Frozen) -> None:
    with pytest.raises(ValidationError, match=r"is gone|er væk"):
        freeze_now(there, 2, "Rettet.")
    assert not Snapshot.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_freeze_at_the_same_instant() -> None:
    there = frozen_world()
    outcomes = at_once(lambda: freeze_now(there).version, FreezeConflict)
    assert sorted(outcomes) == ["1", "told"]
    snapshot = Snapshot.objects.get()
    assert (snapshot.items.count(), snapshot.lights.count()) == (3, 10)
    assert check_hash(snapshot)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_never_saw_each_others_lock_meet_the_unique_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the lock, and with the other's version stored between our look and our writing."""
    there = frozen_world()
    monkeypatch.setattr("initiatives.actions.freezing._lock", lambda meeting, plan: (meeting, plan))
    outcomes: list[str] = []

    def other() -> None:
        outcomes.append(freeze_now(there, note="den andens").note)
        connection.close()

    def late(meeting: Any, plan: Any) -> Any:
        content = gather(meeting, plan)
        if threading.current_thread() is threading.main_thread():
            thread = threading.Thread(target=other)
            thread.start()
            thread.join(30)
        return content

    monkeypatch.setattr("initiatives.actions.freezing.gather", late)
    with pytest.raises(FreezeConflict) as conflict:
        freeze_now(there, note="min")
    assert conflict.value.current.note == "den andens"
    assert outcomes == [snapshot.note for snapshot in Snapshot.objects.all()] == ["den andens"]
    assert SnapshotItem.objects.count() == 3


def at_once(deed: Callable[[], Any], conflict: type[Exception]) -> list[str]:
    start, outcomes = threading.Barrier(2), []

    def run() -> None:
        try:
            start.wait(10)
            outcomes.append(str(deed()))
        except conflict:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return outcomes


# --- When it is refused -----------------------------------------------------------------------------------------------


def test_nothing_is_frozen_for_a_cancelled_meeting_a_closed_plan_or_another_bodys_plan(there: Frozen) -> None:
    foreign = world.plan(world.body("Et andet udvalg"))
    world.item(foreign)
    with pytest.raises(ValidationError, match="Et andet udvalg"):
        freeze_now(there, plan=foreign)
    with pytest.raises(ValidationError, match="Et andet udvalg"):
        approve(meeting=there.meeting, plan=foreign, by=there.chair)
    close(thing=there.plan, reason="Slut.", on=DAY, by=there.secretary)
    with pytest.raises(ValidationError, match=r"lukket|closed"):
        freeze_now(there)
    Plan.objects.filter(pk=there.plan.pk).update(closed_on=None)
    there.meeting.cancelled_on, there.meeting.cancelled_reason = DAY, "Sygdom."
    there.meeting.save()
    with pytest.raises(ValidationError, match=r"aflyst|cancelled"):
        freeze_now(there)
    with pytest.raises(ValidationError, match=r"aflyst|cancelled"):
        approve(meeting=there.meeting, plan=there.plan, by=there.chair)
    assert not Snapshot.objects.exists()
    assert not Approval.objects.exists()


def test_a_note_with_a_cpr_number_is_refused_before_anything_else(there: Frozen) -> None:
    freeze_now(there)
    with pytest.raises(ValidationError) as refused:
        freeze_now(there, 2, "Fjernet 010190-1234 fra punkt 1.")
    assert refused.value.message_dict.keys() == {"note"}
    assert "010190" not in str(refused.value)
    assert Snapshot.objects.count() == 1


# --- The chair --------------------------------------------------------------------------------------------------------


def test_a_body_whose_chair_approves_freezes_only_what_was_approved() -> None:
    there = frozen_world(needs_approval=True)
    with pytest.raises(ValidationError, match=r"Formanden|chair"):
        freeze_now(there)
    approval = approve(meeting=there.meeting, plan=there.plan, by=there.chair)
    keep_status(item=there.moved, opened_on=2, as_of=DAY, by=there.secretary)
    with pytest.raises(ValidationError, match=r"Formanden|chair"):
        freeze_now(there)
    again = approve(meeting=there.meeting, plan=there.plan, by=there.chair)
    assert again.fingerprint != approval.fingerprint
    snapshot = freeze_now(there)
    assert (snapshot.approved_by, snapshot.approved_at) == ("formand", again.approved_at)
    assert check_hash(Snapshot.objects.get(pk=snapshot.pk))


def test_approving_what_is_approved_already_changes_nothing() -> None:
    there = frozen_world(needs_approval=True)
    first = approve(meeting=there.meeting, plan=there.plan, by=there.chair)
    second_chair = world.user()
    again = approve(meeting=there.meeting, plan=there.plan, by=second_chair)
    assert (again.pk, again.by, again.approved_at) == (first.pk, there.chair, first.approved_at)
    assert Approval.objects.count() == 1


def test_a_decision_made_afterwards_needs_no_new_approval_but_new_figures_do() -> None:
    there = frozen_world(needs_approval=True)
    approve(meeting=there.meeting, plan=there.plan, by=there.chair)
    Decision.objects.create(meeting=there.meeting, item=there.paused, text="Udskydes.", recorded_at=timezone.now())
    assert freeze_now(there).items.get(key=there.paused.key).decision == "Udskydes."
    Observation.objects.filter(area__code="791").update(value=Decimal("1"))
    with pytest.raises(ValidationError, match=r"Formanden|chair"):
        freeze_now(there, 2, "Nye tal.")


def test_a_chair_never_approves_what_they_have_not_read() -> None:
    there = frozen_world(needs_approval=True)
    seen = gather(there.meeting, there.plan).fingerprint
    keep_status(item=there.moved, opened_on=2, as_of=DAY, by=there.secretary)
    with pytest.raises(ApprovalConflict):
        approve(meeting=there.meeting, plan=there.plan, by=there.chair, seen=seen)
    assert not Approval.objects.exists()
    now = gather(there.meeting, there.plan).fingerprint
    assert approve(meeting=there.meeting, plan=there.plan, by=there.chair, seen=now).fingerprint == now


# --- How fast ---------------------------------------------------------------------------------------------------------


def test_as_many_questions_for_two_hundred_items_as_for_three(there: Frozen) -> None:
    plans = Plan.objects.select_related("kind", "body__area", "agreement")
    few = plans.get(pk=there.plan.pk)
    with CaptureQueriesContext(connection) as small:
        gather(there.meeting, few)
    plan = large_plan()
    for item in plan.items.all()[:40]:
        add_link(thing=item, target=there.denmark.stays, reason="Fordi.", by=None)
    plan.body.area = there.denmark.region
    plan.body.save()
    meeting, many = meeting_of(plan.body), plans.get(pk=plan.pk)
    with CaptureQueriesContext(connection) as large:
        content = gather(meeting, many)
    assert (len(content.items), len(content.lights)) == (200, 5)
    assert len(large) == len(small) == 12


@pytest.mark.slow
def test_two_hundred_items_and_fifteen_hundred_lights_in_a_fixed_number_of_questions() -> None:
    """The seconds are measured by `make bench`."""
    plan, country = large_plan(), world.area("000", "Hele landet", "country")
    wide = world.area("stort", "Stort område", "region")
    places = [world.area(f"k{n:02}", f"Kommune {n}", inside=wide) for n in range(98)]
    edition = Edition.objects.create(
        source=make_source(), slug="udgave", title="Udgave", fingerprint="f" * 64, received_at=timezone.now()
    )
    indicators = [world.indicator(f"indikator-{n}") for n in range(15)]
    rows = Observation.objects.bulk_create(
        Observation(
            indicator=indicator,
            area=place,
            period="2023",
            period_start=date(2023, 1, 1),
            period_end=date(2023, 12, 31),
            value=Decimal(n),
            edition=edition,
        )
        for indicator in indicators
        for n, place in enumerate([country, wide, *places])
    )
    Assessment.objects.bulk_create(
        Assessment(observation=row, level_light="red", development_reason="previous_missing", rule_version="2024.1")
        for row in rows
    )
    for n, item in enumerate(plan.items.all()):
        item.contributions.create(indicator=indicators[n % 15], reason="Fordi.", created_at=timezone.now())
    plan.body.area = wide
    plan.body.save()
    meeting = meeting_of(plan.body)
    with CaptureQueriesContext(connection) as asked:
        snapshot = freeze(meeting=meeting, plan=plan, by=None, expected_version=1)
    assert (snapshot.items.count(), snapshot.lights.count()) == (200, 1500)
    # SQLite takes so many values in a statement, so the 1,500 rows of lights are written in several.
    # On SQLite a statement holds 999 values, so rows are written some forty at a time: 48 of these are INSERTs.
    assert len(asked) <= 80
