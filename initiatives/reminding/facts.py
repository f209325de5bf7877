"""What is true at the moment a batch of mails is sent: a fixed number of queries for the batch, none for a mail."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from initiatives.calculations.reminder_rules import HandIn, still_says
from initiatives.models import Reminder, ReminderMail
from initiatives.reminding.figures import indicator_subjects
from initiatives.reminding.meetings import meeting_subjects
from initiatives.reminding.people import People
from initiatives.reminding.subjects import Part, Subject, initiative_subjects, item_subjects, milestone_subjects

ABOUT = ("item", "milestone", "meeting", "initiative", "indicator")


@dataclass(frozen=True, slots=True)
class Standing:
    """A reminder that still says what is so. parts: for a meeting, what this person has not answered."""

    reminder: Reminder
    subject: Subject
    parts: tuple[Part, ...] = ()


@dataclass(slots=True)
class Facts:
    today: date
    people: People | None = None
    reminders: dict[int, list[Reminder]] = field(default_factory=dict)
    subjects: dict[tuple[str, int], list[Subject]] = field(default_factory=dict)

    @property
    def items(self) -> set[int]:
        """Those a line of the mails, or a part of one, can be answered on."""
        subjects = [subject for found in self.subjects.values() for subject in found]
        things = [subject.thing for subject in subjects] + [part.thing for one in subjects for part in one.parts]
        return {thing.item for thing in things if thing.item is not None}

    def standing(self, mail: ReminderMail) -> list[Standing]:
        """In the order of the mail: by deadline, then as in the plan. What was settled since it was queued falls out."""
        found = []
        for reminder in self.reminders.get(mail.pk, []):
            one = self._stands(reminder)
            if one is not None:
                found.append(one)
        return sorted(found, key=lambda one: (one.reminder.due_on, one.subject.thing.place, one.subject.thing.number))

    def _stands(self, reminder: Reminder) -> Standing | None:
        about, pk = what_about(reminder)
        for subject in self.subjects.get((about, pk), ()):
            if not still_says(subject.rule, reminder.kind, reminder.due_on):
                continue
            if not isinstance(subject.rule, HandIn):
                return Standing(reminder, subject, subject.parts)
            parts = tuple(part for part in subject.parts if self._answers(reminder.recipient_id, part))
            return Standing(reminder, subject, parts) if parts else None
        return None

    def _answers(self, person: int, part: Part) -> bool:
        return self.people is not None and person in self.people.reach(part.audience, self.today).to


def what_about(reminder: Reminder) -> tuple[str, int]:
    """("item", 7): the one column that is filled in."""
    return next((about, pk) for about in ABOUT if (pk := getattr(reminder, f"{about}_id")) is not None)


def load_facts(mails: Collection[ReminderMail], *, today: date) -> Facts:
    """Everything the mails can say today."""
    facts = Facts(today)
    wanted: dict[str, set[int]] = {about: set() for about in ABOUT}
    for reminder in Reminder.objects.filter(mail__in=[mail.pk for mail in mails]).order_by("pk"):
        facts.reminders.setdefault(reminder.mail_id, []).append(reminder)
        about, pk = what_about(reminder)
        wanted[about].add(pk)
    if wanted["meeting"]:
        facts.people = People(today, today)
    for subject in _load(wanted, today):
        facts.subjects.setdefault((subject.about, subject.pk), []).append(subject)
    return facts


def _load(wanted: dict[str, set[int]], today: date) -> list[Subject]:
    found: list[Subject] = []
    if wanted["item"]:
        found += item_subjects(today, wanted["item"])
    if wanted["milestone"]:
        found += milestone_subjects(today, wanted["milestone"])
    if wanted["meeting"]:
        found += meeting_subjects(today, today, wanted["meeting"])
    if wanted["initiative"]:
        found += initiative_subjects(today, wanted["initiative"])
    if wanted["indicator"]:
        found += indicator_subjects(today, (), wanted["indicator"])
    return found
