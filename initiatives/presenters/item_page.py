"""The page of one item: what was promised, what became of it, who wrote and changed what, and what it works for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from initiatives.models import ActionItem, FollowsFrom, Horizon, Milestone, Plan, Schedule, StatusUpdate
from initiatives.permissions import PlanRights
from initiatives.presenters.carried import carried
from initiatives.presenters.facts import ItemFacts, load_items
from initiatives.presenters.items import (
    ItemUrls,
    ItemView,
    Say,
    counted_from,
    first_promise,
    item_view,
    say,
    without_blank_lines,
)
from initiatives.presenters.links import ItemLink, links_of
from initiatives.presenters.plan_page import succession_sentences
from initiatives.presenters.states import StateView, state_view
from initiatives.presenters.timeline import Timeline, item_timeline
from initiatives.presenters.wording import day_text, is_danish, period_text, slip_text


@dataclass(frozen=True, slots=True)
class StatusLine:
    """One row of the append-only history."""

    state: StateView
    words: str
    unchanged: bool
    as_of: str
    recorded: str
    by: str  # "" when it came with the source
    on_behalf_of: str = ""  # the owner the secretariat answered for


@dataclass(frozen=True, slots=True)
class PostponementLine:
    """`before` is "" when no date had been promised, `after` when none was named."""

    before: str
    after: str
    slip: str
    cause: str
    decided_by: str
    decided_on: str


@dataclass(frozen=True, slots=True)
class MilestoneView:
    pk: int
    title: str
    when: str
    body: str
    reached: str
    late: bool
    edit_url: str
    reach_url: str


@dataclass(frozen=True, slots=True)
class RelatedItem:
    title: str
    url: str
    plan: str
    note: str


@dataclass(frozen=True, slots=True)
class ChangedField:
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class EditLine:
    """One row of the history of edits: what happened, when, by whom, and the fields that changed."""

    what: str
    when: str
    by: str
    why: str
    fields: tuple[ChangedField, ...]


@dataclass(frozen=True, slots=True)
class ItemEditUrls:
    edit: str
    close: str
    reopen: str
    add_milestone: str
    add_link: str
    history: str


@dataclass(frozen=True, slots=True)
class ItemPage:
    item: ItemView
    urls: ItemEditUrls
    plan_title: str
    plan_url: str
    heading: str
    coordinator: str
    say: tuple[Say, ...]
    promised: str
    aims_at: str
    total_slip: str
    timeline: Timeline
    statuses: tuple[StatusLine, ...]
    postponements: tuple[PostponementLine, ...]
    milestones: tuple[MilestoneView, ...]
    origins: tuple[RelatedItem, ...]
    outcomes: tuple[RelatedItem, ...]
    links: tuple[ItemLink, ...]
    removed_links: tuple[ItemLink, ...]
    links_note: str
    successions: tuple[str, ...]
    edits: tuple[EditLine, ...]
    calendar_url: str  # the deadline as a file for one's own calendar; "" when there is none to keep


def item_page(item: ActionItem, rights: PlanRights, *, today: date) -> ItemPage:
    """Everything the page prints, in a fixed number of queries. The item comes with its plan, track and coordinator."""
    facts = load_items(Q(pk=item.pk))[0]
    plan = item.plan
    urls = ItemUrls(plan.slug)
    history = list(_history(item))
    origins, outcomes = _related(item)
    links, removed = links_of(item, lambda pk: reverse("link_remove", args=[plan.slug, item.number, pk]))
    current = facts.current
    return ItemPage(
        item=item_view(
            facts,
            plan,
            urls=urls,
            can_write=rights.can_write(facts),
            page="item",
            carried=carried(plan, today=today, item_id=item.pk).items.get(item.pk),
        ),
        urls=_edit_urls(item),
        plan_title=plan.short_title or plan.title,
        plan_url=reverse("plan", args=[plan.slug]),
        heading=_heading(item),
        coordinator=str(item.coordinator) if item.coordinator else "",
        say=say(facts),
        promised=period_text(first_promise(facts)),
        aims_at=period_text(current.due) if current else "",
        total_slip=slip_text(counted_from(facts), current.due) if current else "",
        timeline=item_timeline(facts, today=today),
        statuses=tuple(_status_line(status) for status in reversed(history)),
        postponements=_postponements(history),
        milestones=_milestones(item, plan, today),
        origins=origins,
        outcomes=outcomes,
        links=links,
        removed_links=removed,
        links_note=item.links_note,
        successions=succession_sentences({owner.pk for owner in facts.owners}, today),
        edits=_edits(item),
        calendar_url=_calendar_url(item, facts),
    )


def _calendar_url(item: ActionItem, facts: ItemFacts) -> str:
    due = facts.current.due if facts.current else None
    over = not facts.is_open or item.track.closed_on is not None or item.plan.closed_on is not None
    if over or due is None or due.last_day is None:
        return ""
    return reverse("item_deadline_file", args=[item.plan.slug, item.number])


def _edit_urls(item: ActionItem) -> ItemEditUrls:
    place = [item.plan.slug, item.number]
    return ItemEditUrls(
        edit=reverse("item_edit", args=place),
        close=reverse("item_close", args=place),
        reopen=reverse("item_reopen", args=place),
        add_milestone=reverse("milestone_create", args=place),
        add_link=reverse("link_create", args=place),
        history=reverse("item_history", args=place),
    )


def _heading(item: ActionItem) -> str:
    parts = [item.track.parent, item.track] if item.track.parent else [item.track]
    return " · ".join(f"{track.number}. {track.title}" if track.number else track.title for track in parts)


def _history(item: ActionItem) -> Iterable[StatusUpdate]:
    return item.statuses.select_related(
        "by",
        "due",
        "on_behalf_of",
        "postponement__moved_from",
        "postponement__moved_to",
        "postponement__cause",
        "postponement__decided_by",
    ).order_by("sequence")


def _status_line(status: StatusUpdate) -> StatusLine:
    undated = status.due_id is None and status.state in ("postponed", "on_hold")
    return StatusLine(
        state=state_view(status.state, undated=undated),
        words=without_blank_lines(status.text),
        unchanged=status.unchanged,
        as_of=day_text(status.as_of),
        recorded=moment_text(status.recorded_at),
        by=str(status.by) if status.by else "",
        on_behalf_of=status.on_behalf_of.name if status.on_behalf_of else "",
    )


def moment_text(moment: datetime) -> str:
    """ "5. november 2020 kl. 10.42" """
    local = timezone.localtime(moment)
    clock = f"{local:%H.%M}" if is_danish() else f"{local:%H:%M}"
    return _("%(day)s at %(clock)s") % {"day": day_text(local.date()), "clock": clock}


def _postponements(history: list[StatusUpdate]) -> tuple[PostponementLine, ...]:
    rows = []
    for status in history:
        moved = getattr(status, "postponement", None)
        if moved is None:
            continue
        before, after = _period(moved.moved_from), _period(moved.moved_to)
        cause = moved.cause.name_en if moved.cause and not is_danish() else moved.cause.name if moved.cause else ""
        rows.append(
            PostponementLine(
                before=period_text(before),
                after=period_text(after),
                slip=slip_text(before, after),
                cause=cause,
                decided_by=moved.decided_by.name if moved.decided_by else "",
                decided_on=day_text(moved.decided_on),
            )
        )
    return tuple(rows)


def _period(schedule: Schedule | None) -> Any:
    return schedule.period if schedule else None


def _milestones(item: ActionItem, plan: Plan, today: date) -> tuple[MilestoneView, ...]:
    rows = item.milestones.select_related("body").order_by("last_day", "position", "pk")
    return tuple(_milestone(milestone, plan, item, today) for milestone in rows)


def _milestone(milestone: Milestone, plan: Plan, item: ActionItem, today: date) -> MilestoneView:
    place = [plan.slug, item.number, milestone.pk]
    return MilestoneView(
        pk=milestone.pk,
        title=milestone.title,
        when=period_text(milestone.period) if milestone.last_day else milestone.words,
        body=milestone.body.name if milestone.body else "",
        reached=day_text(milestone.reached_on),
        late=milestone.reached_on is None and milestone.last_day is not None and milestone.last_day < today,
        edit_url=reverse("milestone_edit", args=place),
        reach_url=reverse("milestone_reach", args=place),
    )


def _related(item: ActionItem) -> tuple[tuple[RelatedItem, ...], tuple[RelatedItem, ...]]:
    """(what the item grew out of, what grew out of it)."""
    rows = FollowsFrom.objects.filter(Q(item=item) | Q(origin=item)).select_related("item__plan", "origin__plan")
    origins = tuple(_related_item(row.origin, row.note) for row in rows if row.item_id == item.pk)
    outcomes = tuple(_related_item(row.item, row.note) for row in rows if row.origin_id == item.pk)
    return origins, outcomes


def _related_item(item: ActionItem, note: str) -> RelatedItem:
    return RelatedItem(
        title=f"{item.number}. {item.title}",
        url=reverse("item", args=[item.plan.slug, item.number]),
        plan=item.plan.short_title or item.plan.title,
        note=note,
    )


def _edits(item: ActionItem) -> tuple[EditLine, ...]:
    """The history of the item itself, newest first. Rows that changed nothing a reader sees are left out."""
    history = item.history.select_related("history_user", "track", "coordinator")
    rows = list(history.order_by("history_date", "history_id"))
    lines = []
    for before, after in zip([None, *rows], rows, strict=False):
        fields = _changed_fields(before, after) if before else ()
        why = after.history_change_reason or ""
        moved = before is not None and before.position != after.position
        if before is not None and not (fields or why or moved):
            continue
        lines.append(
            EditLine(
                what=_what_happened(before, fields, moved=moved),
                when=moment_text(after.history_date),
                by=str(after.history_user) if after.history_user else "",
                why=why,
                fields=fields,
            )
        )
    return tuple(reversed(lines))


def _what_happened(before: Any, fields: tuple[ChangedField, ...], *, moved: bool) -> str:
    if before is None:
        return _("Written")
    return _("Moved in the order") if moved and not fields else _("Changed")


def _changed_fields(before: Any, after: Any) -> tuple[ChangedField, ...]:
    pairs = (
        (_("Title"), before.title, after.title),
        (_("What is to be done"), before.content, after.content),
        (_("Number"), str(before.number), str(after.number)),
        (_("Heading"), _title(before.track), _title(after.track)),
        (_("Horizon"), _horizon(before.horizon), _horizon(after.horizon)),
        (_("Note on the horizon"), before.horizon_note, after.horizon_note),
        (_("Coordinator"), str(before.coordinator or ""), str(after.coordinator or "")),
        (_("Closed"), day_text(before.closed_on), day_text(after.closed_on)),
    )
    return tuple(ChangedField(name, was, now) for name, was, now in pairs if was != now)


def _title(track: Any) -> str:
    return track.title if track else ""


def _horizon(value: str) -> str:
    return str(Horizon(value).label) if value in Horizon.values else value
