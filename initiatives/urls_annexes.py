"""Addresses of the annex as files, and of a body's letterhead."""

from __future__ import annotations

from django.urls import path

from initiatives.views import annexes, letterheads

ANNEX = "fastfrosset/<int:pk>/bilag/"
LETTERHEAD = "udvalg/<slug:slug>/skabelon/"

urlpatterns = [
    path(ANNEX + "tekst/", annexes.text, name="annex_text"),
    path(ANNEX + "<slug:format>/", annexes.file, name="annex_file"),
    path(ANNEX + "<slug:format>/status/", annexes.status, name="annex_status"),
    path(ANNEX + "<slug:format>/lav/", annexes.make, name="annex_make"),
    path(LETTERHEAD, letterheads.show, name="letterhead"),
    path(LETTERHEAD + "hent/", letterheads.download, name="letterhead_download"),
    path(LETTERHEAD + "standard/", letterheads.retire, name="letterhead_retire"),
]
