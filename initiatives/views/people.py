"""Who is in a body: the page, and the roles on it given, dated and ended."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from initiatives.acquaintance import people_known_to
from initiatives.actions.memberships import MembershipConflict, add_member, change_dates, end_role, stamp_of
from initiatives.forms.people import AddMemberForm, Confirmed, EndRoleForm, RoleDatesForm
from initiatives.models import Body, Membership
from initiatives.permissions_people import (
    check_user_can_manage_people,
    check_user_can_see_people,
    people_rights,
)
from initiatives.presenters.body_people import people_page, period_sentence
from initiatives.views.form_page import FormPage, answer_form
from initiatives.views.lookup import ask_to_sign_in


@never_cache
@require_GET
def show(request: HttpRequest, slug: str) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    body, today = get_object_or_404(Body, slug=slug), timezone.localdate()
    check_user_can_see_people(request.user, body, today=today)
    rights = people_rights(request.user, body, today=today)
    page = people_page(body, viewer=request.user, can_manage=rights.manage, now=timezone.now())
    context = {"page": page, "slug": slug, "crumbs": people_crumbs(body)}
    return render(request, "initiatives/body_people.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    body, today = managed_body(request, slug), timezone.localdate()
    known = people_known_to(request.user, today=today)
    form = AddMemberForm(request.POST or None, people=known, initial={"valid_from": today})
    page = people_form(
        body,
        _("Add a person"),
        lead=_("People from your bodies can be added at once. Invite everybody else by mail."),
        submit=_("Give the role"),
        not_saved=_("The role is not given yet"),
    )

    def save(values: dict[str, Any]) -> tuple[str, str]:
        membership = add_member(body=body, by=request.user, today=today, **values)
        words = {"who": membership.user, "role": membership.get_role_display()}
        return page.cancel_url, _("%(who)s is added: %(role)s.") % words

    return answer_form(request, form, page, save)


@never_cache
@require_http_methods(["GET", "POST"])
def dates(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    body, today = managed_body(request, slug), timezone.localdate()
    membership = _membership(body, pk)
    opening = {"valid_from": membership.valid_from, "valid_to": membership.valid_to, "seen": stamp_of(membership)}
    form = RoleDatesForm(request.POST or None, initial=opening)
    page = people_form(body, _("Change the dates of the role"), lead=_role_sentence(membership))

    def save(values: dict[str, Any]) -> tuple[str, str]:
        seen, confirmed = values.pop("seen"), values.pop("confirmed", False)
        with_answer = {"opened_on": seen, "confirmed": confirmed, "by": request.user, "today": today}
        _saved(form, lambda: change_dates(membership=membership, **values, **with_answer))
        return page.cancel_url, _("The dates are saved.")

    return answer_form(request, form, page, save)


@never_cache
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    body, today = managed_body(request, slug), timezone.localdate()
    membership = _membership(body, pk)
    kept = _("Nothing is deleted: the role stays readable, and so does what they wrote.")
    form = EndRoleForm(request.POST or None, initial={"last_day": today, "seen": stamp_of(membership)})
    page = people_form(
        body,
        _("End the role"),
        lead=f"{_role_sentence(membership)} {kept}",
        submit=_("End the role"),
        not_saved=_("The role is not ended"),
    )

    def save(values: dict[str, Any]) -> tuple[str, str]:
        answer = {"opened_on": values["seen"], "confirmed": values.get("confirmed", False), "by": request.user}
        _saved(form, lambda: end_role(membership=membership, last_day=values["last_day"], today=today, **answer))
        return page.cancel_url, _("The last day of the role is saved.")

    return answer_form(request, form, page, save)


def managed_body(request: HttpRequest, slug: str) -> Body:
    body = get_object_or_404(Body, slug=slug)
    check_user_can_manage_people(request.user, body, today=timezone.localdate())
    return body


def people_crumbs(body: Body, *more: str) -> list[dict[str, str]]:
    rows = [(body.name, reverse("body", args=[body.slug])), (_("People"), reverse("body_people", args=[body.slug]))]
    return [{"label": label, "url": url} for label, url in (*rows, *((word, "") for word in more))]


def people_form(body: Body, heading: str, *, lead: str = "", submit: str = "", not_saved: str = "") -> FormPage:
    return FormPage(
        heading=heading,
        kicker=body.name,
        lead=lead,
        submit=submit or _("Save"),
        not_saved=not_saved or _("The dates are not saved yet"),
        cancel_url=reverse("body_people", args=[body.slug]),
        crumbs=people_crumbs(body, heading),
    )


def _membership(body: Body, pk: int) -> Membership:
    return get_object_or_404(Membership.objects.select_related("user", "body"), body=body, pk=pk)


def _role_sentence(membership: Membership) -> str:
    days = period_sentence(membership.valid_from, membership.valid_to, today=timezone.localdate())
    words = {"who": membership.user, "role": membership.get_role_display(), "days": days}
    return _("%(who)s: %(role)s. %(days)s.") % words


def _saved(form: Confirmed, change: Any) -> None:
    """Make the change; what stands in its way becomes an error of the form, with the question or the newer dates."""
    try:
        change()
    except MembershipConflict as conflict:
        form.reopen_on(conflict.current)
        newer = _role_sentence(conflict.current)
        words = _(
            "Somebody changed the role while you had it open. It stands now as: %(newer)s Save again to replace it."
        )
        raise ValidationError(words % {"newer": newer}) from conflict
    except ValidationError as error:
        if "confirmed" in getattr(error, "error_dict", {}):
            form.ask()
        raise
