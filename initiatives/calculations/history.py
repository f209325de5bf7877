"""Who changed what, when and from what; and how things stood on a day. Pure: versions in, lines out.

A version says how one thing stood from a moment on. What changed is the difference between two versions of the same
thing; how something stood on a day is the last version before the day was over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

ADDED, CHANGED, REMOVED = "added", "changed", "removed"

#: A row that only carries a reason tells of another row written by the same person at the same moment.
SAME_MOMENT = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class Version:
    """thing, pk: which thing. name: what it is called. values: field -> words, or None when the thing is gone."""

    thing: str
    pk: int
    at: datetime
    by: str
    name: str
    values: Mapping[str, str] | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class FieldChange:
    """ "" stands for an empty field."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    thing: str
    name: str
    kind: str
    at: datetime
    by: str
    why: str
    fields: tuple[FieldChange, ...]


def changes(versions: Iterable[Version], *, echoes: Collection[str] = ()) -> list[Change]:
    """What happened, the newest first. A version equal to the one before it is left out, unless it carries a reason.

    echoes: things whose reason-only rows are left out when something else happened at the same moment by the same hand.
    """
    rows = _in_order(versions)
    latest: dict[tuple[str, int], Version] = {}
    found = []
    for row in rows:
        before = latest.get((row.thing, row.pk))
        latest[row.thing, row.pk] = row
        change = _change(before, row)
        if change is not None and not (_only_a_reason(change) and row.thing in echoes and _has_company(row, rows)):
            found.append(change)
    return found[::-1]


def standing(versions: Iterable[Version], *, before: datetime) -> list[Version]:
    """The last version of each thing from before that moment, in the order in which they first appeared."""
    latest: dict[tuple[str, int], Version] = {}
    for row in _in_order(versions):
        if row.at < before:
            latest[row.thing, row.pk] = row
    return [row for row in latest.values() if row.values is not None]


def _in_order(versions: Iterable[Version]) -> list[Version]:
    """By moment; rows of the same moment keep the order they came in."""
    return sorted(versions, key=lambda row: row.at)


def _change(before: Version | None, after: Version) -> Change | None:
    was = before.values if before is not None else None
    if was is None and after.values is None:
        return None
    kind = ADDED if was is None else REMOVED if after.values is None else CHANGED
    fields = _fields(was or {}, after.values or {})
    if kind == CHANGED and not fields and not after.why:
        return None
    name = after.name or (before.name if before is not None else "")
    return Change(after.thing, name, kind, after.at, after.by, after.why, fields)


def _fields(was: Mapping[str, str], now: Mapping[str, str]) -> tuple[FieldChange, ...]:
    names = [*was, *(name for name in now if name not in was)]
    pairs = ((name, was.get(name, ""), now.get(name, "")) for name in names)
    return tuple(FieldChange(*pair) for pair in pairs if pair[1] != pair[2])


def _only_a_reason(change: Change) -> bool:
    return change.kind == CHANGED and not change.fields


def _has_company(row: Version, rows: list[Version]) -> bool:
    return any(
        other.thing != row.thing and other.by == row.by and abs(other.at - row.at) <= SAME_MOMENT for other in rows
    )
