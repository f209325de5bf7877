"""The grid: every item of a plan answered for a meeting on one page, with the keyboard alone and without JavaScript."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from initiatives.actions.meeting_answers import Answer, Problem, RowsRefused, answer_items
from initiatives.forms.grid import answer_of, typed_row
from initiatives.models import ActionItem, DelayCause, Meeting, Plan
from initiatives.permissions import PlanRights, check_writes_something, plan_rights
from initiatives.presenters.meeting_items import MeetingItem, load_meeting_items, meeting_plans, meeting_window
from initiatives.presenters.status_grid import Sent, Typed, grid_choices, grid_page, grid_reading, prefix
from initiatives.views.lookup import (
    CONFLICT,
    FORBIDDEN,
    UNPROCESSABLE,
    ask_to_sign_in,
    get_meeting,
    meeting_crumbs,
)


@require_http_methods(["GET", "POST"])
def grid(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    meeting, plan = _place(pk, slug)
    rights = plan_rights(request.user, plan, today=timezone.localdate())
    items = load_meeting_items(meeting, [plan], meeting_window(meeting))
    if request.method == "POST":
        return _save(request, meeting, plan, items, rights)
    check_writes_something(plan, writes=any(rights.can_write(item) for item in items))
    if meeting.cancelled_on is not None or plan.closed_on is not None:
        messages.warning(request, _("The meeting is cancelled.") if meeting.cancelled_on else _("The plan is closed."))
        return redirect(reverse("meeting", args=[pk]))
    return _page(request, meeting, plan, items, rights, None)


@require_POST
def read(request: HttpRequest, pk: int, slug: str, number: int) -> HttpResponse:
    """How the words of one row would be read. Nothing is stored."""
    _meeting, plan = _place(pk, slug)
    item = get_object_or_404(ActionItem.objects.prefetch_related("owners"), plan=plan, number=number)
    rights = plan_rights(request.user, plan, today=timezone.localdate())
    check_writes_something(plan, writes=rights.can_write(_Writable(item)))
    typed = typed_row(request.POST, number)
    reading = grid_reading(prefix(number), typed, grid_choices(), today=timezone.localdate())
    return render(request, "initiatives/_grid_reading.html", {"reading": reading})


class _Writable:
    """What the rights ask about, of an item fetched as a model."""

    def __init__(self, item: ActionItem) -> None:
        self.coordinator_id, self.owners = item.coordinator_id, tuple(item.owners.all())


def _save(
    request: HttpRequest, meeting: Meeting, plan: Plan, items: list[MeetingItem], rights: PlanRights
) -> HttpResponse:
    today = timezone.localdate()
    typed = {item.number: row for item in items if (row := typed_row(request.POST, item.number)).is_touched}
    if not rights.writes_something:
        # The session may have ended over a long grid: the words stay where they were written.
        problem = _("You are signed out. Sign in again in another window, and then save here.")
        return _page(request, meeting, plan, items, rights, Sent(typed, problem=problem), status=FORBIDDEN)
    if not typed:
        check_writes_something(plan, writes=any(rights.can_write(item) for item in items))
        problem = _("Nothing is written yet. Write new words, or tick »Unchanged«, at one item or more.")
        return _page(request, meeting, plan, items, rights, Sent(problem=problem), status=UNPROCESSABLE)
    answers, problems = _answers(plan, items, typed, rights, today)
    try:
        answer_items(meeting=meeting, answers=answers, as_of=today, by=request.user, refused=problems)
    except RowsRefused as refused:
        status = _status_of(refused, all_forbidden=not any(rights.can_write(item) for item in items))
        return _page(request, meeting, plan, items, rights, Sent(typed, refused.problems), status=status)
    said = ngettext("%(count)s status is saved for the meeting.", "%(count)s statuses are saved for the meeting.",
                    len(answers))  # fmt: skip
    messages.success(request, said % {"count": len(answers)})
    return redirect(reverse("meeting", args=[meeting.pk]))


def _answers(
    plan: Plan, items: list[MeetingItem], typed: dict[int, Typed], rights: PlanRights, today: date
) -> tuple[list[Answer], dict[int, Problem]]:
    """What the touched rows say, and those that cannot be understood or are not this person's to write."""
    models = ActionItem.objects.select_related("plan").prefetch_related("anchorings__body")
    found = {item.number: item for item in models.filter(plan=plan, number__in=typed)}
    causes = {cause.code: cause for cause in DelayCause.objects.all()}
    answers: list[Answer] = []
    problems: dict[int, Problem] = {}
    for item in items:
        row = typed.get(item.number)
        if row is None:
            continue
        if not rights.can_write(item):
            problems[item.number] = Problem({"": [_("Its owners or the secretariat write this one.")]})
            continue
        model = found[item.number]
        owner = rights.on_behalf_of(item)
        behalf = next((one.body for one in model.anchorings.all() if owner and one.body_id == owner.pk), None)
        said = answer_of(row, model, causes, behalf=behalf, today=today)
        if isinstance(said, Problem):
            problems[item.number] = said
        else:
            answers.append(said)
    return answers, problems


def _status_of(refused: RowsRefused, *, all_forbidden: bool) -> int:
    if all_forbidden:
        return FORBIDDEN
    return CONFLICT if any(problem.conflict for problem in refused.problems.values()) else UNPROCESSABLE


def _page(
    request: HttpRequest,
    meeting: Meeting,
    plan: Plan,
    items: list[MeetingItem],
    rights: PlanRights,
    sent: Sent | None,
    *,
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    page = grid_page(meeting, plan, items, rights, grid_choices(), today=today, sent=sent)
    crumbs = meeting_crumbs(meeting, (_("Statuses"), ""))
    return render(request, "initiatives/status_grid.html", {"page": page, "crumbs": crumbs}, status=status)


def _place(pk: int, slug: str) -> tuple[Meeting, Plan]:
    """The meeting and the plan. Raises Http404 when the plan is not one the meeting deals with."""
    meeting = get_meeting(pk)
    plan = next((plan for plan in meeting_plans(meeting) if plan.slug == slug), None)
    if plan is None:
        raise Http404
    return meeting, plan
