"""Rendering a page whose content is kept: the page is only put together when nothing kept can be used."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import SimpleLazyObject

from sundhedsaftale.presenters.frame import AreaInView
from sundhedsaftale.presenters.freshness import page_key, seconds_kept


def render_kept(
    request: HttpRequest, template: str, area: AreaInView, build: Callable[[], object]
) -> HttpResponse:
    """`page` in the template is lazy, and each block that prints it stands in a cache tag: a kept page builds nothing.

    What differs between readers (forms with their token, the menu) stands outside these blocks.
    """
    context = {
        "page": SimpleLazyObject(build),
        "area": area,
        "kept_as": page_key(request, area),
        "seconds": seconds_kept(),
    }
    return render(request, template, context)
