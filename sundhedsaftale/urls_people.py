"""Addresses of accounts: my profile, all of them for whoever runs the site, and the link of an invitation."""

from __future__ import annotations

from django.urls import path

from sundhedsaftale.views import invitations, people, person_data, profile

PERSON = "personer/<int:pk>/"
INVITATION = "invitation/<str:secret>/"

urlpatterns = [
    path("mine/profil/", profile.show, name="profile"),
    path("personer/", people.index, name="people"),
    path(PERSON, people.show, name="person"),
    path(PERSON + "oplysninger/", person_data.of_person, name="person_data"),
    path(PERSON + "luk/", people.close, name="person_close"),
    path(PERSON + "genaabn/", people.reopen, name="person_reopen"),
    path(PERSON + "roller/<slug:role>/", people.site_role, name="person_site_role"),
    path("invitation/", invitations.waiting, name="invitation_waiting"),
    path(INVITATION, invitations.link, name="invitation_link"),
    path(INVITATION + "log-ind/", invitations.sign_in, name="invitation_sign_in"),
    path(INVITATION + "accepter/", invitations.accept, name="invitation_accept"),
]
