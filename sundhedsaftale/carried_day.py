"""Who looks at a day stays on it: `?dato=` is kept in every way on to another page of ours.

Links are made in some eighty templates and presenters, most of which know nothing of days. So they are given the day once,
when the page is finished. A link that says a day itself keeps its own, and nothing is added to what is no page.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape
from typing import TypeGuard
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone

from sundhedsaftale.lib.viewed import DAY, DIVISION, Viewed, ViewedError, read_viewed

_TAG = re.compile(r"<(?!form\b)[a-z][^<>]*>")  # a form carries the day in a field of its own
_LINK = re.compile(r'(?<=\s)(href|hx-get)="(/[^"]*)"')
_FORM = re.compile(r'<form\b[^>]*\bmethod="get"[^>]*>(?:(?!</form>).)*', re.DOTALL)
#: No pages of ours to look at a day on; "historik" has a day of its own, of what was written and not of what was there.
_NOT_CARRIED = re.compile(r"^//|^/(?:static|api|konto|i18n|health|admin)/|/historik/|\.(?:atom|ics|docx|pdf|txt)$")


class CarriedDay:
    """Middleware; only answers to an address with a day in it are touched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        look = carried(request)
        if look is not None and is_page(response):
            response.content = with_day(response.content.decode(), look.pairs).encode()
        return response


def carried(request: HttpRequest) -> Viewed | None:
    """What the ways on from this page must carry; None when it is nothing, or the day is none."""
    if request.method != "GET" or DAY not in request.GET or _NOT_CARRIED.search(request.path):
        return None
    try:
        look = read_viewed(request.GET, today=timezone.localdate())
    except ViewedError:
        return None
    return look if look.is_other_day else None


def is_page(response: HttpResponseBase) -> TypeGuard[HttpResponse]:
    html = response.headers.get("Content-Type", "").startswith("text/html")
    return isinstance(response, HttpResponse) and response.status_code == 200 and html


def with_day(html: str, pairs: tuple[tuple[str, str], ...]) -> str:
    """The same page with the day in its links, and in its forms that lead to a page."""
    html = _TAG.sub(lambda tag: _LINK.sub(lambda found: _attribute(found, pairs), tag[0]), html)
    return _FORM.sub(lambda found: _form(found[0], pairs), html)


def _attribute(found: re.Match[str], pairs: tuple[tuple[str, str], ...]) -> str:
    return f'{found[1]}="{escape(_address(unescape(found[2]), pairs))}"'


def _address(address: str, pairs: tuple[tuple[str, str], ...]) -> str:
    parts = urlsplit(address)
    asked = parse_qsl(parts.query, keep_blank_values=True)
    if _NOT_CARRIED.search(parts.path) or address.startswith("//"):
        return address
    if any(name in (DAY, DIVISION) for name, _value in asked):
        return address
    query = "&".join(part for part in (parts.query, urlencode(pairs)) if part)
    return parts._replace(query=query).geturl()


def _form(form: str, pairs: tuple[tuple[str, str], ...]) -> str:
    if f'name="{DAY}"' in form:
        return form
    hidden = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in pairs)
    start, mark, rest = form.partition(">")
    return f"{start}{mark}{hidden}{rest}"
