"""One page for every form about plans: show it, save it, or show it again with every word and what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from initiatives.forms.base import add_errors, error_list
from initiatives.views.lookup import UNPROCESSABLE


@dataclass(frozen=True)
class FormPage:
    """What the page says around the form. not_saved: the heading of the error summary."""

    heading: str
    submit: str
    not_saved: str
    cancel_url: str
    crumbs: list[dict[str, str]]
    kicker: str = ""
    lead: str = ""
    danger: bool = False
    extra: dict[str, Any] = field(default_factory=dict)
    template: str = "initiatives/plan_form.html"  # another one extends it


def answer_form(
    request: HttpRequest, form: forms.Form, page: FormPage, save: Callable[[dict[str, Any]], tuple[str, str]]
) -> HttpResponse:
    """`save` gets the cleaned values and returns (where to go, what to say); its ValidationError goes to the fields."""
    if request.method == "POST" and form.is_valid():
        try:
            url, said = save(form.cleaned_data)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, said)
            return redirect(url)
    context = {"form": form, "errors": error_list(form), "page": page, "crumbs": page.crumbs, **page.extra}
    return render(request, page.template, context, status=UNPROCESSABLE if form.errors else 200)
