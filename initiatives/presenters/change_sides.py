"""The two sides of a comparison: a frozen version, a day, or now; and how the plan stood there.

A frozen version is read from its rows. A day is read from what had been recorded by its end in Denmark: append-only
statuses, dates and postponements. What nobody kept for that day (owners, lights) is unknown, never guessed from later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import DateField, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.models import IndicatorLevel, Observation
from indicators.presenters.observations import months_covered
from initiatives.calculations.changes import ItemState, LightState, MilestoneState
from initiatives.calculations.states import ON_HOLD, POSTPONED
from initiatives.models import (
    ActionItem,
    Anchoring,
    Milestone,
    Plan,
    Snapshot,
    SnapshotItem,
    SnapshotLight,
    StatusUpdate,
)
from initiatives.presenters.facts import ItemFacts, StatusFact
from initiatives.presenters.wording import day_text
from sundhedsaftale.lib.periods import Period

NOW = "nu"
NEWEST_FIRST = ("-meeting_day", "-frozen_at", "-pk")
Items = dict[str, ItemState]


@dataclass(frozen=True, slots=True)
class Side:
    """code: as it stands in the address. label: as it stands in a sentence. snapshot_id: None for a day."""

    code: str
    label: str
    day: date
    snapshot_id: int | None = None
    is_now: bool = False

    @property
    def order(self) -> tuple[date, bool, int]:
        """A meeting's version comes before what was recorded later that day."""
        return self.day, self.snapshot_id is None, self.snapshot_id or 0


class UnknownSideError(ValueError):
    """The address names no version of this plan and no day that has been. The message is for people."""


def snapshot_side(snapshot: Snapshot) -> Side:
    words = {"day": day_text(snapshot.meeting_day), "version": snapshot.version}
    text = _("the meeting %(day)s")
    if snapshot.version > 1:
        text = _("the meeting %(day)s, version %(version)d")
    return Side(f"v{snapshot.pk}", text % words, snapshot.meeting_day, snapshot.pk)


def day_side(day: date, *, today: date) -> Side:
    if day == today:
        return Side(NOW, _("today"), day, is_now=True)
    return Side(day.isoformat(), day_text(day), day)


def find_plan_and_versions(slug: str) -> tuple[Plan, list[Snapshot]]:
    """The plan with its frozen versions, in one query when it has any. Raises Http404."""
    rows = Snapshot.objects.select_related("plan__kind", "plan__body").filter(plan__slug=slug)
    snapshots = list(rows.order_by(*NEWEST_FIRST))
    if snapshots:
        return snapshots[0].plan, snapshots
    return get_object_or_404(Plan.objects.select_related("kind", "body"), slug=slug), []


def versions_of(plan: Plan) -> list[Snapshot]:
    """The plan's frozen versions, the newest first. One query."""
    return list(plan.snapshots.order_by(*NEWEST_FIRST))


def read_side(code: str, snapshots: Iterable[Snapshot], *, today: date) -> Side:
    """The side the address names. Raises UnknownSideError with a sentence that says what to write."""
    if code == NOW:
        return day_side(today, today=today)
    if code.startswith("v"):
        found = next((snapshot for snapshot in snapshots if code == f"v{snapshot.pk}"), None)
        if found is None:
            raise UnknownSideError(_("The plan has no such frozen version. Choose one from the list."))
        return snapshot_side(found)
    try:
        day = date.fromisoformat(code)
    except ValueError as error:
        text = _("»%(code)s« is no day. Write it as 2026-11-05, or choose from the list.") % {"code": code[:40]}
        raise UnknownSideError(text) from error
    if day > today:
        raise UnknownSideError(_("%(day)s has not come yet. Choose a day that has been.") % {"day": day_text(day)})
    return day_side(day, today=today)


# --- How the plan stood -----------------------------------------------------------------------------------------------


def items_of(sides: tuple[Side, Side], live: LiveRows, *, today: date) -> tuple[Items, Items]:
    """How the items stood on both sides. One query for frozen sides, none for days."""
    frozen = _frozen_items([side.snapshot_id for side in sides if side.snapshot_id is not None])
    before, after = (
        live.on(side.day, today) if side.snapshot_id is None else frozen[side.snapshot_id] for side in sides
    )
    return before, after


def newest_frozen(plan: Plan, *, today: date) -> tuple[Side, Items] | None:
    """The last meeting's version that is not after today, and how the items stood there. One query; None without one."""
    newest = Snapshot.objects.filter(plan=plan, meeting_day__lte=today).order_by(*NEWEST_FIRST).values("pk")[:1]
    rows = list(SnapshotItem.objects.filter(snapshot__in=newest).select_related("snapshot").order_by("position"))
    if not rows:
        return None
    return snapshot_side(rows[0].snapshot), {row.key: _frozen_item(row) for row in rows}


