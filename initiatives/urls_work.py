"""Addresses of initiatives, reminders and what awaits a person."""

from django.urls import path

from initiatives.views import initiatives, mine, reminders

urlpatterns = [
    path("initiativer/", initiatives.list_page, name="initiative_list"),
    path("initiativer/nyt/", initiatives.create_page, name="initiative_create"),
    path("initiativer/<slug:slug>/", initiatives.detail_page, name="initiative"),
    path("initiativer/<slug:slug>/ret/", initiatives.edit_page, name="initiative_edit"),
    path("initiativer/<slug:slug>/koblinger/", initiatives.link_add, name="initiative_link_add"),
    path("initiativer/<slug:slug>/koblinger/<int:pk>/fjern/", initiatives.link_remove, name="initiative_link_remove"),
    path("mine/", mine.mine_page, name="mine"),
    path("mine/pause/", reminders.pause_page, name="reminder_pause"),
    path("paamindelser/", reminders.log_page, name="reminder_log"),
    path("paamindelser/<int:pk>/send-igen/", reminders.resend, name="reminder_resend"),
]
