"""Frozen items as a page prints them, made from the frozen rows alone. The words around them are the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from initiatives.models import Plan, PlanKind, ScheduleKind, Snapshot, SnapshotItem
from initiatives.presenters.facts import ItemFacts, MilestoneFact, Owner, StatusFact
from initiatives.presenters.items import Say, horizon_text, paragraphs, say, without_blank_lines
from initiatives.presenters.states import StateView, state_view
from initiatives.presenters.wording import day_text, language, period_text
from sundhedsaftale.lib.danish import join_words
from sundhedsaftale.lib.periods import Period


@dataclass(frozen=True, slots=True)
class FrozenFact:
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class FrozenMilestone:
    title: str
    when: str
    reached: str
    body: str


@dataclass(frozen=True, slots=True)
class FrozenItem:
    """An item as the meeting saw it. The *_blank say why something is missing."""

    number: int
    anchor: str
    title: str
    paragraphs: tuple[str, ...]
    horizon: str
    owners: str
    owners_blank: str
    state: StateView
    words: str
    words_blank: str
    meta: str
    say: tuple[Say, ...]
    facts: tuple[FrozenFact, ...]
    milestones: tuple[FrozenMilestone, ...]
    links: tuple[str, ...]
    decision: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FrozenSub:
    """The items of a sub-heading; title "" for those that stand right under the heading."""

    title: str
    items: tuple[FrozenItem, ...]


@dataclass(frozen=True, slots=True)
class FrozenSection:
    anchor: str
    heading: str
    subs: tuple[FrozenSub, ...]


def frozen_sections(items: Iterable[SnapshotItem]) -> tuple[FrozenSection, ...]:
    """By heading and sub-heading, in the order they were frozen in."""
    in_order = sorted(items, key=lambda row: row.position)
    sections = []
    for number, ((no, title), group) in enumerate(
        groupby(in_order, lambda row: (row.track_number, row.track_title)), 1
    ):
        subs = tuple(
            FrozenSub(sub, tuple(frozen_item(item) for item in members))
            for sub, members in groupby(group, lambda row: row.sub_title)
        )
        sections.append(FrozenSection(f"spor-{number}", f"{no}. {title}" if no else title, subs))
    return tuple(sections)


def frozen_item(item: SnapshotItem) -> FrozenItem:
    facts = facts_of(item)
    return FrozenItem(
        number=item.number,
        anchor=f"punkt-{item.number}",
        title=item.title,
        paragraphs=paragraphs(item.content),
        horizon=horizon_text(item.horizon),
        owners=join_words(item.owners, language()),
        owners_blank="" if item.owners else _("The plan names no body for it."),
        state=state_view(item.state, undated=item.undated),
        words=without_blank_lines(item.words),
        words_blank="" if item.status_sequence else _("Nobody had written a status."),
        meta=_meta(item),
        say=say(facts),
        facts=_facts(item),
        milestones=tuple(_milestone(row) for row in item.milestones),
        links=tuple(item.link_names),
        decision=paragraphs(item.decision),
    )


def facts_of(item: SnapshotItem) -> ItemFacts:
    """The frozen row in the form the plan's own pages count and speak from. It has no keys into the live tables."""
    due = period_of(item.due)
    status = StatusFact(
        sequence=item.status_sequence,
        state=item.state,
        unchanged=item.unchanged,
        as_of=item.status_as_of or date.min,
        due=due,
        cause=item.cause_code,
        cause_name=item.cause_name,
    )
    named = {ScheduleKind.PLANNED: item.promised, ScheduleKind.STARTED: item.started, ScheduleKind.SINCE: item.since}
    return ItemFacts(
        pk=item.position,
        plan_id=0,
        track_id=0,
        number=item.number,
        position=item.position,
        title=item.title,
        content=item.content,
        horizon=item.horizon,
        horizon_note="",
        coordinator_id=None,
        closed_on=None,
        closed_reason="",
        words=item.words,
        owners=tuple(Owner(0, name) for name in item.owners),
        statuses=(status,) if item.status_sequence else (),
        schedules={
            kind.value: [Period(r[1], _day(r[2]), _day(r[3]), r[0]) for r in rows] for kind, rows in named.items()
        },
        milestones=tuple(
            MilestoneFact(
                row["title"],
                Period(row["precision"], _day(row["first"]), _day(row["last"]), row["words"]),
                _day(row["reached_on"]),
                None,
            )
            for row in item.milestones
        ),
    )


def plan_of(snapshot: Snapshot) -> Plan:
    """The words of the plan in the form the answer sentence counts from; a plan in memory, never in the database."""
    kind = PlanKind(name=snapshot.plan_kind, item_name=snapshot.item_name, item_name_plural=snapshot.item_name_plural)
    return Plan(title=snapshot.plan_title, kind=kind)


def period_of(row: list[Any] | None) -> Period | None:
    return Period(row[1], _day(row[2]), _day(row[3]), row[0]) if row else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _meta(item: SnapshotItem) -> str:
    if not item.status_sequence:
        return ""
    text = _("Unchanged %(day)s") if item.unchanged else _("As of %(day)s")
    parts = [text % {"day": day_text(item.status_as_of)}]
    if item.on_behalf_of:
        parts.append(_("written on behalf of %(body)s") % {"body": item.on_behalf_of})
    if item.written_by:
        parts.append(_("by %(who)s") % {"who": item.written_by})
    return " · ".join(parts)


def _facts(item: SnapshotItem) -> tuple[FrozenFact, ...]:
    """What the sentence does not say in so many words: the dates one by one, the cause, and how often it was moved."""
    rows = [
        (_("Promised"), _periods(item.promised)),
        (_("Started"), _periods(item.started)),
        (_("On hold since"), _periods(item.since)),
        (_("Aims at"), period_text(period_of(item.due))),
        (_("Cause"), item.cause_name),
        (_("Moved"), _moved(item)),
    ]
    return tuple(FrozenFact(name, text) for name, text in rows if text)


def _periods(rows: list[list[Any]]) -> str:
    return ", ".join(filter(None, (period_text(period_of(row)) for row in rows)))


def _moved(item: SnapshotItem) -> str:
    if not item.times_postponed:
        return ""
    times = ngettext("%(count)d time", "%(count)d times", item.times_postponed) % {"count": item.times_postponed}
    if item.slip is None:
        return _("%(times)s, how far cannot be counted") % {"times": times}
    slip = ngettext("%(count)d quarter", "%(count)d quarters", item.slip) % {"count": item.slip}
    return _("%(times)s, %(slip)s in all") % {"times": times, "slip": slip}


def _milestone(row: dict[str, Any]) -> FrozenMilestone:
    reached = _day(row["reached_on"])
    period = Period(row["precision"], _day(row["first"]), _day(row["last"]), row["words"])
    return FrozenMilestone(
        title=row["title"],
        when=period_text(period),
        reached=_("Reached %(day)s") % {"day": day_text(reached)} if reached else "",
        body=row["body"],
    )
