"""The data page: where figures come from, what arrived, what was refused, and what was corrected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from indicators.actions.mappings import READER as TABLES
from indicators.actions.mappings import REPORT_READER as REPORTS
from indicators.actions.versions import current_version
from indicators.calculations.figures_due import expected_on, figures_missed_on, published_day
from indicators.models import DataSource, Edition, IndicatorLevel, Observation, RefreshRun
from indicators.presenters.checksum import CheckSum, check_sum
from indicators.presenters.data_runs import (
    RunsRegion,
    StateWord,
    language,
    latest_runs,
    moment,
    runs_region,
    state_word,
)
from indicators.presenters.figures import blank_word, number_text, period_label, published_words
from indicators.presenters.table_notes import TableStanding, table_standings
from sundhedsaftale.lib.danish import format_date, format_number

EDITIONS_SHOWN = 40
CORRECTIONS_SHOWN = 50
COUNTED_FOR_SECONDS = 24 * 3600


@dataclass(frozen=True)
class SourceView:
    name: str
    title: str
    publisher: str
    url: str
    licence: str
    cadence: str
    fetched: str
    expected: str
    expected_note: str
    late: str
    last: StateWord | None
    last_when: str
    fetch_url: str  # "" for one whose figures come as files
    upload_url: str
    upload_word: str
    verified: str  # whether its table is as the definition says; "" for one without a definition
    what_to_do: str  # for a steward, when it is not
    notes: tuple[str, ...]  # what is new or wrong in the table it is fetched from


@dataclass(frozen=True)
class EditionView:
    """standing: whether it holds, in words. back_url, forward_url: where a steward can turn it, "" when nobody can."""

    title: str
    url: str
    published: str
    received: str
    figures: str
    current: str
    standing: str
    is_withdrawn: bool
    source: str
    note: str
    fingerprint: str
    file: str  # the edition's figures as a file: this, a full stop and the kind of file
    back_url: str
    forward_url: str


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
    """asked, since: a source just asked for and when, from the address.

    13 queries whatever the size, and one more for the first reader of a version of the data.
    """
    when = now or timezone.now()
    runs = latest_runs()
    today = timezone.localdate(when)
    known = list(_sources())
    tables = table_standings(known)
    sources = tuple(_source(source, runs, today, tables.get(source.pk)) for source in known)
    giving = sum(1 for source in known if getattr(source, "retrievals", 0))
    counted = figures_counted()
    return DataPage(
        lead=_lead(sum(edition.current for edition in counted.values()), giving),
        rest=_rest(sum(edition.blank for edition in counted.values())),
        as_of=_as_of(runs),
        sources=sources,
        region=runs_region(asked=asked, since=since, now=when, runs=runs),
        editions=edition_views(counted=counted),
        corrections=correction_views(),
        check=check_sum(),
    )


def _lead(figures: int, sources: int) -> str:
    words = {"figures": format_number(figures, 0, language()), "sources": sources}
    if not figures:
        return gettext("No figures have been fetched yet.")
    return (
        ngettext(
            "%(figures)s figures from %(sources)s source.", "%(figures)s figures from %(sources)s sources.", sources
        )
        % words
    )


def _rest(blanks: int) -> str:
    words = {"blanks": format_number(blanks, 0, language())}
    if not blanks:
        return ""
    return gettext("%(blanks)s cells are blank, and each says why.") % words


def _as_of(runs: Sequence[RefreshRun]) -> str:
    done = [run.finished_at for run in runs if run.finished_at]
    return gettext("Last fetched %(when)s.") % {"when": moment(max(done))} if done else ""


# --- Sources and editions ---------------------------------------------------------------------------------------------


def _sources() -> QuerySet[DataSource]:
    newest = Max("editions__published_on", filter=Q(editions__withdrawn_at__isnull=True))
    return DataSource.objects.order_by("pk").annotate(newest=newest, retrievals=Count("editions"))


def _source(source: DataSource, runs: Iterable[RefreshRun], today: date, table: TableStanding | None) -> SourceView:
    last = next((run for run in runs if run.source_id == source.pk), None)
    published = published_day(getattr(source, "newest", None) or "") or (table.updated if table else None)
    expected = expected_on(source.cadence, published, announced=source.next_expected)
    page, word = _by_hand().get(source.reader, ("", ""))
    return SourceView(
        name=source.name,
        title=source.title,
        publisher=source.publisher,
        url=source.url,
        licence=source.licence,
        cadence=cadence_word(source.cadence),
        fetched=_rhythm(source.fetch_every_days if table is None or table.is_verified else 0),
        expected=_expected(source, expected),
        expected_note=source.next_expected_note,
        late=_late(source, published, today),
        last=state_word(last.state) if last else None,
        last_when=moment(last.started_at) if last else "",
        fetch_url="" if page else reverse("data_fetch", args=[source.name]),
        upload_url=f"{reverse(page)}?kilde={source.name}" if page else "",
        upload_word=word,
        verified=table.verified if table else "",
        what_to_do=table.what_to_do if table else "",
        notes=table.notes if table else (),
    )


def _by_hand() -> dict[str, tuple[str, str]]:
    """Readers whose figures somebody brings: the page for it, and what is done there."""
    return {
        TABLES: ("table_start", gettext("Hand over a file")),
        REPORTS: ("paste_start", gettext("Paste tables")),
    }


def _rhythm(days: int) -> str:
    if not days:
        return gettext("Only when a data steward asks.")
    return ngettext("Every night.", "Every %(days)s days.", days) % {"days": days}


def _expected(source: DataSource, expected: date | None) -> str:
    """The day the source has named, else the one reckoned from how often it comes out."""
    if expected is None:
        return ""
    day = format_date(expected, language())
    if expected == source.next_expected:
        return f"{day}."
    return gettext("About %(day)s, reckoned from how often it comes out.") % {"day": day}


def _late(source: DataSource, published: date | None, today: date) -> str:
    missed = figures_missed_on(source.cadence, published, announced=source.next_expected)
    if missed is None or today < missed:
        return ""
    return gettext("Later than usual: nothing newer has come.")


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


class Counted(NamedTuple):
    """How many figures an edition brought, how many of them are current, and how many of those are blank."""

    figures: int = 0
    current: int = 0
    blank: int = 0


def figures_counted() -> dict[int, Counted]:
    """By edition; one that brought none is left out. 1 query, and one more for the first reader of a version of the data.

    Counting ten million figures takes seconds, and nobody who reads the page has changed one.
    """
    key = f"figures-counted:{current_version()}"  # asked before counting: a change meanwhile has a version of its own
    rows: list[tuple[int, ...]] | None = cache.get(key)
    if rows is None:
        counts = {
            "figures": Count("pk"),
            "current": Count("pk", filter=Q(is_current=True)),
            "blank": Count("pk", filter=Q(is_current=True, value__isnull=True)),
        }
        rows = list(Observation.objects.order_by().values_list("edition").annotate(**counts))
        cache.set(key, rows, COUNTED_FOR_SECONDS)
    return {edition: Counted(*numbers) for edition, *numbers in rows}


def edition_views(
    most: int = EDITIONS_SHOWN, *, counted: Mapping[int, Counted] | None = None
) -> tuple[EditionView, ...]:
    """1 query, and those of `figures_counted` where it is not given."""
    counts = figures_counted() if counted is None else counted
    return tuple(_edition(edition, counts.get(edition.pk, Counted())) for edition in _editions(most))


def _editions(most: int) -> list[Edition]:
    """Newest first, each with the source's retrievals in force."""
    in_force = Edition.objects.filter(source=OuterRef("source"), withdrawn_at__isnull=True).order_by("-received_at")
    earlier = in_force.filter(received_at__lt=OuterRef("received_at"))
    found = Edition.objects.select_related("source").annotate(
        newest=Subquery(in_force.values("received_at")[:1]),
        before=Subquery(earlier.values("received_at")[:1]),
    )
    return list(found.order_by("-published_on", "-received_at", "-pk")[:most])


