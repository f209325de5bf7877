"""What a meeting decided, item by item, in one form."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from initiatives.actions.meeting_answers import RowsRefused, Worded, record_decisions
from initiatives.models import ActionItem, Meeting
from initiatives.permissions import check_user_can_record_decisions
from initiatives.presenters.decisions import DecisionsPage, decisions_page
from initiatives.views.lookup import CONFLICT, UNPROCESSABLE, ask_to_sign_in, get_meeting, meeting_crumbs


@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    meeting, today = get_meeting(pk), timezone.localdate()
    check_user_can_record_decisions(request.user, meeting, today=today)
    if meeting.cancelled_on is not None or meeting.day > today:
        why = _("The meeting is cancelled.") if meeting.cancelled_on else _("The meeting has not been held yet.")
        messages.warning(request, why)
        return redirect(reverse("meeting", args=[pk]))
    if request.method == "POST":
        return _save(request, meeting, decisions_page(meeting, sent=request.POST.dict()))
    return _page(request, meeting, decisions_page(meeting))


def _save(request: HttpRequest, meeting: Meeting, page: DecisionsPage) -> HttpResponse:
    changed = {row.pk: row for row in page.rows if row.is_changed}
    items = ActionItem.objects.select_related("plan").in_bulk(list(changed))
    worded = [Worded(pk, items[pk], row.text, row.opened) for pk, row in changed.items()]
    try:
        record_decisions(meeting=meeting, worded=worded, by=request.user)
    except RowsRefused as refused:
        status = CONFLICT if any(problem.conflict for problem in refused.problems.values()) else UNPROCESSABLE
        return _page(request, meeting, decisions_page(meeting, sent=request.POST.dict(), problems=refused.problems),
                     status=status)  # fmt: skip
    count = len(worded)
    said = ngettext("%(count)s decision is saved.", "%(count)s decisions are saved.", count) % {"count": count}
    messages.success(request, said if count else _("Nothing was changed."))
    return redirect(reverse("meeting", args=[meeting.pk]) + "#beslutninger")


def _page(request: HttpRequest, meeting: Meeting, page: DecisionsPage, *, status: int = 200) -> HttpResponse:
    context = {"page": page, "crumbs": meeting_crumbs(meeting, (_("Decisions"), ""))}
    return render(request, "initiatives/meeting_decisions.html", context, status=status)
