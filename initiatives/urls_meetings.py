"""Addresses of meetings: the list, one meeting, its statuses and decisions."""

from __future__ import annotations

from django.urls import path

from initiatives.views import meeting_decisions, meeting_edit, meeting_grid, meetings

MEETING = "moeder/<int:pk>/"
PLAN = MEETING + "planer/<slug:slug>/"

urlpatterns = [
    path("moeder/", meetings.list_page, name="meeting_list"),
    path("moeder/nyt/", meeting_edit.create, name="meeting_create"),
    path("moeder/aarsplan/", meeting_edit.year_plan, name="meeting_year"),
    path("moeder/regler/<slug:slug>/", meeting_edit.rules, name="meeting_rules"),
    path(MEETING, meetings.detail_page, name="meeting"),
    path(MEETING + "ret/", meeting_edit.edit, name="meeting_edit"),
    path(MEETING + "annuller/", meeting_edit.cancel, name="meeting_cancel"),
    path(MEETING + "beslutninger/", meeting_decisions.decide, name="meeting_decisions"),
    path(PLAN + "punkter/<int:number>/uaendret/", meetings.unchanged, name="meeting_unchanged"),
    path(PLAN + "statusser/", meeting_grid.grid, name="status_grid"),
    path(PLAN + "statusser/<int:number>/laes/", meeting_grid.read, name="status_grid_read"),
]
