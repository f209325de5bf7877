"""Pages everybody sees alike are made once for each version of the data.

A kept page is good for one data version, one day, one language, one chosen area and one state of the code, all of them
in its key; so nothing ever has to be thrown away, and a change is seen by the next reader. Only whole pages for readers
without a session are kept. What belongs to one reader, the token that guards forms, is taken out before keeping and put
in again when the page is shown.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeGuard

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.utils import timezone, translation

from indicators.actions.versions import current_version
from indicators.models import Area
from sundhedsaftale.presenters.frame import AREA_COOKIE

TOKEN = re.compile(rb'(?<=name="csrfmiddlewaretoken" value=")[A-Za-z0-9]{64}|(?<="X-CSRFToken": ")[A-Za-z0-9]{64}')
TOKEN_MARK = b"\0token\0"  # no page can hold a null byte
LONGEST_KEPT_SECONDS = 24 * 3600


class KeptPages:
    """Middleware; must stand inside session, language and CSRF, and inside whatever adds headers."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.code = code_stamp()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not settings.KEEP_PAGES or not may_be_kept(request):
            return self.get_response(request)
        key = self.key(request)
        kept = cache.get(key)
        if kept is None:
            response = self.get_response(request)
            if worth_keeping(response) and asks_for_an_area_there_is(request):
                cache.set(key, TOKEN.sub(TOKEN_MARK, response.content), LONGEST_KEPT_SECONDS)
            return response
        if TOKEN_MARK in kept:
            kept = kept.replace(TOKEN_MARK, get_token(request).encode())
        return HttpResponse(kept, headers={"Vary": "HX-Request, Cookie"})

    def key(self, request: HttpRequest) -> str:
        parts = (
            self.code,
            str(current_version()),
            timezone.localdate().isoformat(),
            translation.get_language() or "",
            request.COOKIES.get(AREA_COOKIE, ""),
            request.get_host(),
            request.get_full_path(),
        )
        return "page:" + hashlib.sha256("\0".join(parts).encode()).hexdigest()


def may_be_kept(request: HttpRequest) -> bool:
    """A whole page asked for by somebody who is nobody in particular."""
    nobody = settings.SESSION_COOKIE_NAME not in request.COOKIES and CookieStorage.cookie_name not in request.COOKIES
    whole = "HX-Request" not in request.headers
    # Any other question makes a page of its own, and there is no end to what can be asked.
    plain = set(request.GET) <= {AREA_COOKIE}
    return request.method == "GET" and nobody and whole and plain


def asks_for_an_area_there_is(request: HttpRequest) -> bool:
    """Or a made-up code in address or cookie would be kept as a page of its own, without end."""
    asked = {code for code in (request.GET.get(AREA_COOKIE), request.COOKIES.get(AREA_COOKIE)) if code}
    return not asked or Area.objects.filter(code__in=asked).count() == len(asked)


def worth_keeping(response: HttpResponseBase) -> TypeGuard[HttpResponse]:
    return (
        isinstance(response, HttpResponse)
        and response.status_code == 200
        and response.headers.get("Content-Type", "").startswith("text/html")
        and "no-store" not in response.headers.get("Cache-Control", "")
        and not response.cookies
    )


def code_stamp() -> str:
    """Changes when a template, a translation or our code does; read once, when the process starts."""
    digest = hashlib.sha256()
    folders = ("sundhedsaftale", "initiatives", "indicators", "templates", "locale", "static/css", "static/js")
    for folder in folders:
        for path in sorted((Path(settings.BASE_DIR) / folder).rglob("*.*")):
            if path.suffix != ".pyc" and path.is_file():
                status = path.stat()
                digest.update(f"{path.name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]
