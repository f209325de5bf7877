"""Addresses of the data page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


def placeholder(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return render(request, "base.html")


urlpatterns = [path("data/", placeholder, name="data")]
