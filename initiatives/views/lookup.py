"""Finding what an address names, and the answers all plan views share."""

from __future__ import annotations

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from initiatives.models import ActionItem, Meeting, Plan
from initiatives.presenters.meetings import meeting_title
from initiatives.presenters.wording import item_word, sentence

UNPROCESSABLE = 422
CONFLICT = 409
FORBIDDEN = 403


def get_plan(slug: str) -> Plan:
    return get_object_or_404(Plan.objects.select_related("kind", "body__area", "agreement"), slug=slug)


def get_meeting(pk: int) -> Meeting:
    """The meeting with its body. Raises Http404."""
    return get_object_or_404(Meeting.objects.select_related("body"), pk=pk)


def get_item(slug: str, number: int, *, with_owners: bool = True) -> ActionItem:
    """The item with its plan, headings and owners. Raises Http404."""
    items = ActionItem.objects.select_related("plan__kind", "plan__body", "track__parent", "coordinator")
    if with_owners:
        items = items.prefetch_related("anchorings__body")
    return get_object_or_404(items, plan__slug=slug, number=number)


def is_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def ask_to_sign_in(request: HttpRequest) -> HttpResponse | None:
    """Somebody who only opens a form is asked who they are; a POST is answered by the permission itself."""
    if request.method == "GET" and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    return None


def plan_crumbs(plan: Plan, *more: tuple[str, str]) -> list[dict[str, str]]:
    rows = [(_("Plans"), reverse("plan_list")), (plan.short_title or plan.title, reverse("plan", args=[plan.slug]))]
    return [{"label": label, "url": url} for label, url in (*rows, *more)]


def item_crumbs(item: ActionItem, *more: tuple[str, str]) -> list[dict[str, str]]:
    url = reverse("item", args=[item.plan.slug, item.number])
    label = f"{sentence(item_word(item.plan.kind))} {item.number}"
    return plan_crumbs(item.plan, (label, url), *more)


def meeting_crumbs(meeting: Meeting, *more: tuple[str, str]) -> list[dict[str, str]]:
    rows = [(_("Meetings"), reverse("meeting_list")), (meeting_title(meeting), reverse("meeting", args=[meeting.pk]))]
    return [{"label": label, "url": url} for label, url in (*rows, *more)]
