"""Comments between colleagues on an item or an initiative: a region of its page, and a page of its own."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from initiatives.actions.comments import add_comment, withdraw_comment
from initiatives.forms.base import add_errors, error_list
from initiatives.forms.talk import CommentForm
from initiatives.models import ActionItem, Initiative
from initiatives.permissions_talk import (
    Talked,
    check_user_can_read_comments,
    check_user_can_withdraw_comment,
    check_user_can_write_comment,
    user_can_read_comments,
    user_can_write_comment,
)
from initiatives.presenters.comments import comments_page, names_to_mention, place
from initiatives.views.lookup import UNPROCESSABLE, ask_to_sign_in, get_item, is_htmx, item_crumbs

REGION = "initiatives/_comments.html"


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def of_item(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    return _comments(request, get_item(slug, number))


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def of_initiative(request: HttpRequest, slug: str) -> HttpResponse:
    return _comments(request, _initiative(slug))


@login_required
@require_POST
@vary_on_headers("HX-Request")
def withdraw_from_item(request: HttpRequest, slug: str, number: int, pk: int) -> HttpResponse:
    return _withdraw(request, get_item(slug, number), pk)


@login_required
@require_POST
@vary_on_headers("HX-Request")
def withdraw_from_initiative(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _withdraw(request, _initiative(slug), pk)


def _initiative(slug: str) -> Initiative:
    return get_object_or_404(Initiative.objects.select_related("body"), slug=slug)


def _comments(request: HttpRequest, thing: Talked) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    if request.method == "POST":
        return _add(request, thing)
    return _show(request, thing)


def _add(request: HttpRequest, thing: Talked) -> HttpResponse:
    today = timezone.localdate()
    check_user_can_write_comment(request.user, thing, today=today)
    form = CommentForm(request.POST, names=names_to_mention(thing, request.user, today=today))
    if not form.is_valid():
        return _show(request, thing, form=form, status=UNPROCESSABLE)
    try:
        said = add_comment(
            thing=thing,
            text=form.cleaned_data["text"],
            also=form.also(),
            by=request.user,
            now=timezone.now(),
            today=today,
        )
    except ValidationError as error:
        add_errors(form, error)
        return _show(request, thing, form=form, status=UNPROCESSABLE)
    notice = _("The comment is saved.")
    if said.unknown:
        words = {"names": ", ".join(said.unknown)}
        notice += " " + _("Nobody who can read it has the name %(names)s, so nobody was told for that.") % words
    return _done(request, thing, notice)


def _withdraw(request: HttpRequest, thing: Talked, pk: int) -> HttpResponse:
    check_user_can_read_comments(request.user, thing, today=timezone.localdate())
    comment = get_object_or_404(thing.comments.all(), pk=pk)
    check_user_can_withdraw_comment(request.user, comment)
    withdraw_comment(comment=comment, by=request.user, now=timezone.now())
    return _done(request, thing, _("The comment is withdrawn."))


def _done(request: HttpRequest, thing: Talked, notice: str) -> HttpResponse:
    if is_htmx(request):
        return _show(request, thing, notice=notice)
    messages.success(request, notice)
    return redirect(place(thing)[1])


def _show(
    request: HttpRequest, thing: Talked, *, form: CommentForm | None = None, notice: str = "", status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    can_read = user_can_read_comments(request.user, thing, today=today)
    if not can_read and not is_htmx(request):
        # In its place on the item's page the region says itself who can read: the rest of that page is everybody's.
        check_user_can_read_comments(request.user, thing, today=today)
    can_write = can_read and user_can_write_comment(request.user, thing, today=today)
    if can_write and form is None:
        form = CommentForm(names=names_to_mention(thing, request.user, today=today))
    talk = comments_page(thing, request.user, can_read=can_read, can_write=can_write)
    context = {"talk": talk, "form": form, "errors": error_list(form) if form else [], "notice": notice}
    if is_htmx(request):
        return render(request, REGION, context, status=status)
    context["crumbs"] = _crumbs(thing)
    return render(request, "initiatives/comment_list.html", context, status=status)


def _crumbs(thing: Talked) -> list[dict[str, str]]:
    here = (_("Comments"), "")
    if isinstance(thing, ActionItem):
        return item_crumbs(thing, here)
    rows = [
        (_("Initiatives"), reverse("initiative_list")),
        (thing.title, reverse("initiative", args=[thing.slug])),
        here,
    ]
    return [{"label": label, "url": url} for label, url in rows]