def standing_now(items: Iterable[ItemFacts]) -> Items:
    """The same of items fetched for a page already; they all stand in the plan. No query."""
    return {
        item.key: ItemState(
            key=item.key,
            number=item.number,
            title=item.title,
            times_postponed=sum(status.postponed for status in item.statuses),
            owners=tuple(owner.name for owner in item.owners),
            milestones=tuple(MilestoneState(step.title, step.reached_on is not None) for step in item.milestones),
            **(_current_values(item, item.current) if item.current else {}),
        )
        for item in items
    }


def _current_values(item: ItemFacts, status: StatusFact) -> dict[str, Any]:
    return {
        "state": status.state,
        "words": item.words,
        "undated": status.undated,
        "sequence": status.sequence,
        "unchanged": status.unchanged,
        "as_of": status.as_of,
        "due": status.due,
    }


def _frozen_items(snapshot_ids: list[int]) -> dict[int, Items]:
    found: dict[int, Items] = defaultdict(dict)
    if snapshot_ids:
        for row in SnapshotItem.objects.filter(snapshot__in=snapshot_ids).order_by("position"):
            found[row.snapshot_id][row.key] = _frozen_item(row)
    return found


def _frozen_item(row: SnapshotItem) -> ItemState:
    return ItemState(
        key=row.key,
        number=row.number,
        title=row.title,
        state=row.state,
        words=row.words,
        undated=row.undated,
        sequence=row.status_sequence,
        unchanged=row.unchanged,
        as_of=row.status_as_of,
        due=_frozen_period(row.due),
        times_postponed=row.times_postponed,
        owners=tuple(row.owners),
        milestones=tuple(MilestoneState(step["title"], bool(step.get("reached_on"))) for step in row.milestones),
    )


def _frozen_period(values: list[Any] | None) -> Period | None:
    if not values:
        return None
    words, precision, first, last = values
    return Period(
        precision, date.fromisoformat(first) if first else None, date.fromisoformat(last) if last else None, words
    )


def end_of(day: date) -> datetime:
    """The first moment after the day in Denmark."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


@dataclass(frozen=True, slots=True)
class LiveRows:
    """All that was ever recorded for the plan's items, to be read as of any day. Three queries."""

    items: Sequence[Mapping[str, Any]]
    owners: dict[int, list[str]]
    statuses: dict[int, list[Mapping[str, Any]]]
    milestones: dict[int, list[tuple[str, date | None]]]

    @classmethod
    def of(cls, plan: Plan) -> LiveRows:
        items = list(
            ActionItem.objects.filter(plan=plan)
            .order_by("position", "number")
            .values(
                "pk", "key", "number", "title", "created_at", "closed_on", "closed_reason",
                "track__closed_on", "track__closed_reason", "track__parent__closed_on", "track__parent__closed_reason",
            )
        )  # fmt: skip
        statuses: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
        written = StatusUpdate.objects.filter(item__plan=plan).order_by("item", "sequence")
        for row in written.values(
            "item_id", "sequence", "state", "text", "unchanged", "as_of", "recorded_at",
            "due_id", "due__precision", "due__first_day", "due__last_day", "due__words", "postponement__pk",
        ):  # fmt: skip
            statuses[row["item_id"]].append(row)
        owners: dict[int, list[str]] = defaultdict(list)
        milestones: dict[int, list[tuple[str, date | None]]] = defaultdict(list)
        for item_id, is_owner, name, day, _at, _pk in sorted(_owners_and_milestones(plan), key=lambda row: row[4:]):
            if is_owner:
                owners[item_id].append(name)
            else:
                milestones[item_id].append((name, day))
        return cls(items, owners, statuses, milestones)

    @property
    def recorded_days(self) -> list[date]:
        """The days in Denmark on which a status was written, the newest first."""
        days = {timezone.localdate(row["recorded_at"]) for rows in self.statuses.values() for row in rows}
        return sorted(days, reverse=True)

    def on(self, day: date, today: date) -> Items:
        """The items as they stood when the day was over. One that was not written yet is left out."""
        end = end_of(day)
        found = {}
        for row in self.items:
            told = [status for status in self.statuses[row["pk"]] if status["recorded_at"] < end]
            if told or row["created_at"] < end:
                found[row["key"]] = self._item(row, told, day, is_now=day == today)
        return found

    def _item(self, row: Mapping[str, Any], told: list[Mapping[str, Any]], day: date, *, is_now: bool) -> ItemState:
        closed_on, reason = _closed(row, day)
        return ItemState(
            key=row["key"],
            number=row["number"],
            title=row["title"],
            **(_status_values(told[-1]) if told else {}),
            times_postponed=sum(status["postponement__pk"] is not None for status in told),
            owners=tuple(self.owners[row["pk"]]) if is_now else None,
            milestones=tuple(
                MilestoneState(title, reached is not None and reached <= day)
                for title, reached in self.milestones[row["pk"]]
            ),
            closed=closed_on is not None,
            closed_reason=reason,
        )


