"""Plans as other pages sum them up: where does the plan stand, what moved, what comes next, what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.models import Area
from initiatives.calculations.states import DELAYED, ON_HOLD, POSTPONED
from initiatives.models import Plan, State
from initiatives.presenters.changes import ChangesSummary, changes_since_meeting
from initiatives.presenters.facts import ItemFacts, load_items
from initiatives.presenters.items import ItemUrls, counted_from, first_promise, owners_text, say, say_plainly
from initiatives.presenters.states import StateView, TallyEntry, state_view, tally
from initiatives.presenters.wording import (
    count_word,
    day_text,
    item_word,
    items_word,
    language,
    period_text,
    sentence,
    slip_text,
)
from sundhedsaftale.lib.danish import join_words, number_word

TROUBLED = (POSTPONED, ON_HOLD, DELAYED)
NEXT_MILESTONES = 5


@dataclass(frozen=True, slots=True)
class CauseCount:
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """One item on one line. `planned`, `now` and `slip` are "" where there is nothing to say."""

    number: int
    title: str
    url: str
    state: StateView
    planned: str
    now: str
    slip: str
    say: str
    owners: str


@dataclass(frozen=True, slots=True)
class MilestoneLine:
    item_number: int
    item_title: str
    url: str
    title: str
    when: str
    late: bool


@dataclass(frozen=True, slots=True)
class PlanSummary:
    title: str
    short_title: str
    url: str
    kind: str
    body: str
    item_word: str
    item_word_plural: str
    as_of: date | None
    as_of_text: str
    total: int
    tally: tuple[TallyEntry, ...]
    lead: str
    rest: str
    moved: int
    undated: int
    causes: tuple[CauseCount, ...]
    rows: tuple[SummaryRow, ...]
    next_milestones: tuple[MilestoneLine, ...]
    no_status: int
    no_status_reason: str
    is_example: bool
    changes: ChangesSummary | None = None  # only where the whole plan is summed up


@dataclass(frozen=True, slots=True)
class PlanLine:
    title: str
    url: str
    kind: str
    body: str
    as_of_text: str
    total: int
    is_example: bool
    closed: bool


def plan_summary(plan: Plan, *, today: date) -> PlanSummary:
    """Where the plan stands and what has changed since its last meeting, in five queries. It comes with kind and body."""
    items = load_items(Q(plan=plan, closed_on__isnull=True, track__closed_on__isnull=True))
    urls = ItemUrls(plan.slug)
    return replace(
        summarise(plan, items, today=today),
        rows=tuple(_row(item, urls) for item in items),
        changes=changes_since_meeting(plan, items, today=today),
    )


def summarise(plan: Plan, items: list[ItemFacts], *, today: date) -> PlanSummary:
    """The same from items already fetched, without the rows; those taken out of the plan do not count."""
    urls = ItemUrls(plan.slug)
    counted = [item for item in items if item.closed_on is None]
    as_of = max((item.current.as_of for item in counted if item.current), default=None)
    lead, rest = answer(plan, counted)
    return PlanSummary(
        title=plan.title,
        short_title=plan.short_title or plan.title,
        url=reverse("plan", args=[plan.slug]),
        kind=plan.kind.name,
        body=plan.body.name,
        item_word=item_word(plan.kind),
        item_word_plural=items_word(plan.kind),
        as_of=as_of,
        as_of_text=day_text(as_of),
        total=len(counted),
        tally=tally(item.state for item in counted),
        lead=lead,
        rest=rest,
        moved=sum(item.state in TROUBLED for item in counted),
        undated=sum(item.current.undated for item in counted if item.current),
        causes=causes(counted),
        rows=(),
        next_milestones=next_milestones(counted, urls, today=today),
        no_status=sum(item.current is None for item in counted),
        no_status_reason=plan.no_status_note or _("Nobody has written a status yet."),
        is_example=plan.is_example,
    )


def front_plan() -> Plan | None:
    """The plan of the overview: open, not an example, and the one a status was written in last."""
    return (
        Plan.objects.filter(closed_on__isnull=True, is_example=False)
        .annotate(last_status=Max("items__statuses__as_of"))
        .filter(last_status__isnull=False)
        .select_related("kind", "body", "body__area")
        .order_by("-last_status", "-as_of", "slug")
        .first()
    )


def plans_for_area(area: Area) -> tuple[PlanLine, ...]:
    return plans_for_areas([area.pk])


def plans_for_areas(area_ids: Iterable[int]) -> tuple[PlanLine, ...]:
    """Plans of bodies that stand in one of the areas. One query."""
    return plan_lines(Q(body__area__in=list(area_ids)))


def plan_lines(where: Q | None = None) -> tuple[PlanLine, ...]:
    """Plans on a line each, open ones first and examples last. One query."""
    plans = (
        Plan.objects.filter(where or Q())
        .select_related("kind", "body")
        .annotate(number_of_items=Count("items", filter=Q(items__closed_on__isnull=True)))
    )
    lines = [
        PlanLine(
            title=plan.title,
            url=reverse("plan", args=[plan.slug]),
            kind=plan.kind.name,
            body=plan.body.name,
            as_of_text=day_text(plan.as_of),
            total=plan.number_of_items,
            is_example=plan.is_example,
            closed=plan.closed_on is not None,
        )
        for plan in plans
    ]
    return tuple(sorted(lines, key=lambda line: (line.closed, line.is_example)))


@dataclass(frozen=True, slots=True)
class PlanListPage:
    lead: str
    rest: str
    open: tuple[PlanLine, ...]
    examples: tuple[PlanLine, ...]
    closed: tuple[PlanLine, ...]


def plan_list_page() -> PlanListPage:
    """All plans in three groups. One query."""
    lines = plan_lines()
    standing = tuple(line for line in lines if not line.closed and not line.is_example)
    examples = tuple(line for line in lines if not line.closed and line.is_example)
    words = {"n": number_word(len(standing), language())}
    lead = ngettext("%(n)s plan is open.", "%(n)s plans are open.", len(standing)) % words
    rest = _("Each shows what was promised, by whom, for when, and how often it was moved.")
    return PlanListPage(
        lead=sentence(lead) if standing else _("No plan has been entered yet."),
        rest=rest if standing else "",
        open=standing,
        examples=examples,
        closed=tuple(line for line in lines if line.closed),
    )


def answer(plan: Plan, items: list[ItemFacts]) -> tuple[str, str]:
    """(the bold sentence, the rest): counted from the current statuses, whatever they are."""
    if not items:
        return _("The plan has no %(items)s yet.") % {"items": items_word(plan.kind)}, ""
    troubled = [item for item in items if item.state in TROUBLED]
    if troubled:
        return _trouble(plan, items, troubled)
    words = {"n": count_word(len(items), plan.kind), "items": items_word(plan.kind), "item": item_word(plan.kind)}
    one = len(items) == 1
    if all(item.current is None for item in items):
        text = _("The plan's only %(item)s has no status.") if one else _("None of the %(n)s %(items)s has a status.")
        return sentence(text % words), plan.no_status_note
    text = _("None of the %(n)s %(items)s is delayed, postponed or on hold.")
    if one:
        text = _("The plan's only %(item)s is neither delayed, postponed nor on hold.")
    return sentence(text % words), _breakdown(plan, items)


def _trouble(plan: Plan, items: list[ItemFacts], troubled: list[ItemFacts]) -> tuple[str, str]:
    named = causes(troubled)
    noun = items_word(plan.kind) if len(items) > 1 else item_word(plan.kind)
    words = {"m": count_word(len(items), plan.kind), "items": noun}
    if named and named[0].count > 1:
        words |= {"n": count_word(named[0].count, plan.kind), "cause": named[0].name}
        lead = _("%(n)s of %(m)s %(items)s are hit by %(cause)s.") % words
    else:
        words |= {"n": count_word(len(troubled), plan.kind)}
        lead = ngettext(
            "%(n)s of %(m)s %(items)s is delayed, postponed or on hold.",
            "%(n)s of %(m)s %(items)s are delayed, postponed or on hold.",
            len(troubled),
        )
        lead = lead % words
    undated = [item for item in troubled if item.current and item.current.undated]
    rest = _breakdown(plan, troubled)
    if undated:
        text = ngettext("%(n)s of them has no new date.", "%(n)s of them have no new date.", len(undated))
        rest += " " + sentence(text % {"n": count_word(len(undated), plan.kind)})
    return sentence(lead), rest


def _breakdown(plan: Plan, items: list[ItemFacts]) -> str:
    """ "Three are postponed, one is on hold, and one is delayed.": the most frequent first."""
    counts = Counter(item.state for item in items)
    parts = []
    for state, number in sorted(counts.items(), key=lambda pair: -pair[1]):
        word = str(State(state).label).lower() if state else _("without a status")
        text = ngettext("%(n)s is %(state)s", "%(n)s are %(state)s", number)
        parts.append(text % {"n": count_word(number, plan.kind), "state": word})
    return sentence(join_words(parts, language())) + "."


def causes(items: list[ItemFacts]) -> tuple[CauseCount, ...]:
    """Why items are late, moved or paused now, the most frequent first."""
    named = Counter(item.current.cause_name for item in items if item.current and item.state in TROUBLED)
    named.pop("", None)
    return tuple(CauseCount(name, count) for name, count in named.most_common())


def next_milestones(items: list[ItemFacts], urls: ItemUrls, *, today: date) -> tuple[MilestoneLine, ...]:
    """Not reached, the earliest first: what should have been there already comes before what is to come."""
    ahead = [
        (milestone.period.last_day, item, milestone)
        for item in items
        if item.is_open
        for milestone in item.milestones
        if milestone.reached_on is None and milestone.period.last_day is not None
    ]
    ahead.sort(key=lambda row: (row[0], row[1].position))
    return tuple(
        MilestoneLine(
            item_number=item.number,
            item_title=item.title,
            url=urls.item(item.number),
            title=milestone.title,
            when=period_text(milestone.period),
            late=last_day < today,
        )
        for last_day, item, milestone in ahead[:NEXT_MILESTONES]
        if last_day is not None
    )


def _row(item: ItemFacts, urls: ItemUrls) -> SummaryRow:
    current = item.current
    promise = first_promise(item)
    return SummaryRow(
        number=item.number,
        title=item.title,
        url=urls.item(item.number),
        state=state_view(item.state, undated=bool(current and current.undated)),
        planned=period_text(promise),
        now=period_text(current.due) if current and current.due != promise else "",
        slip=slip_text(counted_from(item), current.due) if current else "",
        say=say_plainly(say(item)),
        owners=owners_text(item),
    )
