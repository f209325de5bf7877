"""Deadlines and meetings in people's own calendars: secret addresses to subscribe to, and files with one event."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from initiatives.actions.calendars import hash_of, make_calendar, replace_calendar, revoke_calendar, stamp_read
from initiatives.models import Body, CalendarFeed, Meeting
from initiatives.permissions import check_user_can_follow_calendar
from initiatives.presenters.calendar_events import feed_content, item_deadline, meeting_event, with_stamps
from initiatives.presenters.calendar_file import CONTENT_TYPE, calendar_file, fingerprint, last_changed
from initiatives.presenters.calendar_page import FreshAddress, calendar_page, fresh_address
from initiatives.views.lookup import CONFLICT, get_item

NO_CALENDAR = b"Der er ingen kalender paa denne adresse. There is no calendar at this address.\n"


# --- The page ---------------------------------------------------------------------------------------------------------


@login_required
@never_cache
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    return _page(request)


@login_required
@never_cache
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """The answer is the page itself and not a way back to it: the address exists nowhere else."""
    slug, body = request.POST.get("udvalg", ""), None
    if slug:
        body = get_object_or_404(Body, slug=slug)
        check_user_can_follow_calendar(request.user, body, today=timezone.localdate())
    try:
        secret = make_calendar(by=request.user, body=body, now=timezone.now())
    except ValidationError as error:
        return _page(request, problem=" ".join(error.messages), status=CONFLICT)
    return _page(request, fresh=fresh_address(body, secret))


@login_required
@never_cache
@require_POST
def replace(request: HttpRequest, pk: int) -> HttpResponse:
    feed = _own_feed(request, pk)
    if feed.body is not None:
        check_user_can_follow_calendar(request.user, feed.body, today=timezone.localdate())
    try:
        secret = replace_calendar(feed=feed, by=request.user, now=timezone.now())
    except ValidationError as error:
        return _page(request, problem=" ".join(error.messages), status=CONFLICT)
    return _page(request, fresh=fresh_address(feed.body, secret))


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    revoke_calendar(feed=_own_feed(request, pk), by=request.user, now=timezone.now())
    messages.success(request, _("The address no longer works. Remove the calendar from your program too."))
    return redirect("calendar_page")


def _own_feed(request: HttpRequest, pk: int) -> CalendarFeed:
    return get_object_or_404(CalendarFeed.objects.filter(person=request.user.pk).select_related("body"), pk=pk)


def _page(
    request: HttpRequest, *, fresh: FreshAddress | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    shown = calendar_page(request.user, today=timezone.localdate(), fresh=fresh, problem=problem)
    crumbs = [{"label": _("My tasks"), "url": reverse("mine")}, {"label": _("In my calendar"), "url": ""}]
    return render(request, "initiatives/calendar_page.html", {"page": shown, "crumbs": crumbs}, status=status)


# --- For calendar programs --------------------------------------------------------------------------------------------


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Without signing in: the address is the secret. Unknown, taken back and closed look exactly the same."""
    standing = CalendarFeed.objects.filter(
        revoked_at__isnull=True, person__is_active=True, person__closed_on__isnull=True
    ).select_related("person", "body")
    found = standing.filter(token_hash=hash_of(token)).first()
    if found is None:
        missing = HttpResponseNotFound(NO_CALENDAR, content_type="text/plain; charset=us-ascii")
        missing["Cache-Control"] = "no-store"
        return missing
    if request.method == "GET":
        stamp_read(feed=found, today=timezone.localdate())
    with translation.override(found.person.language or settings.LANGUAGE_CODE):
        response = _calendar(request, found)
        response["Content-Language"] = translation.get_language()
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


def _calendar(request: HttpRequest, found: CalendarFeed) -> HttpResponse:
    """Whether anything is new is told by the content alone: an item that is closed leaves no younger date behind."""
    name, events = feed_content(found, today=timezone.localdate())
    etag = quote_etag(fingerprint(events, name=name))
    known = get_conditional_response(request, etag=etag)
    response = known or HttpResponse(calendar_file(events, name=name), content_type=CONTENT_TYPE)
    response["ETag"] = etag
    changed = last_changed(events)
    if changed is not None:
        response["Last-Modified"] = http_date(changed.timestamp())
    return response


# --- One event --------------------------------------------------------------------------------------------------------


@require_safe
def meeting_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The meeting alone, so that a calendar program opens it as one; its other days stand in its text. Public."""
    meeting = get_object_or_404(with_stamps(Meeting.objects.select_related("body")), pk=pk)
    return _file(calendar_file([meeting_event(meeting)]), f"moede-{meeting.day.isoformat()}.ics")


@require_safe
def item_file(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    event = item_deadline(get_item(slug, number, with_owners=False))
    if event is None:
        raise Http404
    return _file(calendar_file([event]), f"frist-{number}.ics")


def _file(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=CONTENT_TYPE, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
