"""Which language a page is in, and that no address answers without a rule of who may do what there."""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from sundhedsaftale.access import DEEDS, methods_of
from sundhedsaftale.views.errors import bad_request

log = logging.getLogger(__name__)


class ChosenLanguageMiddleware(LocaleMiddleware):
    """Danish unless the reader has pressed the switch.

    Django's own middleware follows the browser's `Accept-Language`. Our readers' browsers are often set to English at
    the workplace while the page, its sources and its readers are Danish, so only the cookie of the switch counts.
    """

    def process_request(self, request: HttpRequest) -> None:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response


class DeclaredAddresses:
    """Nothing is answered that does not stand in the table of `sundhedsaftale.access`.

    The views decide who may; here it is only seen to that somebody has thought about it, that a page for people who are
    signed in is never made for anybody else, and that HEAD is answered wherever GET is.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method != "HEAD":
            return self.get_response(request)
        # The server leaves the body out of the answer; the views need not know.
        request.method = "GET"
        try:
            return self.get_response(request)
        finally:
            request.method = "HEAD"

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        route = request.resolver_match.view_name if request.resolver_match else ""
        methods = methods_of(route)
        if not methods:
            log.error("The address %s stands in no row of the table of who may do what, so it is not answered.", route)
            raise Http404
        allow = ", ".join(("HEAD", "OPTIONS", *methods) if "GET" in methods else ("OPTIONS", *methods))
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": allow})
        if request.method not in methods:
            return HttpResponseNotAllowed(allow.split(", "))
        deed = DEEDS[route, request.method]
        if request.method == "GET" and deed.asks_to_sign_in("GET") and not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """An address a view cannot read is answered with its sentence, on a developer's machine too."""
        return bad_request(request, exception) if isinstance(exception, BadRequest) else None
