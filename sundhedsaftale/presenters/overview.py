"""The overview: where do we stand. One plan, a handful of figures, what to decide, and what nobody knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from indicators.calculations.lights import NoLight
from indicators.models import PublishedCount
from initiatives.calculations.states import DELAYED
from initiatives.models import Plan
from initiatives.presenters.plans import TROUBLED, PlanSummary, SummaryRow, plan_summary
from sundhedsaftale.lib.danish import number_word
from sundhedsaftale.presenters.columns import Columns, columns_for
from sundhedsaftale.presenters.figure_tables import (
    FigureTable,
    TallyView,
    figure_table,
    key_indicators,
    published_tally,
)
from sundhedsaftale.presenters.frame import AreaInView
from sundhedsaftale.presenters.sentences import level_sentence
from sundhedsaftale.presenters.work import EvidenceCount, evidence_near, plans_near

MOST_DECISIONS = 4
MOST_ROWS = 10  # of the plan's items: the page is to be read in two minutes and printed on one sheet
SILENCE = timedelta(days=90)  # a status older than this is a gap worth naming


@dataclass(frozen=True)
class Entry:
    """One thing to decide, or one thing nobody knows."""

    title: str
    text: str
    url: str = ""
    link: str = ""


@dataclass(frozen=True)
class OtherPlan:
    title: str
    url: str
    body: str
    is_example: bool


@dataclass(frozen=True)
class NationalLine:
    name: str
    url: str
    lights: TallyView


@dataclass(frozen=True)
class Overview:
    title: str
    lead: str
    rest: str
    as_of: str
    plan: PlanSummary | None
    rows: tuple[SummaryRow, ...]  # the plan's items; of a long plan those moved or held up first
    rows_left_out: int
    tally_title: str  # "Seven items"
    plan_area: str  # whose plan it is, when that is another area than the chosen one
    other_plans: tuple[OtherPlan, ...]
    figures: FigureTable
    national: tuple[NationalLine, ...]  # the report's own count by goal; only for the whole country
    level_period: str
    decide: tuple[Entry, ...]
    more_to_decide: int
    unknown: tuple[Entry, ...]
    age: str


def overview(area: AreaInView, *, today: date, query: str = "") -> Overview:
    """Nine queries: plans 1, the plan's summary 5, figures 2, initiatives or the national count 1."""
    plans = plans_near(area, today=today)
    main = next((plan for plan in plans if not plan.is_example), None)
    summary = plan_summary(main, today=today) if main else None
    columns = columns_for(area)
    figures = figure_table(key_indicators(main, columns), columns, area.country, query)
    national, national_says = _national_count() if area.is_country else ((), "")
    evidence = None if area.is_country else evidence_near(area.nearby_pks)
    decide = _to_decide(summary) if summary else []
    plan_area = _whose(main, area)
    return Overview(
        title=_("%(area)s in two minutes") % {"area": area.name},
        lead=_lead(summary, plan_area, area),
        rest=national_says or level_sentence(figures, columns, area),
        as_of=_as_of(summary, figures),
        plan=summary,
        rows=(rows := _rows(summary) if summary else ()),
        rows_left_out=len(summary.rows) - len(rows) if summary else 0,
        tally_title=_tally_title(summary) if summary else "",
        plan_area=plan_area,
        other_plans=tuple(
            OtherPlan(
                plan.short_title or plan.title, reverse("plan", args=[plan.slug]), plan.body.name, plan.is_example
            )
            for plan in plans
            if plan is not main
        ),
        figures=figures,
        national=national,
        level_period=_period_words(figures),
        decide=tuple(decide[:MOST_DECISIONS]),
        more_to_decide=max(0, len(decide) - MOST_DECISIONS),
        unknown=tuple(_unknown(area, summary, figures, columns, evidence, today)),
        age=figures.age,
    )


