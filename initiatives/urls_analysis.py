"""Addresses of what is counted from plans: the timeline and the delays."""

from __future__ import annotations

from django.urls import path

from initiatives.views import analysis

PLAN = "planer/<slug:slug>/"

urlpatterns = [
    path(PLAN + "tidslinje/", analysis.timeline, name="plan_timeline"),
    path(PLAN + "tidslinje/tidslinje.svg", analysis.timeline_svg, name="plan_timeline_svg"),
    path(PLAN + "forsinkelser/", analysis.delays_of_plan, name="plan_delays"),
    path("forsinkelser/", analysis.delays, name="delay_list"),
]
