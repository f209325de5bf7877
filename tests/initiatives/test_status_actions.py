"""Writing a status: append-only rows, dates that move or fall away, and two people at once."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from initiatives.actions.status import StatusConflict, StatusDraft, keep_status, record_status
from initiatives.models import DelayCause, Postponement, Schedule, State, StatusUpdate
from tests.initiatives import small_world as world

pytestmark = pytest.mark.django_db
DAY = date(2020, 11, 5)


@pytest.fixture
def covid() -> DelayCause:
    return DelayCause.objects.create(code="covid_19", name="COVID-19", name_en="COVID-19")


@pytest.fixture
def item() -> Any:
    return world.item(world.plan(world.body()), state=None)


def write(item: Any, opened_on: int = 0, *, as_of: date = DAY, **draft: Any) -> StatusUpdate:
    words = {"state": "in_progress", "text": "Ord.", **draft}
    return record_status(item=item, draft=StatusDraft(**words), opened_on=opened_on, as_of=as_of, by=None)


def moves(item: Any) -> list[tuple[str | None, str | None]]:
    rows = item.postponements.order_by("pk")
    return [(r.moved_from.words if r.moved_from else None, r.moved_to.words if r.moved_to else None) for r in rows]


def test_postponed_from_a_promise_to_a_new_date(item: Any, covid: DelayCause) -> None:
    status = write(item, state="postponed", planned="2. kvartal 2020", due="2. kvartal 2021", cause=covid)
    assert status.due is not None
    assert status.due.last_day == date(2021, 6, 30)
    assert moves(item) == [("2. kvartal 2020", "2. kvartal 2021")]
    assert item.postponements.get().cause == covid
    assert status.cause == covid


def test_postponed_without_a_new_date_is_without_one_and_not_back_at_the_old(item: Any, covid: DelayCause) -> None:
    status = write(item, state="postponed", planned="2. kvartal 2020", cause=covid)
    assert status.due is None
    assert moves(item) == [("2. kvartal 2020", None)]


def test_words_that_repeat_the_withdrawn_promise_do_not_postpone_it_again(item: Any, covid: DelayCause) -> None:
    write(item, state="postponed", planned="2. kvartal 2020", cause=covid)
    again = write(item, 1, state="postponed", planned="2. kvartal 2020", cause=covid, text="Stadig udsat.")
    assert again.due is None
    assert moves(item) == [("2. kvartal 2020", None)]
    assert Schedule.objects.filter(item=item).count() == 1


def test_a_date_found_later_is_a_row_of_its_own(item: Any, covid: DelayCause) -> None:
    write(item, state="postponed", planned="2. kvartal 2020", cause=covid)
    write(item, 1, state="postponed", due="4. kvartal 2021", cause=covid)
    assert moves(item) == [("2. kvartal 2020", None), (None, "4. kvartal 2021")]


def test_a_pause_without_a_promise_is_counted_from_its_first_day(item: Any, covid: DelayCause) -> None:
    write(item, state="on_hold", started="november 2019", since="marts 2020", due="1. kvartal 2021", cause=covid)
    assert moves(item) == [("marts 2020", "1. kvartal 2021")]


def test_delayed_without_a_date_keeps_its_cause_and_is_no_postponement(item: Any, covid: DelayCause) -> None:
    status = write(item, state="delayed", started="3. kvartal 2020", cause=covid)
    assert status.cause == covid
    assert moves(item) == []


def test_delayed_keeps_the_date_it_had(item: Any) -> None:
    first = write(item, state="planned", due="2. kvartal 2021")
    assert first.due is not None
    assert first.due.kind == "planned"
    assert write(item, 1, state="delayed").due == first.due


def test_bringing_a_date_forward_is_no_postponement(item: Any) -> None:
    write(item, state="planned", due="4. kvartal 2021")
    status = write(item, 1, state="in_progress", due="2. kvartal 2021")
    assert status.due is not None
    assert status.due.words == "2. kvartal 2021"
    assert moves(item) == []


def test_a_later_date_is_a_postponement_whatever_the_state_is_called(item: Any) -> None:
    write(item, state="planned", due="2. kvartal 2021")
    write(item, 1, state="in_progress", due="4. kvartal 2021")
    assert moves(item) == [("2. kvartal 2021", "4. kvartal 2021")]


@pytest.mark.parametrize("state", ["completed", "in_operation", "cancelled"])
def test_what_is_over_is_never_postponed(item: Any, state: str) -> None:
    write(item, state="planned", due="2. kvartal 2021")
    write(item, 1, state=state, due="4. kvartal 2021")
    assert moves(item) == []


def test_no_date_typed_as_words_is_no_date(item: Any, covid: DelayCause) -> None:
    write(item, state="planned", due="2. kvartal 2021")
    assert write(item, 1, state="postponed", due="ingen dato", cause=covid).due is None
    assert moves(item) == [("2. kvartal 2021", None)]


def test_the_promise_an_item_was_created_with_is_what_it_is_postponed_from(item: Any, covid: DelayCause) -> None:
    Schedule.objects.create(
        item=item,
        kind="planned",
        words="1. kvartal 2021",
        precision="quarter",
        first_day=date(2021, 1, 1),
        last_day=date(2021, 3, 31),
        recorded_at=world.at(DAY),
    )
    write(item, state="postponed", due="4. kvartal 2021", cause=covid)
    assert moves(item) == [("1. kvartal 2021", "4. kvartal 2021")]


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        ({"state": "nonsense"}, "state"),
        ({"text": "  "}, "text"),
        ({"state": "postponed"}, "cause"),
        ({"due": "5. kvartal 2021"}, "due"),
        ({"started": "31. februar 2021"}, "started"),
        ({"due": "2021", "no_date": True}, "due"),
        ({"text": "Borger 010190-1234 er kontaktet"}, "text"),
        ({"due": "010190-1234"}, "due"),
    ],
)
def test_what_cannot_be_read_is_refused_by_field_and_nothing_is_stored(item: Any, draft: Any, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        write(item, **draft)
    assert list(refused.value.message_dict) == [field]
    assert "010190" not in str(refused.value)
    assert not item.statuses.exists()
    assert not item.schedules.exists()


def test_postponed_to_the_date_it_already_had_is_asked_about(item: Any, covid: DelayCause) -> None:
    write(item, state="planned", due="2. kvartal 2021")
    with pytest.raises(ValidationError) as refused:
        write(item, 1, state="postponed", due="Q2 2021", cause=covid)
    assert "due" in refused.value.message_dict


def test_a_closed_item_takes_no_status_and_neither_does_a_closed_plan(item: Any) -> None:
    item.plan.closed_on = DAY
    item.plan.save()
    with pytest.raises(ValidationError):
        write(item)
    item.plan.closed_on, item.closed_on = None, DAY
    item.plan.save()
    item.save()
    with pytest.raises(ValidationError):
        write(item)
    assert not item.statuses.exists()


def test_the_second_of_two_is_told_and_nothing_of_theirs_is_stored(item: Any) -> None:
    write(item)
    theirs = write(item, 1, text="Deres.")
    with pytest.raises(StatusConflict) as conflict:
        write(item, 1, state="planned", text="Vores.", due="2. kvartal 2022")
    assert conflict.value.current == theirs
    assert [status.text for status in item.statuses.order_by("sequence")] == ["Ord.", "Deres."]
    assert not item.schedules.exists()


def test_unchanged_is_a_row_that_repeats_everything(item: Any, covid: DelayCause) -> None:
    write(item, state="postponed", planned="2020", due="2. kvartal 2021", cause=covid, text="Udsat.")
    kept = keep_status(item=item, opened_on=1, as_of=date(2021, 2, 1), by=None)
    first = item.statuses.get(sequence=1)
    assert kept.unchanged
    assert kept.sequence == 2
    assert kept.as_of == date(2021, 2, 1)
    assert (kept.state, kept.text, kept.due, kept.cause) == (first.state, first.text, first.due, first.cause)
    assert Postponement.objects.count() == 1


def test_unchanged_without_a_status_and_on_an_old_form(item: Any) -> None:
    with pytest.raises(ValidationError):
        keep_status(item=item, opened_on=0, as_of=DAY, by=None)
    write(item)
    with pytest.raises(StatusConflict):
        keep_status(item=item, opened_on=0, as_of=DAY, by=None)


DATES = st.sampled_from(["", "2. kvartal 2021", "4. kvartal 2021", "primo 2022", "2023", "løbende"])
DRAFTS = st.lists(st.tuples(st.sampled_from(State.values), DATES, st.booleans()), min_size=1, max_size=6)


class AnyHistory(TestCase):
    """Whatever is written in whatever order, the history stays whole."""

    @settings(max_examples=20, deadline=None)
    @given(DRAFTS)
    def test_sequence_and_postponements_hold(self, drafts: list[tuple[str, str, bool]]) -> None:
        cause, _ = DelayCause.objects.get_or_create(code="other", defaults={"name": "Andet", "name_en": "Other"})
        item = world.item(world.plan(world.body()), state=None)
        written = 0
        for state, due, no_date in drafts:
            draft = StatusDraft(state=state, text="Ord.", due=due, no_date=no_date and not due, cause=cause)
            try:
                record_status(item=item, draft=draft, opened_on=written, as_of=DAY, by=None)
            except ValidationError as refused:
                # The one thing these can be refused for: postponed to the date it already had.
                if list(refused.message_dict) != ["due"] or state != State.POSTPONED:
                    raise
                continue
            written += 1
        assert list(item.statuses.order_by("sequence").values_list("sequence", flat=True)) == list(
            range(1, written + 1)
        )
        for move in item.postponements.all():
            assert move.status.state not in ("completed", "in_operation", "cancelled")
            if move.moved_from and move.moved_to and move.moved_from.last_day and move.moved_to.last_day:
                assert move.moved_to.last_day > move.moved_from.last_day
        for status in item.statuses.filter(state="postponed", due=None):
            assert status.cause == cause


@pytest.mark.django_db(transaction=True)
def test_two_at_the_same_instant_on_a_real_database() -> None:
    """Whoever comes second is told, whichever of the two it is; neither is stored over the other."""
    item = world.item(world.plan(world.body()))
    start, outcomes = threading.Barrier(2), []

    def save(words: str) -> None:
        try:
            start.wait(10)
            write(item, 1, text=words)
            outcomes.append("stored")
        except StatusConflict as conflict:
            outcomes.append(f"told of {conflict.current.sequence}")
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=(words,)) for words in ("Den enes.", "Den andens.")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["stored", "told of 2"]
    assert item.statuses.count() == 2
