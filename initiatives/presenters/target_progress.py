"""How far targets have come: each beside the figures it is judged by. Shared by the indicator's page and by machines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from indicators.models import Observation
from indicators.presenters.observations import Levels, is_typical, levels_of
from initiatives.calculations.targets import Measured, Progress, progress
from initiatives.models import Target


@dataclass(frozen=True)
class Judged:
    """figures: those of the target's indicator and area, oldest first, blanks included."""

    target: Target
    progress: Progress
    figures: tuple[Observation, ...]

    def period_of(self, found: Measured | None) -> str:
        """The code of the period of a figure that `progress` names; "" for none."""
        if found is None:
            return ""
        return next((row.period for row in self.figures if row.period_end == found.last_day), "")


def judged(
    targets: Iterable[Target],
    *,
    today: date,
    levels: Levels | None = None,
    known_figures: Sequence[Observation] | None = None,
) -> list[Judged]:
    """Two queries, one less with the levels and one less with the figures; none without targets. Needs "indicator".

    known_figures: at least all current whole figures of the targets' indicators and areas, with "area" fetched.
    """
    wanted = list(targets)
    if not wanted:
        return []
    known = levels_of(target.indicator_id for target in wanted) if levels is None else levels
    figures = _figures(wanted, known, known_figures)
    return [
        Judged(
            target,
            _progress(target, figures[target.indicator_id, target.area_id], today),
            tuple(figures[target.indicator_id, target.area_id]),
        )
        for target in wanted
    ]


def _progress(target: Target, figures: Iterable[Observation], today: date) -> Progress:
    return progress(
        [Measured(row.period_end, row.value, row.method) for row in figures if row.value is not None],
        target=target.value,
        due_on=target.due_on,
        decided_on=target.decided_on,
        direction=target.indicator.direction,
        today=today,
    )


def _figures(
    targets: Iterable[Target], levels: Levels, known: Sequence[Observation] | None
) -> dict[tuple[int, int], list[Observation]]:
    pairs = {(target.indicator_id, target.area_id) for target in targets}
    rows: Iterable[Observation] = known if known is not None else _ask(pairs)
    found: dict[tuple[int, int], list[Observation]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.period_end, row.pk)):
        level = levels.get((row.indicator_id, row.area.kind_id))
        # Methods are not sorted out here: a change of method is what the rule must see.
        if level is None or is_typical(row, level) or row.method != level.method:
            found[row.indicator_id, row.area_id].append(row)
    return found


def _ask(pairs: set[tuple[int, int]]) -> Iterable[Observation]:
    rows = Observation.objects.current().whole()
    rows = rows.filter(indicator_id__in={pair[0] for pair in pairs}, area_id__in={pair[1] for pair in pairs})
    return rows.select_related("area")
