"""The frame around every page: the menu with its current entry, and the area the reader has chosen."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.models import Area

AREA_COOKIE = "omraade"
COUNTRY = "000"


@dataclass(frozen=True)
class NavEntry:
    label: str
    url: str
    current: str  # "" | "page" | "true": "true" inside the section, "page" on the entry's own page
    count: int = 0


@dataclass(frozen=True)
class AreaInView:
    code: str
    name: str
    inside: str = ""  # the municipalities, when they are few enough to name
    successor: str = ""  # what replaces the area, and when


def navigation(request: HttpRequest) -> list[NavEntry]:
    entries = (
        (_("Overview"), reverse("overview")),
        (_("Goals"), reverse("goal_list")),
        (_("Plans"), reverse("plan_list")),
        (_("Initiatives"), reverse("initiative_list")),
        (_("Data"), reverse("data")),
        (_("My tasks"), reverse("mine")),
    )
    return [NavEntry(label=label, url=url, current=_current(request.path, url)) for label, url in entries]


def _current(path: str, url: str) -> str:
    if path == url:
        return "page"
    return "true" if url != reverse("overview") and path.startswith(url) else ""


def chosen_area_code(request: HttpRequest) -> str:
    """The area asked for in the address, else the one remembered, else the whole country."""
    return request.GET.get("omraade") or request.COOKIES.get(AREA_COOKIE) or COUNTRY


def area_in_view(request: HttpRequest) -> AreaInView:
    area = Area.objects.filter(code__in=(chosen_area_code(request), COUNTRY)).order_by("-kind__rank").first()
    if area is None:
        return AreaInView(code=COUNTRY, name=_("The whole country"))
    return AreaInView(code=area.code, name=area.name)
