"""The data page: where figures come from, what arrived, what was refused, and what was corrected."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, gettext, ngettext

from indicators.models import DataSource, Edition, IndicatorLevel, Observation, RefreshRun, RunState
from indicators.presenters.checksum import CheckSum, check_sum
from indicators.presenters.figures import blank_word, number_text, period_label, published_words
from indicators.refresh.refusals import refusal_sentence
from sundhedsaftale.lib.danish import format_date, format_number

RUNS_SHOWN = 12
REFUSED_SHOWN = 20
EDITIONS_SHOWN = 40
CORRECTIONS_SHOWN = 50
#: After this the page stops asking by itself and says that no worker answers.
PATIENCE = timedelta(minutes=2)

_CSS = {
    RunState.RUNNING.value: "in-progress",
    RunState.STORED.value: "completed",
    RunState.UNCHANGED.value: "in-operation",
    RunState.REFUSED.value: "on-hold",
    RunState.FAILED.value: "cancelled",
    RunState.WAITING.value: "delayed",
    RunState.APPROVED.value: "in-progress",
    RunState.REJECTED.value: "cancelled",
    RunState.SUPERSEDED.value: "postponed",
    RunState.DRY_RUN.value: "planned",
    RunState.ROLLED_BACK.value: "postponed",
    RunState.BROUGHT_BACK.value: "completed",
}


@dataclass(frozen=True)
class StateWord:
    """For `_components/state.html`."""

    code: str
    word: str
    css: str
    icon_path: str
    undated: bool = False


@dataclass(frozen=True)
class RefusedView:
    place: str
    reason: str


@dataclass(frozen=True)
class RunView:
    source: str
    state: StateWord
    when: str
    took: str
    counts: str
    message: str
    refused: tuple[RefusedView, ...]
    more_refused: int


@dataclass(frozen=True)
class RunsRegion:
    """pending: a run is going or has been asked for, so the region asks again by itself; `again` is where."""

    runs: tuple[RunView, ...]
    pending: bool
    again: str
    say: str


@dataclass(frozen=True)
class SourceView:
    name: str
    title: str
    publisher: str
    url: str
    licence: str
    cadence: str
    expected: str
    expected_note: str
    last: StateWord | None
    last_when: str
    fetch_url: str


@dataclass(frozen=True)
class EditionView:
    title: str
    url: str
    published: str
    received: str
    figures: str
    source: str
    note: str
    fingerprint: str
    file: str  # the edition's figures as a file: this, a full stop and the kind of file


@dataclass(frozen=True)
class CorrectionView:
    indicator: str
    url: str
    area: str
    period: str
    breakdown: str
    old: str
    old_edition: str
    new: str
    new_edition: str
    editions: tuple[Edition, Edition]


@dataclass(frozen=True)
class DataPage:
    lead: str
    rest: str
    as_of: str
    sources: tuple[SourceView, ...]
    region: RunsRegion
    editions: tuple[EditionView, ...]
    corrections: tuple[CorrectionView, ...]
    check: CheckSum


def data_page(*, asked: str = "", since: str = "", now: datetime | None = None) -> DataPage:
    """asked, since: a source just asked for and when, from the address. 12 queries whatever the size."""
    moment = now or timezone.now()
    runs = _runs()
    sources = tuple(_source(source, runs) for source in DataSource.objects.order_by("pk"))
    figures = Observation.objects.current().aggregate(all=Count("pk"), blank=Count("pk", filter=Q(value__isnull=True)))
    return DataPage(
        lead=_lead(figures["all"], len(sources)),
        rest=_rest(figures["blank"]),
        as_of=_as_of(runs),
        sources=sources,
        region=runs_region(asked=asked, since=since, now=moment, runs=runs),
        editions=edition_views(),
        corrections=correction_views(),
        check=check_sum(),
    )


def _lead(figures: int, sources: int) -> str:
    words = {"figures": format_number(figures, 0, _language()), "sources": sources}
    if not figures:
        return gettext("No figures have been fetched yet.")
    return (
        ngettext(
            "%(figures)s figures from %(sources)s source.", "%(figures)s figures from %(sources)s sources.", sources
        )
        % words
    )


def _rest(blanks: int) -> str:
    words = {"blanks": format_number(blanks, 0, _language())}
    if not blanks:
        return ""
    return gettext("%(blanks)s cells are blank, and each says why.") % words


def _as_of(runs: Sequence[RefreshRun]) -> str:
    done = [run.finished_at for run in runs if run.finished_at]
    return gettext("Last fetched %(when)s.") % {"when": _moment(max(done))} if done else ""


def _language() -> str:
    return get_language() or "da"


def _moment(when: datetime) -> str:
    """ "5. november 2026 kl. 08.00": local time."""
    local = timezone.localtime(when)
    words = {"day": format_date(local.date(), _language()), "time": f"{local:%H}.{local:%M}"}
    return gettext("%(day)s at %(time)s") % words


# --- Runs -------------------------------------------------------------------------------------------------------------


def _runs() -> list[RefreshRun]:
    """2 queries: the last runs with what each of them refused."""
    found = RefreshRun.objects.select_related("source").order_by("-started_at", "-pk").prefetch_related("rejected")
    return list(found[:RUNS_SHOWN])


def runs_region(
    *, asked: str = "", since: str = "", now: datetime, runs: Sequence[RefreshRun] | None = None
) -> RunsRegion:
    """The last runs. While one is going, or one asked for has not begun, the region asks for itself again."""
    found = _runs() if runs is None else runs
    going = any(run.state == RunState.RUNNING for run in found)
    moment = _asked_at(since)
    waiting = bool(asked and moment) and not any(
        run.source.name == asked and moment is not None and run.started_at >= moment for run in found
    )
    late = moment is not None and now - moment > PATIENCE
    pending = going or (waiting and not late)
    query = f"?bedt={asked}&siden={since}" if waiting and moment else ""
    return RunsRegion(
        runs=tuple(_run(run) for run in found),
        pending=pending,
        again=reverse("data_runs") + query.replace("+", "%2B"),
        say=_say(going=going, waiting=waiting, late=late, asked=bool(asked)),
    )


def _asked_at(since: str) -> datetime | None:
    try:
        moment = parse_datetime(since)
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) else None


def _say(*, going: bool, waiting: bool, late: bool, asked: bool) -> str:
    if going:
        return gettext("Figures are being fetched now.")
    if waiting and late:
        return gettext("No worker has answered yet. The figures are fetched as soon as one does.")
    if waiting:
        return gettext("The figures have been asked for. The run begins in a moment.")
    return gettext("The run is over. The result stands first in the list.") if asked else ""


def state_word(state: str) -> StateWord:
    css = _CSS[state]
    return StateWord(state, str(RunState(state).label), css, f"icons/state-{css}.svg")


def _run(run: RefreshRun) -> RunView:
    rejected = list(run.rejected.all())
    refused = tuple(RefusedView(row.place, refusal_sentence(row.code, row.details)) for row in rejected[:REFUSED_SHOWN])
    return RunView(
        source=run.source.title,
        state=state_word(run.state),
        when=_moment(run.started_at),
        took=_took(run),
        counts=_counts(run),
        message=run.message,
        refused=refused,
        more_refused=max(0, run.rows_rejected - len(refused)),
    )


def _took(run: RefreshRun) -> str:
    if run.finished_at is None:
        return ""
    seconds = max(0.0, (run.finished_at - run.started_at).total_seconds())
    return gettext("%(seconds)s seconds") % {"seconds": format_number(seconds, 1, _language())}


def _counts(run: RefreshRun) -> str:
    """ "1.669 læst, 1 nye, 0 rettede ...": only for runs that got as far as counting."""
    steps = {
        "fetching": gettext("Fetches the file"),
        "reading": gettext("Reads the file"),
        "checking": gettext("Checks the rows"),
        "storing": gettext("Stores and computes lights"),
    }
    if run.state == RunState.RUNNING:
        return steps.get(run.step, "")
    new, changed, same = run.rows_new, run.rows_changed, run.rows_unchanged
    refused, lights = run.rows_rejected, run.lights_changed
    numbers = (
        (new, ngettext("%(number)s new figure", "%(number)s new figures", new)),
        (changed, ngettext("%(number)s changed", "%(number)s changed", changed)),
        (same, ngettext("%(number)s as before", "%(number)s as before", same)),
        (refused, ngettext("%(number)s row refused", "%(number)s rows refused", refused)),
        (lights, ngettext("%(number)s light changed", "%(number)s lights changed", lights)),
    )
    return ", ".join(text % {"number": format_number(count, 0, _language())} for count, text in numbers if count)


# --- Sources and editions ---------------------------------------------------------------------------------------------


def _source(source: DataSource, runs: Iterable[RefreshRun]) -> SourceView:
    last = next((run for run in runs if run.source_id == source.pk), None)
    return SourceView(
        name=source.name,
        title=source.title,
        publisher=source.publisher,
        url=source.url,
        licence=source.licence,
        cadence=cadence_word(source.cadence),
        expected=format_date(source.next_expected, _language()) if source.next_expected else "",
        expected_note=source.next_expected_note,
        last=state_word(last.state) if last else None,
        last_when=_moment(last.started_at) if last else "",
        fetch_url=reverse("data_fetch", args=[source.name]),
    )


def cadence_word(cadence: str) -> str:
    """ "Once a year"; "" for a cadence that the source does not state."""
    words = {
        "yearly": gettext("Once a year"),
        "every_2_years": gettext("Every second year"),
        "every_4_years": gettext("Every fourth year"),
        "quarterly": gettext("Every quarter"),
        "monthly": gettext("Every month"),
        "once": gettext("Once only"),
    }
    return words.get(cadence, "")


def edition_views(most: int = EDITIONS_SHOWN) -> tuple[EditionView, ...]:
    """1 query."""
    counted = Edition.objects.select_related("source").annotate(figures=Count("observations"))
    return tuple(_edition(edition) for edition in counted.order_by("-published_on", "-received_at", "-pk")[:most])


def _edition(edition: Edition) -> EditionView:
    return EditionView(
        title=edition.title,
        url=edition.source_url,
        published=published_words(edition.published_on),
        received=_moment(edition.received_at),
        figures=format_number(getattr(edition, "figures", 0), 0, _language()),
        source=edition.source.title,
        note=edition.note,
        fingerprint=edition.fingerprint[:12],
        file=f"{reverse('data')}udgaver/{edition.pk}",
    )


# --- Corrections ------------------------------------------------------------------------------------------------------


def correction_views(most: int = CORRECTIONS_SHOWN) -> tuple[CorrectionView, ...]:
    """Figures that another version has replaced, newest first. 3 queries. A change of notes alone is no correction."""
    replaced = list(
        Observation.objects.filter(is_current=False)
        .select_related("indicator", "area", "edition")
        .order_by("-pk")[:most]
    )
    if not replaced:
        return ()
    ids = {row.indicator_id for row in replaced}
    now = {
        (row.indicator_id, row.area_id, row.period, row.breakdown): row
        for row in Observation.objects.current()
        .filter(indicator_id__in=ids, area_id__in={row.area_id for row in replaced})
        .select_related("edition")
    }
    levels = {
        (level.indicator_id, level.area_kind_id): level.decimals
        for level in IndicatorLevel.objects.filter(indicator_id__in=ids)
    }
    views = []
    for old in replaced:
        new = now.get((old.indicator_id, old.area_id, old.period, old.breakdown))
        if new is None or new.value == old.value:
            continue
        decimals = levels.get((old.indicator_id, old.area.kind_id), old.indicator.decimals)
        views.append(_correction(old, new, decimals))
    return tuple(views)


def _correction(old: Observation, new: Observation, decimals: int) -> CorrectionView:
    return CorrectionView(
        indicator=old.indicator.name,
        url=reverse("indicator", args=[old.indicator.code]),
        area=old.area.name,
        period=period_label(old.period),
        breakdown=old.breakdown,
        old=number_text(old.value, decimals) or blank_word(old.flag),
        old_edition=_named(old.edition),
        new=number_text(new.value, decimals) or blank_word(new.flag),
        new_edition=_named(new.edition),
        editions=(old.edition, new.edition),
    )


def _named(edition: Edition) -> str:
    words = {"title": edition.title, "when": _moment(edition.received_at)}
    return gettext("%(title)s (received %(when)s)") % words
