"""The workbench of a plan: its headings and items in order, with what can be done to each."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.urls import reverse

from initiatives.models import ActionItem, Plan, Track
from initiatives.presenters.items import closed_text


@dataclass(frozen=True, slots=True)
class ManageRow:
    """A heading or an item. The *_url that do not apply are ""."""

    anchor: str
    title: str
    note: str
    closed_text: str
    edit_url: str
    move_url: str
    close_url: str
    reopen_url: str
    first: bool
    last: bool


@dataclass(frozen=True, slots=True)
class ManageGroup:
    row: ManageRow
    items: tuple[ManageRow, ...]
    subs: tuple[ManageGroup, ...]
    add_item_url: str
    add_sub_url: str


@dataclass(frozen=True, slots=True)
class ManagePage:
    title: str
    url: str
    edit_url: str
    close_url: str
    reopen_url: str
    add_track_url: str
    closed_text: str
    groups: tuple[ManageGroup, ...]


def manage_page(plan: Plan) -> ManagePage:
    """The plan's headings and items, closed ones too. Two queries."""
    tracks = list(plan.tracks.order_by("position", "pk"))
    items: dict[int, list[ActionItem]] = defaultdict(list)
    for item in plan.items.order_by("position", "number"):
        items[item.track_id].append(item)
    return ManagePage(
        title=plan.title,
        url=reverse("plan", args=[plan.slug]),
        edit_url=reverse("plan_edit", args=[plan.slug]),
        close_url=reverse("plan_close", args=[plan.slug]),
        reopen_url=reverse("plan_reopen", args=[plan.slug]) if plan.closed_on else "",
        add_track_url=reverse("track_create", args=[plan.slug]),
        closed_text=closed_text(plan.closed_on, plan.closed_reason),
        groups=_groups(plan, tracks, items, None),
    )


def _groups(
    plan: Plan, tracks: list[Track], items: dict[int, list[ActionItem]], parent: int | None
) -> tuple[ManageGroup, ...]:
    level = [track for track in tracks if track.parent_id == parent]
    return tuple(
        ManageGroup(
            row=_track_row(plan, track, first=place == 0, last=place == len(level) - 1),
            items=tuple(
                _item_row(plan, item, first=n == 0, last=n == len(items[track.pk]) - 1)
                for n, item in enumerate(items[track.pk])
            ),
            subs=_groups(plan, tracks, items, track.pk) if parent is None else (),
            add_item_url=reverse("item_create", args=[plan.slug, track.pk]) if track.closed_on is None else "",
            add_sub_url=f"{reverse('track_create', args=[plan.slug])}?under={track.pk}" if parent is None else "",
        )
        for place, track in enumerate(level)
    )


def _track_row(plan: Plan, track: Track, *, first: bool, last: bool) -> ManageRow:
    place = [plan.slug, track.pk]
    return ManageRow(
        anchor=f"spor-{track.pk}",
        title=f"{track.number}. {track.title}" if track.number else track.title,
        note="",
        closed_text=closed_text(track.closed_on, track.closed_reason),
        edit_url=reverse("track_edit", args=place),
        move_url=reverse("track_move", args=place),
        close_url="" if track.closed_on else reverse("track_close", args=place),
        reopen_url=reverse("track_reopen", args=place) if track.closed_on else "",
        first=first,
        last=last,
    )


def _item_row(plan: Plan, item: ActionItem, *, first: bool, last: bool) -> ManageRow:
    place = [plan.slug, item.number]
    return ManageRow(
        anchor=f"punkt-{item.number}",
        title=f"{item.number}. {item.title}",
        note="",
        closed_text=closed_text(item.closed_on, item.closed_reason),
        edit_url=reverse("item_edit", args=place),
        move_url=reverse("item_move", args=place),
        close_url="" if item.closed_on else reverse("item_close", args=place),
        reopen_url=reverse("item_reopen", args=place) if item.closed_on else "",
        first=first,
        last=last,
    )