def _lead(summary: PlanSummary | None, plan_area: str, area: AreaInView) -> str:
    """The plan's own sentence; whose plan it is stands in front when it is another area's than the chosen one."""
    if summary is None:
        return _("No plan has been entered for %(area)s.") % {"area": area.name}
    if not plan_area:
        return summary.lead
    return _("%(area)s: %(sentence)s") % {"area": plan_area, "sentence": summary.lead[:1].lower() + summary.lead[1:]}


def _rows(summary: PlanSummary) -> tuple[SummaryRow, ...]:
    """All items in the plan's order; of a long plan the troubled ones and then the others, still in its order."""
    if len(summary.rows) <= MOST_ROWS:
        return summary.rows
    troubled_first = sorted(summary.rows, key=lambda row: row.state.code not in TROUBLED)
    shown = {row.number for row in troubled_first[:MOST_ROWS]}
    return tuple(row for row in summary.rows if row.number in shown)


def _tally_title(summary: PlanSummary) -> str:
    number = number_word(summary.total, get_language() or "da", neuter=True)
    return f"{number[:1].upper()}{number[1:]} {summary.item_word_plural}"


def _national_count() -> tuple[tuple[NationalLine, ...], str]:
    """The report's own count for the whole country, newest edition, by goal and in a sentence. One query."""
    counts = list(PublishedCount.objects.select_related("goal").order_by("-edition_slug", "goal__number"))
    newest = [count for count in counts if count.edition_slug == counts[0].edition_slug]
    lines = tuple(
        NationalLine(
            f"{count.goal.number}. {count.goal.name}", reverse("goal", args=[count.goal.slug]), published_tally(count)
        )
        for count in newest
        if count.goal is not None
    )
    total = next((count for count in newest if count.goal is None), None)
    if total is None:
        return lines, ""
    words = {"green": total.green, "counted": total.counted, "yellow": total.yellow, "red": total.red}
    return lines, _(
        "In the national goals %(green)d of %(counted)d indicators improve, %(yellow)d are unchanged and %(red)d worsen."
    ) % words


def _as_of(summary: PlanSummary | None, figures: FigureTable) -> str:
    parts = []
    if summary and summary.as_of_text:
        parts.append(_("The plan: status as of %(day)s.") % {"day": summary.as_of_text})
    if figures.age:
        parts.append(figures.age)
    return " ".join(parts)


def _whose(plan: Plan | None, area: AreaInView) -> str:
    if plan is None or plan.body.area is None or plan.body.area_id == area.pk:
        return ""
    return plan.body.area.official_name or plan.body.area.name


def _period_words(figures: FigureTable) -> str:
    if figures.period:
        return _("Level in %(period)s beside the whole country.") % {"period": figures.period}
    return _("Level at the newest measurement beside the whole country.")


# --- What to decide ---------------------------------------------------------------------------------------------------


def _to_decide(summary: PlanSummary) -> list[Entry]:
    """Moved or paused without a new date first, then late without a deadline, then milestones, late ones first."""
    rows = {row.number: row for row in summary.rows}
    undated = [row for row in summary.rows if row.state.undated]
    late = [row for row in summary.rows if row.state.code == DELAYED and not row.now and not row.planned]
    entries = [_undated(row, only=len(undated) == 1) for row in undated]
    entries += [_late(row, summary) for row in late]
    named = {row.number for row in (*undated, *late)}
    for milestone in summary.next_milestones:
        if milestone.item_number in named or milestone.item_number not in rows:
            continue
        words = {"title": milestone.title, "when": milestone.when}
        text = (
            _("The milestone “%(title)s” was due %(when)s. Nobody has written whether it was reached.") % words
            if milestone.late
            else _("The milestone “%(title)s” is due %(when)s.") % words
        )
        entries.append(_entry(rows[milestone.item_number], rows[milestone.item_number].title, text))
        named.add(milestone.item_number)
    return entries


def _entry(row: SummaryRow, title: str, text: str) -> Entry:
    return Entry(title, text, row.url, _("See item %(number)d") % {"number": row.number})


