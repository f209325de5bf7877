"""Addresses of the data page."""

from django.urls import path

from indicators.views import data

urlpatterns = [
    path("data/", data.data_show, name="data"),
    path("data/koersler/", data.data_runs, name="data_runs"),
    path("data/<slug:name>/hent/", data.data_fetch, name="data_fetch"),
]
