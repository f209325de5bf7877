"""A committee with a plan of three items, the people around it, and a meeting to come. For tests of meetings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives.actions.meetings import register_meeting
from initiatives.models import ActionItem, DelayCause, Meeting, Role
from tests.initiatives import small_world as world

#: Days of the month on which tests register meetings of their own.
NAMED_BY_TESTS = (1, 3, 4, 15)


class Scene:
    """Item 1 belongs to the committee, item 2 to a cluster, item 3 to nobody and has no status. Pages are in English."""

    def __init__(self, client: Client) -> None:
        client.cookies["sprog"] = "en"
        self.client = client
        self.today = timezone.localdate()
        self.body, self.cluster = world.body("Udvalget"), world.body("Klyngen")
        self.plan = world.plan(self.body)
        self.own = world.item(self.plan, owners=(self.body,), title="Etik og data", text="I gang i regionen.")
        self.theirs = world.item(self.plan, owners=(self.cluster,), title="Akutteams", text="I gang i klyngen.")
        self.empty = world.item(self.plan, state=None, title="Spredning")
        # The first words are old: nobody has answered for the meeting yet.
        for item in (self.own, self.theirs):
            item.statuses.update(as_of=self.today - timedelta(days=200))
        self.secretary, self.chair = world.user("sekretaer@example.dk"), world.user("formand@example.dk")
        self.lead, self.reader = world.user("leder@example.dk"), world.user("laeser@example.dk")
        world.member(self.secretary, self.body)
        world.member(self.chair, self.body, Role.CHAIR)
        world.member(self.lead, self.cluster, Role.LEAD)
        world.member(self.reader, self.body, Role.READER)
        self.cause = DelayCause.objects.create(code="covid_19", name="COVID-19", name_en="COVID-19")
        day = self.today + timedelta(days=21)
        while day.day in NAMED_BY_TESTS:
            day += timedelta(days=1)
        self.meeting = register_meeting(body=self.body, day=day, by=None)

    def held(self) -> Meeting:
        """A meeting of yesterday."""
        return register_meeting(body=self.body, day=self.today - timedelta(days=1), by=None)

    def url(self, name: str, *more: Any, meeting: Meeting | None = None) -> str:
        return reverse(name, args=[(meeting or self.meeting).pk, *more])

    @property
    def grid(self) -> str:
        return self.url("status_grid", self.plan.slug)

    def row(self, item: ActionItem, text: str = "", **fields: str) -> dict[str, str]:
        """The fields of one row, opened on what stands now unless told otherwise."""
        newest = item.statuses.order_by("-sequence").first()
        values = {"text": text, "state": "", "due": "", "cause": "", "opened": str(newest.sequence if newest else 0)}
        return {f"p{item.number}-{name}": value for name, value in {**values, **fields}.items()}

    def words(self, item: ActionItem) -> list[str]:
        return list(item.statuses.order_by("sequence").values_list("text", flat=True))
