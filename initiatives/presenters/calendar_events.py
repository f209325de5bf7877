"""What stands in a person's calendar, and in that of a body: titles and links, never a word of a status.

A deadline is the last day of its period. Items that are closed, handed on or without a date are not in it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from initiatives.calculations.calendar import CalendarEvent, nearest
from initiatives.calculations.states import CLOSED_STATES
from initiatives.models import ActionItem, Body, CalendarFeed, Meeting, Membership, Milestone, StatusUpdate
from initiatives.permissions import user_can_follow_calendar
from initiatives.presenters.meetings import dispatch_sentence, hand_in_sentence
from initiatives.presenters.mine import mine
from initiatives.presenters.wording import day_text

#: Meetings and reached days of the last two months stay, so that the calendar does not seem to forget.
LOOK_BACK = timedelta(days=60)


def feed_content(feed: CalendarFeed, *, today: date) -> tuple[str, list[CalendarEvent]]:
    """The calendar's name and what stands in it. Four queries at most, whatever its size.

    Whoever has left the body gets a calendar with one event that says so: an address that stopped answering would leave
    the old days standing in their program for ever.
    """
    name = calendar_name(feed.body)
    if feed.body is None:
        bodies = Q(body__in=Membership.objects.valid_on(today).filter(user=feed.person).values("body_id"))
        return name, nearest(_events(mine(feed.person, today=today), bodies, today), today=today)
    if not user_can_follow_calendar(feed.person, feed.body, today=today):
        return _("%(calendar)s (you no longer sit in it)") % {"calendar": name}, [_left_event(feed, feed.body)]
    carried = Q(plan__body=feed.body) | Q(pk__in=feed.body.anchorings.values("item_id"))
    return name, nearest(_events(carried, Q(body=feed.body), today), today=today)


def calendar_name(body: Body | None) -> str:
    """As the program calls it in its list."""
    if body is None:
        return _("%(site)s: my deadlines") % {"site": settings.SITE_NAME}
    return f"{settings.SITE_NAME}: {body.name}"


def meeting_event(meeting: Any) -> CalendarEvent:
    """The meeting alone, with its other days in the text. It comes from `with_stamps`."""
    event = _meeting_events(meeting)[0]
    return replace(event, note="\n".join((hand_in_sentence(meeting), dispatch_sentence(meeting))))


def with_stamps(meetings: Any) -> Any:
    """Meetings that also say when they were last changed (`changed_at`)."""
    return meetings.annotate(changed_at=_changed_at(Meeting))


def item_deadline(item: ActionItem) -> CalendarEvent | None:
    """The deadline of one item; None when it has none, or nothing is owed any more. One query."""
    return next(iter(_deadlines(ActionItem.objects.standing().filter(pk=item.pk))), None)


def _events(items: Q, bodies: Q, today: date) -> list[CalendarEvent]:
    meetings = with_stamps(Meeting.objects.filter(bodies, day__gte=today - LOOK_BACK).select_related("body"))
    found = [event for meeting in meetings for event in _meeting_events(meeting)]
    wanted = ActionItem.objects.open(today=today).filter(items)
    return [*_deadlines(wanted), *_milestones(wanted), *found]


def _deadlines(wanted: QuerySet[ActionItem]) -> list[CalendarEvent]:
    rows = StatusUpdate.objects.current().filter(item__in=wanted.values("pk"), due__last_day__isnull=False)
    columns = ("item_id", "item__number", "item__title", "item__plan__slug", "item__plan__short_title")
    more = ("item__plan__title", "due__last_day", "recorded_at")
    return [
        CalendarEvent(
            uid=f"item-{pk}",
            day=day,
            title=_("Deadline: %(number)s. %(title)s") % {"number": number, "title": title},
            url=settings.SITE_URL + reverse("item", args=[slug, number]),
            stamp=stamp,
            note=short or plan,
        )
        for pk, number, title, slug, short, plan, day, stamp in rows.exclude(state__in=CLOSED_STATES).values_list(
            *columns, *more
        )
    ]


def _milestones(wanted: QuerySet[ActionItem]) -> list[CalendarEvent]:
    rows = (
        Milestone.objects.filter(item__in=wanted.values("pk"), reached_on__isnull=True, last_day__isnull=False)
        .exclude(item__in=StatusUpdate.objects.current().filter(state__in=CLOSED_STATES).values("item"))
        .annotate(changed_at=_changed_at(Milestone))
        .select_related("item__plan")
    )
    return [
        CalendarEvent(
            uid=f"milestone-{row.pk}",
            day=row.last_day,
            title=_("Milestone: %(title)s") % {"title": row.title},
            url=settings.SITE_URL + reverse("item", args=[row.item.plan.slug, row.item.number]),
            stamp=row.changed_at or row.item.created_at,
            note=f"{row.item.number}. {row.item.title}",
        )
        for row in rows
        if row.last_day is not None
    ]


def _meeting_events(meeting: Any) -> list[CalendarEvent]:
    """The meeting, the day its texts are due and the day its papers go out; all cancelled when it is."""
    words = {"body": meeting.body.name, "day": day_text(meeting.day)}
    own = f"{meeting.title} ({meeting.body.name})" if meeting.title else _("Meeting: %(body)s") % words
    days = (
        ("", meeting.day, own),
        ("-hand-in", meeting.hand_in, _("Texts are due: %(body)s, meeting %(day)s") % words),
        ("-dispatch", meeting.dispatch, _("Papers go out: %(body)s, meeting %(day)s") % words),
    )
    cancelled = meeting.cancelled_on is not None
    return [
        CalendarEvent(
            uid=f"meeting-{meeting.pk}{part}",
            day=day,
            title=_("Cancelled: %(what)s") % {"what": title} if cancelled else title,
            url=settings.SITE_URL + reverse("meeting", args=[meeting.pk]),
            stamp=meeting.changed_at or meeting.created_at,
            cancelled=cancelled,
        )
        for part, day, title in days
    ]


def _left_event(feed: CalendarFeed, body: Body) -> CalendarEvent:
    """On the day after the last membership ended; on that of the address when nothing says."""
    ended = Membership.objects.filter(user=feed.person, body=body).order_by("-valid_to").exclude(valid_to=None)
    last = ended.values_list("valid_to", flat=True).first()
    return CalendarEvent(
        uid=f"body-{body.pk}-left",
        day=last + timedelta(days=1) if last else timezone.localtime(feed.created_at).date(),
        title=_("You no longer sit in %(body)s. This calendar is empty.") % {"body": body.name},
        url=settings.SITE_URL + reverse("calendar_page"),
        stamp=feed.created_at,
    )


def _changed_at(model: Any) -> Subquery:
    """From the history rows, which every change leaves behind."""
    rows = model.history.model.objects.filter(id=OuterRef("pk")).order_by().values("id")
    return Subquery(rows.annotate(last=Max("history_date")).values("last"))
