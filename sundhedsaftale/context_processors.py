"""What every page prints around its own content. Everything is lazy: a region fetched alone asks for none of it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from sundhedsaftale.carried_day import carried
from sundhedsaftale.presenters.frame import area_in_view, area_query, navigation


def site(request: HttpRequest) -> dict[str, Any]:
    return {
        "site": {
            "name": settings.SITE_NAME,
            "nav": SimpleLazyObject(lambda: navigation(request)),
            "area": SimpleLazyObject(lambda: area_in_view(request)),
            "age": _(
                "A light is yellow when the difference is at most 1 per cent. "
                "A link says what is worked for, not that it works."
            ),
        },
        "area_query": area_query(request),
        "carried": carried(request),
    }
