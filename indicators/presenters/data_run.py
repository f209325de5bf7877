"""One run: what it would change or changed, why it waits, and what a steward can do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from indicators.models import Area, DifferenceKind, Edition, Indicator, RefreshRun, RunDifference, RunState
from indicators.presenters.data_runs import GOING, RunView, moment, number, run_view
from indicators.presenters.figures import blank_word, breakdown_name, number_text, period_label
from indicators.refresh.reasons import alarm_word

#: What has not been stored is not published: only those who decide about it see the figures.
STORED = (RunState.STORED, RunState.ROLLED_BACK, RunState.BROUGHT_BACK)
MOST_REFUSED = 200
ON_A_PAGE = 50
#: The page of each kind in the address.
PAGE_OF = {DifferenceKind.CHANGED: "aendrede", DifferenceKind.VANISHED: "forsvundne", DifferenceKind.NEW: "nye"}


@dataclass(frozen=True)
class RowView:
    indicator: str
    area: str
    period: str
    line: str
    before: str
    after: str
    alarm: str


@dataclass(frozen=True)
class GroupView:
    """One kind of difference, a page of it. kept: how many are kept of how many, "" when it is all of them. shown: which of
    those kept stand here, "" when it is all of them."""

    code: str
    heading: str
    rows: tuple[RowView, ...]
    kept: str
    shown: str
    page: str
    previous_url: str
    next_url: str
    is_open: bool


@dataclass(frozen=True)
class RunPage:
    """decided: who decided and when, for stewards. held_back: why no rows are shown, "" when they are."""

    run: RunView
    lead: str
    decided: str
    note: str
    groups: tuple[GroupView, ...]
    held_back: str
    pending: bool
    again: str
    approve_url: str
    reject_url: str


def run_page(run: RefreshRun, *, can_decide: bool, now: datetime, asked: Mapping[str, str] | None = None) -> RunPage:
    """4 queries beside the run itself. `run` with `source` and `decided_by` fetched. asked: the pages in the address."""
    shown = can_decide or run.state in STORED
    waits = run.state == RunState.WAITING and can_decide
    pages = {name: page for name in PAGE_OF.values() if (page := (asked or {}).get(name, ""))}
    groups = _groups(run, pages) if shown else ()
    return RunPage(
        run=run_view(run, now=now, most_refused=MOST_REFUSED),
        lead=_lead(run),
        decided=_decided(run) if can_decide else "",
        note=run.decision_note if can_decide else "",
        groups=groups,
        held_back="" if shown else _held_back(run),
        pending=run.state in GOING,
        again=_address(run, pages),
        approve_url=reverse("data_run_approve", args=[run.pk]) if waits else "",
        reject_url=reverse("data_run_reject", args=[run.pk]) if waits else "",
    )


def _lead(run: RefreshRun) -> str:
    sentences = {
        RunState.RUNNING: gettext("The run is going on."),
        RunState.APPROVED: gettext("The file has been approved. A worker stores it in a moment."),
        RunState.WAITING: gettext("Nothing has been stored. A data steward decides."),
        RunState.REJECTED: gettext("The file was turned down. Nothing was stored."),
        RunState.SUPERSEDED: gettext("Nothing was stored: something newer took its place."),
        RunState.STORED: gettext("The figures were stored."),
        RunState.UNCHANGED: gettext("There was nothing new."),
        RunState.DRY_RUN: gettext("The file was only tried. Nothing was stored."),
        RunState.ROLLED_BACK: gettext("The edition was rolled back: the figures before it hold again."),
        RunState.BROUGHT_BACK: gettext("The edition was brought back: its figures hold again."),
        RunState.REFUSED: gettext("The file was refused as a whole. Nothing was stored."),
        RunState.FAILED: gettext("The run failed. Nothing was stored."),
    }
    return sentences[RunState(run.state)]


def _held_back(run: RefreshRun) -> str:
    if not (run.rows_new or run.rows_changed or run.rows_vanished):
        return ""
    return gettext("The figures themselves are shown to data stewards only, until they have been stored.")


def _decided(run: RefreshRun) -> str:
    if run.decided_at is None:
        return ""
    words = {"who": str(run.decided_by or gettext("The command line")), "when": moment(run.decided_at)}
    return gettext("Decided by %(who)s on %(when)s.") % words


# --- The difference ---------------------------------------------------------------------------------------------------


def _groups(run: RefreshRun, pages: Mapping[str, str]) -> tuple[GroupView, ...]:
    rows = list(run.differences.all())
    new, changed, gone = run.rows_new, run.rows_changed, run.rows_vanished
    kinds = (
        (DifferenceKind.CHANGED, changed, ngettext("%(number)s changed figure", "%(number)s changed figures", changed)),
        (DifferenceKind.VANISHED, gone, ngettext("%(number)s vanished figure", "%(number)s vanished figures", gone)),
        (DifferenceKind.NEW, new, ngettext("%(number)s new figure", "%(number)s new figures", new)),
    )
    found = []
    for kind, count, heading in kinds:
        own = [row for row in rows if row.kind == kind]
        if own:
            found.append((kind, count, heading, Paginator(own, ON_A_PAGE).get_page(pages.get(PAGE_OF[kind], "1"))))
    shown = [row for *_, page in found for row in page]
    indicators = {one.code: one for one in Indicator.objects.filter(code__in={row.indicator for row in shown})}
    areas = dict(Area.objects.filter(code__in={row.area for row in shown}).values_list("code", "name"))
    return tuple(
        _group(run, kind, count, heading, page, _rows(page, indicators, areas), pages, is_first=not place)
        for place, (kind, count, heading, page) in enumerate(found)
    )


def _group(
    run: RefreshRun,
    kind: DifferenceKind,
    count: int,
    heading: str,
    page: Page[RunDifference],
    rows: tuple[RowView, ...],
    pages: Mapping[str, str],
    *,
    is_first: bool,
) -> GroupView:
    kept, several = page.paginator.count, page.has_other_pages()
    # Areas missing from a new period stand among the vanished and have not been counted as such.
    total, name = max(count, kept), PAGE_OF[kind]
    words = {
        "kept": number(kept),
        "total": number(total),
        "first": number(page.start_index()),
        "last": number(page.end_index()),
        "number": number(page.number),
        "pages": number(page.paginator.num_pages),
    }
    return GroupView(
        code=str(kind.value),
        heading=heading % {"number": number(total)},
        rows=rows,
        kept=gettext("%(kept)s of %(total)s are kept with the run, those with a warning first.") % words
        if kept < total
        else "",
        shown=gettext("Shows %(first)s–%(last)s of %(kept)s.") % words if several else "",
        page=gettext("Page %(number)s of %(pages)s") % words if several else "",
        previous_url=_address(run, pages, name, page.number - 1) if page.has_previous() else "",
        next_url=_address(run, pages, name, page.number + 1) if page.has_next() else "",
        is_open=is_first or kept <= 20 or name in pages,
    )


def _address(run: RefreshRun, pages: Mapping[str, str], name: str = "", page: int = 1) -> str:
    """The run's page with the other lists where they are."""
    query = {**pages, **({name: str(page)} if name else {})}
    return reverse("data_run", args=[run.pk]) + (f"?{urlencode(query)}" if query else "")


