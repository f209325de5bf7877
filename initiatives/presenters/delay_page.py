"""The two pages of delays: one plan's, and all plans' with a filter in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.translation import gettext as _

from initiatives.calculations import delays
from initiatives.calculations.delays import CountedMove
from initiatives.models import Plan
from initiatives.presenters.delay_facts import DelayFacts, ItemRow, load_delays
from initiatives.presenters.delay_ledger import Ledger, ledger
from initiatives.presenters.initiative_list import Choice, ChoiceGroup
from initiatives.presenters.wording import count_word, item_word, items_word, language
from sundhedsaftale.lib.danish import number_word, sort_key

BODY, PLAN, YEAR = "ansvarlig", "plan", "aar"
LONGEST_REPEATED = 60


@dataclass(frozen=True, slots=True)
class PlanDelays:
    slug: str
    plan_title: str
    ledger: Ledger


@dataclass(frozen=True, slots=True)
class AllDelays:
    """`notes` say what is not counted."""

    ledger: Ledger
    bodies: list[ChoiceGroup]
    plans: list[ChoiceGroup]
    years: list[ChoiceGroup]
    unknown: tuple[str, ...]
    wishes: tuple[str, ...]
    query: str
    notes: tuple[str, ...]


def plan_delays(plan: Plan) -> PlanDelays:
    """Four queries; the plan comes with its kind."""
    facts = load_delays(Q(plan=plan))
    counted = delays.count_moves(facts.moves)
    found = ledger(
        facts,
        facts.items,
        counted,
        count=lambda number: count_word(number, plan.kind),
        nouns=(item_word(plan.kind), items_word(plan.kind)),
    )
    return PlanDelays(plan.slug, plan.short_title or plan.title, found)


def all_delays(query: Mapping[str, str]) -> AllDelays:
    """Four queries. Example plans count only when one of them is asked for by name."""
    facts = load_delays(Q())
    counted = delays.count_moves(facts.moves)
    lists = _lists(facts, counted)
    chosen, unknown = _read(query, lists)
    items, moves = _chosen(facts, counted, chosen)
    found = ledger(
        facts,
        items,
        moves,
        count=lambda number: number_word(number, language(), neuter=True),
        nouns=(_("item"), _("items")),
    )
    groups = {name: _group(rows, chosen.get(name, "")) for name, rows in lists.items()}
    return AllDelays(
        ledger=found,
        bodies=groups[BODY],
        plans=groups[PLAN],
        years=groups[YEAR],
        unknown=unknown,
        wishes=tuple(choice.label for name in lists for group in groups[name] for choice in group.choices
                     if choice.selected),
        query=f"?{urlencode(chosen)}" if chosen else "",
        notes=_notes(facts, chosen),
    )  # fmt: skip


def _lists(facts: DelayFacts, counted: Sequence[CountedMove]) -> dict[str, list[tuple[str, str]]]:
    bodies = sorted(facts.bodies.values(), key=lambda body: (body.sort_key, body.slug))
    titles = {item.plan_slug: (item.plan_is_example, item.plan_title) for item in facts.items}
    plans = sorted(titles.items(), key=lambda pair: (pair[1][0], sort_key(pair[1][1]), pair[0]))
    years = sorted({str(one.move.decided_on.year) for one in counted}, reverse=True)
    return {
        BODY: [(body.slug, body.name) for body in bodies],
        PLAN: [(slug, title) for slug, (_example, title) in plans],
        YEAR: [(year, year) for year in years],
    }


def _read(query: Mapping[str, str], lists: dict[str, list[tuple[str, str]]]) -> tuple[dict[str, str], tuple[str, ...]]:
    """(what was asked for and is there, what is not)."""
    chosen, unknown = {}, []
    for name, rows in lists.items():
        value = query.get(name, "").strip()
        if value and value in {choice for choice, _label in rows}:
            chosen[name] = value
        elif value:
            unknown.append(value[:LONGEST_REPEATED])
    return chosen, tuple(unknown)


def _chosen(
    facts: DelayFacts, counted: Sequence[CountedMove], chosen: Mapping[str, str]
) -> tuple[list[ItemRow], list[CountedMove]]:
    """A body means the items it carries; a year means what was decided in it, and the items that was decided about."""
    items = [item for item in facts.items if _is_wanted(item, facts, chosen)]
    pks = {item.pk for item in items}
    moves = [one for one in counted if one.move.item in pks]
    if YEAR in chosen:
        moves = [one for one in moves if str(one.move.decided_on.year) == chosen[YEAR]]
        moved = {one.move.item for one in moves}
        items = [item for item in items if item.pk in moved]
    return items, moves


def _is_wanted(item: ItemRow, facts: DelayFacts, chosen: Mapping[str, str]) -> bool:
    if PLAN in chosen:
        if item.plan_slug != chosen[PLAN]:
            return False
    elif item.plan_is_example:
        return False
    return BODY not in chosen or any(facts.bodies[pk].slug == chosen[BODY] for pk in item.owners)


def _notes(facts: DelayFacts, chosen: Mapping[str, str]) -> tuple[str, ...]:
    notes = []
    if PLAN not in chosen and any(item.plan_is_example for item in facts.items):
        notes.append(_("Example plans are counted only when you choose one."))
    if YEAR in chosen:
        notes.append(_("Only items that were postponed in %(year)s are counted.") % {"year": chosen[YEAR]})
    return tuple(notes)


def _group(rows: list[tuple[str, str]], selected: str) -> list[ChoiceGroup]:
    return [ChoiceGroup("", [Choice(value, label, value == selected) for value, label in rows])]
