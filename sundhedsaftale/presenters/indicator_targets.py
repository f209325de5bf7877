"""The local targets of an indicator: what was decided, where the figure stands, and whether it is on course."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.presenters.figures import difference_unit, join_unit, number_text, period_label
from initiatives.calculations.targets import Course, Measured, Progress, Unknown
from initiatives.models import Target
from initiatives.presenters.target_progress import Judged, judged
from sundhedsaftale.lib.danish import format_date, format_number
from sundhedsaftale.presenters.frame import full_name
from sundhedsaftale.presenters.indicator_data import IndicatorData
from sundhedsaftale.presenters.indicator_moved import AreaAim


@dataclass(frozen=True)
class TargetRow:
    area: str
    body: str
    value: str
    due: str
    decided: str
    note: str
    start: str
    now: str
    needed: str
    course: str  # the code, for its class
    word: str
    why: str
    edit_url: str  # "" for whoever may not
    withdraw_url: str


@dataclass(frozen=True)
class TargetsView:
    say: str
    rows: tuple[TargetRow, ...]
    withdrawn: tuple[str, ...]
    why_none: str
    set_url: str  # "" for whoever may set none
    aims: tuple[AreaAim, ...]


def targets_view(data: IndicatorData, *, may: Collection[int] | None, today: date) -> TargetsView:
    """One query: the figures are fetched with the others. may: the bodies the reader may set targets for."""
    indicator = data.indicator
    pk = indicator.same_as_id or indicator.pk
    found = list(Target.objects.filter(indicator_id=pk).select_related("area__kind", "body", "indicator"))
    levels = {(pk, level.area_kind_id): level for level in data.levels}
    standing = judged(
        (one for one in found if one.withdrawn_at is None), today=today, levels=levels, known_figures=data.current
    )
    rows = tuple(_row(data, one, may or ()) for one in standing)
    set_url = f"{reverse('target_create')}?indikator={indicator.code}&omraade={data.area.code}" if may else ""
    return TargetsView(
        say=_sentence([one.progress.course for one in standing]),
        rows=rows,
        withdrawn=tuple(_withdrawn(data, target) for target in found if target.withdrawn_at is not None),
        why_none=_("No body has decided a target for this indicator.") if not rows else "",
        set_url=set_url if indicator.direction != "none" and indicator.same_as_id is None else "",
        aims=tuple(
            AreaAim(t.area_id, t.due_on, t.value, _("Target %(value)s") % {"value": _value(data, t.value)})
            for t in (one.target for one in standing)
        ),
    )


def _row(data: IndicatorData, one: Judged, may: Collection[int]) -> TargetRow:
    language, target, found = get_language() or "da", one.target, one.progress
    mine = target.body_id in may
    words = {"body": target.body.name, "day": format_date(target.decided_on, language)}
    return TargetRow(
        area=full_name(target.area),
        body=target.body.name,
        value=_value(data, target.value),
        due=format_date(target.due_on, language),
        decided=_("Decided by %(body)s, %(day)s.") % words,
        note=target.note,
        start=_measured(data, one, found.start),
        now=_measured(data, one, found.now),
        needed=_value(data, found.needed, difference_unit(data.indicator)) if found.needed else "",
        course=found.course,
        word=course_word(found.course),
        why=_why(data, found),
        edit_url=reverse("target_edit", args=[target.pk]) if mine else "",
        withdraw_url=reverse("target_withdraw", args=[target.pk]) if mine else "",
    )


def course_word(course: str) -> str:
    words = {
        Course.REACHED: _("Reached"),
        Course.ON_COURSE: _("On course"),
        Course.OFF_COURSE: _("Not on course"),
        Course.MISSED: _("Not reached"),
        Course.UNKNOWN: _("Cannot be decided"),
    }
    return words[Course(course)]


def _why(data: IndicatorData, found: Progress) -> str:
    if found.expected is not None and found.now is not None:
        expected = format_number(found.expected, data.indicator.decimals + 1, get_language() or "da")
        words = {"expected": expected, "day": format_date(found.now.last_day, get_language() or "da")}
        return _("A straight line from the start would be at %(expected)s on %(day)s.") % words
    if not found.why:
        return ""
    sentences = {
        Unknown.NO_DIRECTION: _("No wanted direction is declared."),
        Unknown.NO_FIGURE: _("There is no figure for the area."),
        Unknown.NO_START: _("There was no figure when the target was decided, so there is no start to count from."),
        Unknown.NO_NEWER: _("There is no figure newer than the start."),
        Unknown.METHOD_BREAK: _("The method was changed after the start."),
        Unknown.MET_AT_START: _("The figure was there already when the target was decided."),
        Unknown.AWAITING: _("The day has passed, but the figure for it has not been published."),
    }
    return sentences[Unknown(found.why)]


def _sentence(courses: Sequence[Course]) -> str:
    if not courses:
        return ""
    words: dict[str, Any] = {
        "count": len(courses),
        "reached": courses.count(Course.REACHED),
        "on": courses.count(Course.ON_COURSE),
        "off": courses.count(Course.OFF_COURSE) + courses.count(Course.MISSED),
        "unknown": courses.count(Course.UNKNOWN),
    }
    return (
        _("Targets: %(count)d. Reached: %(reached)d. On course: %(on)d. Not: %(off)d. Cannot be decided: %(unknown)d.")
        % words
    )


def _withdrawn(data: IndicatorData, target: Target) -> str:
    language = get_language() or "da"
    day = target.withdrawn_at
    words = {
        "area": full_name(target.area),
        "value": _value(data, target.value),
        "due": format_date(target.due_on, language),
        "body": target.body.name,
        "day": format_date(day, language),
        "why": target.withdrawn_reason,
    }
    return _("%(area)s, %(value)s by %(due)s (%(body)s): withdrawn %(day)s. %(why)s") % words


def _measured(data: IndicatorData, one: Judged, found: Measured | None) -> str:
    if found is None:
        return ""
    return f"{number_text(found.value, data.indicator.decimals)} ({period_label(one.period_of(found))})"


def _value(data: IndicatorData, value: Decimal | None, unit: str | None = None) -> str:
    if value is None:
        return ""
    decimals = max(data.indicator.decimals, -int(value.normalize().as_tuple().exponent))
    return join_unit(
        format_number(value, decimals, get_language() or "da"), data.indicator.unit if unit is None else unit
    )
