"""Any order of queueing, sending, dying, closing, asking again and setting the clock, by several workers at once.

A worker is interrupted where a real one can be: with the claim, at the last moment before the hand-over, and between
the server's taking the mail and the stamp. What happens there is drawn too: nothing, its death, or that somebody else
does something meanwhile, another worker's whole run among it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from indicators.actions.versions import bump_version
from initiatives.actions import reminders
from initiatives.models import MailState, Reminder, ReminderMail
from sundhedsaftale.lib.smtp import Answer, Outcome
from tests.faults import ledger
from tests.initiatives import small_world as world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MONDAY = date(2026, 11, 23)
DRAINED = 40


class Killed(BaseException):
    """As a process ends: nothing of ours may catch it."""


SERVER = st.sampled_from(
    ["takes it"] * 6 + ["away", "later", "refuses", "hangs up", "doubt, taken", "doubt, lost", "hangs up half way"]
)
MEANWHILE = st.sampled_from(
    ["nothing"] * 12
    + ["death"] * 3
    + ["another run"] * 3
    + ["asked again", "closed", "moved", "20 minutes", "a day back", "an hour back", "paused"]
)


class World(RuleBasedStateMachine):
    """The rules below are what can happen; `server` and `meanwhile` are drawn for each and used up in order."""

    @initialize()
    def begin(self) -> None:
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.now = world.at(MONDAY)
        self.accepted: Counter[str] = Counter()
        self.asked: Counter[str] = Counter()
        self.server: list[str] = []
        self.meanwhile: list[str] = []
        self.depth = 0
        self.by = world.user("leder@example.dk", is_superuser=True)
        plan = world.plan(world.body())
        self.people = [world.user(f"p{index}@example.dk") for index in range(3)]
        self.items = [
            world.item(
                plan, due=MONDAY + timedelta(days=days), coordinator=self.people[index % 3], title=f"Sag <{index}>"
            )
            for index, days in enumerate((1, 1, 2, 7, -1, 30))
        ]
        self.closed: set[str] = set()

    # --- What can happen ----------------------------------------------------------------------------------------------

    @rule(server=st.lists(SERVER, max_size=4), meanwhile=st.lists(MEANWHILE, max_size=12))
    def a_worker_runs(self, server: list[str], meanwhile: list[str]) -> None:
        self.server, self.meanwhile = server[::-1], meanwhile[::-1]
        self.run()
        self.server, self.meanwhile = [], []

    @rule(minutes=st.sampled_from([1, 6, 11, 16, 60, 60 * 24, 60 * 24 * 3]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(hours=st.sampled_from([1, 24]))
    def the_clock_is_put_back(self, hours: int) -> None:
        self.now -= timedelta(hours=hours)

    @rule(index=st.integers(0, 5))
    def an_item_is_closed(self, index: int) -> None:
        self.close(index)

    @rule()
    def somebody_asks_again(self) -> None:
        self.ask_again()

    # --- How --------------------------------------------------------------------------------------------------------

    def run(self) -> None:
        if self.depth > 2:
            return
        self.depth += 1
        try:
            reminders.queue_due(now=self.now)
            reminders.send_pending(now=self.now)
        except Killed:
            pass
        finally:
            self.depth -= 1

    def close(self, index: int) -> None:
        item = self.items[index]
        world.status(item, state="completed", due=item.statuses.latest("sequence").due.last_day)
        bump_version()
        self.closed.add(item.title)

    def ask_again(self) -> None:
        for mail in ReminderMail.objects.filter(state__in=(MailState.UNCERTAIN, MailState.REFUSED))[:1]:
            assert reminders.resend_uncertain(mail=mail, by=self.by, now=self.now)
            self.asked[mail.message_id] += 1

    def move(self) -> None:
        world.status(self.items[1], due=self.items[1].statuses.latest("sequence").due.last_day + 40 * DAY)
        bump_version()

    def interrupted(self) -> None:
        """A worker is here. Something may happen."""
        what = self.meanwhile.pop() if self.meanwhile else "nothing"
        deeds: dict[str, Callable[[], Any]] = {
            "another run": self.run,
            "asked again": self.ask_again,
            "closed": lambda: self.close(0),
            "moved": self.move,
            "paused": lambda: reminders.pause_reminders(
                user=self.people[2], until=self.now.date() + DAY, today=self.now.date()
            ),
        }
        moves = {"20 minutes": timedelta(minutes=20), "a day back": -DAY, "an hour back": -DAY / 24}
        if what == "death":
            raise Killed
        self.now += moves.get(what, timedelta())
        deeds.get(what, lambda: None)()

    # --- What must hold -----------------------------------------------------------------------------------------------

    @invariant()
    def never_twice_unasked_and_never_lost_unseen(self) -> None:
        if not hasattr(self, "accepted"):
            return
        for mail in ReminderMail.objects.all():
            times, asked = self.accepted[mail.message_id], self.asked[mail.message_id]
            assert times <= 1 + asked, f"{mail.state}: {times}"
            if mail.state == MailState.SENT:
                assert times >= 1
            if mail.state in (MailState.PENDING, MailState.REFUSED, MailState.DROPPED, MailState.CLAIMED):
                assert times <= asked, f"{mail.state}: {times}"
        assert Reminder.objects.values("key").distinct().count() == Reminder.objects.count()

    def teardown(self) -> None:
        if not hasattr(self, "undo"):
            return
        try:
            self.server, self.meanwhile = [], []
            self.now = max(self.now, world.at(MONDAY)) + timedelta(days=2)
            for _ in range(DRAINED):
                if not ReminderMail.objects.filter(state__in=reminders.WAITING).exists():
                    break
                reminders.send_pending(now=self.now)
                self.now += timedelta(hours=5)
            ledger.check(self.accepted, sent_again=self.asked)
        finally:
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)
            del self.undo


DAY = timedelta(days=1)


def line_of(machine: Callable[[], World]) -> type:
    """A mail server that does what was drawn for it."""

    class Line:
        trouble, is_useless = "", False

        def open(self) -> bool:
            play = machine()
            if play.server and play.server[-1] == "away":
                play.server.pop()
                self.trouble = "ConnectionRefusedError"
            return not self.trouble

        def close(self) -> None:
            pass

        def deliver(self, message: Any, about_to_send: Callable[[], bool]) -> Answer:
            play = machine()
            does = play.server.pop() if play.server else "takes it"
            play.interrupted()
            if does == "hangs up":
                return Answer(Outcome.NO_SERVICE, "gone")
            if not about_to_send():
                return Answer(Outcome.GIVEN_UP)
            said = {title for title in play.closed if title in message.body}
            assert said == set(), "a closed item"
            if does in ("takes it", "doubt, taken"):
                play.accepted[message.extra_headers["Message-ID"]] += 1
            play.interrupted()
            answers = {
                "takes it": Outcome.ACCEPTED,
                "later": Outcome.LATER,
                "refuses": Outcome.REFUSED,
                "hangs up half way": Outcome.NO_SERVICE,
            }
            return Answer(answers.get(does, Outcome.UNKNOWN), does, before_content=False)

    return Line


@pytest.fixture
def machines(monkeypatch: pytest.MonkeyPatch) -> type[World]:
    playing: list[World] = []

    class Played(World):
        def __init__(self) -> None:
            super().__init__()
            playing[:] = [self]

    claim = reminders.claim

    def claim_and_be_interrupted(pks: Collection[int], now: datetime) -> Any:
        mails = claim(pks, now)
        if mails:
            playing[0].interrupted()
        return mails

    monkeypatch.setattr(reminders, "MailLine", line_of(lambda: playing[0]))
    monkeypatch.setattr(reminders, "claim", claim_and_be_interrupted)
    return Played


def test_every_reminder_is_sent_once_or_listed_whatever_happens(machines: type[World]) -> None:
    run_state_machine_as_test(
        machines,
        settings=settings(
            max_examples=60,
            stateful_step_count=12,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
