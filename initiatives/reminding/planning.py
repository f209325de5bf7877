"""What goes out on a day: one calculation for the outbox, which writes it, and for the preview, which only shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Max
from django.utils import timezone

from initiatives.calculations.early_warning import AFTER_1
from initiatives.calculations.reminder_rules import (
    TELL_CHAIR,
    TELLS,
    Due,
    HandIn,
    come_due,
    is_said,
    key_days,
    why_held,
)
from initiatives.models import MailState, Reminder
from initiatives.reminding.figures import indicator_subjects
from initiatives.reminding.meetings import meeting_subjects
from initiatives.reminding.people import Away, People
from initiatives.reminding.subjects import Part, Subject, initiative_subjects, item_subjects, milestone_subjects
from sundhedsaftale.lib.working_days import is_working_day

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that has come due for one person. role: "" when they are the first to be asked."""

    subject: Subject
    due: Due
    role: str
    key: str
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedMail:
    """Everything that has come due for one person. held: why it is not sent on the day, "" when it is."""

    person: int
    lines: tuple[Line, ...]
    held: str


@dataclass(slots=True)
class World:
    """What the days are computed from. sent: (person, thing) -> what was said; last_mail: person -> the day of the last."""

    people: People
    subjects: list[Subject]
    sent: dict[tuple[int, str], set[tuple[str, date, int]]] = field(default_factory=dict)
    last_mail: dict[int, date] = field(default_factory=dict)
    #: Things with nothing new to say to anybody until something else comes due or the people change.
    quiet: dict[int, tuple[str, date, int]] = field(default_factory=dict)


def load_world(first: date, last: date) -> World:
    """Everything that can come due from first to last. A fixed number of queries."""
    people = People(first, last)
    subjects = [
        *item_subjects(last),
        *milestone_subjects(last),
        *meeting_subjects(first, last),
        *initiative_subjects(last),
        *indicator_subjects(last, people.stewards),
    ]
    return World(people, subjects, _sent(subjects, first, last), _last_mail())


def _sent(subjects: list[Subject], first: date, last: date) -> dict[tuple[int, str], set[tuple[str, date, int]]]:
    """What stands in the outbox about these things, read from the keys. One query."""
    days = {day for subject in subjects for day in key_days(subject.rule, first, last)}
    found: dict[tuple[int, str], set[tuple[str, date, int]]] = {}
    for key in Reminder.objects.filter(due_on__in=days).values_list("key", flat=True):
        person, thing, kind, day, revision = key.split(":")
        found.setdefault((int(person), thing), set()).add((kind, date.fromisoformat(day), int(revision)))
    return found


def _last_mail() -> dict[int, date]:
    """The day each person last got, or was about to get, a reminder. News alone holds no reminder back. One query."""
    rows = (
        Reminder.objects.exclude(mail__state=MailState.DROPPED)
        .order_by()
        .values("recipient")
        .annotate(last=Max("created_at"))
        .values_list("recipient", "last")
    )
    return {person: timezone.localtime(last).date() for person, last in rows}


def plan_day(world: World, day: date) -> list[PlannedMail]:
    """One mail for each person for whom something has come due and not been said; also those that are held back."""
    found: dict[int, dict[tuple[str, str], Line]] = {}
    stage = world.people.stage(day)
    for number, subject in enumerate(world.subjects):
        due = come_due(subject.rule, day)
        if due is None or world.quiet.get(number) == (due.kind, due.due_on, stage):
            continue
        quiet = True
        for person, (role, parts) in _told(world, subject, due, day).items():
            if not _said(world, person, subject, due):
                quiet = False
                _put(found.setdefault(person, {}), Line(subject, due, role, make_key(person, subject, due), parts))
        if quiet and not subject.parts:
            world.quiet[number] = (due.kind, due.due_on, stage)
    return [_mail(world, person, tuple(lines.values()), day) for person, lines in sorted(found.items())]


def _put(lines: dict[tuple[str, str], Line], line: Line) -> None:
    """Each thing once for each kind. Who is told as secretary and as chair at once is told as chair."""
    tells = line.due.kind in TELLS
    slot = (line.subject.object_key, "" if tells else line.due.kind)
    if slot not in lines or line.due.kind == TELL_CHAIR:
        lines[slot] = line


def _mail(world: World, person: int, lines: tuple[Line, ...], day: date) -> PlannedMail:
    weekly = world.people.persons[person].weekly
    held = why_held([line.due for line in lines], today=day, last_mail_on=world.last_mail.get(person), weekly=weekly)
    return PlannedMail(person, lines, held)


def _told(world: World, subject: Subject, due: Due, day: date) -> dict[int, tuple[str, tuple[Part, ...]]]:
    """Who is told, each with their role and, for a meeting, their own items."""
    people = world.people
    if isinstance(subject.rule, HandIn):
        besides = due.kind == AFTER_1 and subject.besides is not None
        told = set(people.reach(subject.besides, day).to) if besides and subject.besides else set()
        mine: dict[int, tuple[str, tuple[Part, ...]]] = {}
        for part in subject.parts:
            for person, role in people.reach(part.audience, day).to.items():
                if person not in told:
                    mine[person] = (role, (*mine.get(person, ("", ()))[1], part))
        return mine
    reached = people.reach(subject.audience, day).to
    if subject.besides is not None:
        first = people.reach(subject.besides, day).to
        return {person: (subject.role, subject.parts) for person in reached if person not in first}
    return {person: (subject.role or role, subject.parts) for person, role in reached.items()}


def _said(world: World, person: int, subject: Subject, due: Due) -> bool:
    said = world.sent.get((person, subject.object_key), ())
    return is_said(subject.rule, due, [(kind, on) for kind, on, revision in said if revision == subject.revision])


def make_key(person: int, subject: Subject, due: Due) -> str:
    """recipient:object:kind:due date:revision, unique for ever."""
    return f"{person}:{subject.object_key}:{due.kind}:{due.due_on.isoformat()}:{subject.revision}"


def people_away(world: World, subject: Subject, day: date) -> list[Away]:
    """Who was meant for it and is away that day."""
    audiences = [part.audience for part in subject.parts] if isinstance(subject.rule, HandIn) else [subject.audience]
    return list(dict.fromkeys(away for one in audiences for away in world.people.reach(one, day).away))


def simulate(world: World, first: date, day: date) -> list[PlannedMail]:
    """The mails of a coming day, if nothing is answered before and everything is sent on the days between."""
    today = first
    while today < day:
        if is_working_day(today):
            record(world, plan_day(world, today), today)
        today += ONE_DAY
    return plan_day(world, day)


def record(world: World, mails: list[PlannedMail], day: date) -> None:
    """As if they had been sent."""
    for mail in mails:
        if mail.held:
            continue
        world.last_mail[mail.person] = day
        for line in mail.lines:
            said = world.sent.setdefault((mail.person, line.subject.object_key), set())
            said.add((line.due.kind, line.due.due_on, line.subject.revision))
