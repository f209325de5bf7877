"""Inviting somebody to a body by mail, sending again, withdrawing. Accepting stands in the project: accounts are made there."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from kombu.exceptions import OperationalError

from initiatives import tasks
from initiatives.actions.invitations import invite, invite_again, withdraw_invitation
from initiatives.forms.people import InviteForm
from initiatives.models import Body, Invitation
from initiatives.views.form_page import answer_form
from initiatives.views.lookup import ask_to_sign_in
from initiatives.views.people import managed_body, people_form


@never_cache
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, slug: str) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    body = managed_body(request, slug)
    form = InviteForm(request.POST or None, initial={"valid_from": timezone.localdate(), "language": "da"})
    page = people_form(
        body,
        _("Invite by mail"),
        lead=_("They get a link that is good for 14 days. Nothing happens before they accept."),
        submit=_("Send the invitation"),
        not_saved=_("The invitation is not sent"),
    )

    def save(values: dict[str, Any]) -> tuple[str, str]:
        invitation = invite(body=body, by=request.user, now=timezone.now(), **values)
        _send(request)
        return page.cancel_url, _("%(email)s is invited. The mail is on its way.") % {"email": invitation.email}

    return answer_form(request, form, page, save)


@require_POST
def again(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    body = managed_body(request, slug)
    try:
        asked = invite_again(invitation=_invitation(body, pk), by=request.user, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("body_people", slug=slug)
    if asked:
        _send(request)
        messages.success(request, _("A new mail is on its way, with a new link. The old link no longer works."))
    else:
        messages.warning(request, _("The invitation was answered, withdrawn or on its way just now. Nothing was sent."))
    return redirect("body_people", slug=slug)


@require_POST
def withdraw(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    body = managed_body(request, slug)
    if withdraw_invitation(invitation=_invitation(body, pk), by=request.user, now=timezone.now()):
        messages.success(request, _("The invitation is withdrawn. Its link no longer works."))
    else:
        messages.warning(request, _("The invitation had been answered or withdrawn already."))
    return redirect("body_people", slug=slug)


def _invitation(body: Body, pk: int) -> Invitation:
    return get_object_or_404(Invitation, body=body, pk=pk)


def _send(request: HttpRequest) -> None:
    try:
        tasks.send_invitations.delay_on_commit()
    except OperationalError:
        messages.warning(
            request, _("The queue does not answer. The mail waits and is sent within ten minutes of its return.")
        )
