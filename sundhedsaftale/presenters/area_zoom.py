"""Zooming: what an area lies in, what lies in it with its lights, and what lies beside it, in the division chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from indicators.models import Area, Indicator
from indicators.presenters.computed import Computed, computed
from indicators.presenters.figures import FigureView, figure_view, kind_name, kind_plural, tally
from indicators.presenters.lights import DEVELOPMENT, LEVEL, development_light, level_light
from indicators.presenters.observations import Figure
from sundhedsaftale.lib.danish import format_date
from sundhedsaftale.presenters.area_figures import AreaFigures
from sundhedsaftale.presenters.area_parts import (
    MADE_OF_MUNICIPALITIES,
    Division,
    day_within,
    division_sentence,
    divisions,
    is_valid,
)
from sundhedsaftale.presenters.areas import confirmation_note, dated
from sundhedsaftale.presenters.figure_tables import TallyView, tally_view
from sundhedsaftale.presenters.frame import AreaRef, full_name

GOAL, INDICATOR = "maal-", "tal-"
MOST_OPEN = 10  # rows of a group that is not the first; more are folded away


@dataclass(frozen=True)
class ZoomLink:
    name: str
    url: str
    note: str = ""  # dates and confirmation, when there is something to say


@dataclass(frozen=True)
class Step:
    """One level of the way up: København lies in two clusters, so a level can hold several areas."""

    kind: str
    areas: tuple[ZoomLink, ...]


@dataclass(frozen=True)
class ZoomRow:
    """cell: the figure of the one indicator chosen; computed: what stands there when the source has none.

    level and development: lights counted over all indicators chosen. whose: said when they are its municipalities'.
    """

    name: str
    url: str
    note: str
    own: bool
    cell: FigureView | None
    computed: Computed | None
    level: TallyView
    development: TallyView
    whose: str


@dataclass(frozen=True)
class ZoomGroup:
    title: str
    rows: tuple[ZoomRow, ...]
    folded: bool = False


@dataclass(frozen=True)
class Choice:
    value: str
    label: str


@dataclass(frozen=True)
class ChoiceGroup:
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Zoom:
    up: tuple[Step, ...]
    says: str  # which division is shown, and of which day
    divisions: tuple[Division, ...]
    groups: tuple[ZoomGroup, ...]
    nothing: str  # why there is no table
    beside: tuple[Step, ...]
    choices: tuple[ChoiceGroup, ...]
    chosen: str
    chosen_label: str
    one: bool  # one indicator: figures and lights; else lights counted
    carried: tuple[tuple[str, str], ...]  # what the form of choice must carry along


def zoom(data: AreaFigures, show: str) -> Zoom:
    """No queries. `show` is "maal-<slug>", "tal-<code>" or nothing; what is unknown is everything."""
    chosen, label = _chosen(data, show)
    day = data.then_day(chosen) if data.look.then else data.look.day
    show = show if label else ""
    table = _Table(data, tuple(chosen), show, day)
    groups = table.groups()
    return Zoom(
        up=_way_up(data, show),
        says=_says(data, day),
        divisions=divisions(data.look),
        groups=groups,
        nothing="" if groups else _nothing(data, day),
        beside=_beside(data, show, day),
        choices=_choices(data),
        chosen=show,
        chosen_label=label or _("all indicators"),
        one=table.one is not None,
        carried=data.look.pairs,
    )


def _chosen(data: AreaFigures, show: str) -> tuple[Sequence[Indicator], str]:
    if show.startswith(GOAL):
        found = [one for one in data.indicators if one.goal.slug == show.removeprefix(GOAL)]
        if found:
            return found, found[0].goal.name
    if show.startswith(INDICATOR):
        found = [one for one in data.indicators if one.code == show.removeprefix(INDICATOR)]
        if found:
            return found, found[0].name
    return data.indicators, ""


def _choices(data: AreaFigures) -> tuple[ChoiceGroup, ...]:
    """Goals, and the indicators with any figure around here under each framework's goals."""
    with_figures = {indicator for (indicator, _area) in data.figures}
    goals: dict[str, str] = {}
    indicators: dict[str, list[Choice]] = {}
    for one in data.indicators:
        if one.pk not in with_figures:
            continue
        goals[one.goal.slug] = f"{one.goal.number}. {one.goal.name}"
        indicators.setdefault(goals[one.goal.slug], []).append(Choice(f"{INDICATOR}{one.code}", one.name))
    of_goals = tuple(Choice(f"{GOAL}{slug}", label) for slug, label in goals.items())
    if not of_goals:
        return ()
    return (
        ChoiceGroup(_("A goal"), of_goals),
        *(ChoiceGroup(label, tuple(choices)) for label, choices in indicators.items()),
    )