def _rows(
    rows: Iterable[RunDifference], indicators: Mapping[str, Indicator], areas: Mapping[str, str]
) -> tuple[RowView, ...]:
    return tuple(_row(row, indicators.get(row.indicator), areas) for row in rows)


def _row(row: RunDifference, indicator: Indicator | None, areas: Mapping[str, str]) -> RowView:
    decimals = indicator.decimals if indicator else 0
    breakdown = breakdown_name(indicator, row.breakdown) if indicator and row.breakdown else row.breakdown
    return RowView(
        indicator=indicator.name if indicator else row.indicator,
        area=", ".join(filter(None, (areas.get(row.area, row.area), breakdown))),
        period=period_label(row.period),
        line=gettext("Line %(line)s of the file") % {"line": number(row.line)} if row.line else "",
        before=_text(row.before, row.before_flag, decimals),
        after=_text(row.after, row.after_flag, decimals),
        alarm=alarm_word(row.alarm),
    )


def _text(value: Decimal | None, flag: str, decimals: int) -> str:
    """All the decimals there are: two figures that differ must not look the same."""
    if value is None:
        return blank_word(flag) if flag else ""
    exponent = value.normalize().as_tuple().exponent
    own = -exponent if isinstance(exponent, int) else 0
    return number_text(value, max(decimals, own))


