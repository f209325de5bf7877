"""A plan handed on to its successors: begun, chosen, summed up, confirmed or given up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from initiatives.actions.carry_over import (
    CarryOverEnded,
    cancel_carry_over,
    choose,
    choose_each,
    choose_for_rest,
    start_carry_over,
    unchoose,
)
from initiatives.actions.carry_over_confirm import confirm_carry_over
from initiatives.forms.base import add_errors, error_list
from initiatives.forms.carry_over import ConfirmForm, ItemFateForm, StartForm
from initiatives.models import ActionItem, Body, CarryOver, CarryOverState, Plan
from initiatives.permissions import check_user_can_carry_over
from initiatives.presenters.carry_over import ended_text, summary_page, wizard_page
from initiatives.presenters.successors import takers, usual_day
from initiatives.views.lookup import UNPROCESSABLE, ask_to_sign_in, get_plan, plan_crumbs


@require_GET
def show(request: HttpRequest, slug: str) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    return _show(request, slug, None)


@require_POST
def start(request: HttpRequest, slug: str) -> HttpResponse:
    plan = _plan(request, slug)
    form = StartForm(request.POST)
    if form.is_valid():
        try:
            start_carry_over(plan=plan, on=form.cleaned_data["on"], by=request.user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The hand-over has begun. Nothing is made until you confirm it."))
            return redirect("carry_over", slug)
    return _show(request, slug, form)


@require_POST
def choices(request: HttpRequest, slug: str) -> HttpResponse:
    """All the lists of the page at once; a button `remove` takes one item's choice back as well."""
    plan, carry_over = _draft(request, slug)
    items = {item.pk: item for item in plan.items.to_hand_on()}
    bodies = {str(body.pk): body for body in Body.objects.valid_on(carry_over.on)}
    asked = {pk: request.POST[f"item-{pk}"] for pk in items if f"item-{pk}" in request.POST}
    wanted = {items[pk]: bodies.get(value) for pk, value in asked.items() if value in bodies or not value}
    remove = request.POST.get("remove", "")
    if remove.isdecimal() and int(remove) in items:
        wanted.pop(items[int(remove)], None)

    def save() -> str:
        changed = choose_each(carry_over=carry_over, wanted=wanted, by=request.user)
        if remove.isdecimal() and int(remove) in items:
            changed += unchoose(carry_over=carry_over, item=items[int(remove)], by=request.user)
        text = ngettext("%(n)d choice was changed.", "%(n)d choices were changed.", changed)
        return text % {"n": changed} if changed else _("No choice was changed.")

    return _back(request, slug, save)


