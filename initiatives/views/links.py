"""Links from an item to goals and indicators: drawn and removed, each with its reason."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from initiatives.actions.links import add_link, remove_link
from initiatives.forms.initiatives import InitiativeLinkForm
from initiatives.forms.plans import RemoveLinkForm
from initiatives.models import ActionItem, Contribution
from initiatives.permissions import check_user_can_link
from initiatives.views.form_page import FormPage, answer_form
from initiatives.views.lookup import ask_to_sign_in, get_item, item_crumbs


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    item = _item_to_link(request, slug, number)
    standing = item.contributions.active().select_related("goal", "indicator")
    form = InitiativeLinkForm(request.POST or None, taken=[_code(link) for link in standing])

    def save(values: dict[str, Any]) -> tuple[str, str]:
        add_link(thing=item, target=form.target_object(), reason=values["reason"], by=request.user)
        return _links_url(item), _("The link is drawn.")

    lead = _("A link says what the item works for. It never says that it works.")
    return answer_form(request, form, _page(item, _("Link to a goal or an indicator"), _("Draw the link"), lead), save)


@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    item = _item_to_link(request, slug, number)
    link = get_object_or_404(item.contributions.active().select_related("goal", "indicator"), pk=pk)

    def save(values: dict[str, Any]) -> tuple[str, str]:
        remove_link(link=link, reason=values["removed_reason"], by=request.user)
        return _links_url(item), _("The link is removed. Its reason stays readable.")

    heading = _("Remove the link to »%(name)s«") % {"name": (link.goal or link.indicator).name}  # type: ignore[union-attr]
    return answer_form(request, RemoveLinkForm(request.POST or None), _page(item, heading, _("Remove the link")), save)


def _item_to_link(request: HttpRequest, slug: str, number: int) -> ActionItem:
    item = get_item(slug, number)
    check_user_can_link(request.user, item, today=timezone.localdate())
    return item


def _code(link: Contribution) -> str:
    return f"goal:{link.goal.slug}" if link.goal else f"indicator:{link.indicator.code}"  # type: ignore[union-attr]


def _links_url(item: ActionItem) -> str:
    return f"{reverse('item', args=[item.plan.slug, item.number])}#koblinger"


def _page(item: ActionItem, heading: str, submit: str, lead: str = "") -> FormPage:
    return FormPage(
        heading=heading,
        kicker=f"{item.number}. {item.title}",
        lead=lead,
        submit=submit,
        not_saved=_("Not saved yet"),
        cancel_url=_links_url(item),
        crumbs=item_crumbs(item, (heading, "")),
    )
