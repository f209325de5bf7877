"""Addresses of meetings: the list, one meeting, its statuses and decisions."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
