"""Plans from content files. A status is recorded through the same action a secretary uses, so it obeys the same rules."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from initiatives.actions.content.meetings import meeting_on
from initiatives.actions.content.reading import ContentError, Entry, sentences, text
from initiatives.actions.periods import read_period
from initiatives.actions.status import StatusDraft, record_status
from initiatives.models import (
    ActionItem,
    Agreement,
    Anchoring,
    Body,
    DelayCause,
    FollowsFrom,
    Milestone,
    Plan,
    Track,
)
from sundhedsaftale.lib.danish import format_date


class PlanLoader:
    """Loads one plan file. Idempotent: what stands is brought in line, statuses are only written where there are none.

    `today` matters to the example plan alone, whose dates are written as days from today.
    """

    def __init__(self, entry: Entry, *, file: str, today: date, coordinators: dict[str, Any]) -> None:
        self.entry, self.file, self.today, self.coordinators = entry, file, today, coordinators
        self.bodies = {body.slug: body for body in Body.objects.all()}
        self.causes = {cause.code: cause for cause in DelayCause.objects.all()}
        self.position = 0

    def load(self) -> Plan:
        entry = self.entry
        notes = (entry.get(name) for name in ("note", "as_of_note", "body_note"))
        self.plan, _ = Plan.objects.update_or_create(
            slug=entry["slug"],
            defaults={
                "title": entry["title"],
                "short_title": text(entry.get("short_title")),
                "kind_id": entry["kind"],
                "body": self._body(entry["body"]),
                "agreement": Agreement.objects.filter(slug=entry.get("agreement")).first(),
                "as_of": self._day(entry, "as_of"),
                "description": text(entry.get("summary")),
                "source_title": text(entry.get("source_title")),
                "source_url": text(entry.get("source_url")),
                "source_note": "\n\n".join(filter(None, map(text, notes))),
                "no_status_note": text(entry.get("no_status_note")),
                "no_owner_note": text(entry.get("no_owner_note")),
                "is_example": bool(entry.get("is_example")),
            },
        )
        for position, track in enumerate(entry["tracks"], start=1):
            self._track(track, None, position * 10)
        return self.plan

    def _track(self, entry: Entry, parent: Track | None, position: int) -> None:
        track, _ = Track.objects.update_or_create(
            plan=self.plan,
            parent=parent,
            title=entry["title"],
            defaults={"number": text(entry.get("number")), "position": position},
        )
        for item in entry.get("items") or []:
            self._item(item, track)
        for offset, child in enumerate(entry.get("sub_tracks") or [], start=1):
            self._track(child, track, position + offset)

    def _item(self, entry: Entry, track: Track) -> None:
        self.position += 1
        lines = [text(entry.get("content"))]
        if entry.get("sub_tracks"):
            lines += [f"{sub['number']}) {_ended(sub['title'])} {text(sub['content'])}" for sub in entry["sub_tracks"]]
        item, _ = ActionItem.objects.update_or_create(
            plan=self.plan,
            key=entry["key"],
            defaults={
                "track": track,
                "number": entry["number"],
                "title": entry["title"],
                "content": "\n\n".join(lines),
                "horizon": text(entry.get("horizon")),
                "horizon_note": text(entry.get("horizon_note")),
                "coordinator": self.coordinators.get(text(entry.get("coordinator"))),
                "position": self.position,
            },
        )
        for position, slug in enumerate(entry.get("owners") or []):
            Anchoring.objects.update_or_create(item=item, body=self._body(slug), defaults={"position": position})
        self._milestones(item, entry)
        self._status(item, entry)

    def _milestones(self, item: ActionItem, entry: Entry) -> None:
        for position, milestone in enumerate(entry.get("milestones") or []):
            words = milestone.get("period") or self._offset_words(milestone.get("due_in_days"))
            period = self._period(words, item)
            reached = milestone.get("reached") and period.last_day
            Milestone.objects.update_or_create(
                item=item,
                title=milestone["title"],
                defaults={
                    "body": self._body(milestone["body"]) if milestone.get("body") else None,
                    "words": period.words,
                    "precision": period.precision,
                    "first_day": period.first_day,
                    "last_day": period.last_day,
                    "reached_on": period.last_day if reached else None,
                    "position": position,
                },
            )

    def _status(self, item: ActionItem, entry: Entry) -> None:
        status = entry.get("status")
        if status is None or not self._may_write_first_status(item):
            return
        moved = (entry.get("postponements") or [{}])[-1]
        promised = status.get("planned") or self._offset_words(moved.get("from_in_days"))
        if not promised and not status.get("since"):  # a pause is counted from its own first day, not from a promise
            promised = moved.get("from")
        draft = StatusDraft(
            state=status["state"],
            text=text(status["words"]),
            planned=text(promised),
            started=text(status.get("started")),
            since=text(status.get("since")),
            due=text(status.get("new_date") or self._offset_words(entry.get("due_in_days"))),
            cause=self.causes[status["cause"]] if status.get("cause") else None,
            decided_by=self._body(moved["decided_by"]) if moved.get("decided_by") else None,
        )
        as_of = self._day(status, "as_of")
        if as_of is None:
            raise ContentError(f"{self.file}: {item.key}: the status has no as_of")
        try:
            record_status(
                item=item, draft=draft, opened_on=0, as_of=as_of, by=None, meeting=meeting_on(self.plan.body, as_of)
            )
        except ValidationError as error:
            raise ContentError(f"{self.file}: {item.key}: {sentences(error)}") from error

    def _may_write_first_status(self, item: ActionItem) -> bool:
        """No status yet; or an example whose dates belong to an earlier day and that nobody has touched."""
        statuses = list(item.statuses.all())
        if not statuses:
            return True
        stale = timezone.localdate(item.created_at) != self.today
        if self.plan.is_example and stale and all(status.by_id is None for status in statuses):
            item.postponements.all().delete()
            item.statuses.all().delete()
            item.schedules.all().delete()
            ActionItem.objects.filter(pk=item.pk).update(created_at=_start_of(self.today))
            return True
        return False

    def _body(self, slug: str) -> Body:
        if slug not in self.bodies:
            raise ContentError(f"{self.file}: unknown body {slug!r}")
        return self.bodies[slug]

    def _day(self, entry: Entry, name: str) -> date | None:
        if entry.get(f"{name}_in_days") is not None:
            return self.today + timedelta(days=entry[f"{name}_in_days"])
        return entry.get(name)

    def _offset_words(self, days: int | None) -> str:
        return "" if days is None else format_date(self.today + timedelta(days=days), "da")

    def _period(self, words: str, item: ActionItem) -> Any:
        try:
            return read_period(str(words), today=self.today)
        except ValidationError as error:
            raise ContentError(f"{self.file}: {item.key}: {words!r}: {sentences(error)}") from error


def _ended(title: str) -> str:
    return title if title.endswith(("?", "!", ".")) else f"{title}."


def load_follows_from(entry: Entry, *, file: str) -> None:
    """Items that grew out of a recommendation of an earlier plan."""
    for row in entry.get("follows_from") or []:
        item = ActionItem.objects.filter(plan__slug=entry["slug"], key=row["item"]).first()
        origin = ActionItem.objects.filter(plan__slug=row["from_plan"], key=row["from_item"]).first()
        if item is None or origin is None:
            raise ContentError(f"{file}: follows_from: unknown {row['item']!r} or {row['from_item']!r}")
        FollowsFrom.objects.update_or_create(item=item, origin=origin, defaults={"note": text(row.get("note"))})


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
