"""Addresses of plans read from files."""

from __future__ import annotations

from django.urls import URLPattern, path

from initiatives.views import plan_imports, plan_upload

START = "planer/indlaes/"
DRAFT = START + "<uuid:token>/"
ROW = DRAFT + "raekker/<int:number>/"

urlpatterns: list[URLPattern] = [
    path(START, plan_upload.start, name="plan_import_start"),
    path(START + "fil/<uuid:token>/", plan_upload.progress, name="plan_upload"),
    path(START + "fil/<uuid:token>/igen/", plan_upload.again, name="plan_upload_again"),
    path(DRAFT, plan_imports.preview, name="plan_import"),
    path(ROW, plan_imports.row_panel, name="plan_import_row"),
    path(ROW + "ret/", plan_imports.row_edit, name="plan_import_row_edit"),
    path(ROW + "passer/", plan_imports.row_seen, name="plan_import_row_seen"),
    path(ROW + "udelad/", plan_imports.row_drop, name="plan_import_row_drop"),
    path(DRAFT + "mangler/<slug:key>/", plan_imports.vanished, name="plan_import_vanished"),
    path(DRAFT + "bekraeft/", plan_imports.confirm, name="plan_import_confirm"),
    path(DRAFT + "kasser/", plan_imports.discard, name="plan_import_discard"),
]
