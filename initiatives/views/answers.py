"""Answering from a mail. The address holds a signed secret and is all that is needed: no session, no cookie, no account.

What protects it: nobody can make the address but us, it is good for one person and one item, it ends, it is never
logged, and the page tells no other site where it came from. The form token of other pages would add nothing: it guards
what a browser sends along by itself, and here nothing is sent along. It would also shut people out, since a page that
sends no referrer has no origin that Django could compare. Opening a link never changes anything: only a press does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from initiatives.actions.answer_mails import ask_fresh_link
from initiatives.actions.status import StatusConflict, keep_status, record_status
from initiatives.forms.answers import DelayForm, UpdateForm, delay_values, update_values
from initiatives.forms.base import add_errors
from initiatives.forms.status import with_reading
from initiatives.models import State, StatusUpdate
from initiatives.permissions import answers_on_behalf_of
from initiatives.presenters.answer_page import DELAY, UPDATE, Answering, answer_page
from initiatives.presenters.status_editor import reading_view
from initiatives.tasks import send_answer_link
from initiatives.views.answer_lookup import GONE, Refusal, open_link
from initiatives.views.lookup import CONFLICT, UNPROCESSABLE, is_htmx

KEEP, FRESH = "uaendret", "nyt-link"
FORMS: dict[str, type[UpdateForm | DelayForm]] = {UPDATE: UpdateForm, DELAY: DelayForm}
TOO_MANY = 429

View = Callable[..., HttpResponse]


def secret_page(view: View) -> View:
    """In the person's own language; kept nowhere, found by no search engine, and no other site learns the address."""

    @wraps(view)
    @csrf_exempt
    @never_cache
    def page(request: HttpRequest, token: str) -> HttpResponse:
        found = open_link(token)
        with translation.override(found.language):
            response = _refuse(request, found) if isinstance(found, Refusal) else view(request, token, found)
            response["Content-Language"] = found.language
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return page


@require_http_methods(["GET", "HEAD", "POST"])
@secret_page
def answer(request: HttpRequest, token: str, asked: Answering) -> HttpResponse:
    if request.method != "POST":
        return _page(request, token, asked)
    wanted = request.POST.get("svar", "")
    if wanted == KEEP:
        return _keep(request, token, asked)
    if wanted in FORMS:
        form = FORMS[wanted](request.POST, number=asked.item.number, current=asked.current)
        if "use_reading" in request.POST or "read_again" in request.POST:
            return _read_again(request, token, asked, form, fill="use_reading" in request.POST)
        return _save(request, token, asked, form, wanted)
    return _page(request, token, asked, notice=_("Nothing was chosen. Nothing has been saved."), status=UNPROCESSABLE)


@require_POST
@vary_on_headers("HX-Request")
@secret_page
def read(request: HttpRequest, token: str, asked: Answering) -> HttpResponse:
    """How the words would be read, while they are typed. Nothing is stored."""
    chosen, text = request.POST.get("state", ""), request.POST.get("text", "")
    chosen = chosen if chosen in State.values else ""
    view, _reading = reading_view(asked.item.number, text, chosen, today=timezone.localdate())
    return render(request, "initiatives/_status_reading.html", {"reading": view})


def _keep(request: HttpRequest, token: str, asked: Answering) -> HttpResponse:
    opened_on = request.POST.get("opened_on", "")
    try:
        keep_status(
            item=asked.item,
            opened_on=int(opened_on) if opened_on.isdecimal() else asked.link.sequence,
            **_addressed(asked),
        )
    except StatusConflict as conflict:
        if _is_mine(conflict.current, asked):
            return redirect("answer", token)  # a second press of the same button
        asked = replace(asked, current=conflict.current)
        notice = _("Somebody wrote a status in the meantime. Nothing of yours was saved.")
        return _page(request, token, asked, notice=notice, status=CONFLICT)
    except ValidationError as error:
        return _page(request, token, asked, notice=" ".join(error.messages), status=UNPROCESSABLE)
    return redirect("answer", token)


