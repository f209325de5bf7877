"""Addresses of the data page, of the feeds, and of what can be fetched whole."""

from django.urls import path

from indicators.views import (
    checksum,
    data,
    data_decisions,
    feeds,
    files,
    pasted_tables,
    populations,
    table_uploads,
    unknown_names,
)

urlpatterns = [
    path("data/", data.data_show, name="data"),
    path("data/kontrolsum/", checksum.checksum_show, name="checksum"),
    path("data/koersler/", data.data_runs, name="data_runs"),
    path("data/indlaes/", table_uploads.table_start, name="table_start"),
    path("data/indlaes/<uuid:token>/", table_uploads.table_upload, name="table_upload"),
    path("data/indlaes/<uuid:token>/send/", table_uploads.table_send, name="table_send"),
    path("data/indsaet/", pasted_tables.paste_start, name="paste_start"),
    path("data/indsaet/<uuid:token>/", pasted_tables.paste_preview, name="paste_preview"),
    path("data/indsaet/<uuid:token>/send/", pasted_tables.paste_send, name="paste_send"),
    path("data/befolkning/", populations.populations, name="populations"),
    path("data/ukendte-navne/", unknown_names.unknown_names, name="unknown_names"),
    path("data/ukendte-navne/<int:pk>/", unknown_names.unknown_name_map, name="unknown_name_map"),
    path("data/nyt.atom", feeds.news, name="figure_feed"),
    path("data/<slug:table>.<slug:format>", files.data_file, name="data_file"),
    path("data/udgaver/<int:pk>.<slug:format>", files.edition_file, name="edition_file"),
    path("data/koersler/<int:pk>/", data_decisions.data_run, name="data_run"),
    path("data/koersler/<int:pk>/godkend/", data_decisions.data_run_approve, name="data_run_approve"),
    path("data/koersler/<int:pk>/afvis/", data_decisions.data_run_reject, name="data_run_reject"),
    path("data/udgaver/<int:pk>/tilbage/", data_decisions.data_roll_back, name="data_roll_back"),
    path("data/udgaver/<int:pk>/frem/", data_decisions.data_bring_back, name="data_bring_back"),
    path("data/<slug:name>/hent/", data.data_fetch, name="data_fetch"),
    path("indikatorer/<slug:code>/nyt.atom", feeds.indicator_news, name="indicator_feed"),
    path("indikatorer/<slug:code>/alle-tal.<slug:format>", files.indicator_all, name="indicator_all"),
]
