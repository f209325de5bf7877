"""Addresses of who changed what, and of everything about one item in a package."""

from __future__ import annotations

from django.urls import path

from initiatives.views import history, packages

ITEM = "planer/<slug:slug>/punkter/<int:number>/"

urlpatterns = [
    path("planer/<slug:slug>/historik/", history.plan, name="plan_history"),
    path(ITEM + "historik/", history.item, name="item_history"),
    path(ITEM + "aktindsigt/", packages.item, name="item_package"),
    path("initiativer/<slug:slug>/historik/", history.initiative, name="initiative_history"),
    path("moeder/<int:pk>/historik/", history.meeting, name="meeting_history"),
    path("udvalg/<slug:slug>/historik/", history.body, name="body_history"),
]
