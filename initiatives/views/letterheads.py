"""The paper of a body's annexes: see it, replace it, go back to the standard. For its secretariat alone."""

from __future__ import annotations

from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from initiatives.actions.annexes import retire_template, store_template, template_in_use
from initiatives.forms.annexes import LetterForm
from initiatives.forms.base import add_errors, error_list
from initiatives.models import Body
from initiatives.permissions import check_user_can_change_letterhead
from initiatives.presenters.annex import ascii_name, letterhead_page
from initiatives.views.annexes import CONTENT_TYPES
from initiatives.views.lookup import UNPROCESSABLE, ask_to_sign_in


@never_cache
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, slug: str) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    body = _body(request, slug)
    form = LetterForm(request.POST or None, request.FILES or None) if request.method == "POST" else LetterForm()
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data["file"]
        try:
            store_template(body=body, name=found.name, content=found.read(), by=request.user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The letter document is in use from the next annex on."))
            return redirect("letterhead", slug=slug)
    crumbs = [{"label": _("My tasks"), "url": reverse("mine")}, {"label": _("Letter document"), "url": ""}]
    page = letterhead_page(body, template_in_use(body))
    context = {"page": page, "form": form, "errors": error_list(form), "slug": slug, "crumbs": crumbs}
    return render(request, "initiatives/letterhead.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_POST
def retire(request: HttpRequest, slug: str) -> HttpResponse:
    if retire_template(body=_body(request, slug), by=request.user):
        messages.success(request, _("The annexes stand on the standard paper again."))
    return redirect("letterhead", slug=slug)


@never_cache
@require_GET
def download(request: HttpRequest, slug: str) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    template = template_in_use(_body(request, slug))
    if template is None:
        raise Http404
    response = HttpResponse(bytes(template.content), content_type=CONTENT_TYPES["docx"])
    name = f"brevskabelon-{slug}.docx"
    response["Content-Disposition"] = f"attachment; filename=\"{ascii_name(name)}\"; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _body(request: HttpRequest, slug: str) -> Body:
    body = get_object_or_404(Body, slug=slug)
    check_user_can_change_letterhead(request.user, body, today=timezone.localdate())
    return body
