"""Addresses of what changed between two meetings, and of plans handed on to successors."""

from __future__ import annotations

from django.urls import URLPattern, path

from initiatives.urls_plans import PLAN
from initiatives.views import carry_over, changes

HAND_OVER = PLAN + "viderefoer/"

urlpatterns: list[URLPattern] = [
    path(PLAN + "aendringer/", changes.show, name="plan_changes"),
    path(HAND_OVER, carry_over.show, name="carry_over"),
    path(HAND_OVER + "start/", carry_over.start, name="carry_over_start"),
    path(HAND_OVER + "valg/", carry_over.choices, name="carry_over_choices"),
    path(HAND_OVER + "resten/", carry_over.rest, name="carry_over_rest"),
    path(HAND_OVER + "punkter/<int:number>/", carry_over.fate, name="carry_over_item"),
    path(HAND_OVER + "opsummering/", carry_over.summary, name="carry_over_summary"),
    path(HAND_OVER + "opgiv/", carry_over.cancel, name="carry_over_cancel"),
]
