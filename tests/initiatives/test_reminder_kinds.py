"""Reminders of each kind, to whom, and what falls out before it is sent; deputies, escalation, one mail a week."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core import mail as outbox
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indicators.models import Edition
from initiatives.actions.reminder_mails import compose
from initiatives.actions.reminder_telling import update_telling
from initiatives.actions.reminders import pause_reminders, queue_due, send_pending
from initiatives.answer_links import read_token
from initiatives.models import (
    Body,
    Delegation,
    Initiative,
    Meeting,
    Milestone,
    Reminder,
    ReminderMail,
    Role,
    Stage,
    StatusUpdate,
)
from sundhedsaftale.models import MailRhythm
from tests import factories
from tests.initiatives import small_world as world

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
NOW = world.at(MONDAY)


def days(count: int) -> date:
    return MONDAY + timedelta(days=count)


@pytest.fixture
def secretary() -> Any:
    who = world.user("sekretaer@example.dk")
    who.body = world.body("Udvalget")  # type: ignore[attr-defined]
    world.member(who, who.body)  # type: ignore[attr-defined]
    who.plan = world.plan(who.body)  # type: ignore[attr-defined]
    return who


def told(day: date = MONDAY) -> list[tuple[str, str, str]]:
    """Queue as on that day; (who, kind, role) of what is new, in order."""
    before = set(Reminder.objects.values_list("pk", flat=True))
    queue_due(now=world.at(day))
    rows = Reminder.objects.exclude(pk__in=before).select_related("recipient").order_by("recipient__email", "kind")
    return [(str(row.recipient), row.kind, row.recipient_role) for row in rows]


def send(day: date = MONDAY) -> list[str]:
    """The texts of what goes out that day."""
    seen = len(outbox.outbox)
    send_pending(now=world.at(day))
    return [str(message.body) for message in outbox.outbox[seen:]]


def forget() -> None:
    """As if nothing had ever been queued. The mails too: their ids come from the same keys."""
    Reminder.objects.all().delete()
    ReminderMail.objects.all().delete()


def milestone(item: Any, last_day: date, **fields: Any) -> Milestone:
    period = {"precision": "day", "first_day": last_day, "last_day": last_day, "words": str(last_day)}
    return Milestone.objects.create(item=item, title="Godkendt i styregruppen", **period, **fields)


def said_on(item: Any, day: date) -> None:
    """Whatever has been said about the item was written on that day."""
    StatusUpdate.objects.filter(item=item).update(recorded_at=world.at(day), as_of=day)


# --- Milestones -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "kind"), [(31, None), (30, "before_30"), (7, "before_7"), (-1, "after_1"), (-60, "after_60")]
)
def test_a_milestone_has_the_cadence_of_an_item(secretary: Any, count: int, kind: str | None) -> None:
    milestone(world.item(secretary.plan, due=None), days(count))
    assert told() == ([("sekretaer", kind, "")] if kind else [])
    assert told() == []


def test_a_milestone_that_is_reached_or_of_a_closed_item_is_left_alone(secretary: Any) -> None:
    milestone(world.item(secretary.plan, due=None), MONDAY, reached_on=days(-1))
    milestone(world.item(secretary.plan, due=None, state="completed"), MONDAY)
    gone = world.item(secretary.plan, due=None)
    milestone(gone, MONDAY)
    gone.closed_on = MONDAY
    gone.save()
    assert told() == []


def test_a_milestone_of_an_item_without_a_status_is_reminded_of_to_the_bodies_own_secretary(secretary: Any) -> None:
    other, board = world.user("styregruppe@example.dk"), world.body("Styregruppen")
    world.member(other, board)
    milestone(world.item(secretary.plan, state=None), MONDAY, body=board)
    assert [who for who, _, _ in told()] == ["sekretaer", "styregruppe"]
    (text, _) = send()
    assert "Godkendt i styregruppen" in text
    assert "Fristen er i dag" in text


def test_a_milestone_that_is_moved_starts_afresh_and_what_waits_falls_out(secretary: Any) -> None:
    made = milestone(world.item(secretary.plan, due=None), days(1))
    assert told()
    made.first_day = made.last_day = days(100)
    made.save()
    assert send() == []
    made.first_day = made.last_day = days(1)
    made.save()
    assert [kind for _, kind, _ in told()] == ["before_1"]
    assert len(send()) == 1


# --- Postponed without a date, initiatives, figures -------------------------------------------------------------------


@pytest.mark.parametrize("state", ["postponed", "on_hold"])
def test_what_has_no_date_is_asked_about_every_sixty_days(secretary: Any, state: str) -> None:
    item = world.item(secretary.plan, state=state)
    said_on(item, days(-59))
    assert told() == []
    said_on(item, days(-60))
    assert told() == [("sekretaer", "undated", "")]
    assert told(days(7)) == []
    assert told(days(60)) == [("sekretaer", "undated", "")]
    (only,) = send(days(60))  # nothing had been sent in between, and one mail speaks for both
    assert "Handleplan" in only


@pytest.mark.parametrize(("state", "due"), [("in_progress", None), ("planned", None), ("completed", None)])
def test_other_items_without_a_date_are_left_alone(secretary: Any, state: str, due: date | None) -> None:
    said_on(world.item(secretary.plan, state=state, due=due), days(-400))
    assert told() == []


def test_a_word_about_it_starts_the_sixty_days_again(secretary: Any) -> None:
    item = world.item(secretary.plan, state="on_hold")
    said_on(item, days(-60))
    assert told()
    world.status(item, state="on_hold")
    said_on(item, MONDAY)
    assert send() == []
    assert told(days(59)) == []
    assert told(days(60))


def quiet(of: Body, day: date, **fields: Any) -> Initiative:
    made = world.initiative(of, **fields)
    Initiative.objects.filter(pk=made.pk).update(updated_at=world.at(day))
    return made


def test_an_initiative_without_news_is_asked_about_to_its_leads_and_again(secretary: Any) -> None:
    world.member(world.user("leder@example.dk"), secretary.body, Role.LEAD)
    made = quiet(secretary.body, days(-179), title="Telefonisk opfølgning")
    assert told() == []
    Initiative.objects.filter(pk=made.pk).update(updated_at=world.at(days(-180)))
    assert told() == [("leder", "no_news", "")]
    assert told(days(30)) == []
    (text,) = send(days(1))
    assert "Telefonisk opfølgning" in text
    assert f"/initiativer/{made.slug}/" in text
    assert [kind for _, kind, _ in told(days(91))] == ["no_news"]


def test_without_a_lead_the_secretary_is_asked_and_what_has_ended_is_left_alone(secretary: Any) -> None:
    made = quiet(secretary.body, days(-200))
    quiet(secretary.body, days(-200), stage=Stage.ENDED)
    assert told() == [("sekretaer", "no_news", "")]
    made.result = "Færre genindlæggelser."
    made.save()  # news: what waits falls out
    assert send() == []


def steward() -> Any:
    who = world.user("data@example.dk")
    who.user_permissions.add(Permission.objects.get(codename="steward_data"))
    return who


def figures(code: str, cadence: str, published: str) -> None:
    indicator = factories.make_indicator(code, cadence=cadence)
    edition = factories.make_edition(f"udgave-{code}", published)
    factories.make_observation(indicator, factories.make_area(), "1.0", edition=edition)


def test_figures_of_every_fourth_year_alarm_nobody_before_the_fourth_year_and_its_grace() -> None:
    """Published in November 2024; what comes out every year is missed by then."""
    steward()
    figures("trivsel", "every_4_years", "2024-11")
    for year in range(2025, 2029):
        assert told(date(year, 12, 1)) == []
    assert told(date(2029, 1, 29)) == []
    assert told(date(2029, 1, 30)) == [("data", "no_figures", "")]


def test_figures_that_have_not_come_are_told_to_the_data_stewards_in_one_line() -> None:
    steward()
    world.user("administrator@example.dk", is_superuser=True)
    figures("rygere", "yearly", "2024-11")
    figures("vaegt", "yearly", "2024-11")
    figures("trivsel", "every_4_years", "2024-11")
    figures("engangs", "once", "2010")
    figures("nye", "yearly", "2026-01")
    factories.make_indicator("uden-tal", cadence="yearly")
    assert told() == [("data", "no_figures", "")] * 2
    (text,) = send()
    assert "Rygere" in text
    assert "Vaegt" in text
    assert text.count("/data/") == 1
    assert told(days(30)) == []
    assert len(told(days(91))) == 2


def test_new_figures_settle_it_before_the_mail_is_sent() -> None:
    steward()
    figures("rygere", "yearly", "2024-11")
    assert told()
    Edition.objects.update(published_on="2026-11-01")
    assert send() == []
    assert ReminderMail.objects.get().state == "dropped"


# --- Meetings ---------------------------------------------------------------------------------------------------------


def meeting(of: Body, hand_in: date, day: date | None = None) -> Meeting:
    day = day or hand_in + timedelta(days=14)
    return Meeting.objects.create(body=of, day=day, hand_in=hand_in, dispatch=day - timedelta(days=7))


def old_item(of: Any, **fields: Any) -> Any:
    item = world.item(of, **fields)
    said_on(item, days(-300))
    return item


@pytest.fixture
def klynge() -> Any:
    """A cluster with a lead and no secretary."""
    body = world.body("Midtklyngen")
    world.member(world.user("leder@example.dk"), body, Role.LEAD)
    return body


def test_whoever_answers_is_asked_before_texts_are_handed_in(secretary: Any, klynge: Body) -> None:
    coordinator = world.user("tovholder@example.dk")
    old_item(secretary.plan, owners=(klynge,), title="Akutteams")
    old_item(secretary.plan, owners=(klynge,), title="Opkald efter hjemkomst")
    old_item(secretary.plan, owners=(klynge,), title="Tjekliste", coordinator=coordinator)
    old_item(secretary.plan, title="Ejerløst punkt")
    meeting(secretary.body, days(7))
    assert told() == [("leder", "before_7", ""), ("sekretaer", "before_7", ""), ("tovholder", "before_7", "")]
    texts = send()
    assert [("Akutteams" in text, "Opkald" in text, "Tjekliste" in text, "Ejerløst" in text) for text in texts] == [
        (True, True, False, False) if "Akutteams" in text else (False, False, "Tjekliste" in text, "Ejerløst" in text)
        for text in texts
    ]
    assert sum("Tjekliste" in text for text in texts) == 1
    assert sum("Ejerløst" in text for text in texts) == 1


def test_whoever_has_answered_is_not_asked_and_a_mail_that_waits_falls_out(secretary: Any, klynge: Body) -> None:
    first = old_item(secretary.plan, owners=(klynge,), title="Akutteams")
    second = old_item(secretary.plan, owners=(klynge,), title="Opkald")
    held = meeting(secretary.body, days(7))
    assert told()
    world.status(first)
    StatusUpdate.objects.filter(item=first, sequence=2).update(meeting=held)
    (text,) = send()
    assert "Akutteams" not in text
    assert "Opkald" in text
    world.status(second)
    StatusUpdate.objects.filter(item=second, sequence=2).update(meeting=held)
    assert told(days(6)) == []


def test_hand_ins_are_exempt_from_the_floor_and_take_the_rest_along(secretary: Any) -> None:
    world.item(secretary.plan, due=days(30))
    assert told()  # a mail on Monday
    world.item(secretary.plan, due=days(8))
    old_item(secretary.plan)
    assert told(days(1)) == []
    meeting(secretary.body, days(8))
    assert [kind for _, kind, _ in told(days(1))] == ["before_7", "before_7"]


def test_the_secretary_is_told_once_who_is_missing_and_owners_once_that_it_is_late(
    secretary: Any, klynge: Body
) -> None:
    old_item(secretary.plan, owners=(klynge,), title="Akutteams")
    old_item(secretary.plan, title="Sekretariatets eget")
    meeting(secretary.body, days(-1))
    assert told() == [("leder", "after_1", ""), ("sekretaer", "missing", "secretary")]
    late, missing = sorted(send(), key=lambda text: "Sekretariatets eget" in text)
    assert "Fristen er overskredet" in late
    assert "Akutteams" in missing
    assert "Midtklyngen" in missing
    assert told(days(3)) == []


def test_a_missed_day_is_caught_up_until_the_meeting_and_not_after(secretary: Any) -> None:
    old_item(secretary.plan)
    meeting(secretary.body, days(-13), days(0))
    assert told() == [("sekretaer", "missing", "secretary")]
    forget()
    assert told(days(1)) == []


def test_a_cancelled_meeting_asks_nobody(secretary: Any) -> None:
    old_item(secretary.plan)
    held = meeting(secretary.body, days(1))
    assert told()
    held.cancelled_on, held.cancelled_reason = MONDAY, "Aflyst."
    held.save()
    assert send() == []
    assert told(days(1)) == []


def test_a_hand_in_that_is_moved_starts_afresh(secretary: Any) -> None:
    old_item(secretary.plan)
    held = meeting(secretary.body, days(7))
    assert told()
    for day in (days(30), days(7)):
        held.hand_in = day
        held.dispatch = held.day = day + timedelta(days=14)
        held.save()
    assert [kind for _, kind, _ in told()] == ["before_7"]


# --- Deputies ---------------------------------------------------------------------------------------------------------


def absent(person: Any, deputy: Any, body: Body | None = None, first: date = MONDAY, last: date = MONDAY) -> Delegation:
    return Delegation.objects.create(
        person=person, deputy=deputy, body=body, first_day=first, last_day=last, created_at=NOW, by=person
    )


def test_a_deputy_gets_it_instead_and_the_mail_says_so(secretary: Any) -> None:
    world.item(secretary.plan, due=days(1))
    absent(secretary, world.user("afloeser@example.dk"))
    assert told() == [("afloeser", "before_1", "deputy")]
    assert len(send()) == 1


@pytest.mark.parametrize(("first", "last", "who"), [(1, 9, "sekretaer"), (-9, -1, "sekretaer"), (-9, 0, "afloeser")])
def test_an_absence_counts_on_its_own_days(secretary: Any, first: int, last: int, who: str) -> None:
    world.item(secretary.plan, due=days(1))
    absent(secretary, world.user("afloeser@example.dk"), first=days(first), last=days(last))
    assert [row[0] for row in told()] == [who]


def test_an_absence_that_was_ended_or_is_of_another_body_does_not_count(secretary: Any) -> None:
    world.item(secretary.plan, due=days(1))
    ended = absent(secretary, world.user("afloeser@example.dk"))
    ended.ended_at = NOW
    ended.save()
    absent(secretary, world.user("anden@example.dk"), body=world.body("Et andet udvalg"))
    assert [row[0] for row in told()] == ["sekretaer"]


def test_a_coordinators_absence_in_the_body_of_the_item_counts(secretary: Any) -> None:
    coordinator = world.user("tovholder@example.dk")
    world.item(secretary.plan, due=days(1), coordinator=coordinator)
    absent(coordinator, world.user("afloeser@example.dk"), body=secretary.body)
    assert told() == [("afloeser", "before_1", "deputy")]


def test_the_deputys_deputy_is_not_followed_but_the_bodys_deputy_is(secretary: Any) -> None:
    deputy, third = world.user("afloeser@example.dk"), world.user("tredje@example.dk")
    world.item(secretary.plan, due=days(1))
    absent(secretary, deputy)
    absent(deputy, third)
    assert told() == []
    world.member(world.user("suppleant@example.dk"), secretary.body, Role.DEPUTY)
    assert told() == [("suppleant", "before_1", "deputy")]


def test_the_absent_person_catches_up_when_they_are_back(secretary: Any) -> None:
    world.item(secretary.plan, due=days(1))
    absent(secretary, world.user("afloeser@example.dk"))
    assert told() == [("afloeser", "before_1", "deputy")]
    assert told(days(2)) == [("sekretaer", "after_1", "")]


@pytest.mark.parametrize("fields", [{"is_active": False}, {"closed_on": MONDAY}])
def test_nobody_who_has_left_gets_anything_also_not_as_deputy(secretary: Any, fields: dict[str, Any]) -> None:
    gone = world.user("fhv@example.dk", **fields)
    world.member(gone, secretary.body)
    world.item(secretary.plan, due=days(1), coordinator=gone)
    assert [row[0] for row in told()] == ["sekretaer"]
    forget()
    absent(secretary, gone)
    assert told() == []


def test_whoever_leaves_while_the_mail_waits_gets_nothing(secretary: Any) -> None:
    world.item(secretary.plan, due=days(1))
    assert told()
    secretary.closed_on = MONDAY
    secretary.save()
    assert compose(ReminderMail.objects.select_related("recipient").get(), today=MONDAY) is None


# --- Escalation -------------------------------------------------------------------------------------------------------


@pytest.fixture
def late(secretary: Any) -> Any:
    """An item of a coordinator, a week late and without a word since; the body has a chair."""
    world.member(world.user("formand@example.dk"), secretary.body, Role.CHAIR)
    item = world.item(secretary.plan, due=days(-7), coordinator=world.user("tovholder@example.dk"), title="Akutteams")
    said_on(item, days(-30))
    return item


def test_the_secretary_is_told_and_then_the_chair_by_the_bodys_own_rule(secretary: Any, late: Any) -> None:
    update_telling(body=secretary.body, tell_secretary_days=7, tell_chair_days=21, by=secretary)
    assert told() == [("sekretaer", "tell_secretary", "secretary"), ("tovholder", "after_7", "")]
    assert told(days(7)) == []
    assert told(days(14)) == [("formand", "tell_chair", "chair")]
    texts = send(days(14))
    assert len(texts) == 3
    assert all("Fristen er overskredet" in text for text in texts)


def test_nobody_is_told_when_the_body_does_not_want_it(secretary: Any, late: Any) -> None:
    update_telling(body=secretary.body, tell_secretary_days=None, tell_chair_days=None, by=secretary)
    assert [row[0] for row in told()] == ["tovholder"]


def test_a_word_since_the_deadline_settles_it_also_in_a_mail_that_waits(secretary: Any, late: Any) -> None:
    assert len(told()) == 2
    world.status(late, due=days(-7))
    assert len(send()) == 1  # the coordinator's own
    said_on(late, days(-6))
    forget()
    assert [row[0] for row in told(days(1))] == ["tovholder"]


def test_whoever_gets_it_as_owner_is_not_told_as_well(secretary: Any, late: Any) -> None:
    late.coordinator = None
    late.save()
    assert told() == [("sekretaer", "after_7", "")]


def test_whoever_is_both_is_told_once_as_chair(secretary: Any, late: Any) -> None:
    world.member(secretary, secretary.body, Role.CHAIR)
    update_telling(body=secretary.body, tell_secretary_days=2, tell_chair_days=4, by=secretary)
    assert ("sekretaer", "tell_chair", "chair") in told()
    assert Reminder.objects.filter(recipient=secretary).count() == 1
    assert told(days(14)) == []


def test_an_absent_chair_is_told_through_the_deputy(secretary: Any, late: Any) -> None:
    chair = world.user("ny-formand@example.dk")
    world.member(chair, secretary.body, Role.CHAIR)
    update_telling(body=secretary.body, tell_secretary_days=None, tell_chair_days=5, by=secretary)
    absent(chair, world.user("afloeser@example.dk"))
    assert ("afloeser", "tell_chair", "chair") in told()


@pytest.mark.parametrize(
    ("secretary_days", "chair_days", "field"),
    [
        (0, None, "tell_secretary_days"),
        (None, 366, "tell_chair_days"),
        (7, 7, "tell_chair_days"),
        (9, 8, "tell_chair_days"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_and_nothing_is_stored(
    secretary: Any, secretary_days: int | None, chair_days: int | None, field: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        update_telling(
            body=secretary.body, tell_secretary_days=secretary_days, tell_chair_days=chair_days, by=secretary
        )
    assert field in caught.value.message_dict
    secretary.body.refresh_from_db()
    assert (secretary.body.tell_secretary_days, secretary.body.tell_chair_days) == (7, None)


def test_a_rule_leaves_a_row_that_says_who(secretary: Any) -> None:
    update_telling(body=secretary.body, tell_secretary_days=3, tell_chair_days=None, by=secretary)
    assert secretary.body.history.first().history_user == secretary


# --- One mail a week, and all kinds in one ----------------------------------------------------------------------------


def test_one_mail_a_week_waits_for_its_day_but_not_beside_a_deadline(secretary: Any) -> None:
    secretary.mail_rhythm = MailRhythm.WEEKLY
    secretary.save()
    world.item(secretary.plan, due=days(8))
    assert told(days(1)) == []  # Tuesday, seven days before
    world.item(secretary.plan, due=days(3))
    assert [kind for _, kind, _ in told(days(2))] == ["before_1", "before_7"]


def test_one_mail_a_week_that_was_missed_on_monday_is_caught_up(secretary: Any) -> None:
    secretary.mail_rhythm = MailRhythm.WEEKLY
    secretary.save()
    world.item(secretary.plan, due=days(7))
    assert [kind for _, kind, _ in told(days(3))] == ["before_7"]


def test_all_kinds_go_into_one_mail_and_each_once(secretary: Any) -> None:
    item = world.item(secretary.plan, due=days(7))
    milestone(item, days(7))
    said_on(world.item(secretary.plan, state="postponed"), days(-60))
    quiet(secretary.body, days(-180))
    old = old_item(secretary.plan)
    meeting(secretary.body, days(7))
    assert old
    assert [kind for _, kind, _ in told()] == ["before_7", "before_7", "before_7", "no_news", "undated"]
    assert ReminderMail.objects.count() == 1
    (text,) = send()
    assert text.index("Fristen er") < len(text)
    assert send() == []
    assert told() == []


def test_news_alone_holds_no_reminder_back(secretary: Any) -> None:
    ReminderMail.objects.create(recipient=secretary, message_id="<nyt@x>", created_at=NOW, state="sent")
    world.item(secretary.plan, due=days(7))
    assert [kind for _, kind, _ in told()] == ["before_7"]


def test_no_words_of_a_status_and_no_state_enter_a_mail(secretary: Any) -> None:
    world.item(secretary.plan, due=days(7), text="Forsinket på grund af bemanding på akutafdelingen.")
    said_on(world.item(secretary.plan, state="on_hold", text="På standby."), days(-60))
    told()
    (text,) = send()
    message: Any = outbox.outbox[0]
    for words in ("bemanding", "standby", "On hold", "akutafdelingen"):
        assert words not in text
        assert words not in message.alternatives[0][0]


def test_a_line_has_an_address_to_answer_on(secretary: Any, klynge: Body) -> None:
    item = world.item(secretary.plan, due=days(7))
    told()
    mail = ReminderMail.objects.select_related("recipient").get()
    message: Any = compose(mail, today=MONDAY)
    for text in (message.body, message.alternatives[0][0]):
        (token,) = re.findall(r"/svar/([^/]+)/", text)
        link = read_token(token)
        assert (link.person_id, link.item_id, link.sequence) == (secretary.pk, item.pk, 1)


# --- Questions to the database ----------------------------------------------------------------------------------------


def a_body_with_everything() -> None:
    body = world.body()
    who = world.user()
    world.member(who, body)
    world.member(world.user(), body, Role.CHAIR)
    plan = world.plan(body)
    item = world.item(plan, due=days(7), owners=(body,), coordinator=world.user())
    milestone(item, days(1))
    said_on(world.item(plan, state="postponed"), days(-60))
    late = world.item(plan, due=days(-30))
    said_on(late, days(-60))
    meeting(body, days(7))
    quiet(body, days(-200))


def test_questions_do_not_grow_with_people_bodies_and_kinds(secretary: Any) -> None:
    def count() -> tuple[int, float]:
        with CaptureQueriesContext(connection) as queued:
            assert queue_due(now=NOW)
        with CaptureQueriesContext(connection) as sent:
            done = send_pending(now=NOW).sent
        assert done
        asked = [query["sql"] for query in queued if not query["sql"].startswith("INSERT")]
        return len(asked), len(sent) - 2 * done

    a_body_with_everything()
    few = count()
    for _ in range(8):
        a_body_with_everything()
    many = count()
    assert many[0] <= few[0]
    assert many[1] <= few[1]  # two statements a mail, and the rest is the same for the whole batch
    assert few[0] <= 24


def test_a_pause_of_the_coordinator_brings_in_the_bodys_deputy(secretary: Any) -> None:
    coordinator = world.user("tovholder@example.dk")
    world.member(world.user("suppleant@example.dk"), secretary.body, Role.DEPUTY)
    world.item(secretary.plan, due=days(1), coordinator=coordinator)
    pause_reminders(user=coordinator, until=days(3), today=MONDAY)
    assert told() == [("suppleant", "before_1", "deputy")]
