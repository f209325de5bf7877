"""Addresses of what changed between two meetings, and of plans handed on to successors."""

from __future__ import annotations

from django.urls import URLPattern, path

from initiatives.urls_plans import PLAN
from initiatives.views import changes

urlpatterns: list[URLPattern] = [
    path(PLAN + "aendringer/", changes.show, name="plan_changes"),
]
