"""Items by hand: made, reworded, re-owned, put in order, closed and reopened; and their milestones."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from initiatives.actions.milestones import add_milestone, reach_milestone, update_milestone
from initiatives.actions.plans import add_item, close, move, reopen, update_item
from initiatives.forms.plans import CloseForm, ItemForm, MilestoneForm, NewItemForm
from initiatives.models import ActionItem
from initiatives.permissions import check_user_can_edit_plan
from initiatives.views.form_page import FormPage, answer_form
from initiatives.views.lookup import ask_to_sign_in, get_item, get_plan, item_crumbs, plan_crumbs


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A new item at the end of the heading."""
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    today, plan = timezone.localdate(), get_plan(slug)
    check_user_can_edit_plan(request.user, plan, today=today)
    track = get_object_or_404(plan.tracks.filter(closed_on=None), pk=pk)
    manage_url = reverse("plan_manage", args=[slug])
    page = FormPage(
        heading=_("A new item under »%(title)s«") % {"title": track.title},
        kicker=plan.short_title or plan.title,
        submit=_("Add the item"),
        not_saved=_("The item is not added yet"),
        cancel_url=manage_url,
        crumbs=plan_crumbs(plan, (_("Edit the plan"), manage_url), (_("A new item"), "")),
    )

    def save(values: dict[str, Any]) -> tuple[str, str]:
        owners = list(values.pop("owners"))
        item = add_item(track=track, owners=owners, by=request.user, today=today, **values)
        return f"{manage_url}#punkt-{item.number}", _("Item %(number)s is added.") % {"number": item.number}

    return answer_form(request, NewItemForm(request.POST or None, plan=plan, today=today), page, save)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    today, item = timezone.localdate(), _item_to_edit(request, slug, number)
    values = ItemForm.opening_values(item)
    form = ItemForm(request.POST or None, initial=values, plan=item.plan, today=today, item=item)

    def save(values: dict[str, Any]) -> tuple[str, str]:
        owners = list(values.pop("owners"))
        update_item(item=item, owners=owners, by=request.user, today=today, **values)
        return _item_url(item), _("The item is saved.")

    return answer_form(request, form, _page(item, _("Reword the item"), _("Save")), save)


@require_POST
def move_item(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    item = _item_to_edit(request, slug, number)
    move(thing=item, up=request.POST.get("direction") == "up", by=request.user)
    return redirect(f"{reverse('plan_manage', args=[slug])}#punkt-{number}")


@require_http_methods(["GET", "POST"])
def close_item(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    item = _item_to_edit(request, slug, number)

    def save(values: dict[str, Any]) -> tuple[str, str]:
        close(thing=item, reason=values["closed_reason"], on=timezone.localdate(), by=request.user)
        return _item_url(item), _("»%(title)s« is closed.") % {"title": item.title}

    heading = _("Close item %(number)s") % {"number": number}
    return answer_form(request, CloseForm(request.POST or None), _page(item, heading, _("Close")), save)


@require_POST
def reopen_item(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    item = _item_to_edit(request, slug, number)
    reopen(thing=item, by=request.user)
    messages.success(request, _("»%(title)s« is open again.") % {"title": item.title})
    return redirect(_item_url(item))


@require_http_methods(["GET", "POST"])
def milestone_create(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    today, item = timezone.localdate(), _item_to_edit(request, slug, number)

    def save(values: dict[str, Any]) -> tuple[str, str]:
        add_milestone(item=item, by=request.user, today=today, **values)
        return f"{_item_url(item)}#milepaele", _("The milestone is added.")

    form = MilestoneForm(request.POST or None, plan=item.plan, today=today)
    return answer_form(request, form, _page(item, _("A new milestone"), _("Add the milestone")), save)


@require_http_methods(["GET", "POST"])
def milestone_edit(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    today, item = timezone.localdate(), _item_to_edit(request, slug, number)
    milestone = get_object_or_404(item.milestones, pk=pk)

    def save(values: dict[str, Any]) -> tuple[str, str]:
        update_milestone(milestone=milestone, by=request.user, today=today, **values)
        return f"{_item_url(item)}#milepaele", _("The milestone is saved.")

    values = {"title": milestone.title, "when": milestone.words, "body": milestone.body_id}
    form = MilestoneForm(request.POST or None, initial=values, plan=item.plan, today=today)
    return answer_form(request, form, _page(item, _("Change the milestone"), _("Save")), save)


@require_POST
def milestone_reach(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    """Reached today, or not reached after all."""
    today, item = timezone.localdate(), _item_to_edit(request, slug, number)
    milestone = get_object_or_404(item.milestones, pk=pk)
    on = today if request.POST.get("reached") == "1" else None
    try:
        reach_milestone(milestone=milestone, on=on, by=request.user, today=today)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The milestone is saved."))
    return redirect(f"{_item_url(item)}#milepaele")


def _item_to_edit(request: HttpRequest, slug: str, number: int) -> ActionItem:
    item = get_item(slug, number)
    check_user_can_edit_plan(request.user, item.plan, today=timezone.localdate())
    return item


def _item_url(item: ActionItem) -> str:
    return reverse("item", args=[item.plan.slug, item.number])


def _page(item: ActionItem, heading: str, submit: str) -> FormPage:
    return FormPage(
        heading=heading,
        kicker=f"{item.number}. {item.title}",
        submit=submit,
        not_saved=_("Not saved yet"),
        cancel_url=_item_url(item),
        crumbs=item_crumbs(item, (heading, "")),
    )