def _says(data: AreaFigures, day: date) -> str:
    said = division_sentence(data.look, day)
    own_day = day_within(data.area.area, day)
    if own_day != day and not data.instead_of(data.area.area, day):
        words = {"area": data.area.name, "day": format_date(own_day, get_language() or "da")}
        said += " " + _("%(area)s was not there that day and is shown as on %(day)s.") % words
    return said


def _nothing(data: AreaFigures, day: date) -> str:
    if data.area.kind == "municipality":
        return _("Nothing smaller is measured, and no neighbour is known.")
    if not is_valid(data.area.area, day):
        return _("%(area)s did not exist that day, and we know nothing it came from.") % {"area": data.area.name}
    return _("We do not know which municipalities lie in it.")


# --- Up and beside ----------------------------------------------------------------------------------------------------


def _way_up(data: AreaFigures, show: str) -> tuple[Step, ...]:
    """The country first. A municipality's membership of the country is said by its region's."""
    area, query = data.area, _query(data, show)
    steps = []
    if not area.is_country and area.country.pk:
        steps.append(Step(kind_name(area.country.kind), (ZoomLink(area.country.name, _url(area.country, query)),)))
    by_kind: dict[str, list[AreaRef]] = {}
    for ref in area.containers:
        if ref.kind != "country":
            by_kind.setdefault(ref.kind, []).append(ref)
    for refs in by_kind.values():
        steps.append(_step(refs, query, data.look.day))
    return tuple(steps)


def _beside(data: AreaFigures, show: str, day: date) -> tuple[Step, ...]:
    """The others of its own kind in what it lies in; for a municipality those of its cluster and its council."""
    area, query = data.area, _query(data, show)
    on = day_within(area.area, day)
    containers = [one.container for one in area.memberships if one.member_id == area.pk and is_valid(one, on)]
    groups = [one for one in containers if one.kind_id in MADE_OF_MUNICIPALITIES]
    steps = []
    for container in groups if area.kind == "municipality" and groups else containers:
        refs = [
            ref for ref in data.relations.members_of(container.pk, on) if ref.kind == area.kind and ref.pk != area.pk
        ]
        if refs:
            step = _step(refs, query, on)
            steps.append(
                Step(_("%(kind)s in %(area)s") % {"kind": step.kind, "area": full_name(container)}, step.areas)
            )
    return tuple(steps)


def _step(refs: Sequence[AreaRef], query: str, day: date) -> Step:
    kind = kind_plural(refs[0].area.kind) if len(refs) > 1 else kind_name(refs[0].area.kind)
    return Step(kind, tuple(ZoomLink(full_name(ref.area), _url(ref.area, query), _note(ref, day)) for ref in refs))


def _query(data: AreaFigures, show: str) -> str:
    return data.look.query(vis=show)


def _url(area: Area, query: str) -> str:
    return reverse("area", args=[area.code]) + query


