"""Meetings from the content file. Those of an example follow the day they are loaded on."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.exceptions import ValidationError

from initiatives.actions.content.reading import ContentError, Entry, sentences, text
from initiatives.actions.meetings import register_meeting, update_meeting
from initiatives.models import Body, Meeting


def load_meetings(content: Entry, *, file: str, today: date) -> int:
    """Idempotent: a meeting that is there is left, an example that nobody has touched is moved along. Returns how many."""
    for entry in content["meetings"]:
        body = Body.objects.filter(slug=entry["body"]).first()
        if body is None:
            raise ContentError(f"{file}: unknown body {entry['body']!r}")
        offset = entry.get("day_in_days")
        day = entry.get("day") if offset is None else today + timedelta(days=offset)
        if day is None:
            raise ContentError(f"{file}: {entry['body']}: the meeting has no day")
        try:
            _load(body, day, entry)
        except ValidationError as error:
            raise ContentError(f"{file}: {entry['body']} {day}: {sentences(error)}") from error
    return len(content["meetings"])


def _load(body: Body, day: date, entry: Entry) -> None:
    title, number = text(entry.get("title")), text(entry.get("case_number"))
    if body.meetings.filter(day=day, cancelled_on__isnull=True).exists():
        return
    earlier = body.meetings.filter(case_number=number).first() if number else None
    if earlier is None:
        register_meeting(body=body, day=day, title=title, case_number=number, by=None)
    elif _is_untouched(earlier):
        update_meeting(meeting=earlier, day=day, title=title, case_number=number,
                       hand_in=earlier.hand_in, dispatch=earlier.dispatch, by=None)  # fmt: skip


def _is_untouched(meeting: Meeting) -> bool:
    """Nobody has moved it, written a status for it, decided at it or frozen it."""
    return not (
        meeting.cancelled_on
        or meeting.history.filter(history_user__isnull=False).exists()
        or meeting.statuses.filter(by__isnull=False).exists()
        or meeting.decisions.exists()
        or meeting.approvals.exists()
        or meeting.snapshots.exists()
    )


def meeting_on(body: Body, day: date) -> Meeting | None:
    """The body's meeting on that day, if it has one."""
    return body.meetings.filter(day=day, cancelled_on__isnull=True).first()
