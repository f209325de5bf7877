"""What is new to each of some people: unseen mentions, and the lines of what changed on what they follow.

One reading of the database answers them all, in a number of queries that does not grow with people, follows or changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from initiatives.calculations.news import NewsLine, Reader, Thing, by_subject, news_lines
from initiatives.models import FOLLOWED, Anchoring, Follow, Membership, Mention
from initiatives.presenters.news_facts import audience, load_changes


@dataclass(frozen=True)
class Asked:
    """What one person is told: mentions from `since` (None: from the first), changes from `changes_since` (None: no
    changes), both up to but not including `until`."""

    since: datetime | None
    changes_since: datetime | None
    until: datetime


@dataclass(frozen=True)
class PersonalNews:
    mentions: tuple[Mention, ...]
    lines: tuple[NewsLine, ...]
    follows: Mapping[Thing, Follow]

    def __bool__(self) -> bool:
        return bool(self.mentions or self.lines)


def load_news(asked: Mapping[int, Asked], people: QuerySet[Any], *, today: date) -> dict[int, PersonalNews]:
    """people: a query for those asked about; others it finds are left out. About eight queries."""
    if not asked:
        return {}
    until = max(one.until for one in asked.values())
    wanting = {pk: one.changes_since for pk, one in asked.items() if one.changes_since is not None}
    mentions = _mentions(people, until)
    follows: dict[int, dict[Thing, Follow]] = {}
    changes = []
    if wanting:
        followed = Follow.objects.filter(person__in=people.values("pk"))
        for row in followed.select_related("goal__framework", "area", "plan", "item__plan", "initiative"):
            if row.person_id in asked:
                follows.setdefault(row.person_id, {})[followed_thing(row)] = row
        if follows:
            changes = load_changes(followed, since=min(wanting.values()), until=until)
    index = by_subject(changes)
    readers = _readers(asked, people, today) if mentions or changes else {}
    found = {}
    for pk, one in asked.items():
        mine, lines = follows.get(pk, {}), []
        if pk in wanting and pk in readers:
            followed_at = {thing: row.created_at for thing, row in mine.items()}
            lines = news_lines(index, followed_at, readers[pk], since=wanting[pk], until=one.until)
        heard = [row for row in mentions if row.person_id == pk and pk in readers and _is_told(row, one, readers[pk])]
        found[pk] = PersonalNews(tuple(heard), tuple(lines), mine)
    return found


def followed_thing(row: Follow) -> Thing:
    return next((name, getattr(row, f"{name}_id")) for name in FOLLOWED if getattr(row, f"{name}_id") is not None)


def _mentions(people: QuerySet[Any], until: datetime) -> list[Mention]:
    """Unseen, in comments that stand; with what says who may read them. Two queries."""
    return list(
        Mention.objects.filter(person__in=people.values("pk"), seen_at__isnull=True)
        .filter(comment__created_at__lt=until, comment__withdrawn_at__isnull=True)
        .select_related("comment__by", "comment__item__plan__kind", "comment__initiative")
        .prefetch_related(Prefetch("comment__item__anchorings", queryset=Anchoring.objects.order_by()))
        .order_by("-comment__created_at", "-pk")
    )


def _is_told(mention: Mention, one: Asked, reader: Reader) -> bool:
    comment = mention.comment
    if not reader.may_hear(audience(comment.item or comment.initiative)):
        return False
    return (one.since is None or one.since <= comment.created_at) and comment.created_at < one.until


def _readers(asked: Mapping[int, Asked], people: QuerySet[Any], today: date) -> dict[int, Reader]:
    """Their bodies, in one query: those who hold no role come along without one."""
    bodies: dict[int, set[int]] = {}
    sees_all: set[int] = set()
    rows = people.order_by().values_list("pk", "is_superuser")
    held = Membership.objects.valid_on(today).filter(user__in=people.values("pk"))
    for pk, superuser in rows:
        bodies[pk] = set()
        if superuser:
            sees_all.add(pk)
    for pk, body in held.order_by().values_list("user_id", "body_id"):
        bodies.setdefault(pk, set()).add(body)
    return {pk: Reader(pk, frozenset(found), pk in sees_all) for pk, found in bodies.items() if pk in asked}


def anybody_with_something() -> Q:
    """A condition on people: those who follow something or have an unseen mention."""
    following = Follow.objects.order_by().values("person")
    mentioned = Mention.objects.filter(seen_at__isnull=True).order_by().values("person")
    return Q(pk__in=following) | Q(pk__in=mentioned)
