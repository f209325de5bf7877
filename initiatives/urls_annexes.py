"""Addresses of the annex as files, and of a body's letterhead."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
