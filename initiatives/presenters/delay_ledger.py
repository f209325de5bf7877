"""The delays of one plan or of all: how often, how far, why and whose; a picture by quarter and a table for each view."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.charts import rendering
from indicators.charts.base import NARROW, WIDE
from initiatives.calculations import delays
from initiatives.calculations.delays import CountedMove, ItemNow, MovesTotal, StandTotal
from initiatives.charts.postponements import MOST_PARTS, QuarterBar
from initiatives.charts.postponements import postponements as draw
from initiatives.presenters.delay_facts import DelayFacts, ItemRow
from initiatives.presenters.states import StateView, state_view
from initiatives.presenters.wording import Cell, language, period_text, sentence
from sundhedsaftale.lib.danish import NBSP, join_words, number_word, sort_key
from sundhedsaftale.lib.periods import format_period
from sundhedsaftale.lib.periods.model import quarter_period

MOST_QUARTERS = 16
KEEP_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class ItemLine:
    title: str
    url: str
    plan_title: str
    plan_url: str
    owners: Cell
    times: Cell
    slip: Cell
    causes: Cell
    state: StateView
    now: Cell
    awaiting: Cell


@dataclass(frozen=True, slots=True)
class GroupLine:
    """An owner, a plan, a cause or a quarter with its figures; `stand` columns are empty where they have no meaning."""

    name: str
    url: str
    items: str
    times: str
    slip: Cell
    undated: str
    awaiting: str
    causes: str


@dataclass(frozen=True, slots=True)
class QuarterChart:
    """`say` is the sentence over the picture; `left_out` says which quarters only the table has."""

    say: str
    picture: rendering.Picture
    left_out: str


@dataclass(frozen=True, slots=True)
class Ledger:
    lead: str
    rest: str
    moved: int
    total: MovesTotal
    chart: QuarterChart | None
    quarters: tuple[GroupLine, ...]
    items: tuple[ItemLine, ...]
    owners: tuple[GroupLine, ...]
    owners_note: str
    causes: tuple[GroupLine, ...]
    plans: tuple[GroupLine, ...]
    whole: GroupLine


Count = Callable[[int], str]


def ledger(
    facts: DelayFacts, items: Sequence[ItemRow], moves: Sequence[CountedMove], *, count: Count, nouns: tuple[str, str]
) -> Ledger:
    """The page's figures over these items and these of their moves. `count` says a number in words, as the plan does.

    `nouns`: what one of the plan's rows is called, and several.
    """
    whole, stand = delays.total_of(moves), delays.stand_of(item.now for item in items)
    lead, rest = _answer(whole, stand, count, nouns)
    names = {pk: body.name for pk, body in facts.bodies.items()}
    plan_titles = {item.now.plan: item.plan_title for item in items}
    plan_urls = {item.now.plan: reverse("plan_delays", args=[item.plan_slug]) for item in items}
    nows = [item.now for item in items]
    by_owner = delays.by_group(moves, delays.of_owners)
    owners_stand = delays.stands_by_group(nows, delays.of_owners)
    plans_stand = delays.stands_by_group(nows, lambda now: (now.plan,))
    return Ledger(
        lead=lead,
        rest=rest,
        moved=whole.items,
        total=whole,
        chart=_chart(moves, facts.causes),
        quarters=_quarter_lines(moves, facts.causes),
        items=_item_lines(facts, items, moves),
        owners=_stand_lines(by_owner, owners_stand, names | {None: _("No owner")}, {}, facts.causes),
        owners_note=_owners_note(moves),
        causes=_cause_lines(moves, facts.causes),
        plans=_stand_lines(delays.by_group(moves, delays.of_plan), plans_stand, plan_titles, plan_urls, facts.causes),
        whole=_group_line(_("In all"), "", whole, stand, facts.causes),
    )


# --- The answer -------------------------------------------------------------------------------------------------------


def _answer(whole: MovesTotal, stand: StandTotal, count: Count, nouns: tuple[str, str]) -> tuple[str, str]:
    one, many = nouns
    if not stand.items:
        return _("There are no %(items)s to count.") % {"items": many}, ""
    words = {"n": count(whole.items), "m": count(stand.items), "items": one if stand.items == 1 else many}
    if not whole.times:
        text = _("None of %(m)s %(items)s has been postponed.")
        if stand.items == 1:
            text = _("The only %(items)s has not been postponed.")
        return sentence(text % words), " ".join(_now_sentences(stand, count))
    words["times"] = ngettext("%(n)s time", "%(n)s times", whole.times) % {
        "n": number_word(whole.times, language(), neuter=False)
    }
    lead = sentence(_moved_text(whole.items, stand.items) % words)
    return lead, " ".join([_slip_sentence(whole), *_now_sentences(stand, count)])


def _moved_text(moved: int, items: int) -> str:
    if items == 1:
        return _("The only %(items)s has been postponed, %(times)s in all.")
    if moved == items:
        return _("All %(m)s %(items)s have been postponed, %(times)s in all.")
    return ngettext(
        "%(n)s of %(m)s %(items)s has been postponed, %(times)s in all.",
        "%(n)s of %(m)s %(items)s have been postponed, %(times)s in all.",
        moved,
    )


def _slip_sentence(whole: MovesTotal) -> str:
    known = whole.times - whole.unknown_slip
    if not known:
        return _("How far cannot be counted yet: no new date is named.")
    quarters = ngettext("%(count)d quarter", "%(count)d quarters", whole.slip) % {"count": whole.slip}
    text = _("Together that is up to %(slip)s.") if whole.at_most else _("Together that is %(slip)s.")
    return text % {"slip": quarters}


def _now_sentences(stand: StandTotal, count: Count) -> list[str]:
    found = []
    if stand.undated:
        text = ngettext("%(n)s has no new date.", "%(n)s have no new date.", stand.undated)
        found.append(sentence(text % {"n": count(stand.undated)}))
    if stand.awaiting:
        text = ngettext("%(n)s awaits others.", "%(n)s await others.", stand.awaiting)
        found.append(sentence(text % {"n": count(stand.awaiting)}))
    return found


# --- Tables -----------------------------------------------------------------------------------------------------------


def _slip_cell(total: MovesTotal) -> Cell:
    if not total.times:
        return Cell(blank=_("not postponed"))
    if total.unknown_slip == total.times:
        return Cell(blank=_("no new date to count to"))
    words = ngettext("%(count)d quarter", "%(count)d quarters", total.slip) % {"count": total.slip}
    return Cell(_("up to %(slip)s") % {"slip": words} if total.at_most else words)


def _cause_words(by_cause: Mapping[str, int], names: Mapping[str, str]) -> str:
    """ "COVID-19 (3) and Staffing (1)"; a single one without its number."""
    rows = [(names.get(code) or _("no cause named"), number) for code, number in by_cause.items()]
    if len(rows) == 1:
        return rows[0][0]
    return join_words((f"{name}{NBSP}({number})" for name, number in rows), language())


def _group_line(
    name: str, url: str, total: MovesTotal, stand: StandTotal | None, causes: Mapping[str, str]
) -> GroupLine:
    return GroupLine(
        name=name,
        url=url,
        items=str(total.items),
        times=str(total.times),
        slip=_slip_cell(total),
        undated=str(stand.undated if stand else total.without_new_date),
        awaiting=str(stand.awaiting) if stand else "",
        causes=_cause_words(total.by_cause, causes) if total.times else "",
    )


def _stand_lines(
    totals: Mapping[Hashable, MovesTotal],
    stands: Mapping[Hashable, StandTotal],
    names: Mapping[Hashable, str],
    urls: Mapping[Hashable, str],
    causes: Mapping[str, str],
) -> tuple[GroupLine, ...]:
    """Those with something to tell, the most often postponed first."""
    told = [
        key for key in dict.fromkeys([*totals, *stands]) if key in totals or stands[key].undated or stands[key].awaiting
    ]
    told.sort(key=lambda key: (-totals.get(key, _NOTHING).times, key is None, sort_key(names.get(key, ""))))
    return tuple(
        _group_line(names.get(key, ""), urls.get(key, ""), totals.get(key, _NOTHING), stands.get(key), causes)
        for key in told
    )


_NOTHING = MovesTotal()


def _cause_lines(moves: Sequence[CountedMove], causes: Mapping[str, str]) -> tuple[GroupLine, ...]:
    totals = delays.by_group(moves, delays.of_cause)
    ordered = sorted(totals.items(), key=lambda pair: (-pair[1].times, pair[0] == "", str(pair[0])))
    return tuple(
        _group_line(causes.get(str(code)) or _("No cause named"), "", total, None, causes) for code, total in ordered
    )


def _quarter_lines(moves: Sequence[CountedMove], causes: Mapping[str, str]) -> tuple[GroupLine, ...]:
    totals = delays.by_group(moves, delays.of_quarter)
    return tuple(
        _group_line(quarter_text(quarter), "", totals[quarter], None, causes) for quarter in sorted(totals, key=_plain)
    )


def _plain(quarter: Hashable) -> tuple[int, int]:
    return quarter  # type: ignore[return-value]  # groups of `of_quarter` are (year, quarter)


def quarter_text(quarter: Hashable) -> str:
    return format_period(quarter_period(*_plain(quarter)), language=language())


def _owners_note(moves: Sequence[CountedMove]) -> str:
    more = delays.counted_more_than_once(moves)
    if not more:
        return _("Every postponement has one owner, so the figures add up to the total.")
    shared = sum(len(set(counted.move.owners)) > 1 for counted in moves)
    text = ngettext(
        "%(n)d postponement has several owners and counts for each of them. The figures together are %(more)d larger "
        "than the total.",
        "%(n)d postponements have several owners and count for each of them. The figures together are %(more)d larger "
        "than the total.",
        shared,
    )
    return text % {"n": shared, "more": more}


def _item_lines(facts: DelayFacts, items: Sequence[ItemRow], moves: Sequence[CountedMove]) -> tuple[ItemLine, ...]:
    """Items that were moved, have no date or await others; the most often and the furthest moved first."""
    totals = delays.by_group(moves, delays.of_item)
    told = [
        item for item in items if item.pk in totals or item.now.undated or delays.awaits_others(item.now)
    ]  # in the order of the plan, which sorting keeps among equals
    told.sort(key=lambda item: (-totals.get(item.pk, _NOTHING).times, -totals.get(item.pk, _NOTHING).slip))
    return tuple(_item_line(facts, item, totals.get(item.pk, _NOTHING)) for item in told)


def _item_line(facts: DelayFacts, item: ItemRow, total: MovesTotal) -> ItemLine:
    owners = join_words((facts.bodies[pk].name for pk in item.owners), language())
    return ItemLine(
        title=f"{item.number}. {item.title}",
        url=reverse("item", args=[item.plan_slug, item.number]),
        plan_title=item.plan_title,
        plan_url=reverse("plan_delays", args=[item.plan_slug]),
        owners=Cell(owners, _("no owner named")),
        times=Cell(ngettext("%(n)d time", "%(n)d times", total.times) % {"n": total.times} if total.times else "",
                   _("not postponed")),
        slip=_slip_cell(total),
        causes=Cell(_cause_words(total.by_cause, facts.causes) if total.times else "", _("not postponed")),
        state=state_view(item.state, undated=item.now.undated),
        now=Cell(period_text(item.due), _("no new date") if item.now.undated else _("no date")),
        awaiting=_awaiting_cell(item.now),
    )  # fmt: skip


def _awaiting_cell(now: ItemNow) -> Cell:
    if not now.is_open:
        return Cell(blank=_("closed"))
    if not delays.awaits_others(now):
        return Cell(blank=_("nothing says so"))
    if now.cause == "legislation":
        return Cell(_("legislation"))
    return Cell(_("the health reform"))


# --- The picture ------------------------------------------------------------------------------------------------------


def _chart(moves: Sequence[CountedMove], causes: Mapping[str, str]) -> QuarterChart | None:
    totals = delays.by_group(moves, delays.of_quarter)
    if not totals:
        return None
    found = sorted(_plain(quarter) for quarter in totals)
    quarters = delays.quarters_through(found[0], found[-1])
    shown = quarters[-MOST_QUARTERS:]
    codes = list(delays.total_of(moves).by_cause)
    own = codes if len(codes) <= MOST_PARTS else codes[: MOST_PARTS - 1]
    rest = [code for code in codes if code not in own]
    words = [causes.get(code) or _("No cause named") for code in own] + ([_("Other causes")] if rest else [])
    bars = [_bar(quarter, totals.get(quarter, _NOTHING), own, rest) for quarter in shown]
    wide, narrow = (draw(bars, words, size=size, language=language()) for size in (WIDE, NARROW))
    say = _most_sentence(totals)
    picture = rendering.figure(
        wide,
        narrow,
        chart_id="forsinkelser-tegning",
        title=_("Postponements by quarter and cause"),
        description=say,
        keep_seconds=KEEP_SECONDS,
    )
    return QuarterChart(say, picture, _left_out(quarters, shown))


def _bar(quarter: tuple[int, int], total: MovesTotal, own: list[str], rest: list[str]) -> QuarterBar:
    parts = [total.by_cause.get(code, 0) for code in own]
    if rest:
        parts.append(sum(total.by_cause.get(code, 0) for code in rest))
    return QuarterBar(quarter_text(quarter), tuple(parts), str(total.times))


def _most_sentence(totals: Mapping[Hashable, MovesTotal]) -> str:
    most = max(totals.values(), key=lambda total: total.times).times
    where = [quarter_text(quarter) for quarter in sorted(totals, key=_plain) if totals[quarter].times == most]
    number = number_word(most, language(), neuter=False)
    if len(totals) == 1:
        text = ngettext("%(n)s postponement was decided, in %(when)s.", "All %(n)s were decided in %(when)s.", most)
        return sentence(text % {"n": number, "when": where[0]})
    if len(where) > 1:
        text = ngettext(
            "%(count)d quarters have the most: %(n)s postponement each.",
            "%(count)d quarters have the most: %(n)s postponements each.",
            most,
        )
        return text % {"count": len(where), "n": number}
    text = ngettext(
        "Most were decided in %(when)s: %(n)s postponement.",
        "Most were decided in %(when)s: %(n)s postponements.",
        most,
    )
    return text % {"when": where[0], "n": number}


def _left_out(quarters: Sequence[tuple[int, int]], shown: Sequence[tuple[int, int]]) -> str:
    if len(quarters) == len(shown):
        return ""
    words = {"count": len(shown), "first": quarter_text(quarters[0])}
    return _("The picture shows the last %(count)d quarters. The table goes back to %(first)s.") % words
