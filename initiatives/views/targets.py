"""Targets: set, changed and withdrawn."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from indicators.models import Indicator
from initiatives.actions.targets import TargetConflict, set_target, update_target, withdraw_target
from initiatives.forms.targets import NewTargetForm, TargetForm, WithdrawTargetForm
from initiatives.models import Body, Target
from initiatives.permissions import bodies_user_can_set_targets_for, check_user_can_set_target
from initiatives.views.form_page import FormPage, answer_form
from initiatives.views.lookup import ask_to_sign_in


@never_cache
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    today = timezone.localdate()
    bodies = bodies_user_can_set_targets_for(request.user, today=today)
    _refuse_others(request, bodies)
    first = {"indicator": request.GET.get("indikator"), "area": request.GET.get("omraade"), "decided_on": today}
    form = NewTargetForm(request.POST or None, bodies=bodies, today=today, initial=first)

    def save(values: dict[str, Any]) -> tuple[str, str]:
        values.pop("seen")
        target = set_target(by=request.user, now=timezone.localtime(), **values)
        return _url(target), _("The target is set.")

    indicator = Indicator.objects.filter(code=request.GET.get("indikator", "")[:100]).first()
    return answer_form(request, form, _page(indicator, _("Set a target"), _("Set the target")), save)


@never_cache
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    target = _target(request, pk)
    form = TargetForm(request.POST or None, initial=TargetForm.opening_values(target))

    def save(values: dict[str, Any]) -> tuple[str, str]:
        opened_on = values.pop("seen")
        try:
            update_target(target=target, by=request.user, now=timezone.localtime(), opened_on=opened_on, **values)
        except TargetConflict as conflict:
            form.look_at(conflict.current)
            raise
        return _url(target), _("The target is changed. What it was stays in the history.")

    return answer_form(request, form, _page(target.indicator, _("Change the target"), _("Save"), target), save)


@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    target = _target(request, pk)

    def save(values: dict[str, Any]) -> tuple[str, str]:
        withdraw_target(target=target, reason=values["withdrawn_reason"], by=request.user, now=timezone.localtime())
        return _url(target), _("The target is withdrawn. Its reason stays readable.")

    page = _page(target.indicator, _("Withdraw the target"), _("Withdraw"), target)
    return answer_form(request, WithdrawTargetForm(request.POST or None), page, save)


def _refuse_others(request: HttpRequest, bodies: list[Body]) -> None:
    """Whoever may set no target at all, or not for the body they sent, is told who may."""
    sent = request.POST.get("body", "")
    body = Body.objects.filter(pk=sent).first() if sent.isdecimal() else None
    if body is not None:
        check_user_can_set_target(request.user, body, today=timezone.localdate())
    if not bodies:
        raise PermissionDenied(_("Only the secretariat of a body and data stewards can set targets."))


def _target(request: HttpRequest, pk: int) -> Target:
    targets = Target.objects.standing().select_related("indicator", "area", "body")
    target = get_object_or_404(targets, pk=pk)
    check_user_can_set_target(request.user, target.body, today=timezone.localdate())
    return target


def _url(target: Target) -> str:
    return f"{reverse('indicator', args=[target.indicator.code])}?omraade={target.area.code}#targets"


def _page(indicator: Indicator | None, heading: str, submit: str, target: Target | None = None) -> FormPage:
    crumbs = [{"label": _("Goals"), "url": reverse("goal_list")}]
    back = reverse("goal_list")
    if indicator is not None:
        back = _url(target) if target else f"{reverse('indicator', args=[indicator.code])}#targets"
        crumbs.append({"label": indicator.name, "url": back})
    crumbs.append({"label": heading, "url": ""})
    kicker = f"{target.indicator.name} · {target.area.name} · {target.body.name}" if target else ""
    lead = "" if target else _("A target is what a body has decided to reach. It says nothing of whether it will.")
    return FormPage(
        heading=heading,
        submit=submit,
        not_saved=_("The target is not saved yet"),
        cancel_url=back,
        crumbs=crumbs,
        kicker=kicker,
        lead=lead,
    )
