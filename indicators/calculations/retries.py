"""When to ask a source again that did not answer: after a minute, then after longer and longer, and then no more today."""

from __future__ import annotations

from datetime import datetime, timedelta

MOST_ATTEMPTS = 5
FIRST, FACTOR, LONGEST = timedelta(minutes=1), 4, timedelta(minutes=30)


def next_try(attempt: int) -> timedelta | None:
    """How long to wait after attempt number `attempt`; None when nobody tries again by itself."""
    if not 1 <= attempt < MOST_ATTEMPTS:
        return None
    return min(LONGEST, FIRST * FACTOR ** (attempt - 1))


#: Sources are fetched in the night, when the figures of the day before have come out.
HOUR, MINUTE = 5, 30


def is_due(every_days: int, last_fetched: datetime | None, now: datetime) -> bool:
    """Whether a source is to be fetched now. Both moments in local time. 0 days: only when somebody asks.

    A run of earlier the same day counts for the day, whoever asked for it.
    """
    if not every_days or (now.hour, now.minute) < (HOUR, MINUTE):
        return False
    return last_fetched is None or (now.date() - last_fetched.date()).days >= every_days
