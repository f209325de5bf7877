"""Addresses of targets. They are read on the indicator's own page."""

from django.urls import path

from initiatives.views import targets

urlpatterns = [
    path("delmaal/nyt/", targets.create, name="target_create"),
    path("delmaal/<int:pk>/ret/", targets.edit, name="target_edit"),
    path("delmaal/<int:pk>/traek-tilbage/", targets.withdraw, name="target_withdraw"),
]