def _undated(row: SummaryRow, *, only: bool) -> Entry:
    title = _("%(title)s: a new date, or give up?") % {"title": row.title.rstrip("?. ")}
    state = row.state.word.lower()
    text = (
        _("The only item that is %(state)s without a new date.") % {"state": state}
        if only
        else _("The item is %(state)s, and nobody has set a new date.") % {"state": state}
    )
    return _entry(row, title, text)


def _late(row: SummaryRow, summary: PlanSummary) -> Entry:
    title = _("%(title)s: when will it be in place?") % {"title": row.title.rstrip("?. ")}
    text = _("The item is delayed, and no deadline has been set.")
    following = next((line for line in summary.next_milestones if line.item_number == row.number), None)
    if following is not None:
        text += " " + (
            _("“%(title)s” was due %(when)s.") if following.late else _("Ask for one before %(when)s: %(title)s.")
        ) % {"title": following.title, "when": following.when}
    return _entry(row, title, text)


# --- What nobody knows ------------------------------------------------------------------------------------------------


def _unknown(
    area: AreaInView,
    summary: PlanSummary | None,
    figures: FigureTable,
    columns: Columns,
    evidence: EvidenceCount | None,
    today: date,
) -> list[Entry]:
    found = [
        _works(evidence),
        _development(figures),
        _own_figure(area, columns),
        _silence(summary, today),
        _undated_promises(summary),
        _no_status(summary),
    ]
    return [entry for entry in found if entry is not None]


def _works(evidence: EvidenceCount | None) -> Entry | None:
    if evidence is None or not evidence.no_effect_shown:
        return None
    words = {"weak": evidence.no_effect_shown, "all": evidence.initiatives, "none": evidence.without_result}
    text = _("%(weak)d of %(all)d initiatives have no result that can show an effect.") % words
    if evidence.without_result:
        text += (
            " "
            + ngettext(
                "%(none)d has no result at all yet.", "%(none)d have no result at all yet.", evidence.without_result
            )
            % words
        )
    return Entry(_("What works"), text, reverse("initiative_list"), _("See the initiatives"))


def _development(figures: FigureTable) -> Entry | None:
    """When no figure in the table has a development light, the reasons are named once here and not in every cell."""
    cells = [cell for row in figures.rows for cell in row.cells if cell.text]
    dark = [cell for cell in cells if cell.development.none]
    if not dark:
        return None
    missing = [cell for cell in dark if cell.development.reason_code == NoLight.PREVIOUS_MISSING]
    if len(dark) == len(cells) and len(missing) == len(dark):
        text = _("The figures of the period before are not held, so development cannot be counted.")
    else:
        text = _("%(dark)d of %(all)d figures above have no development light. Their pages say why.") % {
            "dark": len(dark),
            "all": len(cells),
        }
    return Entry(_("Whether it gets better or worse"), text)


def _own_figure(area: AreaInView, columns: Columns) -> Entry | None:
    if area.pk in {ref.pk for ref in columns.shown} or area.is_country:
        return None
    words = {"kind": area.kind_name.lower()}
    return Entry(
        _("One figure for the whole %(kind)s") % words,
        _("There is no official figure for it. A mean of adjusted figures would be wrong."),
    )


def _silence(summary: PlanSummary | None, today: date) -> Entry | None:
    if summary is None or summary.as_of is None or today - summary.as_of < SILENCE:
        return None
    return Entry(
        _("What has happened since"), _("No status has been written after %(day)s.") % {"day": summary.as_of_text}
    )


def _undated_promises(summary: PlanSummary | None) -> Entry | None:
    if summary is None:
        return None
    without = sum(not row.planned for row in summary.rows)
    if not without:
        return None
    language = get_language() or "da"
    text = ngettext(
        "%(n)s of %(all)s items has no date in the plan.", "%(n)s of %(all)s items have no date in the plan.", without
    ) % {"n": number_word(without, language, neuter=True), "all": number_word(summary.total, language)}
    return Entry(_("When it was promised"), text[:1].upper() + text[1:])


def _no_status(summary: PlanSummary | None) -> Entry | None:
    if summary is None or not summary.no_status:
        return None
    return Entry(_("What became of the items without a status"), summary.no_status_reason)
