"""Milestones added, reworded and reached. Each leaves a history row, and one of its item."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _

from indicators.actions.versions import changes_pages
from initiatives.actions.free_text import refuse_cpr
from initiatives.actions.periods import read_period
from initiatives.actions.plans import save_signed
from initiatives.models import ActionItem, Body, Milestone
from sundhedsaftale.lib.periods import Period


@changes_pages
def add_milestone(
    *, item: ActionItem, title: str, when: str, by: Any, today: date, body: Body | None = None
) -> Milestone:
    """A dated result on the way. `when` is words, as imprecise as they are known; "" when no date is known.

    Raises ValidationError keyed by title or when.
    """
    period = _check(title, when, today)
    last = item.milestones.aggregate(last=Max("position"))["last"] or 0
    milestone = Milestone(item=item, title=title.strip(), body=body, position=last + 1)
    _save(milestone, period, by)
    save_signed(item, by, why=_("Milestone added: %(title)s") % {"title": milestone.title})
    return milestone


@changes_pages
def update_milestone(
    *, milestone: Milestone, title: str, when: str, by: Any, today: date, body: Body | None = None
) -> Milestone:
    """Reword or move a milestone. Raises ValidationError keyed by title or when."""
    period = _check(title, when, today)
    before = f"{milestone.title} ({milestone.words})"
    milestone.title, milestone.body = title.strip(), body
    _save(milestone, period, by)
    save_signed(milestone.item, by, why=_("Milestone changed from: %(title)s") % {"title": before})
    return milestone


@changes_pages
def reach_milestone(*, milestone: Milestone, on: date | None, by: Any, today: date) -> Milestone:
    """The milestone was reached on that day; None takes it back. Raises ValidationError for a day to come."""
    if on is not None and on > today:
        raise ValidationError({"reached_on": [_("That day has not come yet.")]})
    milestone.reached_on = on
    save_signed(milestone, by)
    text = _("Milestone reached: %(title)s") if on else _("Milestone not reached after all: %(title)s")
    save_signed(milestone.item, by, why=text % {"title": milestone.title})
    return milestone


def _check(title: str, when: str, today: date) -> Period:
    refuse_cpr(title=title, when=when)
    if not title.strip():
        raise ValidationError({"title": [_("Write what is to be reached.")]})
    if not when.strip():
        return Period(precision="none", first_day=None, last_day=None)
    try:
        return read_period(when.strip(), today=today)
    except ValidationError as error:
        raise ValidationError({"when": error.messages}) from error


def _save(milestone: Milestone, period: Period, by: Any) -> None:
    milestone.words, milestone.precision = period.words, period.precision
    milestone.first_day, milestone.last_day = period.first_day, period.last_day
    save_signed(milestone, by)
