"""Addresses of plans and their items."""

from django.urls import path

from initiatives.views import item_edit, items, links, plan_edit, plans, status

PLAN = "planer/<slug:slug>/"
TRACK = PLAN + "spor/<int:pk>/"
ITEM = PLAN + "punkter/<int:number>/"

urlpatterns = [
    path("planer/", plans.list_page, name="plan_list"),
    path("planer/ny/", plan_edit.create, name="plan_create"),
    path(PLAN, plans.detail_page, name="plan"),
    path(PLAN + "rediger/", plan_edit.manage, name="plan_manage"),
    path(PLAN + "ret/", plan_edit.edit, name="plan_edit"),
    path(PLAN + "luk/", plan_edit.close_plan, name="plan_close"),
    path(PLAN + "genaabn/", plan_edit.reopen_plan, name="plan_reopen"),
    path(PLAN + "spor/nyt/", plan_edit.track_create, name="track_create"),
    path(TRACK + "ret/", plan_edit.track_edit, name="track_edit"),
    path(TRACK + "flyt/", plan_edit.track_move, name="track_move"),
    path(TRACK + "luk/", plan_edit.track_close, name="track_close"),
    path(TRACK + "genaabn/", plan_edit.track_reopen, name="track_reopen"),
    path(TRACK + "nyt-punkt/", item_edit.create, name="item_create"),
    path(ITEM, items.detail_page, name="item"),
    path(ITEM + "ret/", item_edit.edit, name="item_edit"),
    path(ITEM + "flyt/", item_edit.move_item, name="item_move"),
    path(ITEM + "luk/", item_edit.close_item, name="item_close"),
    path(ITEM + "genaabn/", item_edit.reopen_item, name="item_reopen"),
    path(ITEM + "status/", status.edit, name="status_edit"),
    path(ITEM + "status/vis/", status.panel, name="status_panel"),
    path(ITEM + "status/laes/", status.read, name="status_read"),
    path(ITEM + "uaendret/", status.unchanged, name="status_unchanged"),
    path(ITEM + "milepaele/ny/", item_edit.milestone_create, name="milestone_create"),
    path(ITEM + "milepaele/<int:pk>/ret/", item_edit.milestone_edit, name="milestone_edit"),
    path(ITEM + "milepaele/<int:pk>/naaet/", item_edit.milestone_reach, name="milestone_reach"),
    path(ITEM + "koblinger/ny/", links.create, name="link_create"),
    path(ITEM + "koblinger/<int:pk>/fjern/", links.remove, name="link_remove"),
]
