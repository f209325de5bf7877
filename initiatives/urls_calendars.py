"""Addresses of calendars. What follows `kalender/` at the root is a secret: see sundhedsaftale/log_secrets.py."""

from django.urls import path

from initiatives.urls_meetings import MEETING
from initiatives.urls_plans import ITEM
from initiatives.views import calendars

MINE = "mine/kalender/"

urlpatterns = [
    path("kalender/<str:token>.ics", calendars.feed, name="calendar_feed"),
    path(MINE, calendars.page, name="calendar_page"),
    path(MINE + "ny/", calendars.make, name="calendar_make"),
    path(MINE + "<int:pk>/erstat/", calendars.replace, name="calendar_replace"),
    path(MINE + "<int:pk>/luk/", calendars.revoke, name="calendar_revoke"),
    path(MEETING + "moede.ics", calendars.meeting_file, name="meeting_file"),
    path(ITEM + "frist.ics", calendars.item_file, name="item_deadline_file"),
]
