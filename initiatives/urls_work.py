"""Addresses of initiatives, reminders and what awaits a person."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


def placeholder(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return render(request, "base.html")


urlpatterns = [
    path("initiativer/", placeholder, name="initiative_list"),
    path("initiativer/nyt/", placeholder, name="initiative_create"),
    path("initiativer/<slug:slug>/", placeholder, name="initiative"),
    path("mine/", placeholder, name="mine"),
]
