"""Meetings to read: the list, and one meeting with who has answered for it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from initiatives.actions.status import StatusConflict, keep_status
from initiatives.models import ActionItem, Meeting
from initiatives.permissions import (
    answers_on_behalf_of,
    bodies_user_can_register_meetings_for,
    check_user_can_write_status,
    plan_rights,
)
from initiatives.presenters.meeting_page import meeting_page
from initiatives.presenters.meetings import meeting_list
from initiatives.views.lookup import CONFLICT, UNPROCESSABLE, get_meeting, is_htmx, meeting_crumbs


@require_GET
def list_page(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    user = request.user
    own = bodies_user_can_register_meetings_for(user, today=today) if user.is_authenticated else []
    context = {
        "page": meeting_list(body=request.GET.get("udvalg", ""), page_number=request.GET.get("side", "1"), today=today),
        "can_register": bool(own),
        "own_bodies": own,
        "crumbs": [{"label": _("Meetings"), "url": ""}],
    }
    return render(request, "initiatives/meeting_list.html", context)


@require_GET
def detail_page(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_meeting(pk)
    today = timezone.localdate()
    rights = plan_rights(request.user, meeting, today=today)
    context = {
        "page": meeting_page(meeting, rights, today=today),
        "rights": rights,
        "notice": "",
        "crumbs": meeting_crumbs(meeting),
    }
    return render(request, "initiatives/meeting_detail.html", context)


@require_POST
@vary_on_headers("HX-Request")
def unchanged(request: HttpRequest, pk: int, slug: str, number: int) -> HttpResponse:
    """One click on the checklist: the status still holds for this meeting."""
    meeting, today = get_meeting(pk), timezone.localdate()
    items = ActionItem.objects.select_related("plan__body").prefetch_related("anchorings__body")
    item = get_object_or_404(items, plan__slug=slug, plan__body=meeting.body_id, number=number)
    check_user_can_write_status(request.user, item, today=today)
    opened_on = request.POST.get("opened_on", "")
    try:
        keep_status(
            item=item,
            opened_on=int(opened_on) if opened_on.isdecimal() else 0,
            as_of=today,
            by=request.user,
            meeting=meeting,
            on_behalf_of=answers_on_behalf_of(request.user, item, today=today),
        )
    except StatusConflict as conflict:
        words = {"who": str(conflict.current.by or _("Somebody")), "number": number}
        notice = _("%(number)s. %(who)s wrote a status in the meantime. It stands; yours was not saved.") % words
        return _checklist(request, meeting, notice=notice, status=CONFLICT)
    except ValidationError as error:
        return _checklist(request, meeting, notice=" ".join(error.messages), status=UNPROCESSABLE)
    return _checklist(request, meeting, saved=item)


def _checklist(
    request: HttpRequest, meeting: Meeting, *, saved: ActionItem | None = None, notice: str = "", status: int = 200
) -> HttpResponse:
    """The checklist and, beside it, the sentence over it; without JavaScript the whole page again."""
    if not is_htmx(request):
        if notice:
            messages.warning(request, notice)
        if saved is not None:
            messages.success(request, _("The status of item %(number)s is saved.") % {"number": saved.number})
        place = f"#r-{saved.pk}" if saved is not None else ""
        return redirect(reverse("meeting", args=[meeting.pk]) + place)
    today = timezone.localdate()
    rights = plan_rights(request.user, meeting, today=today)
    page = meeting_page(meeting, rights, today=today, saved_item=saved.pk if saved is not None else None)
    context = {"page": page, "rights": rights, "notice": notice, "oob": True}
    return render(request, "initiatives/_meeting_saved.html", context, status=status)
