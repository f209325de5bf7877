"""The editions and footnotes that go with a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language

from indicators.exports.facts import Source
from indicators.models import Edition, Footnote, Observation
from indicators.presenters.figures import FigureView, published_words
from sundhedsaftale.lib.danish import format_date


@dataclass(frozen=True)
class Provenance:
    sources: tuple[Source, ...] = ()
    footnotes: tuple[tuple[int, str], ...] = ()
    changed_at: datetime | None = None


def provenance(cells: Iterable[FigureView], framework_id: int | None = None) -> Provenance:
    """Of the figures shown; withheld ones too, because the edition is who withheld them. At most two queries.

    Without a framework the footnotes are those of the first that has the number: only one source numbers its notes.
    """
    found = list(cells)
    numbers = {number for cell in found for number in cell.footnotes}
    notes = Footnote.objects.filter(number__in=numbers).order_by("-framework__position", "-framework__slug")
    if framework_id is not None:
        notes = notes.filter(framework_id=framework_id)
    texts = {note.number: note.text for note in notes} if numbers else {}
    return of_titles({cell.edition for cell in found if cell.edition}, tuple(sorted(texts.items())))


def of_titles(titles: Iterable[str], footnotes: tuple[tuple[int, str], ...] = ()) -> Provenance:
    """The newest retrieval of each edition of these titles. One query, none without titles."""
    wanted = set(titles)
    if not wanted:
        return Provenance(footnotes=footnotes)
    editions = Edition.objects.filter(title__in=wanted).select_related("source").order_by("received_at", "pk")
    return of_editions({edition.title: edition for edition in editions}.values(), footnotes)


def of_areas(area_ids: Iterable[int]) -> Provenance:
    """Of tables that count lights: the editions of every figure the areas have. One query."""
    found = Observation.objects.current().whole().filter(area_id__in=set(area_ids)).order_by()
    editions = Edition.objects.filter(pk__in=found.values("edition_id")).select_related("source")
    return of_editions({edition.title: edition for edition in editions.order_by("received_at", "pk")}.values())


def of_editions(editions: Iterable[Edition], footnotes: tuple[tuple[int, str], ...] = ()) -> Provenance:
    found = sorted(editions, key=lambda edition: (edition.received_at, edition.pk), reverse=True)
    return Provenance(
        sources=tuple(source_of(edition) for edition in found),
        footnotes=footnotes,
        changed_at=max((edition.received_at for edition in found), default=None),
    )


def source_of(edition: Edition) -> Source:
    language = get_language() or "da"
    return Source(
        title=edition.title,
        published=published_words(edition.published_on),
        publisher=edition.source.publisher or edition.source.title,
        licence=edition.terms or edition.source.licence,
        url=edition.source_url or edition.source.url,
        received=format_date(timezone.localtime(edition.received_at).date(), language),
    )
