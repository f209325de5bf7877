"""Days in a calendar: all-day events with a name that never changes, and which of them a calendar holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

#: Of one calendar. Outlook and the phones fetch the whole of it several times a day.
MOST_EVENTS = 400


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """uid: the same for ever, so that a moved deadline moves in the calendar. stamp: when it was last changed."""

    uid: str
    day: date
    title: str
    url: str
    stamp: datetime
    note: str = ""
    cancelled: bool = False


def nearest(events: Iterable[CalendarEvent], *, today: date, most: int = MOST_EVENTS) -> list[CalendarEvent]:
    """At most so many, in the order of their days: what is still to come before what has been, the nearest first."""
    chosen = sorted(events, key=lambda event: (event.day < today, abs((event.day - today).days), event.uid))[:most]
    return sorted(chosen, key=lambda event: (event.day, event.uid))
