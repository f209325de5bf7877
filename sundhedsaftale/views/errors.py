"""Pages for what goes wrong: what happened and what to do. The last one stands alone, without the database."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseServerError
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _

from sundhedsaftale.presenters.suggestions import not_found as suggest


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", {"missing": suggest(request.path)}, status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The exception's own words name who can: see the permissions of the two apps."""
    who_can = str(exception or "") or _("You are not among those who can do this.")
    return render(request, "errors/403.html", {"who_can": who_can}, status=403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "errors/403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A host name that is not ours is refused before anybody is signed in: a page would have nothing to stand on."""
    if not hasattr(request, "user"):
        return HttpResponseBadRequest(_("This site does not answer to that address."), content_type="text/plain")
    says = str(exception) if isinstance(exception, BadRequest) else ""  # ours; the others are Django's own, in English
    return render(request, "errors/400.html", {"says": says}, status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Without context: whatever failed may be what a context would ask for."""
    return HttpResponseServerError(loader.get_template("errors/500.html").render())
