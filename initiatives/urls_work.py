"""Addresses of initiatives and what awaits a person."""

from django.urls import path

from initiatives.views import initiatives, mine

urlpatterns = [
    path("initiativer/", initiatives.list_page, name="initiative_list"),
    path("initiativer/nyt/", initiatives.create_page, name="initiative_create"),
    path("initiativer/<slug:slug>/", initiatives.detail_page, name="initiative"),
    path("initiativer/<slug:slug>/ret/", initiatives.edit_page, name="initiative_edit"),
    path("initiativer/<slug:slug>/koblinger/", initiatives.link_add, name="initiative_link_add"),
    path("initiativer/<slug:slug>/koblinger/<int:pk>/fjern/", initiatives.link_remove, name="initiative_link_remove"),
    path("mine/", mine.mine_page, name="mine"),
]
