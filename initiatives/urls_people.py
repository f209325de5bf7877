"""Addresses of a body and of who is in it: roles, invitations, absences."""

from __future__ import annotations

from django.urls import path

from initiatives.views import absences, bodies, invitations, people

BODY = "udvalg/<slug:slug>/"
PEOPLE = BODY + "personer/"
ROLE = PEOPLE + "roller/<int:pk>/"
INVITATION = PEOPLE + "invitationer/<int:pk>/"

urlpatterns = [
    path(BODY, bodies.show, name="body"),
    path(PEOPLE, people.show, name="body_people"),
    path(PEOPLE + "tilfoej/", people.add, name="member_add"),
    path(ROLE + "ret/", people.dates, name="member_dates"),
    path(ROLE + "afslut/", people.end, name="member_end"),
    path(PEOPLE + "<int:pk>/fravaer/", absences.on_behalf, name="member_absence"),
    path(PEOPLE + "inviter/", invitations.create, name="invitation_create"),
    path(INVITATION + "send-igen/", invitations.again, name="invitation_again"),
    path(INVITATION + "traek-tilbage/", invitations.withdraw, name="invitation_withdraw"),
    path("mine/fravaer/", absences.own, name="absence_create"),
    path("fravaer/<int:pk>/afslut/", absences.end, name="absence_end"),
]