def _save(request: HttpRequest, token: str, asked: Answering, form: UpdateForm | DelayForm, which: str) -> HttpResponse:
    if not form.is_valid():
        return _page(request, token, asked, form=form, opened=which, status=UNPROCESSABLE)
    draft = form.draft()
    try:
        record_status(item=asked.item, draft=draft, opened_on=form.cleaned_data["opened_on"], **_addressed(asked))
    except StatusConflict as conflict:
        now = conflict.current
        if _is_mine(now, asked) and (now.state, now.text) == (draft.state, draft.text.strip()):
            return redirect("answer", token)
        asked = replace(asked, current=now)
        return _page(request, token, asked, form=form, opened=which, conflict=now, status=CONFLICT)
    except ValidationError as error:
        add_errors(form, error)
        return _page(request, token, asked, form=form, opened=which, status=UNPROCESSABLE)
    return redirect("answer", token)


def _read_again(
    request: HttpRequest, token: str, asked: Answering, form: UpdateForm | DelayForm, *, fill: bool
) -> HttpResponse:
    """The words read, and nothing stored. The suggestion goes into the fields only if that button was pressed."""
    typed = {name: form[name].value() for name in form.fields}
    if fill:
        view, reading = reading_view(asked.item.number, str(typed["text"] or ""), "", today=timezone.localdate())
        due = asked.current.due if asked.current else None
        typed = with_reading(typed, reading, old_due=due.words if due else "")
        fill = view.usable
    again = UpdateForm(initial=typed, number=asked.item.number, current=asked.current)
    return _page(request, token, asked, form=again, opened=UPDATE, filled=fill)


def _page(
    request: HttpRequest,
    token: str,
    asked: Answering,
    *,
    form: UpdateForm | DelayForm | None = None,
    opened: str = "",
    notice: str = "",
    conflict: StatusUpdate | None = None,
    filled: bool = False,
    status: int = 200,
) -> HttpResponse:
    place: dict[str, Any] = {"number": asked.item.number, "current": asked.current}
    page = answer_page(
        asked,
        token,
        update=form if isinstance(form, UpdateForm) else UpdateForm(initial=update_values(asked.current), **place),
        delay=form if isinstance(form, DelayForm) else DelayForm(initial=delay_values(asked.current), **place),
        opened=opened,
        today=timezone.localdate(),
        conflict=conflict,
        filled=filled,
    )
    return render(request, "initiatives/answer_show.html", {"page": page, "notice": notice}, status=status)


def _refuse(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """One page for every reason. On that of a link which has only run out, a fresh one can be asked for."""
    if is_htmx(request):
        return HttpResponse(status=GONE)  # only the words being typed were to be read: they stay as they are
    sent, status = "", refusal.status
    if request.method == "POST" and request.POST.get("svar") == FRESH and refusal.asked is not None:
        asked = refusal.asked
        fresh = ask_fresh_link(by=asked.person, item=asked.item, meeting=asked.meeting, now=timezone.now())
        if fresh is not None:
            send_answer_link.delay_on_commit(fresh.pk)
        sent, status = ("sent", 200) if fresh is not None else ("wait", TOO_MANY)
    typed = request.POST.get("text", "") if request.method == "POST" else ""
    context = {"page": refusal, "sent": sent, "typed": typed}
    return render(request, "initiatives/answer_refused.html", context, status=status)


def _addressed(asked: Answering) -> dict[str, Any]:
    """Whose answer it is, on which day, for whom and for which meeting."""
    today = timezone.localdate()
    behalf = answers_on_behalf_of(asked.person, asked.item, today=today)
    return {"as_of": today, "by": asked.person, "meeting": asked.meeting, "on_behalf_of": behalf}


def _is_mine(status: StatusUpdate, asked: Answering) -> bool:
    return status.by_id == asked.person.pk and status.sequence > asked.link.sequence