# --- Pages that ask before something is done --------------------------------------------------------------------------


@dataclass(frozen=True)
class ConfirmPage:
    """A question with what follows from saying yes. seen: what the person looks at, see `approve_run`."""

    title: str
    subject: str
    points: tuple[str, ...]
    reasons: tuple[str, ...]
    button: str
    action: str
    cancel: str
    seen: str
    note: str
    error: str


def approve_page(run: RefreshRun, *, now: datetime, note: str = "", error: str = "") -> ConfirmPage:
    view = run_view(run, now=now)
    points = [
        view.counts,
        gettext("The kept file is read again. When the difference is another one by then, nothing is stored."),
        gettext("Lights are computed anew, and every page shows the new figures."),
    ]
    if run.rows_vanished:
        points.append(
            gettext(
                "Figures that are missing from the file stay as history and are no longer current. A rollback undoes it."
            )
        )
    return ConfirmPage(
        title=gettext("Store these figures?"),
        subject=f"{view.source}, {view.when}",
        points=tuple(filter(None, points)),
        reasons=view.reasons,
        button=gettext("Approve and store"),
        action=reverse("data_run_approve", args=[run.pk]),
        cancel=view.url,
        seen=run.difference_fingerprint,
        note=note,
        error=error,
    )


def reject_page(run: RefreshRun, *, now: datetime, note: str = "", error: str = "") -> ConfirmPage:
    view = run_view(run, now=now)
    return ConfirmPage(
        title=gettext("Turn this file down?"),
        subject=f"{view.source}, {view.when}",
        points=(
            gettext("Nothing is stored. The figures of before stay as they are."),
            gettext("The same file is not offered again by itself. A data steward can fetch it once more."),
        ),
        reasons=view.reasons,
        button=gettext("Turn down"),
        action=reverse("data_run_reject", args=[run.pk]),
        cancel=view.url,
        seen=run.difference_fingerprint,
        note=note,
        error=error,
    )


def roll_back_page(edition: Edition, *, note: str = "", error: str = "") -> ConfirmPage:
    return ConfirmPage(
        title=gettext("Roll this edition back?"),
        subject=_edition_words(edition),
        points=(
            gettext("The figures before it hold again, and lights are computed anew."),
            gettext("Nothing is deleted. The edition can be brought back until something newer has been stored."),
            gettext("The same file is not stored again by itself."),
        ),
        reasons=(),
        button=gettext("Roll back"),
        action=reverse("data_roll_back", args=[edition.pk]),
        cancel=reverse("data") + "#h-editions",
        seen="",
        note=note,
        error=error,
    )


def bring_back_page(edition: Edition, *, note: str = "", error: str = "") -> ConfirmPage:
    return ConfirmPage(
        title=gettext("Bring this edition back?"),
        subject=_edition_words(edition),
        points=(gettext("Its figures hold again, and lights are computed anew."),),
        reasons=(),
        button=gettext("Bring back"),
        action=reverse("data_bring_back", args=[edition.pk]),
        cancel=reverse("data") + "#h-editions",
        seen="",
        note=note,
        error=error,
    )


def _edition_words(edition: Edition) -> str:
    return f"{edition.title} ({gettext('received %(when)s') % {'when': moment(edition.received_at)}})"
