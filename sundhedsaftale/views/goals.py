"""The goals, one goal, and one indicator."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from initiatives.permissions import target_bodies
from sundhedsaftale.presenters.frame import area_in_view, area_query, viewed
from sundhedsaftale.presenters.goal_list import goal_list
from sundhedsaftale.presenters.goal_page import find_goal, goal_page
from sundhedsaftale.presenters.indicator_page import find_indicator, indicator_page


@require_GET
def goal_index(request: HttpRequest) -> HttpResponse:
    look, area, query = viewed(request), area_in_view(request), area_query(request)
    context = {"page": goal_list(area, query), "area": area, "query": query, "viewed": look}
    return render(request, "goal_list.html", context)


@require_GET
def goal_show(request: HttpRequest, slug: str) -> HttpResponse:
    goal = find_goal(slug)
    if goal is None:
        raise Http404
    look, area, query = viewed(request), area_in_view(request), area_query(request)
    return render(
        request, "goal_show.html", {"page": goal_page(goal, area, query, look=look), "area": area, "viewed": look}
    )


@require_GET
def indicator_show(request: HttpRequest, code: str) -> HttpResponse:
    indicator = find_indicator(code)
    if indicator is None:
        raise Http404
    look, area, query = viewed(request), area_in_view(request), area_query(request)
    may = target_bodies(request.user, today=timezone.localdate())
    context = {"page": indicator_page(indicator, area, query, look=look, may=may), "area": area, "viewed": look}
    return render(request, "indicator_show.html", context)
