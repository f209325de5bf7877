"""The status of an item, written in place. Every answer is the same region, with htmx and without JavaScript."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from initiatives.actions.status import StatusConflict, current_status, keep_status, record_status
from initiatives.forms.base import add_errors, error_list
from initiatives.forms.status import PAGES, StatusForm, opening_values, with_reading
from initiatives.models import ActionItem, Meeting, State, StatusUpdate
from initiatives.permissions import answers_on_behalf_of, check_user_can_write_status, plan_rights
from initiatives.presenters.facts import load_items
from initiatives.presenters.item_page import item_page
from initiatives.presenters.items import ItemUrls, status_panel
from initiatives.presenters.meeting_page import on_behalf_text
from initiatives.presenters.meetings import meeting_title
from initiatives.presenters.plan_page import find_plan, plan_page
from initiatives.presenters.status_editor import conflict_view, reading_view, state_choices
from initiatives.presenters.wording import day_text
from initiatives.views.lookup import CONFLICT, FORBIDDEN, UNPROCESSABLE, ask_to_sign_in, get_item, is_htmx, item_crumbs

PANEL = "initiatives/_status_panel.html"


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def edit(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    item = get_item(slug, number)
    current = current_status(item)
    if request.method == "POST":
        return _save(request, item, StatusForm(request.POST, number=number, current=current))
    check_user_can_write_status(request.user, item, today=timezone.localdate())
    meeting = _meeting(request, item)
    values = opening_values(current, page=_page(request), meeting=meeting.pk if meeting else None)
    return _editor(request, item, StatusForm(initial=values, number=number, current=current))


@require_POST
@vary_on_headers("HX-Request")
def unchanged(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    item = get_item(slug, number)
    check_user_can_write_status(request.user, item, today=timezone.localdate())
    opened_on = request.POST.get("opened_on", "")
    try:
        keep_status(
            item=item,
            opened_on=int(opened_on) if opened_on.isdecimal() else 0,
            as_of=timezone.localdate(),
            by=request.user,
            on_behalf_of=answers_on_behalf_of(request.user, item, today=timezone.localdate()),
        )
    except StatusConflict as conflict:
        words = {"who": str(conflict.current.by or _("Somebody"))}
        notice = _("%(who)s wrote a status in the meantime. It stands here; yours was not saved.") % words
        return _panel(request, item, notice=notice, status=CONFLICT)
    except ValidationError as error:
        return _panel(request, item, notice=" ".join(error.messages), status=UNPROCESSABLE)
    return _saved(request, item)


@require_POST
@vary_on_headers("HX-Request")
def read(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """How the words would be read. Nothing is stored, and the person's own choices are left alone."""
    item = get_item(slug, number)
    check_user_can_write_status(request.user, item, today=timezone.localdate())
    chosen = request.POST.get("state", "")
    view, _reading = reading_view(
        number,
        request.POST.get("text", ""),
        chosen if chosen in State.values else "",
        today=timezone.localdate(),
    )
    return render(request, "initiatives/_status_reading.html", {"reading": view})


