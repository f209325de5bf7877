"""Addresses of the data page, of the feeds, and of what can be fetched whole."""

from django.urls import path

from indicators.views import data, feeds, files

urlpatterns = [
    path("data/", data.data_show, name="data"),
    path("data/koersler/", data.data_runs, name="data_runs"),
    path("data/nyt.atom", feeds.news, name="figure_feed"),
    path("data/<slug:table>.<slug:format>", files.data_file, name="data_file"),
    path("data/udgaver/<int:pk>.<slug:format>", files.edition_file, name="edition_file"),
    path("data/<slug:name>/hent/", data.data_fetch, name="data_fetch"),
    path("indikatorer/<slug:code>/nyt.atom", feeds.indicator_news, name="indicator_feed"),
    path("indikatorer/<slug:code>/alle-tal.<slug:format>", files.indicator_all, name="indicator_all"),
]
