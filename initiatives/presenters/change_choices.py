"""The form with which a reader chooses what is compared with what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from initiatives.models import Snapshot
from initiatives.presenters.change_sides import NOW, LiveRows, Side
from initiatives.presenters.wording import day_text

MOST_DAYS = 12


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    selected: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """The form for the two sides. days: what stands in the two date fields."""

    before: tuple[Option, ...]
    after: tuple[Option, ...]
    before_day: str
    after_day: str
    latest: str  # the last day that can be chosen
    error: str


def side_choices(
    snapshots: list[Snapshot],
    live: LiveRows,
    sides: tuple[Side, Side] | None,
    asked: tuple[str, str],
    error: str,
    *,
    today: date,
) -> Choices:
    known = [_version_option(snapshot) for snapshot in snapshots]
    known += [(day.isoformat(), day_text(day)) for day in live.recorded_days[:MOST_DAYS] if day != today]
    codes = (sides[0].code, sides[1].code) if sides else asked
    values = {value for value, _label in known} | {NOW}
    return Choices(
        before=_options([("", _("Choose …")), *known], codes[0]),
        after=_options([(NOW, _("Today")), *known], codes[1] or NOW),
        before_day=codes[0] if codes[0] not in values and not codes[0].startswith("v") else "",
        after_day=codes[1] if codes[1] not in values and not codes[1].startswith("v") else "",
        latest=today.isoformat(),
        error=error,
    )


def _version_option(snapshot: Snapshot) -> tuple[str, str]:
    words = {"day": day_text(snapshot.meeting_day), "version": snapshot.version}
    return f"v{snapshot.pk}", _("Meeting %(day)s, version %(version)d") % words


def _options(pairs: list[tuple[str, str]], chosen: str) -> tuple[Option, ...]:
    return tuple(Option(value, label, value == chosen) for value, label in pairs)