@require_GET
@vary_on_headers("HX-Request")
def panel(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The region with the editor closed: what "close without saving" brings back."""
    return _panel(request, get_item(slug, number))


def _save(request: HttpRequest, item: ActionItem, form: StatusForm) -> HttpResponse:
    try:
        check_user_can_write_status(request.user, item, today=timezone.localdate())
    except PermissionDenied as denied:
        if not is_htmx(request):
            raise
        # The session may have ended over a long text: the words stay where they were written.
        form.add_error(None, str(denied))
        return _editor(request, item, form, status=FORBIDDEN)
    if "use_reading" in request.POST or "read_again" in request.POST:
        return _read_again(request, item, form, fill="use_reading" in request.POST)
    if not form.is_valid():
        return _editor(request, item, form, status=UNPROCESSABLE)
    try:
        record_status(
            item=item,
            draft=form.draft(),
            opened_on=form.cleaned_data["opened_on"],
            as_of=timezone.localdate(),
            by=request.user,
            meeting=_meeting(request, item),
            on_behalf_of=answers_on_behalf_of(request.user, item, today=timezone.localdate()),
        )
    except StatusConflict as conflict:
        return _editor(request, item, form, conflict=conflict.current, status=CONFLICT)
    except ValidationError as error:
        add_errors(form, error)
        return _editor(request, item, form, status=UNPROCESSABLE)
    return _saved(request, item)


def _read_again(request: HttpRequest, item: ActionItem, form: StatusForm, *, fill: bool) -> HttpResponse:
    """The words read, and nothing stored. The suggestion goes into the fields only if that button was pressed."""
    typed = {name: form[name].value() for name in form.fields}
    if fill:
        view, reading = reading_view(item.number, str(typed["text"] or ""), "", today=timezone.localdate())
        due = form.current.due if form.current else None
        typed = with_reading(typed, reading, old_due=due.words if due else "")
        fill = view.usable
    again = StatusForm(initial=typed, number=item.number, current=form.current)
    return _editor(request, item, again, filled=fill)


def _editor(
    request: HttpRequest,
    item: ActionItem,
    form: StatusForm,
    *,
    conflict: StatusUpdate | None = None,
    filled: bool = False,
    status: int = 200,
) -> HttpResponse:
    text, chosen = str(form["text"].value() or ""), str(form["state"].value() or "")
    reading, _read = reading_view(item.number, text, chosen, today=timezone.localdate())
    place = [item.plan.slug, item.number]
    page = form["page"].value() or PAGES[0]
    meeting = _meeting(request, item)
    behalf = answers_on_behalf_of(request.user, item, today=timezone.localdate())
    editor = {
        "form": form,
        "errors": error_list(form),
        "reading": reading,
        "filled": filled,
        "takes_focus": not (filled or conflict or form.errors),
        "states": state_choices(str(form["state"].auto_id), chosen),
        "conflict": conflict_view(conflict, text) if conflict else None,
        # After a conflict the next press of the button stands on top of theirs: the person has seen it.
        "opened_on": conflict.sequence if conflict else form["opened_on"].value(),
        "page": page,
        "meeting": meeting.pk if meeting else "",
        "meeting_title": meeting_title(meeting) if meeting else "",
        "on_behalf_of": on_behalf_text(behalf.name) if behalf else "",
        "more_open": any(form[name].value() for name in ("planned", "started", "since")),
        "last_as_of": day_text(form.current.as_of) if form.current else "",
        "rows": min(max(text.count("\n") + 2, 5), 14),
        "read_url": reverse("status_read", args=place),
        "edit_url": reverse("status_edit", args=place),
        "panel_url": f"{reverse('status_panel', args=place)}?page={page}",
        "back_url": _back_url(item, page, meeting),
    }
    context = {"item": item, "panel": {"number": item.number, "title": item.title}, "editor": editor}
    if is_htmx(request):
        return render(request, PANEL, context, status=status)
    context["crumbs"] = item_crumbs(item, (_("Update status"), ""))
    return render(request, "initiatives/item_status.html", context, status=status)


def _panel(request: HttpRequest, item: ActionItem, *, notice: str = "", status: int = 200) -> HttpResponse:
    if not is_htmx(request):
        if notice:
            messages.warning(request, notice)
        return redirect(_back_url(item, _page(request), _meeting(request, item)))
    rights = plan_rights(request.user, item.plan, today=timezone.localdate())
    facts = load_items(Q(pk=item.pk))[0]
    shown = status_panel(
        facts, item.plan, urls=ItemUrls(item.plan.slug), can_write=rights.can_write(facts), page=_page(request)
    )
    return render(request, PANEL, {"panel": shown, "editor": None, "notice": notice, "saved": False}, status=status)


def _saved(request: HttpRequest, item: ActionItem) -> HttpResponse:
    """The closed region, and beside it every other region of the page that the status has changed."""
    page = _page(request)
    if not is_htmx(request) or page == "meeting":
        messages.success(request, _("The status of item %(number)s is saved.") % {"number": item.number})
        url = _back_url(item, page, _meeting(request, item))
        return HttpResponse(headers={"HX-Redirect": url}) if is_htmx(request) else redirect(url)
    today = timezone.localdate()
    rights = plan_rights(request.user, item.plan, today=today)
    context: dict[str, Any] = {"editor": None, "saved": True, "notice": "", "oob": True, "rights": rights}
    if page == "item":
        shown = item_page(item, rights, today=today)
        context |= {"page": shown, "panel": shown.item.panel}
        return render(request, "initiatives/_item_saved.html", context)
    plan, tracks = find_plan(item.plan.slug)
    whole = plan_page(plan, tracks, rights, today=today)
    context |= {"page": whole, "panel": whole.item_panel(item.number)}
    return render(request, "initiatives/_plan_saved.html", context)


def _page(request: HttpRequest) -> str:
    asked = request.POST.get("page") or request.GET.get("page") or ""
    return asked if asked in PAGES else PAGES[0]


def _meeting(request: HttpRequest, item: ActionItem) -> Meeting | None:
    """The meeting the status is written for, when the person came from its page."""
    asked = request.POST.get("meeting") or request.GET.get("meeting") or ""
    meetings = Meeting.objects.filter(body=item.plan.body_id, cancelled_on__isnull=True)
    return meetings.filter(pk=asked).first() if asked.isdecimal() else None


def _back_url(item: ActionItem, page: str, meeting: Meeting | None = None) -> str:
    if page == "meeting" and meeting is not None:
        return f"{reverse('meeting', args=[meeting.pk])}#r-{item.pk}"
    if page == "item":
        return reverse("item", args=[item.plan.slug, item.number])
    if page == "mine":
        return reverse("mine")
    return f"{reverse('plan', args=[item.plan.slug])}#punkt-{item.number}"
