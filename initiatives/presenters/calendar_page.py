"""The page where people make and take back the addresses of their calendars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from initiatives.models import Body, CalendarFeed, Membership
from initiatives.presenters.wording import day_text


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One calendar. The addresses of the buttons are "" where there is nothing to press."""

    title: str
    note: str
    standing: str  # since when there is an address and when it was fetched, or that there is none
    key: str  # what the button that makes one sends; "" for the person's own
    can_make: bool
    replace_url: str = ""
    revoke_url: str = ""


@dataclass(frozen=True, slots=True)
class FreshAddress:
    """Shown once, right after it was made."""

    title: str
    address: str
    phone_address: str  # the same, in a form that asks the program to subscribe


@dataclass(frozen=True, slots=True)
class CalendarPage:
    rows: tuple[CalendarRow, ...]
    fresh: FreshAddress | None
    problem: str


def fresh_address(body: Body | None, secret: str) -> FreshAddress:
    address = settings.SITE_URL + reverse("calendar_feed", args=[secret])
    return FreshAddress(_title(body), address, f"webcal://{address.partition('://')[2]}")


def calendar_page(person: Any, *, today: date, fresh: FreshAddress | None = None, problem: str = "") -> CalendarPage:
    """The person's own calendar, one for each body they sit in, and those left open for bodies they have left. Two queries."""
    feeds = CalendarFeed.objects.filter(person=person, revoked_at__isnull=True).select_related("body")
    by_body = {feed.body_id: feed for feed in feeds}
    sits_in = Membership.objects.valid_on(today).filter(user=person).values("body_id")
    bodies = list(Body.objects.filter(pk__in=sits_in))
    left = [feed.body for feed in feeds if feed.body is not None and feed.body not in bodies]
    rows = [
        _row(None, by_body.get(None), _("The deadlines of your items, and the meetings of your bodies.")),
        *(_row(body, by_body.get(body.pk), _("All its deadlines and meetings.")) for body in bodies),
        *(_row(body, by_body[body.pk], _("You no longer sit in it, so it is empty."), sits=False) for body in left),
    ]
    return CalendarPage(rows=tuple(rows), fresh=fresh, problem=problem)


def _row(body: Body | None, feed: CalendarFeed | None, note: str, *, sits: bool = True) -> CalendarRow:
    return CalendarRow(
        title=_title(body),
        note=note,
        standing=_standing(feed),
        key=body.slug if body is not None else "",
        can_make=feed is None and sits,
        replace_url=reverse("calendar_replace", args=[feed.pk]) if feed and sits else "",
        revoke_url=reverse("calendar_revoke", args=[feed.pk]) if feed else "",
    )


def _title(body: Body | None) -> str:
    return body.name if body is not None else _("My own calendar")


def _standing(feed: CalendarFeed | None) -> str:
    if feed is None:
        return _("There is no address yet.")
    made = _("The address was made %(day)s.") % {"day": day_text(timezone.localtime(feed.created_at).date())}
    # Not inside the f-string: the translators' tool does not look into those.
    fetched = _("No calendar program has fetched it yet.")
    if feed.last_read_on is not None:
        fetched = _("Last fetched %(day)s.") % {"day": day_text(feed.last_read_on)}
    return f"{made} {fetched}"
