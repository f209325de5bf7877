"""Addresses of what is counted from plans: the timeline and the delays."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