def _edition(edition: Edition, counted: Counted) -> EditionView:
    newest, before = getattr(edition, "newest", None), getattr(edition, "before", None)
    withdrawn = edition.withdrawn_at is not None
    can_go_back = not withdrawn and edition.received_at == newest and before is not None
    can_come_back = withdrawn and edition.withdrawn_to == newest
    return EditionView(
        title=edition.title,
        url=edition.source_url,
        published=published_words(edition.published_on),
        received=moment(edition.received_at),
        figures=format_number(counted.figures, 0, language()),
        current=format_number(counted.current, 0, language()),
        standing=_standing(edition, counted),
        is_withdrawn=withdrawn,
        source=edition.source.title,
        note=edition.note,
        fingerprint=edition.fingerprint[:12],
        file=f"{reverse('data')}udgaver/{edition.pk}",
        back_url=reverse("data_roll_back", args=[edition.pk]) if can_go_back else "",
        forward_url=reverse("data_bring_back", args=[edition.pk]) if can_come_back else "",
    )


def _standing(edition: Edition, counted: Counted) -> str:
    if edition.withdrawn_at is not None:
        return gettext("Rolled back on %(when)s") % {"when": moment(edition.withdrawn_at)}
    if counted.figures and not counted.current:
        return gettext("Replaced by later figures")
    return gettext("In force") if counted.current == counted.figures else gettext("In force, partly replaced")


# --- Corrections ------------------------------------------------------------------------------------------------------


def correction_views(most: int = CORRECTIONS_SHOWN) -> tuple[CorrectionView, ...]:
    """Figures that another version has replaced, newest first. 3 queries. A change of notes alone is no correction."""
    replaced = list(
        Observation.objects.filter(is_current=False, edition__withdrawn_at__isnull=True)
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
    words = {"title": edition.title, "when": moment(edition.received_at)}
    return gettext("%(title)s (received %(when)s)") % words