# --- The table --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Table:
    data: AreaFigures
    indicators: tuple[Indicator, ...]
    show: str
    day: date

    @property
    def one(self) -> Indicator | None:
        return self.indicators[0] if self.show.startswith(INDICATOR) and self.indicators else None

    def groups(self) -> tuple[ZoomGroup, ...]:
        """What lies in it by kind, the larger first; a municipality stands among its neighbours."""
        area = self.data.area
        if area.kind == "municipality":
            return self._neighbours()
        refs, title = list(area.members_on(day_within(area.area, self.day))), ""
        instead = self.data.instead_of(area.area, self.day)
        if instead:
            refs = [AreaRef(one) for one in instead]
            title = self._instead_title()
        by_kind: dict[str, list[AreaRef]] = {}
        for ref in refs:
            by_kind.setdefault(ref.kind, []).append(ref)
        return tuple(
            ZoomGroup(
                title or kind_plural(found[0].area.kind),
                tuple(self._row(ref) for ref in found),
                folded=index > 0 and len(found) > MOST_OPEN,
            )
            for index, found in enumerate(by_kind.values())
        )

    def _instead_title(self) -> str:
        area = self.data.area.area
        words = {"area": area.name}
        not_begun = area.valid_from is not None and area.valid_from > self.day
        return (_("There before %(area)s") if not_begun else _("There after %(area)s")) % words

    def _neighbours(self) -> tuple[ZoomGroup, ...]:
        area = self.data.area
        on = day_within(area.area, self.day)
        groups = []
        for membership in area.memberships:
            if membership.member_id != area.pk or not is_valid(membership, on):
                continue
            refs = [r for r in self.data.relations.members_of(membership.container_id, on) if r.kind == area.kind]
            if len(refs) > 1:
                groups.append(ZoomGroup(full_name(membership.container), tuple(self._row(ref) for ref in refs)))
        return tuple(groups)

    def _row(self, ref: AreaRef) -> ZoomRow:
        pairs = [(one, self.data.figures.get((one.pk, ref.pk))) for one in self.indicators]
        found = [figure for _indicator, figure in pairs if figure is not None]
        whose = ""
        if not any(figure.observation.value is not None for figure in found):
            theirs, whose = self._municipalities_of(ref)
            found = theirs or found
        return ZoomRow(
            name=full_name(ref.area),
            url=_url(ref.area, _query(self.data, self.show)),
            note=_note(ref, self.day),
            own=ref.pk == self.data.area.pk,
            cell=figure_view(pairs[0][1], area=ref.area, indicator=self.one) if self.one else None,
            computed=self._computed(ref, pairs[0][1]) if self.one else None,
            level=tally_view(tally(level_light(figure) for figure in _with_values(found)), LEVEL),
            development=tally_view(tally(development_light(figure) for figure in _with_values(found)), DEVELOPMENT),
            whose=whose,
        )

    def _municipalities_of(self, ref: AreaRef) -> tuple[list[Figure], str]:
        """The figures of a cluster's municipalities, and the words that say that they are theirs."""
        if ref.kind not in MADE_OF_MUNICIPALITIES:
            return [], ""
        members = [one for one in self.data.relations.members_of(ref.pk, self.day) if one.kind == "municipality"]
        figures = [
            figure
            for one in self.indicators
            for member in members
            if (figure := self.data.figures.get((one.pk, member.pk))) is not None
        ]
        if not figures:
            return [], ""
        text = ngettext(
            "The lights of its %(count)d municipality", "The lights of its %(count)d municipalities", len(members)
        )
        return figures, text % {"count": len(members)}

    def _computed(self, ref: AreaRef, own: Figure | None) -> Computed | None:
        assert self.one is not None
        parts = self.data.parts_of(ref.area, self.day)
        merged = ref.kind == "region" and bool(parts) and self.data.relations.predecessors_of(ref.pk)
        if own is not None or not (ref.kind in MADE_OF_MUNICIPALITIES or merged):
            return None
        return computed(self.one, ref.area, parts, self.data.figures, self.data.populations)


def _with_values(figures: Iterable[Figure]) -> list[Figure]:
    return [figure for figure in figures if figure.observation.value is not None]


def _note(ref: AreaRef, day: date) -> str:
    parts = (dated(ref.area.valid_from, ref.area.valid_to, day), confirmation_note(ref.confirmation))
    return " · ".join(part for part in parts if part)
