"""The page of a pasted text: what was read of it, every place that had to be read in a certain way, and what is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from indicators.calculations.figure_rows import Rejected
from indicators.calculations.report_headings import MUNICIPALITIES, REGIONS
from indicators.calculations.report_names import ReportFacts
from indicators.calculations.report_tables import ReadFigure, ReadReport
from indicators.forms.pasted_tables import ChoicesForm, choices_initial
from indicators.models import TableUpload
from indicators.presenters.data_runs import number
from indicators.presenters.figures import blank_word, flag_word, join_unit, number_text, period_label
from indicators.presenters.report_traps import TrapGroup, trap_groups
from indicators.presenters.table_upload import about_upload, form_errors, sent_url
from indicators.refresh.pasted import PastedLook
from indicators.refresh.refusals import refusal_sentence

MOST_FIGURES = 30
MOST_REFUSED = 100


@dataclass(frozen=True)
class FigureLine:
    """Either `text` is filled or `blank` is, and then `note` begins with the reason. place: the table and its line."""

    indicator: str
    area: str
    period: str
    text: str
    blank: str
    note: str
    place: str


@dataclass(frozen=True)
class RefusedLine:
    place: str
    reason: str


@dataclass(frozen=True)
class PastePage:
    """read: what came out of the text, as (name, words). deciding and harmless: the traps. unknown: names of areas nobody
    has explained. problem: why the text cannot be read at all. send_url: "" when it would be refused."""

    source: str
    about: str
    sent: str
    problem: str
    lead: str
    read: tuple[tuple[str, str], ...]
    figures: tuple[FigureLine, ...]
    more_figures: str
    deciding: tuple[TrapGroup, ...]
    harmless: tuple[TrapGroup, ...]
    refused: tuple[RefusedLine, ...]
    more_refused: str
    unknown: tuple[str, ...]
    form: ChoicesForm
    errors: tuple[dict[str, str], ...]
    action: str
    send_url: str
    seen: str
    again_url: str


def choices_form(look: PastedLook, data: Any = None) -> ChoicesForm:
    """Asks nothing: the goals are those of the indicators that were fetched already."""
    frameworks = {one.goal.framework.slug: one.goal.framework for one in look.known.indicators}
    named = sorted(frameworks.values(), key=lambda one: (one.position, one.slug))
    return ChoicesForm(data, frameworks=[(one.slug, one.name) for one in named], initial=choices_initial(look.mapping))


def paste_page(upload: TableUpload, look: PastedLook, form: ChoicesForm) -> PastePage:
    """No query. `upload` as `table_upload.looked_at` gives it."""
    found = look.pasted
    report, facts = (found.report, found.facts) if found is not None else (ReadReport(), None)
    groups = trap_groups(report.traps)
    figures = list(report.figures.values()) if facts is not None else []
    return PastePage(
        source=upload.source.title,
        about=about_upload(upload),
        sent=sent_url(upload),
        problem=look.problem,
        lead=_lead(report) if found is not None else "",
        read=tuple(_read(report, facts)) if facts is not None else (),
        figures=tuple(_figure(one, facts) for one in figures[:MOST_FIGURES]) if facts is not None else (),
        more_figures=_more_figures(len(figures)),
        deciding=tuple(group for group in groups if group.decides),
        harmless=tuple(group for group in groups if not group.decides),
        refused=tuple(_refused(one) for one in report.rejected[:MOST_REFUSED]),
        more_refused=_more_refused(len(report.rejected)),
        unknown=tuple(report.unknown),
        form=form,
        errors=form_errors(form),
        action=reverse("paste_preview", args=[upload.token]),
        send_url=reverse("paste_send", args=[upload.token]) if look.can_be_sent else "",
        seen=look.seen,
        again_url=f"{reverse('paste_start')}?kilde={upload.source.name}",
    )


def _lead(report: ReadReport) -> str:
    if not report.rejected:
        count = len(report.figures)
        return ngettext("%(count)s figure was read.", "%(count)s figures were read.", count) % {"count": number(count)}
    count = len(report.rejected)
    sentence = ngettext("%(count)s place is refused.", "%(count)s places are refused.", count)
    return sentence % {"count": number(count)}


def _read(report: ReadReport, facts: ReportFacts) -> Iterable[tuple[str, str]]:
    figures = report.figures.values()
    blanks = sum(not one.row.cells.get("value") for one in figures)
    kinds = Counter(facts.kinds[area] for area in {one.row.cells["area_code"] for one in figures})
    yield gettext("Tables"), number(report.tables)
    yield (
        gettext("Figures"),
        ngettext("%(count)s, of them %(blanks)s blank", "%(count)s, of them %(blanks)s blank", blanks)
        % {"count": number(len(figures)), "blanks": number(blanks)},
    )
    yield gettext("Indicators"), number(len({one.row.cells["indicator_code"] for one in figures}))
    yield gettext("Regions"), number(kinds["region"])
    yield gettext("Municipalities"), number(kinds["municipality"])
    yield gettext("The whole country"), gettext("Read") if kinds["country"] else gettext("Not in the text")


def _figure(one: ReadFigure, facts: ReportFacts) -> FigureLine:
    cells = one.row.cells
    own = facts.indicators[cells["indicator_code"]]
    value = Decimal(cells["value"]) if cells.get("value") else None
    sheet = own.sheets[facts.kinds[cells["area_code"]]]
    return FigureLine(
        indicator=own.name,
        area=facts.area_names[cells["area_code"]],
        period=period_label(cells["period"]),
        text=join_unit(number_text(value, max(sheet.decimals, _decimals(value))), own.unit)
        if value is not None
        else "",
        blank=blank_word(cells["flag"]) if value is None else "",
        note=" ".join(_notes(cells["flag"], cells.get("reason", ""), cells.get("footnotes", ""))),
        place=gettext("%(table)s, line %(line)s") % {"table": _table_word(one.table), "line": one.row.line},
    )


def _decimals(value: Decimal | None) -> int:
    exponent = value.normalize().as_tuple().exponent if value is not None else 0
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _notes(flag: str, reason: str, footnotes: str) -> Iterable[str]:
    if reason:
        yield reason
    elif flag_word(flag):
        yield f"{flag_word(flag)}."
    if footnotes:
        yield gettext("Note %(names)s.") % {"names": footnotes.replace(";", ", ")}


def _table_word(table: str) -> str:
    return {
        REGIONS: gettext("Table of regions"),
        MUNICIPALITIES: gettext("Table of municipalities"),
    }[table]


def _refused(one: Rejected) -> RefusedLine:
    words = {"line": one.line, "cell": one.column}
    place = gettext("Line %(line)s, cell %(cell)s") if one.column else gettext("Line %(line)s")
    return RefusedLine(place % words if one.line else "", refusal_sentence(one.code, one.details))


def _more_figures(count: int) -> str:
    hidden = max(0, count - MOST_FIGURES)
    sentence = ngettext(
        "%(number)s more figure was read.",
        "%(number)s more figures were read.",
        hidden,
    )
    return sentence % {"number": number(hidden)} if hidden else ""


def _more_refused(count: int) -> str:
    hidden = max(0, count - MOST_REFUSED)
    sentence = ngettext("and %(more)s more row", "and %(more)s more rows", hidden)
    return sentence % {"more": number(hidden)} if hidden else ""
