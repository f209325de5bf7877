"""The two statements written as SQL do what the ORM would."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import get_user_model

from indicators.actions.versions import bump_version, current_version
from indicators.models import DataVersion
from initiatives.actions.reminder_rows import write_hand_over, write_sent
from initiatives.models import MailState, ReminderMail

pytestmark = pytest.mark.django_db

THEN = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=ZoneInfo("Europe/Copenhagen"))
NOW = THEN + timedelta(minutes=1)


def mail(**facts: Any) -> ReminderMail:
    person, _ = get_user_model().objects.get_or_create(email="sekretaer@example.dk")
    values = {"state": MailState.CLAIMED, "claimed_at": THEN, "created_at": THEN, **facts}
    return ReminderMail.objects.create(
        recipient=person, message_id=f"<{ReminderMail.objects.count()}@example.dk>", **values
    )


def test_what_is_handed_over_is_stored_to_the_microsecond() -> None:
    one, other = mail(), mail()
    assert write_hand_over(one, "Frist 'i dag', 100 %s; æøå", NOW, version=current_version())
    one.refresh_from_db()
    assert (one.state, one.claimed_at, one.subject) == (MailState.HANDING_OVER, NOW, "Frist 'i dag', 100 %s; æøå")
    other.refresh_from_db()
    assert (other.state, other.claimed_at, other.subject) == (MailState.CLAIMED, THEN, "")


@pytest.mark.parametrize(
    "facts",
    [
        {"state": MailState.PENDING},
        {"state": MailState.HANDING_OVER},
        {"state": MailState.SENT},
        {"claimed_at": THEN + timedelta(microseconds=1)},
        {"claimed_at": None},
    ],
)
def test_what_another_has_is_left_alone(facts: dict[str, Any]) -> None:
    one = mail()
    ReminderMail.objects.filter(pk=one.pk).update(**facts)
    assert not write_hand_over(one, "Frist", NOW, version=current_version())
    one.refresh_from_db()
    assert one.subject == ""


def test_data_that_has_changed_stops_the_hand_over() -> None:
    one, version = mail(), current_version()
    bump_version()
    assert not write_hand_over(one, "Frist", NOW, version=version)
    assert write_hand_over(one, "Frist", NOW, version=current_version())


def test_before_the_first_change_the_version_is_nought() -> None:
    one = mail()
    DataVersion.objects.all().delete()
    assert not write_hand_over(one, "Frist", NOW, version=1)
    assert write_hand_over(one, "Frist", NOW, version=0)


@pytest.mark.parametrize("state", MailState.values)
def test_what_was_sent_is_sent_whoever_has_it_now(state: str) -> None:
    one, other = mail(state=state, error="421", not_before=NOW), mail()
    assert write_sent(one, NOW)
    one.refresh_from_db()
    assert (one.state, one.sent_at, one.error, one.claimed_at, one.not_before) == (MailState.SENT, NOW, "", None, None)
    other.refresh_from_db()
    assert other.state == MailState.CLAIMED


def test_a_mail_that_is_gone_is_no_news() -> None:
    one = mail()
    ReminderMail.objects.all().delete()
    one.pk = 12345
    assert not write_sent(one, NOW)
