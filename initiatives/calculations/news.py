"""What is new to somebody: changes gathered into at most one line for each followed thing and kind, newest first.

A change is told once: under the most specific of the things it belongs to that the reader follows. Nobody is told what
they did themselves, nor what happened before they began to follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

Thing = tuple[str, int]  # ("item", 5): a kind of thing that can be followed, and its primary key

# Kinds of change.
STATUS = "status"
DATE = "date"
POSTPONED = "postponed"
CLOSED = "closed"
DECISION = "decision"
FROZEN = "frozen"
ADDED = "added"
LINKED = "linked"
UNLINKED = "unlinked"
INITIATIVE = "initiative"
LOGGED = "logged"
COMMENT = "comment"
FIGURES = "figures"
CORRECTED = "corrected"
LIGHT = "light"
KINDS = (
    STATUS, DATE, POSTPONED, CLOSED, DECISION, FROZEN, ADDED, LINKED, UNLINKED, INITIATIVE, LOGGED, COMMENT, FIGURES,
    CORRECTED, LIGHT,
)  # fmt: skip

#: Older news than this is not told, neither on the page nor in a mail: the pages themselves say how things stand.
LONGEST = timedelta(days=60)


@dataclass(frozen=True)
class Audience:
    """Who may hear of something that is not public: the people of these bodies, and these people."""

    bodies: frozenset[int]
    people: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Reader:
    pk: int
    bodies: frozenset[int] = frozenset()  # in which they hold a role
    sees_all: bool = False

    def may_hear(self, audience: Audience | None) -> bool:
        if audience is None or self.sees_all or self.pk in audience.people:
            return True
        return bool(self.bodies & audience.bodies)


@dataclass(frozen=True)
class Change:
    """Something that happened. subjects: what it belongs to, the most specific first. what: counted once in a line.

    weight: how many it stands for (figures come counted). audience: None when everybody may hear of it.
    """

    kind: str
    at: datetime
    subjects: tuple[Thing, ...]
    what: tuple[object, ...]
    by: int | None = None
    detail: str = ""
    title: str = ""
    weight: int = 1
    audience: Audience | None = None


@dataclass(frozen=True)
class NewsLine:
    """detail and title are the latest change's. count: how many different things changed in this way."""

    thing: Thing
    kind: str
    at: datetime
    count: int
    detail: str = ""
    title: str = ""


Index = Mapping[Thing, list[Change]]


def by_subject(changes: Iterable[Change]) -> Index:
    """The changes of each thing, so that many readers can be answered from one reading of the database."""
    found: dict[Thing, list[Change]] = {}
    for change in changes:
        for subject in change.subjects:
            found.setdefault(subject, []).append(change)
    return found


def news_lines(
    index: Index, follows: Mapping[Thing, datetime], reader: Reader, *, since: datetime, until: datetime
) -> list[NewsLine]:
    """follows: what the reader follows, and since when. The days told of are [since, until): none twice, none lost."""
    groups: dict[tuple[Thing, str], list[Change]] = {}
    for thing in follows:
        for change in index.get(thing, ()):
            if (
                since <= change.at < until
                and change.by != reader.pk
                and told_under(change, follows) == thing
                and reader.may_hear(change.audience)
            ):
                groups.setdefault((thing, change.kind), []).append(change)
    lines = [_line(thing, kind, changes) for (thing, kind), changes in groups.items()]
    lines.sort(key=lambda line: (line.thing, KINDS.index(line.kind)))
    lines.sort(key=lambda line: line.at, reverse=True)
    return lines


def told_under(change: Change, follows: Mapping[Thing, datetime]) -> Thing | None:
    """The first of its subjects that was followed when it happened."""
    for subject in change.subjects:
        followed_at = follows.get(subject)
        if followed_at is not None and followed_at <= change.at:
            return subject
    return None


def _line(thing: Thing, kind: str, changes: list[Change]) -> NewsLine:
    latest = max(changes, key=lambda change: (change.at, change.title, change.detail))
    weights = {change.what: change.weight for change in changes}
    return NewsLine(thing, kind, latest.at, sum(weights.values()), latest.detail, latest.title)


def status_kind(*, closed: bool, was_closed: bool, postponed: bool, new_date: bool) -> str:
    """A status is told as one thing: that the item closed, else that it moved, else its new date, else that it is new."""
    if closed and not was_closed:
        return CLOSED
    if postponed:
        return POSTPONED
    return DATE if new_date else STATUS


def told_from(begin: datetime, *, rhythm_since: datetime | None, seen_at: datetime | None, until: datetime) -> datetime:
    """Where the changes of a mail begin: not before the person chose such mails, nor what they have marked as seen."""
    return max(moment for moment in (begin, rhythm_since, seen_at, until - LONGEST) if moment is not None)
