"""Meetings registered, moved and cancelled; the year's plan; how a body prepares its meetings."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from initiatives.actions.meetings import (
    cancel_meeting,
    register_meeting,
    register_year,
    update_meeting,
    update_meeting_rules,
)
from initiatives.forms.base import error_list
from initiatives.forms.meetings import (
    CancelMeetingForm,
    MeetingEditForm,
    MeetingRulesForm,
    NewMeetingForm,
    YearPlanForm,
)
from initiatives.models import Body, Meeting
from initiatives.permissions import bodies_user_can_register_meetings_for, check_user_can_manage_meetings
from initiatives.presenters.meetings import hand_in_sentence, meeting_title
from initiatives.presenters.year_plan import YearPreview, preview_year
from initiatives.views.form_page import FormPage, answer_form
from initiatives.views.lookup import UNPROCESSABLE, ask_to_sign_in, get_meeting, meeting_crumbs


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    bodies = _bodies(request)
    heading = _("Register a meeting")
    page = FormPage(
        heading=heading,
        lead=_("Write the day. The two deadlines are counted backwards by the body's own rule."),
        submit=_("Register the meeting"),
        not_saved=_("The meeting is not registered yet"),
        cancel_url=reverse("meeting_list"),
        crumbs=[{"label": _("Meetings"), "url": reverse("meeting_list")}, {"label": heading, "url": ""}],
    )

    def save(values: dict[str, Any]) -> tuple[str, str]:
        meeting = register_meeting(by=request.user, **values)
        return reverse("meeting", args=[meeting.pk]), f"{_('The meeting is registered.')} {hand_in_sentence(meeting)}."

    form = NewMeetingForm(request.POST or None, bodies=bodies, initial={"body": _asked(request, bodies)})
    return answer_form(request, form, page, save)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    meeting = _meeting_to_manage(request, pk)

    def save(values: dict[str, Any]) -> tuple[str, str]:
        update_meeting(meeting=meeting, by=request.user, **values)
        return reverse("meeting", args=[pk]), _("The meeting is saved.")

    form = MeetingEditForm(request.POST or None, initial=MeetingEditForm.opening_values(meeting))
    return answer_form(request, form, _page(meeting, _("Move or reword the meeting"), _("Save")), save)


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    meeting = _meeting_to_manage(request, pk)

    def save(values: dict[str, Any]) -> tuple[str, str]:
        cancel_meeting(meeting=meeting, by=request.user, **values)
        return reverse("meeting", args=[pk]), _("The meeting is cancelled.")

    page = _page(meeting, _("Cancel the meeting"), _("Cancel the meeting"))
    return answer_form(request, CancelMeetingForm(request.POST or None), page, save)


@require_http_methods(["GET", "POST"])
def rules(request: HttpRequest, slug: str) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    body = get_object_or_404(Body, slug=slug)
    check_user_can_manage_meetings(request.user, body, today=timezone.localdate())
    heading = _("How meetings are prepared")
    back = f"{reverse('meeting_list')}?udvalg={body.slug}"
    page = FormPage(
        heading=heading,
        kicker=body.name,
        lead=_("It counts for meetings registered from now on. Those that are registered keep their dates."),
        submit=_("Save"),
        not_saved=_("Not saved yet"),
        cancel_url=back,
        crumbs=[{"label": _("Meetings"), "url": back}, {"label": heading, "url": ""}],
    )

    def save(values: dict[str, Any]) -> tuple[str, str]:
        update_meeting_rules(body=body, by=request.user, **values)
        return back, _("The rule of %(body)s is saved.") % {"body": body.name}

    initial = {name: getattr(body, name) for name in ("hand_in_days", "dispatch_days", "needs_approval")}
    return answer_form(request, MeetingRulesForm(request.POST or None, initial=initial), page, save)


@require_http_methods(["GET", "POST"])
def year_plan(request: HttpRequest) -> HttpResponse:
    """Paste, look, confirm. The preview carries the text, so nothing is kept in between."""
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    bodies = _bodies(request)
    form = YearPlanForm(
        request.POST or None, request.FILES or None, bodies=bodies, initial={"body": _asked(request, bodies)}
    )
    if request.method != "POST" or not form.is_valid():
        return _year_page(request, form, None, status=UNPROCESSABLE if form.errors else 200)
    body, text = form.cleaned_data["body"], form.cleaned_data["text"]
    preview = preview_year(body, text, today=timezone.localdate())
    if preview.errors or "confirm" not in request.POST or not preview.fingerprint_is(request.POST["confirm"]):
        return _year_page(request, form, preview, status=UNPROCESSABLE if preview.errors else 200)
    try:
        result = register_year(body=body, rows=preview.rows, by=request.user)
    except ValidationError as error:
        return _year_page(request, form, preview.with_errors(error.messages), status=UNPROCESSABLE)
    count = len(result.created)
    said = ngettext("%(count)s meeting is registered.", "%(count)s meetings are registered.", count)
    messages.success(request, said % {"count": count})
    return redirect(f"{reverse('meeting_list')}?udvalg={body.slug}")


def _year_page(
    request: HttpRequest, form: YearPlanForm, preview: YearPreview | None, *, status: int = 200
) -> HttpResponse:
    heading = _("Register a year's meetings")
    context = {
        "form": form,
        "errors": error_list(form),
        "preview": preview,
        "heading": heading,
        "cancel_url": reverse("meeting_list"),
        "crumbs": [{"label": _("Meetings"), "url": reverse("meeting_list")}, {"label": heading, "url": ""}],
    }
    return render(request, "initiatives/meeting_year.html", context, status=status)


def _bodies(request: HttpRequest) -> list[Body]:
    """A body that is not one's own is refused by name, and not as a slip in the form."""
    today = timezone.localdate()
    asked = request.POST.get("body", "")
    body = Body.objects.filter(pk=asked).first() if asked.isdecimal() else None
    if body is not None:
        check_user_can_manage_meetings(request.user, body, today=today)
    bodies = bodies_user_can_register_meetings_for(request.user, today=today)
    if not bodies:
        raise PermissionDenied(_("Only the secretariat of a body can register its meetings."))
    return bodies


def _asked(request: HttpRequest, bodies: list[Body]) -> int | None:
    """The body the person came from."""
    return next((body.pk for body in bodies if body.slug == request.GET.get("udvalg", "")), None)


def _meeting_to_manage(request: HttpRequest, pk: int) -> Meeting:
    meeting = get_meeting(pk)
    check_user_can_manage_meetings(request.user, meeting.body, today=timezone.localdate())
    return meeting


def _page(meeting: Meeting, heading: str, submit: str) -> FormPage:
    return FormPage(
        heading=heading,
        kicker=f"{meeting.body.name} · {meeting_title(meeting)}",
        submit=submit,
        not_saved=_("Not saved yet"),
        cancel_url=reverse("meeting", args=[meeting.pk]),
        crumbs=meeting_crumbs(meeting, (heading, "")),
    )