def _owners_and_milestones(plan: Plan) -> list[tuple[Any, ...]]:
    """(item, whether it is an owner, name or title, day reached, place, pk): one query for both, for the page's sake."""
    no_day = Cast(Value(None), output_field=DateField())
    columns = ("item_id", "is_owner", "name", "day", "position", "pk")
    owners = Anchoring.objects.filter(item__plan=plan).annotate(is_owner=Value(1), name=F("body__name"), day=no_day)
    steps = Milestone.objects.filter(item__plan=plan).annotate(is_owner=Value(0), name=F("title"), day=F("reached_on"))
    both = owners.order_by().values_list(*columns).union(steps.order_by().values_list(*columns), all=True)
    return list(both)


def _closed(row: Mapping[str, Any], day: date) -> tuple[date | None, str]:
    """When the item, or a heading it stands under, was closed, and why; by that day."""
    for place in ("", "track__", "track__parent__"):
        closed_on = row[f"{place}closed_on"]
        if closed_on is not None and closed_on <= day:
            return closed_on, row[f"{place}closed_reason"]
    return None, ""


def _status_values(row: Mapping[str, Any]) -> dict[str, Any]:
    due = None
    if row["due_id"] is not None:
        due = Period(row["due__precision"], row["due__first_day"], row["due__last_day"], row["due__words"])
    return {
        "state": row["state"],
        "words": row["text"],
        "undated": due is None and row["state"] in (POSTPONED, ON_HOLD),
        "sequence": row["sequence"],
        "unchanged": row["unchanged"],
        "as_of": row["as_of"],
        "due": due,
    }


# --- The lights -------------------------------------------------------------------------------------------------------


def lights_of(sides: tuple[Side, Side]) -> tuple[list[LightState], list[LightState]] | None:
    """The lights of both sides; None when one side has none kept. Two queries at most."""
    if sides[0].snapshot_id is None or not (sides[1].snapshot_id is not None or sides[1].is_now):
        return None
    frozen = _frozen_lights([side.snapshot_id for side in sides if side.snapshot_id is not None])
    before = frozen[sides[0].snapshot_id]
    return before, _lights_now(before) if sides[1].snapshot_id is None else frozen[sides[1].snapshot_id]


def _frozen_lights(snapshot_ids: list[int]) -> dict[int, list[LightState]]:
    found: dict[int, list[LightState]] = defaultdict(list)
    rows = SnapshotLight.objects.filter(snapshot__in=snapshot_ids).order_by("position")
    for snapshot_id, *values in rows.values_list(
        "snapshot_id", "indicator_code", "indicator_name", "area_code", "area_name", "period", "edition_title",
        "level_light", "level_reason", "development_light", "development_reason", "rule_version",
    ):  # fmt: skip
        found[snapshot_id].append(LightState(*values))
    return found


def _lights_now(wanted: list[LightState]) -> list[LightState]:
    """What stands now for the same indicators and areas: their newest figures of the usual kind, as everywhere.

    One query. An indicator that is the same as another shows the other's figures.
    """
    names = {(light.indicator, light.area): light.indicator_name for light in wanted}
    codes = {code for code, _area in names}
    if not names:
        return []
    level = IndicatorLevel.objects.filter(indicator=OuterRef("indicator"), area_kind=OuterRef("area__kind"))
    rows = (
        Observation.objects.current()
        .whole()
        .filter(Q(indicator__code__in=codes) | Q(indicator__also_in__code__in=codes))
        .filter(area__code__in={area for _code, area in names})
        .annotate(
            shown_as=F("indicator__also_in__code"),
            has_level=Exists(level),
            usual_method=Subquery(level.values("method")[:1]),
            usual_months=Subquery(level.values("period_months")[:1]),
        )
        .select_related("indicator", "area", "edition", "assessment")
        .order_by("-period_end", "-period_start", "pk")
    )
    newest: dict[tuple[str, str], LightState] = {}
    for row in rows:
        if row.has_level and not _is_usual(row):
            continue
        for key in ((row.indicator.code, row.area.code), (row.shown_as or "", row.area.code)):
            if key in names and key not in newest:
                newest[key] = _light_now(key[0], names[key], row)
    return list(newest.values())


def _is_usual(row: Any) -> bool:
    """The same test as `indicators.presenters.observations.is_typical`, of a row that carries its level."""
    return row.method == row.usual_method and row.usual_months in (None, months_covered(row))


def _light_now(code: str, name: str, row: Observation) -> LightState:
    assessment = getattr(row, "assessment", None)
    return LightState(
        indicator=code,
        indicator_name=name,
        area=row.area.code,
        area_name=row.area.name,
        period=row.period,
        edition=row.edition.title,
        level=assessment.level_light if assessment else "",
        level_reason=assessment.level_reason if assessment else "",
        development=assessment.development_light if assessment else "",
        development_reason=assessment.development_reason if assessment else "",
        rule_version=assessment.rule_version if assessment else "",
    )
