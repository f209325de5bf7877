"""Meetings as pages name them: their titles, the sentences about their deadlines, the list of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from initiatives.models import Body, Meeting
from initiatives.presenters.wording import day_text, language
from sundhedsaftale.lib.danish import format_weekday
from sundhedsaftale.lib.working_days import previous_working_day

PAST_ON_A_PAGE = 30


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """One row of the list. `cancelled` is the reason, "" for a meeting that stands."""

    title: str
    url: str
    day: str
    body: str
    hand_in: str
    dispatch: str
    case_number: str
    cancelled: str


@dataclass(frozen=True, slots=True)
class BodyChoice:
    value: str
    label: str
    selected: bool


@dataclass(frozen=True, slots=True)
class MeetingList:
    answer: str
    coming: tuple[MeetingLine, ...]
    past: tuple[MeetingLine, ...]
    bodies: tuple[BodyChoice, ...]
    unknown: str  # a body in the address that has no meetings
    page_text: str
    previous_url: str
    next_url: str


def meeting_title(meeting: Meeting) -> str:
    """ "Møde 5. november 2020", or the meeting's own title and the day."""
    day = day_text(meeting.day)
    return f"{meeting.title}, {day}" if meeting.title else _("Meeting %(day)s") % {"day": day}


def weekday_text(day: date) -> str:
    return format_weekday(day, language())


def deadline_sentence(label: str, deadline: date, *, meeting_day: date, days: int) -> str:
    """ "Frist for tekster: torsdag 22. oktober 2020 (14 dage før)", and whether it was moved or set by hand.

    days: the body's rule, calendar days before the meeting.
    """
    counted = meeting_day - timedelta(days=days)
    before = (meeting_day - deadline).days
    words = ngettext("%(days)s day before", "%(days)s days before", before) % {"days": before}
    if before == 0:
        words = _("the day of the meeting")
    if deadline != counted and deadline == previous_working_day(counted):
        rule = ngettext("%(days)s day before", "%(days)s days before", days) % {"days": days}
        words = _("%(rule)s, moved back to a working day") % {"rule": rule}
    elif deadline != counted:
        words = _("%(days)s, set by hand") % {"days": words}
    return f"{label}: {weekday_text(deadline)} ({words})"


def hand_in_sentence(meeting: Meeting) -> str:
    label = _("Deadline for texts")
    return deadline_sentence(label, meeting.hand_in, meeting_day=meeting.day, days=meeting.body.hand_in_days)


def dispatch_sentence(meeting: Meeting) -> str:
    label = _("Papers go out")
    return deadline_sentence(label, meeting.dispatch, meeting_day=meeting.day, days=meeting.body.dispatch_days)


def meeting_list(*, body: str, page_number: str, today: date) -> MeetingList:
    """Three queries: the bodies that meet, the coming meetings, a page of those past (and how many there are)."""
    bodies = list(Body.objects.filter(meetings__isnull=False).distinct())
    chosen = next((one for one in bodies if one.slug == body), None)
    meetings = Meeting.objects.select_related("body")
    if chosen is not None:
        meetings = meetings.filter(body=chosen)
    coming = list(meetings.filter(day__gte=today).order_by("day", "body__sort_key", "pk"))
    page = Paginator(meetings.filter(day__lt=today), PAST_ON_A_PAGE).get_page(page_number)
    several = page.paginator.num_pages > 1
    return MeetingList(
        answer=_answer(coming, chosen),
        coming=meeting_lines(coming),
        past=meeting_lines(page.object_list),
        bodies=tuple(BodyChoice(one.slug, one.name, one is chosen) for one in bodies),
        unknown=body if body and chosen is None else "",
        page_text=_("Page %(number)s of %(pages)s") % {"number": page.number, "pages": page.paginator.num_pages}
        if several
        else "",
        previous_url=_page_url(chosen, page.number - 1) if page.has_previous() else "",
        next_url=_page_url(chosen, page.number + 1) if page.has_next() else "",
    )


def _answer(coming: list[Meeting], chosen: Body | None) -> str:
    standing = [meeting for meeting in coming if meeting.cancelled_on is None]
    if not standing:
        if chosen is not None:
            return _("%(body)s has no coming meeting here.") % {"body": chosen.name}
        return _("No coming meeting is registered.")
    first = standing[0]
    words = {"day": weekday_text(first.day), "body": first.body.name}
    return _("The next meeting is %(day)s in %(body)s.") % words


def meeting_lines(meetings: Iterable[Meeting]) -> tuple[MeetingLine, ...]:
    """The meetings come with their bodies."""
    return tuple(
        MeetingLine(
            title=meeting.title or _("Meeting"),
            url=reverse("meeting", args=[meeting.pk]),
            day=weekday_text(meeting.day),
            body=meeting.body.name,
            hand_in=day_text(meeting.hand_in),
            dispatch=day_text(meeting.dispatch),
            case_number=meeting.case_number,
            cancelled=meeting.cancelled_reason if meeting.cancelled_on else "",
        )
        for meeting in meetings
    )


def _page_url(chosen: Body | None, number: int) -> str:
    query = {"udvalg": chosen.slug} if chosen else {}
    return f"{reverse('meeting_list')}?{urlencode({**query, 'side': number})}"


def next_meeting(body_id: int, *, today: date) -> Meeting | None:
    """The body's next meeting that stands; today counts."""
    coming = Meeting.objects.filter(body=body_id, day__gte=today, cancelled_on__isnull=True)
    return coming.select_related("body").order_by("day").first()
