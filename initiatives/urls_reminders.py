"""Addresses of reminders: the log, what would be sent, when others are told, and how a mail is stopped."""

from django.urls import path

from initiatives.views import reminder_preview, reminder_stop, reminders

urlpatterns = [
    path("mine/pause/", reminders.pause_page, name="reminder_pause"),
    path("paamindelser/", reminders.log_page, name="reminder_log"),
    path("paamindelser/dag/", reminder_preview.preview_page, name="reminder_preview"),
    path("paamindelser/regler/<slug:slug>/", reminder_preview.rules_page, name="reminder_rules"),
    path("paamindelser/afmeld/<str:token>/", reminder_stop.unsubscribe, name="reminder_unsubscribe"),
    path("paamindelser/<int:pk>/send-igen/", reminders.resend, name="reminder_resend"),
]
