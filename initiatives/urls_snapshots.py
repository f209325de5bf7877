"""Addresses of what is frozen: approving, freezing, reading."""

from django.urls import path

from initiatives.views import snapshots

MEETING_PLAN = "moeder/<int:pk>/planer/<slug:slug>/"

urlpatterns = [
    path("fastfrosset/<int:pk>/", snapshots.show, name="snapshot"),
    path("planer/<slug:slug>/fastfrosset/", snapshots.list_page, name="snapshot_list"),
    path(MEETING_PLAN + "frys/", snapshots.freeze_plan, name="plan_freeze"),
    path(MEETING_PLAN + "godkend/", snapshots.approve_plan, name="plan_approve"),
]