@require_POST
def rest(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything without a choice continues in one body."""
    _plan_there, carry_over = _draft(request, slug)
    asked = request.POST.get("body", "")
    body = Body.objects.filter(pk=asked).first() if asked.isdecimal() else None

    def save() -> str:
        if body is None:
            raise ValidationError(_("Choose the body the rest continues in."))
        number = choose_for_rest(carry_over=carry_over, body=body, by=request.user)
        text = ngettext("%(n)d item continues in %(body)s.", "%(n)d items continue in %(body)s.", number)
        return text % {"n": number, "body": body.name}

    return _back(request, slug, save)


@require_http_methods(["GET", "POST"])
def fate(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """One item's choice, with all there is to say: continues, ends with a reason, or is divided."""
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    plan, carry_over = _draft(request, slug)
    if carry_over.state != CarryOverState.DRAFT:
        return _ended(request, carry_over)
    item = get_object_or_404(plan.items.to_hand_on().prefetch_related("anchorings"), number=number)
    form = _fate_form(request, plan, carry_over, item)
    if request.method == "POST" and form.is_valid():
        try:
            choose(carry_over=carry_over, item=item, by=request.user, **form.cleaned_data)
        except CarryOverEnded as ended:
            return _ended(request, ended.carry_over)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The choice for item %(number)d is saved.") % {"number": item.number})
            return redirect(f"{reverse('carry_over', args=[slug])}#punkt-{item.number}")
    context = {"form": form, "errors": error_list(form), "item": item, "crumbs": _crumbs(plan, _("One item"))}
    return render(request, "initiatives/carry_over_item.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_http_methods(["GET", "POST"])
def summary(request: HttpRequest, slug: str) -> HttpResponse:
    """What would be made, and the button that makes it."""
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    plan, carry_over = _draft(request, slug)
    if carry_over.state != CarryOverState.DRAFT:
        return _ended(request, carry_over)
    page = summary_page(plan, carry_over)
    opening = {"kind": plan.kind_id, "seen": page.seen}
    form = ConfirmForm(request.POST or None, initial=opening)
    if request.method == "POST" and form.is_valid():
        try:
            plans = confirm_carry_over(carry_over=carry_over, by=request.user, **form.cleaned_data)
        except CarryOverEnded as ended:
            return _ended(request, ended.carry_over)
        except ValidationError as error:
            form = ConfirmForm(initial={**form.cleaned_data, **opening, "kind": form.cleaned_data["kind"]})
            messages.error(request, " ".join(error.messages))
        else:
            text = ngettext("%(n)d new plan is made.", "%(n)d new plans are made.", len(plans))
            messages.success(request, text % {"n": len(plans)})
            return redirect("carry_over", slug)
    context = {"page": page, "form": form, "crumbs": _crumbs(plan, _("What will be made"))}
    return render(request, "initiatives/carry_over_summary.html", context)


@require_POST
def cancel(request: HttpRequest, slug: str) -> HttpResponse:
    _plan_there, carry_over = _draft(request, slug)

    def save() -> str:
        cancel_carry_over(carry_over=carry_over, by=request.user)
        return _("The hand-over is given up. Nothing was made.")

    return _back(request, slug, save)


# --- Shared -----------------------------------------------------------------------------------------------------------


def _plan(request: HttpRequest, slug: str) -> Plan:
    plan = get_plan(slug)
    check_user_can_carry_over(request.user, plan, today=timezone.localdate())
    return plan


def _draft(request: HttpRequest, slug: str) -> tuple[Plan, CarryOver]:
    """The plan and its newest hand-over; one that has ended is refused by the action, which says by whom."""
    plan = _plan(request, slug)
    carry_over = plan.carry_overs.order_by("-created_at", "-pk").first()
    if carry_over is None:
        raise Http404
    return plan, carry_over


def _show(request: HttpRequest, slug: str, form: StartForm | None) -> HttpResponse:
    """The list of the hand-over that is going on, or the form that begins one. One query for the plan and those it had."""
    rows = CarryOver.objects.select_related("finished_by", "plan__kind", "plan__body", "plan__agreement")
    everything = list(rows.filter(plan__slug=slug))
    plan = everything[0].plan if everything else get_plan(slug)
    check_user_can_carry_over(request.user, plan, today=timezone.localdate())
    draft = next((one for one in everything if one.state == CarryOverState.DRAFT), None)
    others = [one for one in everything if one is not draft]
    page = wizard_page(plan, draft, others, today=timezone.localdate())
    if form is None:
        form = StartForm(initial={"on": usual_day(plan) if draft is None else None})
    context = {"page": page, "plan": plan, "form": form, "errors": error_list(form), "crumbs": _crumbs(plan)}
    status = UNPROCESSABLE if form.errors else 200
    return render(request, "initiatives/carry_over_show.html", context, status=status)


def _ended(request: HttpRequest, carry_over: CarryOver) -> HttpResponse:
    """Somebody was faster: say who, and show what there is now."""
    messages.error(request, ended_text(carry_over))
    return redirect("carry_over", carry_over.plan.slug)


def _back(request: HttpRequest, slug: str, save: Any) -> HttpResponse:
    """Do it, say what came of it, and show the list again."""
    try:
        messages.success(request, save())
    except CarryOverEnded as ended:
        return _ended(request, ended.carry_over)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("carry_over", slug)


def _fate_form(request: HttpRequest, plan: Plan, carry_over: CarryOver, item: ActionItem) -> ItemFateForm:
    found = takers(plan, carry_over.on, [anchoring.body_id for anchoring in item.anchorings.all()])
    choice = carry_over.choices.filter(item=item).prefetch_related("targets").first()
    opening = ItemFateForm.opening_values(choice)
    return ItemFateForm(request.POST or None, initial=opening, first=found.first, others=found.others)


def _crumbs(plan: Plan, *more: str) -> list[dict[str, str]]:
    first = (_("Hand the plan on"), reverse("carry_over", args=[plan.slug]) if more else "")
    return plan_crumbs(plan, first, *((label, "") for label in more))
