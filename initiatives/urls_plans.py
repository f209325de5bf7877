"""Addresses of plans and their items."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


def placeholder(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return render(request, "base.html")


urlpatterns = [
    path("planer/", placeholder, name="plan_list"),
    path("planer/<slug:slug>/", placeholder, name="plan"),
    path("planer/<slug:slug>/punkter/<int:number>/", placeholder, name="item"),
    path("planer/<slug:slug>/punkter/<int:number>/status/", placeholder, name="status_edit"),
    path("planer/<slug:slug>/punkter/<int:number>/uaendret/", placeholder, name="status_unchanged"),
]
