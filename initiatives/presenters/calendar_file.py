"""Events as an iCalendar file (RFC 5545): for a program that fetches it, or for one press on a page."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import get_language

from initiatives.calculations.calendar import CalendarEvent

FORMAT = 1  # counted up when the same events are written otherwise
CONTENT_TYPE = "text/calendar; charset=utf-8"
FETCH_AGAIN = timedelta(hours=6)
ZONE = "Europe/Copenhagen"
# All our events last a day and need no zone; but a calendar without any component is against the standard.
ONLY_A_ZONE = b"""BEGIN:VTIMEZONE
TZID:Europe/Copenhagen
BEGIN:DAYLIGHT
DTSTART:19810329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
""".replace(b"\n", b"\r\n")


def calendar_file(events: Iterable[CalendarEvent], *, name: str = "") -> bytes:
    """name: what a subscribed calendar is called; a file with one event to be added to one's own has none."""
    import icalendar  # only who asks for a calendar pays for it

    rows = list(events)
    calendar = icalendar.Calendar()
    calendar.add("prodid", f"-//{settings.SITE_NAME}//NONSGML 1//{(get_language() or 'da').upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    if name:
        calendar.add("name", name)
        calendar.add("x-wr-calname", name)
        calendar.add("x-wr-timezone", ZONE)
        calendar.add("refresh-interval", FETCH_AGAIN, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", icalendar.vDuration(FETCH_AGAIN))
    for row in rows:
        calendar.add_component(_event(row))
    written = bytes(calendar.to_ical())
    return written if rows else written.replace(b"END:VCALENDAR", ONLY_A_ZONE + b"END:VCALENDAR")


def fingerprint(events: Iterable[CalendarEvent], *, name: str) -> str:
    """The same for the same file, and known without writing it: most programs come back to hear that nothing is new."""
    written = (FORMAT, settings.SITE_URL, settings.SITE_NAME, get_language(), name, list(events))
    return hashlib.sha256(repr(written).encode()).hexdigest()[:32]


def last_changed(events: Iterable[CalendarEvent]) -> datetime | None:
    return max((event.stamp for event in events), default=None)


def _event(row: CalendarEvent) -> Any:
    import icalendar

    event = icalendar.Event()
    event.add("uid", f"{row.uid}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("dtstamp", row.stamp.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", row.day)
    event.add("dtend", row.day + timedelta(days=1))
    event.add("summary", row.title)
    event.add("description", "\n".join(filter(None, (row.note, row.url))))
    event.add("url", row.url)
    event.add("transp", "TRANSPARENT")  # a deadline does not make anybody busy
    event.add("status", "CANCELLED" if row.cancelled else "CONFIRMED")
    return event
