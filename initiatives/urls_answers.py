"""Addresses in mails that answer without signing in. What follows `svar/` is a secret: see sundhedsaftale/log_secrets.py."""

from django.urls import path

from initiatives.views import answers

urlpatterns = [
    path("svar/<str:token>/", answers.answer, name="answer"),
    path("svar/<str:token>/laes/", answers.read, name="answer_read"),
]
