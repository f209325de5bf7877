"""Following a goal, an area, a plan, an item or an initiative: a small region of its page, and a page of its own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from indicators.models import Area, Goal
from initiatives.actions.follows import Followed, follow, unfollow
from initiatives.models import FOLLOWED, ActionItem, Follow, Initiative, Plan
from initiatives.permissions_talk import check_user_can_follow
from initiatives.presenters.news import FollowedView, followed_view
from initiatives.views.lookup import is_htmx


def _finder(name: str, place: dict[str, Any]) -> Followed:
    """What the address names. Raises Http404."""
    models: dict[str, Any] = {
        "goal": Goal.objects.select_related("framework"),
        "area": Area.objects.all(),
        "plan": Plan.objects.all(),
        "item": ActionItem.objects.select_related("plan"),
        "initiative": Initiative.objects.all(),
    }
    found: Followed = get_object_or_404(models[name], **place)
    return found


@login_required
@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def show(request: HttpRequest, kind: str, **place: Any) -> HttpResponse:
    check_user_can_follow(request.user)
    assert kind in FOLLOWED  # nosec B101
    thing = _finder(kind, place)
    view = followed_view(Follow(**{kind: thing}))
    if request.method == "POST":
        return _change(request, kind, thing, view)
    return _answer(request, kind, thing, view)


def _change(request: HttpRequest, kind: str, thing: Followed, view: FollowedView) -> HttpResponse:
    if request.POST.get("follow") == "1":
        follow(thing=thing, by=request.user, now=timezone.now())
        notice = _("You follow »%(title)s«. What changes on it stands under My tasks.")
    else:
        unfollow(thing=thing, by=request.user)
        notice = _("You no longer follow »%(title)s«.")
    if is_htmx(request):
        return _answer(request, kind, thing, view, pressed=True)
    messages.success(request, notice % {"title": view.title})
    return redirect(f"{reverse('mine_news')}#foelger" if request.POST.get("page") == "mine" else view.url)


def _answer(
    request: HttpRequest, kind: str, thing: Followed, view: FollowedView, *, pressed: bool = False
) -> HttpResponse:
    following = Follow.objects.filter(person=request.user.pk, **{kind: thing.pk}).exists()
    context: dict[str, Any] = {
        "follow_url": view.unfollow_url,
        "known": True,
        "following": following,
        "pressed": pressed,
        "view": view,
    }
    if is_htmx(request):
        return render(request, "initiatives/_follow.html", context)
    rows = [(_("My tasks"), reverse("mine")), (_("Follow"), "")]
    context["crumbs"] = [{"label": label, "url": url} for label, url in rows]
    return render(request, "initiatives/follow_show.html", context)
