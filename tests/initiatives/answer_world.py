"""Somebody who got a mail with a link, and what they can do with it. For tests of answering."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from unittest import mock

from django.core import signing
from django.test import Client
from django.urls import reverse

from initiatives.answer_links import LIFE, answer_token
from initiatives.models import ActionItem, DelayCause, Meeting, Role, StatusUpdate
from tests.initiatives import small_world as world

DUE = date(2027, 6, 30)


class Scene:
    """One item of a cluster in a committee's plan. `client` is a cold browser that checks forms as in production."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.body, self.cluster = world.body("Udvalget"), world.body("Klyngen")
        self.plan = world.plan(self.body)
        self.item = world.item(self.plan, owners=(self.cluster,), due=DUE, title="Akutteams", text="I gang i klyngen.")
        self.lead = world.user("leder@example.dk", language="en")
        self.membership = world.member(self.lead, self.cluster, Role.LEAD)
        self.secretary = world.user("sekretaer@example.dk", language="en")
        world.member(self.secretary, self.body)
        self.cause = DelayCause.objects.create(code="covid_19", name="COVID-19", name_en="COVID-19")

    def token(self, *, item: ActionItem | None = None, person: Any = None, meeting: Meeting | None = None) -> str:
        item = item or self.item
        person = person or self.lead
        return answer_token(person=person, item=item, sequence=item.statuses.count(), meeting=meeting)

    def old_token(self, **more: Any) -> str:
        then = signing.time.time() - (LIFE + timedelta(hours=1)).total_seconds()
        with mock.patch.object(signing.time, "time", return_value=then):
            return self.token(**more)

    def get(self, token: str) -> Any:
        return self.client.get(reverse("answer", args=[token]))

    def press(self, token: str, what: str, **fields: str) -> Any:
        return self.client.post(reverse("answer", args=[token]), {"svar": what, **fields})

    def update(self, token: str, **changes: str) -> Any:
        fields = {"text": "Nye ord.", "state": "in_progress", "due": "30. juni 2027", "opened_on": "1", **changes}
        return self.press(token, "opdater", **fields)

    def late(self, token: str, **changes: str) -> Any:
        fields = {"text": "Vi mangler folk.", "state": "delayed", "cause": "covid_19", "opened_on": "1", **changes}
        return self.press(token, "forsinket", **fields)

    def words(self, item: ActionItem | None = None) -> list[str]:
        return list((item or self.item).statuses.order_by("sequence").values_list("text", flat=True))

    @property
    def newest(self) -> StatusUpdate:
        newest = self.item.statuses.order_by("-sequence").first()
        assert newest is not None
        return newest
