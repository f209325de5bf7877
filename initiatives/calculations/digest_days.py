"""When news goes out by mail, and up to which moment it tells: pure, with local time as an argument."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sundhedsaftale.lib.working_days import is_working_day

EACH, DAILY, WEEKLY = "each", "daily", "weekly"

#: What is being written when a mail is put together is told in the next one: by then it has been stored.
SETTLE = timedelta(minutes=15)
#: A digest tells what happened up to a quarter to eight, whenever on the day it is made: a late one tells the same.
CLOSES_AT = time(7, 45)


@dataclass(frozen=True)
class Window:
    """The news of [since, until), told on `day`: a person has one a day at most."""

    since: datetime
    until: datetime
    day: date


def window(rhythm: str, *, now: datetime, since: datetime) -> Window | None:
    """What a mail made at `now` tells a person who was last told up to `since`; None when it is not time for one.

    now: local time on a working day from 08:00. daily: each working day. weekly: the first working day of the week,
    or as soon after it as somebody looks. each: whenever there is something.
    """
    if rhythm == EACH:
        until, day = now - SETTLE, now.date()
    else:
        day = now.date() if rhythm == DAILY else first_working_day(now.date())
        until = datetime.combine(day, CLOSES_AT, tzinfo=now.tzinfo)
        if until > now:
            return None
    return Window(since, until, day) if since < until else None


def first_working_day(day: date) -> date:
    """Of the week the day lies in; Monday itself in a week without one, so that nothing waits for the week after."""
    monday = day - timedelta(days=day.weekday())
    days = [monday + timedelta(days=number) for number in range(7)]
    return next((one for one in days if is_working_day(one)), monday)
