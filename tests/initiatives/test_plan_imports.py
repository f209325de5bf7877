"""A plan from a file: started, corrected, confirmed once and whole, and matched with the plan it is a newer version of."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from initiatives.actions.plan_imports import (
    ImportConflict,
    ImportFinished,
    confirm_import,
    correct_import,
    discard_import,
)
from initiatives.actions.plans import add_item, add_track, close, create_plan, update_item
from initiatives.actions.status import StatusDraft, record_first_statuses, record_status
from initiatives.calculations.plan_draft import ERROR, DraftIssue, DraftMilestone, Guess, Place
from initiatives.calculations.plan_review import Corrections
from initiatives.models import (
    ActionItem,
    Body,
    Contribution,
    DelayCause,
    Milestone,
    Plan,
    PlanImport,
    Postponement,
    Schedule,
    StatusUpdate,
    Track,
)
from initiatives.plan_files.preview import load_preview
from tests.initiatives import import_world as files
from tests.initiatives import small_world as world
from tests.initiatives.import_world import DAY, GOING, POSTPONED, row
from tests.initiatives.large_plan import large_plan

pytestmark = pytest.mark.django_db
TABLES = (ActionItem, Contribution, Milestone, Plan, Postponement, Schedule, StatusUpdate, Track)


@pytest.fixture(autouse=True)
def _causes(request: pytest.FixtureRequest) -> None:
    if "transactional_db" not in request.fixturenames:
        files.causes()


@pytest.fixture
def body() -> Body:
    return world.body("Udvalget", slug="udvalget")


def everything() -> dict[str, int]:
    """How many rows of each kind there are, history too."""
    counts = {model.__name__: model.objects.count() for model in TABLES}
    return counts | {f"old {model.__name__}": model.history.count() for model in (ActionItem, Plan, Track)}  # type: ignore[attr-defined]


def correct(source: PlanImport, place: int, *, by: Any = None, **edit: Any) -> PlanImport:
    source.refresh_from_db()
    return correct_import(
        plan_import=source, revision=source.revision, corrections=Corrections(rows={place: edit}), by=by
    )


def confirm(source: PlanImport, *, by: Any = None, **fields: Any) -> Plan:
    source.refresh_from_db()
    return confirm_import(plan_import=source, revision=source.revision, by=by, **fields)


# --- Started ----------------------------------------------------------------------------------------------------------


def test_a_started_import_stores_no_plan(body: Body) -> None:
    before = everything()
    source = files.start(body, row(1, "Etik og data", POSTPONED, owners=(body,)))
    assert everything() == before
    assert (source.state, source.revision, source.source_format) == ("draft", 1, "docx")
    assert load_preview(source).draft.items[0].status_text == POSTPONED


def test_the_same_file_by_the_same_person_is_the_same_draft(body: Body) -> None:
    who, other = world.user(), world.user()
    first = files.start(body, row(1, "Etik"), by=who)
    correct(first, 0, by=who, title="Etik og data")
    assert files.start(body, row(1, "Etik"), by=who).pk == first.pk
    assert files.start(body, row(1, "Etik"), by=other).pk != first.pk
    assert files.start(body, row(1, "Etik"), by=who, sha256="b" * 64).pk != first.pk
    discard_import(plan_import=first, by=who)
    assert files.start(body, row(1, "Etik"), by=who).pk != first.pk


@pytest.mark.parametrize(
    "bad",
    [
        {"title": "010190-1234"},
        {"status": "Aftalt med 010190-1234."},
        {"content": "010190 1234"},
        {"section": "010190-1234"},
        {"owners": ("010190-1234",)},
    ],
)
def test_a_cpr_number_anywhere_refuses_the_file(body: Body, bad: dict[str, Any]) -> None:
    fields = {"title": "Etik", "owners": (body,), **bad}
    with pytest.raises(ValidationError) as refused:
        files.start(body, row(1, fields.pop("title"), fields.pop("status", GOING), **fields))
    assert list(refused.value.message_dict) == ["file"]
    assert "010190" not in str(refused.value)
    assert PlanImport.objects.count() == 0


@pytest.mark.parametrize(
    ("fields", "keyed"),
    [({"title": " "}, "title"), ({"title": "x" * 301}, "title"), ({"filename": "010190-1234.docx"}, "file")],
)
def test_what_cannot_be_started(body: Body, fields: dict[str, Any], keyed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        files.start(body, row(1, "Etik"), **fields)
    assert list(refused.value.message_dict) == [keyed]
    assert PlanImport.objects.count() == 0


def test_an_empty_draft_and_a_strange_plan_are_refused(body: Body) -> None:
    with pytest.raises(ValidationError):
        files.start(body)
    closed = world.plan(body)
    close(thing=closed, reason="Slut.", on=DAY, by=None)
    for plan in (world.plan(world.body("En anden")), closed):
        with pytest.raises(ValidationError) as refused:
            files.start(body, row(1, "Etik"), plan=plan)
        assert list(refused.value.message_dict) == ["plan"]


def test_a_file_confirmed_before_is_told_of(body: Body) -> None:
    who = world.user()
    confirm(files.start(body, row(1, "Etik", owners=(body,)), by=who), by=who)
    again = load_preview(files.start(body, row(1, "Etik", owners=(body,)), by=who))
    assert [issue.issue.code for issue in again.issues] == ["already_imported"]
    assert not again.errors


# --- Corrected --------------------------------------------------------------------------------------------------------


def test_corrections_are_kept_and_counted(body: Body) -> None:
    source = files.start(body, row(1, "Etik", POSTPONED, owners=("Ukendt",)))
    assert load_preview(source).errors
    source = correct(source, 0, title="Etik og data", owners=[body.slug], new_date="3. kvartal 2021", seen=True)
    found = load_preview(PlanImport.objects.get(pk=source.pk))
    assert source.revision == 2
    assert not found.issues
    assert (found.review.rows[0].title, found.review.rows[0].owners) == ("Etik og data", ("udvalget",))
    source = correct(source, 0, state="delayed")
    assert load_preview(source).review.rows[0].title == "Etik og data"


def test_an_old_revision_is_told_of_and_stores_nothing(body: Body) -> None:
    first, second = world.user("en@example.dk"), world.user("to@example.dk")
    source = files.start(body, row(1, "Etik"), by=first)
    correct(source, 0, by=first, title="Den enes")
    with pytest.raises(ImportConflict) as conflict:
        correct_import(
            plan_import=source, revision=1, corrections=Corrections(rows={0: {"title": "Den andens"}}), by=second
        )
    assert conflict.value.current.revision == 2
    assert conflict.value.who == str(first)
    source.refresh_from_db()
    assert load_preview(source).review.rows[0].title == "Den enes"


@pytest.mark.parametrize(
    ("edit", "keyed"),
    [
        ({"title": " "}, "title"),
        ({"new_date": "5. kvartal 2021"}, "new_date"),
        ({"since": "31. februar 2021"}, "since"),
        ({"state": "glad"}, "state"),
        ({"cause": "vejret"}, "cause"),
        ({"owners": ["findes-ikke"]}, "owners"),
        ({"match": "måske"}, "match"),
        ({"links": ["goal:findes-ikke"]}, "links"),
        ({"content": "Ring til 010190-1234"}, "content"),
    ],
)
def test_a_correction_that_cannot_be_read_changes_nothing(body: Body, edit: dict[str, Any], keyed: str) -> None:
    source = files.start(body, row(1, "Etik", POSTPONED, owners=(body,)))
    with pytest.raises(ValidationError) as refused:
        correct(source, 0, **{"started": "2020", **edit})
    assert list(refused.value.message_dict) == [keyed]
    source.refresh_from_db()
    assert (source.revision, source.draft["edits"]) == (1, {})


def test_rows_and_fields_that_are_not_there(body: Body) -> None:
    source = files.start(body, row(1, "Etik"))
    for place in (-1, 1):
        with pytest.raises(ValidationError):
            correct(source, place, seen=True)
    with pytest.raises(TypeError):
        correct(source, 0, status_text="Andre ord.")


def test_a_finished_import_is_not_corrected_again(body: Body) -> None:
    who = world.user()
    source = files.start(body, row(1, "Etik", owners=(body,)))
    discard_import(plan_import=source, by=who)
    for late in (
        lambda: correct(source, 0, seen=True),
        lambda: confirm(source),
        lambda: discard_import(plan_import=source, by=who),
    ):
        with pytest.raises(ImportFinished) as finished:
            late()
        assert finished.value.plan_import.finished_by == who
    source.refresh_from_db()
    assert (source.draft, source.issues) == ({}, [])


# --- Confirmed: a new plan --------------------------------------------------------------------------------------------


def test_a_plan_is_made_whole(body: Body) -> None:
    who, other = world.user(), world.body("Praksisplanudvalget")
    source = files.start(
        body,
        row(1, "Etik og data", POSTPONED, owners=(body,), section_number="1", content=" Dilemmaer. "),
        row(2, "Akutteams", GOING, owners=(other, body), section_number="1", sub_section="Spredning"),
        row(3, "Uden status", owners=(body,), section="Andet", guesses={"planned": Guess("2. kvartal 2021")}),
        row(4, "Uden overskrift", owners=(body,), section=""),
        row(5, "Udeladt", owners=(body,)),
        by=who,
    )
    correct(source, 4, drop=True, by=who)
    plan = confirm(source, by=who)
    assert (plan.title, plan.body, plan.as_of, plan.kind_id) == ("Handleplan", body, DAY, "handleplan")
    assert [(track.number, track.title, track.parent and track.parent.title) for track in plan.tracks.all()] == [
        ("1", "Brug af data", None),
        ("", "Spredning", "Brug af data"),
        ("", "Andet", None),
        ("", "Punkter", None),
    ]
    items = list(plan.items.order_by("number"))
    assert [(one.number, one.key, one.title, one.content) for one in items] == [
        (1, "etik-og-data", "Etik og data", "Dilemmaer."),
        (2, "akutteams", "Akutteams", ""),
        (3, "uden-status", "Uden status", ""),
        (4, "uden-overskrift", "Uden overskrift", ""),
    ]
    assert [one.body for one in items[1].anchorings.all()] == [other, body]
    first = items[0].statuses.get()
    assert (first.sequence, first.state, first.text, first.as_of, first.cause_id, first.by) == (
        1, "postponed", POSTPONED, DAY, "covid_19", who,
    )  # fmt: skip
    move = items[0].postponements.get()
    assert (move.moved_from.words, move.moved_to.words) == ("2. kvartal 2020", "2. kvartal 2021")  # type: ignore[union-attr]
    step = items[1].milestones.get()
    assert (step.title.split()[0], step.words) == ("Evaluering", "1. kvartal 2021")
    assert [(one.kind, one.words) for one in items[2].schedules.all()] == [("planned", "2. kvartal 2021")]
    assert not items[2].statuses.exists()
    for one in items:
        assert [old.history_user for old in one.history.all()] == [who]
    source.refresh_from_db()
    assert (source.state, source.result, source.finished_by) == ("confirmed", plan, who)


def test_the_owner_as_written_is_not_lost(body: Body) -> None:
    source = files.start(body, row(1, "Etik", owners=("Gruppen i Vest",)))
    correct(source, 0, owners=[body.slug])
    assert "Gruppen i Vest" in (confirm(source).items.get().history.get().history_change_reason or "")


def test_numbers_that_begin_again_and_keys_that_collide(body: Body) -> None:
    rows = [
        row(1, "Etik", owners=(body,)),
        row(1, "Etik", owners=(body,)),
        row(2, "Æ", owners=(body,)),
        row(0, "!", owners=(body,)),
    ]
    plan = confirm(files.start(body, *rows))
    assert [(one.number, one.key) for one in plan.items.order_by("position")] == [
        (1, "etik"), (2, "etik-2"), (3, "ae"), (4, "x"),
    ]  # fmt: skip


def test_a_plan_called_as_the_address_of_the_import(body: Body) -> None:
    assert confirm(files.start(body, row(1, "Etik", owners=(body,)), title="Indlæs")).slug == "indlaes-1"


def test_errors_stop_it_and_nothing_is_stored(body: Body) -> None:
    issue = DraftIssue("unreadable_period", ERROR, Place(table=1, row=2), {"words": "5. kvartal"})
    source = files.start(body, row(1, "Etik", POSTPONED, owners=(body,)), row(2, "", owners=(body,)), issues=(issue,))
    before = everything()
    with pytest.raises(ValidationError):
        confirm(source)
    correct(source, 0, seen=True)
    with pytest.raises(ValidationError):
        confirm(source)
    assert everything() == before
    correct(source, 1, title="Akutteams")
    assert confirm(source).items.count() == 2


def test_what_an_action_refuses_names_the_row_and_stores_nothing(body: Body, monkeypatch: pytest.MonkeyPatch) -> None:
    source = files.start(body, row(1, "Etik", GOING, owners=(body,)), row(2, "Akutteams", POSTPONED, owners=(body,)))
    before = everything()
    monkeypatch.setattr("initiatives.calculations.import_checks._check_status", lambda *given: None)
    monkeypatch.setattr("initiatives.plan_files.preview.Preview.causes", {}, raising=False)
    edits = {**source.draft, "edits": {"1": {"cause": ""}}}
    PlanImport.objects.filter(pk=source.pk).update(draft=edits)
    with pytest.raises(ValidationError) as refused:
        confirm(source)
    assert "2. Akutteams" in " ".join(refused.value.messages)
    assert everything() == before
    source.refresh_from_db()
    assert source.state == "draft"


def test_every_row_left_out_is_nothing_to_store(body: Body) -> None:
    source = files.start(body, row(1, "Etik", owners=(body,)))
    correct(source, 0, drop=True)
    with pytest.raises(ValidationError):
        confirm(source)
    assert Plan.objects.count() == 0


def test_confirming_twice_is_one_plan_and_somebody_else_is_told_who(body: Body) -> None:
    who, other = world.user(), world.user()
    source = files.start(body, row(1, "Etik", GOING, owners=(body,)), by=who)
    plan = confirm_import(plan_import=source, revision=1, by=who)
    before = everything()
    assert confirm_import(plan_import=source, revision=1, by=who) == plan
    with pytest.raises(ImportFinished) as finished:
        confirm_import(plan_import=source, revision=1, by=other)
    assert (finished.value.plan_import.finished_by, finished.value.plan_import.result) == (who, plan)
    assert everything() == before


def test_what_was_corrected_after_the_page_was_opened_is_not_confirmed_unseen(body: Body) -> None:
    source = files.start(body, row(1, "Etik", owners=(body,)))
    correct(source, 0, title="Andet")
    with pytest.raises(ImportConflict):
        confirm_import(plan_import=source, revision=1, by=None)
    assert Plan.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_confirm_at_the_same_instant() -> None:
    """One wins, the other is told who; there is one plan."""
    files.causes()
    body = world.body("Udvalget")
    people = [world.user("en@example.dk"), world.user("to@example.dk")]
    source = files.start(body, *(row(n, f"Punkt {n}", POSTPONED, owners=(body,)) for n in range(1, 6)))
    start, outcomes = threading.Barrier(2), []

    def work(who: Any) -> None:
        try:
            start.wait(10)
            confirm_import(plan_import=source, revision=1, by=who)
            outcomes.append(("won", who.email))
        except ImportFinished as finished:
            outcomes.append(("told", finished.plan_import.finished_by.email))  # type: ignore[union-attr]
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    told, won = sorted(outcomes)
    assert (told[0], won[0]) == ("told", "won")
    assert told[1] == won[1]
    assert Plan.objects.count() == 1
    assert StatusUpdate.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_two_starts_of_one_file_at_the_same_instant_are_one_draft() -> None:
    body, who = world.body("Udvalget"), world.user()
    files.kind()
    start, made = threading.Barrier(2), []

    def work() -> None:
        try:
            start.wait(10)
            made.append(files.start(body, row(1, "Etik"), by=who).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(made) == 2
    assert len(set(made)) == 1


# --- Suggested links --------------------------------------------------------------------------------------------------


def test_a_suggested_link_is_drawn_only_when_somebody_says_so(body: Body) -> None:
    who = world.user()
    indicator = world.indicator("akutte-genindlaeggelser")
    indicator.name = "Akutte genindlæggelser"
    indicator.save()
    source = files.start(body, *(row(n, f"Akutte genindlæggelser {n}", owners=(body,)) for n in (1, 2)), by=who)
    correct(source, 1, by=who, links=["indicator:akutte-genindlaeggelser"])
    plan = confirm(source, by=who)
    link = Contribution.objects.get()
    assert (link.item, link.indicator, link.by) == (plan.items.get(number=2), indicator, who)
    assert "»genindlæggelser«" in link.reason
    assert str(who) in link.reason


# --- A newer version --------------------------------------------------------------------------------------------------


@pytest.fixture
def plan(body: Body) -> Plan:
    return confirm(
        files.start(
            body,
            row(1, "Etik og data", POSTPONED, owners=(body,), content="Dilemmaer."),
            row(2, "Akutteams", GOING, owners=(body,)),
            row(3, "Uden status", owners=(body,)),
        )
    )


def newer(plan: Plan, *rows: Any, **fields: Any) -> PlanImport:
    return files.start(plan.body, *rows, plan=plan, sha256="n" * 64, **fields)


def test_importing_it_again_writes_nothing(plan: Plan) -> None:
    before = everything()
    draft = files.as_draft(plan, with_keys=False)
    source = newer(plan, *draft.items, as_of=date(2021, 3, 1))
    assert load_preview(source).review.changes_nothing
    assert confirm(source) == plan
    assert everything() == before


def test_new_words_are_one_more_status(plan: Plan) -> None:
    one, two, three = files.as_draft(plan).items
    source = newer(plan, row(1, one.title, "Afsluttet.", owners=(plan.body,), content="Dilemmaer."), two, three)
    confirm(source)
    etik, akut, _third = plan.items.order_by("number")
    assert [status.state for status in etik.statuses.all()] == ["postponed", "completed"]
    assert akut.statuses.count() == 1


def test_a_moved_date_is_a_postponement(plan: Plan) -> None:
    words = "Udsat igen pga. COVID-19. Genoptages i 4. kvartal 2021."
    one, two, three = files.as_draft(plan).items
    confirm(newer(plan, row(1, one.title, words, owners=(plan.body,)), two, three, as_of=date(2021, 5, 1)))
    moves = plan.items.get(number=1).postponements.order_by("pk")
    assert [move.moved_to.words for move in moves] == ["2. kvartal 2021", "4. kvartal 2021"]  # type: ignore[union-attr]
    plan.refresh_from_db()
    assert plan.as_of == date(2021, 5, 1)


def test_new_changed_and_vanished(plan: Plan) -> None:
    who = world.user()
    source = newer(
        plan,
        row(1, "Etik og data", POSTPONED, owners=(plan.body,), content="Dilemmaer drøftes igen.", section="Etik"),
        row(2, "Et nyt punkt", GOING, owners=(plan.body,)),
        by=who,
    )
    found = load_preview(source).review
    assert [one.outcome for one in found.rows] == ["changed", "new"]
    assert [gone.item.title for gone in found.vanished] == ["Akutteams", "Uden status"]
    with pytest.raises(ValidationError):
        correct_import(
            plan_import=source, revision=1, corrections=Corrections(closing={"akutteams": "Se 010190-1234"}), by=who
        )
    correct_import(plan_import=source, revision=1, corrections=Corrections(closing={"akutteams": " Slut. "}), by=who)
    confirm(source, by=who)
    etik, akut, rest, fresh = plan.items.order_by("number")
    assert (etik.content, etik.track.title, etik.key) == ("Dilemmaer drøftes igen.", "Etik", "etik-og-data")
    assert etik.statuses.count() == 1
    assert (akut.closed_on, akut.closed_reason) == (DAY, "Slut.")
    assert rest.closed_on is None
    assert (fresh.number, fresh.title, fresh.statuses.get().state) == (4, "Et nyt punkt", "in_progress")


def test_a_guess_at_the_item_must_be_answered(plan: Plan) -> None:
    one, two, three = files.as_draft(plan, with_keys=False).items
    source = newer(plan, replace(one, title="Etik og data i hele regionen"), two, three)
    with pytest.raises(ValidationError):
        confirm(source)
    correct(source, 0, match="same")
    confirm(source)
    assert plan.items.count() == 3
    assert plan.items.get(number=1).title == "Etik og data i hele regionen"


def test_new_owners_and_milestones(plan: Plan) -> None:
    other = world.body("Praksisplanudvalget")
    one, two, three = files.as_draft(plan).items
    step = DraftMilestone("Udvalgsmøde", Guess("maj 2021", "maj 2021"))
    source = newer(
        plan, replace(one, owners=(other.name,), owner_guesses=(Guess(other.slug),), milestones=(step,)), two, three
    )
    confirm(source)
    etik = plan.items.get(number=1)
    assert [anchoring.body for anchoring in etik.anchorings.all()] == [other]
    assert [(found.title, found.words) for found in etik.milestones.all()] == [("Udvalgsmøde", "maj 2021")]
    assert etik.statuses.count() == 1


def test_a_plan_changed_since_the_preview_is_told_of(plan: Plan) -> None:
    one, two, three = files.as_draft(plan).items
    source = newer(plan, row(1, one.title, "Afsluttet.", owners=(plan.body,)), two, three)
    stamp = load_preview(source).stamp
    record_status(
        item=plan.items.get(number=1),
        draft=StatusDraft("in_progress", "Vi er i gang."),
        opened_on=1,
        as_of=DAY,
        by=None,
    )
    before = everything()
    with pytest.raises(ImportConflict) as conflict:
        confirm(source, stamp=stamp)
    assert conflict.value.who == ""
    assert everything() == before
    confirm(source, stamp=load_preview(source).stamp)
    assert plan.items.get(number=1).statuses.count() == 3


def test_an_older_file_is_not_written_on_top(plan: Plan) -> None:
    one, two, three = files.as_draft(plan).items
    source = newer(plan, row(1, one.title, "Planlagt.", owners=(plan.body,)), two, three, as_of=date(2020, 1, 1))
    assert [issue.issue.code for issue in load_preview(source).issues] == ["status_newer"]
    before = everything()
    confirm(source)
    assert everything() == before


def test_a_plan_closed_meanwhile_is_not_imported_into(plan: Plan) -> None:
    source = newer(plan, *files.as_draft(plan).items)
    close(thing=plan, reason="Slut.", on=DAY, by=None)
    with pytest.raises(ValidationError):
        confirm(source)


def test_a_large_plan_comes_back_unchanged() -> None:
    plan = large_plan(items=60)
    source = newer(plan, *files.as_draft(plan).items, as_of=plan.as_of)
    found = load_preview(source)
    assert found.review.changes_nothing, [(one.title, one.changed) for one in found.review.rows if one.changed]
    before = everything()
    confirm(source)
    assert everything() == before


def test_two_hundred_items_are_stored_in_a_fixed_number_of_queries(
    body: Body, django_assert_max_num_queries: Any
) -> None:
    source = files.start(body, *(row(n, f"Punkt {n}", POSTPONED, owners=(body,)) for n in range(1, 201)))
    with django_assert_max_num_queries(60):
        plan = confirm(source)
    assert plan.items.count() == 200
    assert Postponement.objects.count() == 200


statuses = st.sampled_from(
    [
        "",
        POSTPONED,
        GOING,
        "Afsluttet i maj 2020.",
        "Udsat pga. bemanding.",
        "I drift.",
        "Noget uden tilstand.",
        "Udsat til foråret.",
    ]
)
item_rows = st.tuples(
    st.sampled_from(["Etik og data", "Akutteams", "Fælles akutteams", "Ældre", "Ældre 2"]),
    st.sampled_from(["", "Dilemmaer.", "To\nlinjer  her."]),
    st.lists(st.sampled_from(["A", "B", "C"]), unique=True, min_size=1, max_size=3),
    st.integers(0, 2),
    st.lists(statuses, max_size=2),
    st.sampled_from(["", "2. kvartal 2020", "løbende"]),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(item_rows, min_size=1, max_size=4), st.booleans())
def test_export_then_import_gives_zero_changes(rows: list[Any], with_keys: bool) -> None:
    """Any plan made by hand, with any words and whatever states people chose for them, read back from its own words."""
    owners = {
        name: Body.objects.filter(slug=name.lower()).first() or world.body(name, slug=name.lower()) for name in "ABC"
    }
    plan = create_plan(body=owners["A"], kind=files.kind(), title="Planen", by=None, as_of=DAY)
    top = add_track(plan=plan, title="Spor", number="1", by=None)
    tracks = [
        top,
        add_track(plan=plan, title="Underspor", parent=top, by=None),
        add_track(plan=plan, title="Andet", by=None),
    ]
    other = DelayCause.objects.get_or_create(code="other", defaults={"name": "Andet", "name_en": "Other"})[0]
    for title, content, carried_by, track, said, planned in rows:
        item = add_item(
            track=tracks[track], title=title, owners=[owners[name] for name in carried_by], by=None, today=DAY,
            content=content, planned=planned,
        )  # fmt: skip
        for n, words in enumerate(text for text in said if text):
            state = ("postponed", "in_progress", "on_hold")[(n + len(words)) % 3]
            record_status(item=item, draft=StatusDraft(state, words, cause=other), opened_on=n, as_of=DAY, by=None)
    source = newer(plan, *files.as_draft(plan, with_keys=with_keys).items)
    found = load_preview(source)
    assert found.review.changes_nothing, [(one.title, one.changed) for one in found.review.rows if one.changed]
    assert not found.issues
    before = everything()
    confirm(source)
    assert everything() == before
    source.delete()


# --- First statuses in bulk -------------------------------------------------------------------------------------------

drafts = st.builds(
    StatusDraft,
    state=st.sampled_from(["planned", "in_progress", "delayed", "postponed", "on_hold", "completed"]),
    text=st.just("Ord."),
    due=st.sampled_from(["", "2. kvartal 2021", "løbende", "2019"]),
    planned=st.sampled_from(["", "2. kvartal 2020", "2. kvartal 2021", "ingen dato"]),
    started=st.sampled_from(["", "november 2019"]),
    since=st.sampled_from(["", "marts 2020"]),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(drafts, min_size=1, max_size=3))
def test_in_bulk_by_the_same_rules_as_one_at_a_time(said: list[StatusDraft]) -> None:
    cause = DelayCause.objects.get_or_create(code="other", defaults={"name": "Andet", "name_en": "Other"})[0]
    plan = world.plan(world.body())
    said = [replace(one, cause=cause) for one in said]
    singly = [world.item(plan, state=None) for _ in said]
    together = [world.item(plan, state=None) for _ in said]
    for item, one in zip(singly, said, strict=True):
        record_status(item=item, draft=one, opened_on=0, as_of=DAY, by=None)
    record_first_statuses(drafts=list(zip(together, said, strict=True)), as_of=DAY, by=None)
    for a, b in zip(singly, together, strict=True):
        assert _told(a) == _told(b)


def _told(item: ActionItem) -> Any:
    status, moves = item.statuses.get(), item.postponements.all()
    return (
        [(one.kind, one.words, one.last_day) for one in item.schedules.order_by("pk")],
        (status.sequence, status.state, status.text, status.as_of, _words(status.due), status.cause_id),
        [
            (_words(move.moved_from), _words(move.moved_to), move.cause_id, move.words, move.decided_on)
            for move in moves
        ],
    )


def _words(schedule: Schedule | None) -> str:
    return schedule.words if schedule else ""


def test_in_bulk_an_unreadable_word_names_the_item_and_stores_nothing() -> None:
    plan = world.plan(world.body())
    items = [world.item(plan, state=None), world.item(plan, state=None)]
    said = [StatusDraft("in_progress", "Ord."), StatusDraft("in_progress", "Ord.", due="5. kvartal 2021")]
    with pytest.raises(ValidationError) as refused:
        record_first_statuses(drafts=list(zip(items, said, strict=True)), as_of=DAY, by=None)
    assert items[1].title in " ".join(refused.value.messages)
    assert StatusUpdate.objects.count() == 0


def test_an_item_reworded_by_hand_is_still_found_by_its_key(plan: Plan) -> None:
    draft = files.as_draft(plan)
    update_item(item=plan.items.get(number=1), title="Et helt andet navn", by=None, today=DAY)
    found = load_preview(newer(plan, *draft.items)).review
    assert found.rows[0].existing is not None
    assert (found.rows[0].existing.key, found.rows[0].changed) == ("etik-og-data", ("title",))
