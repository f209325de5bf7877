"""Addresses of what changed between two meetings, and of plans handed on to successors."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
