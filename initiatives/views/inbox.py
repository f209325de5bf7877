"""What is new to me, that I have seen it, and how often I want mail about it."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from initiatives.actions.comments import see_mentions
from initiatives.actions.follows import choose_mail_rhythm, see_news
from initiatives.forms.base import add_errors, error_list
from initiatives.forms.talk import RhythmForm
from initiatives.models import Mention
from initiatives.presenters.inbox import inbox_page
from initiatives.presenters.news import comment_url
from initiatives.views.lookup import UNPROCESSABLE, is_htmx


@login_required
@require_GET
@vary_on_headers("HX-Request")
def news(request: HttpRequest) -> HttpResponse:
    context = {"inbox": inbox_page(request.user, now=timezone.now())}
    if is_htmx(request):
        return render(request, "initiatives/_mine_news.html", context)
    crumbs = [{"label": _("My tasks"), "url": reverse("mine")}, {"label": _("What is new"), "url": ""}]
    return render(request, "initiatives/mine_news.html", {**context, "crumbs": crumbs})


@login_required
@require_POST
def news_seen(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    see_news(by=request.user, until=_moment(request.POST.get("until", ""), now), now=now)
    messages.success(request, _("Marked as seen."))
    return redirect("mine")


@login_required
@require_POST
def mentions_seen(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    see_mentions(by=request.user, now=_moment(request.POST.get("until", ""), now))
    messages.success(request, _("Marked as seen."))
    return redirect("mine")


@login_required
@require_POST
def mention_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Seen by being opened: the comment it stands in."""
    mentions = Mention.objects.select_related("comment__item__plan", "comment__initiative")
    mention = get_object_or_404(mentions, pk=pk, person=request.user)
    see_mentions(by=request.user, now=timezone.now(), only=mention.pk)
    return redirect(comment_url(mention.comment))


@login_required
@require_http_methods(["GET", "POST"])
def mail_rhythm(request: HttpRequest) -> HttpResponse:
    form = RhythmForm(request.POST or None, initial={"rhythm": getattr(request.user, "mail_rhythm", "each")})
    if request.method == "POST" and form.is_valid():
        try:
            choose_mail_rhythm(by=request.user, rhythm=form.cleaned_data["rhythm"], now=timezone.now())
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Your choice is saved."))
            return redirect("mine")
    crumbs = [{"label": _("My tasks"), "url": reverse("mine")}, {"label": _("Mail about what is new"), "url": ""}]
    context = {"form": form, "errors": error_list(form), "crumbs": crumbs}
    return render(request, "initiatives/mail_rhythm.html", context, status=UNPROCESSABLE if form.errors else 200)


def _moment(words: str, now: datetime) -> datetime:
    """The moment the page was made; now when it cannot be read."""
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        return now
    return min(found, now) if found.tzinfo else now
