"""The one oracle: what must hold of every reminder, whatever was killed, flushed, cut off or set back on the way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django.test import Client
from django.urls import reverse

from initiatives.calculations.states import CLOSED_STATES
from initiatives.models import MailState, Reminder, ReminderMail, StatusUpdate
from sundhedsaftale.models import User


def check(accepted: Mapping[str, int], *, waiting: bool = False, sent_again: Mapping[str, int] | None = None) -> None:
    """Every key: exactly one accepted mail, or listed for a person, or settled before it was sent. None twice.

    `accepted`: how many mails with this Message-ID the server has accepted. `waiting`: mails may still wait. `sent_again`:
    how often a person asked for the mail with this Message-ID once more. AssertionError names the key.
    """
    asked = sent_again or {}
    listed = _listed()
    keys = list(Reminder.objects.values_list("key", flat=True))
    assert len(set(keys)) == len(keys)
    for reminder in Reminder.objects.select_related("mail"):
        mail, times = reminder.mail, accepted.get(reminder.mail.message_id, 0)
        story = f"{reminder.key}: {mail.state}, accepted {times} times, {mail.error or 'no error'}"
        again = asked.get(mail.message_id, 0)
        assert times <= 1 + again, story
        if mail.state == MailState.SENT:
            assert times >= 1, story
        elif mail.state == MailState.UNCERTAIN:
            assert mail.pk in listed, story
        elif mail.state == MailState.REFUSED:
            assert times <= again, story
            assert mail.pk in listed, story
        elif mail.state == MailState.DROPPED:
            assert times <= again, story
            assert _is_settled(reminder), story
        else:
            assert waiting, story
            assert times <= again, story
    known = set(ReminderMail.objects.values_list("message_id", flat=True))
    assert set(accepted) <= known, "a mail that is in no outbox"


def _listed() -> set[int]:
    """The mails that the page of the log offers to send again."""
    reader, _ = User.objects.get_or_create(email="tilsyn@example.dk", defaults={"is_superuser": True, "name": "Tilsyn"})
    client = Client()
    client.force_login(reader)
    page = client.get(reverse("reminder_log")).content.decode()
    return {
        pk
        for pk in ReminderMail.objects.values_list("pk", flat=True)
        if f'{reverse("reminder_resend", args=[pk])}"' in page
    }


def _is_settled(reminder: Reminder) -> bool:
    """Closed, moved to another deadline, or nobody to write to."""
    status = StatusUpdate.objects.filter(item=reminder.item).select_related("due").order_by("-sequence").first()
    closed = status is not None and status.state in CLOSED_STATES
    moved = status is None or status.due is None or status.due.last_day != reminder.due_on
    return closed or moved or reminder.item.closed_on is not None or not reminder.recipient.is_active


def states() -> Counter[str]:
    return Counter(ReminderMail.objects.values_list("state", flat=True))
