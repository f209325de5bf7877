"""One indicator over all areas of a kind: the ranked list, the map of the municipalities, small curves."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from indicators.models import Indicator
from sundhedsaftale.presenters.area_curves import goal_curves_page, indicator_curves_page
from sundhedsaftale.presenters.area_kinds import kind_of_slug
from sundhedsaftale.presenters.area_ranking import KindFigures, kind_figures, ranking_page
from sundhedsaftale.presenters.frame import area_in_view, area_query, viewed
from sundhedsaftale.presenters.goal_page import find_goal
from sundhedsaftale.presenters.indicator_data import find_indicator
from sundhedsaftale.presenters.tile_map import light_of_slug, map_page


@require_GET
def indicator_ranking(request: HttpRequest, code: str) -> HttpResponse:
    data = _figures(request, code, kind_of_slug(request.GET.get("slags", "")))
    page = ranking_page(data, area_query(request), request.GET.get("sorter", ""))
    return render(request, "areas/ranking_show.html", {"page": page})


@require_GET
def indicator_map(request: HttpRequest, code: str) -> HttpResponse:
    data = _figures(request, code, "municipality")
    if data.kind.code != "municipality":
        raise Http404("the indicator is not measured for municipalities")
    page = map_page(data, area_query(request), light_of_slug(request.GET.get("lys", "")))
    return render(request, "areas/map_show.html", {"page": page})


@require_GET
def indicator_curves(request: HttpRequest, code: str) -> HttpResponse:
    page = indicator_curves_page(
        _indicator(code),
        area_in_view(request),
        area_query(request),
        request.GET.get("region", ""),
        kind=kind_of_slug(request.GET.get("slags", "")),
        day=viewed(request).day,
    )
    return render(request, "areas/curves_show.html", {"page": page})


@require_GET
def goal_curves(request: HttpRequest, slug: str) -> HttpResponse:
    goal = find_goal(slug)
    if goal is None:
        raise Http404
    page = goal_curves_page(goal, area_in_view(request), area_query(request), day=viewed(request).day)
    return render(request, "areas/goal_curves_show.html", {"page": page})


def _figures(request: HttpRequest, code: str, kind: str) -> KindFigures:
    found = kind_figures(_indicator(code), area_in_view(request), kind, day=viewed(request).day)
    if found is None:
        raise Http404("the indicator is measured for no kind of area")
    return found


def _indicator(code: str) -> Indicator:
    indicator = find_indicator(code)
    if indicator is None:
        raise Http404
    return indicator
