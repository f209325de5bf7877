"""The method page: the sources as data, and our own count of lights beside the report's."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q

from indicators.models import Assessment, Edition, Footnote, Light, PublishedCount
from initiatives.presenters.evidence import EvidenceStep, ladder
from initiatives.presenters.states import ORDER, StateView, state_view


@dataclass(frozen=True)
class SourceLine:
    title: str
    publisher: str
    url: str
    editions: tuple[tuple[str, str], ...]  # (title, published on)
    licence: str


@dataclass(frozen=True)
class CountLine:
    """The report's count for a goal (or all of them) beside how many of those lights we hold figures for."""

    goal: str
    green: int
    yellow: int | None
    red: int | None
    listed: int | None
    counted: int

    @property
    def uncounted(self) -> int:
        return (self.listed or self.counted) - self.counted


@dataclass(frozen=True)
class MethodPage:
    sources: tuple[SourceLine, ...]
    counts: tuple[CountLine, ...]
    total: CountLine | None
    doubtful: tuple[tuple[str, int, int], ...]  # (kind of area, doubtful level lights, level lights)
    footnotes: tuple[tuple[int, str], ...]
    states: tuple[StateView, ...]
    ladder: tuple[EvidenceStep, ...]


def method_page() -> MethodPage:
    """Four queries."""
    counts, total, edition = _counts()
    return MethodPage(
        sources=_sources(),
        counts=counts,
        total=total,
        doubtful=_doubtful(edition),
        footnotes=tuple(Footnote.objects.order_by("framework__position", "number").values_list("number", "text")),
        states=tuple(state_view(state) for state in ORDER),
        ladder=tuple(ladder()),
    )


def _sources() -> tuple[SourceLine, ...]:
    lines: dict[int, SourceLine] = {}
    for edition in Edition.objects.select_related("source").order_by("source__name", "-published_on", "title"):
        source = edition.source
        line = lines.get(source.pk) or SourceLine(source.title, source.publisher, source.url, (), source.licence)
        named = (*line.editions, (edition.title, edition.published_on))
        lines[source.pk] = SourceLine(line.title, line.publisher, line.url, tuple(dict.fromkeys(named)), line.licence)
    return tuple(lines.values())


def _counts() -> tuple[tuple[CountLine, ...], CountLine | None, str]:
    lines, total = [], None
    newest = PublishedCount.objects.select_related("goal").order_by("-edition_slug", "goal__number")
    edition = ""
    for row in newest:
        edition = edition or row.edition_slug
        if row.edition_slug != edition:
            continue
        name = f"{row.goal.number}. {row.goal.name}" if row.goal else ""
        line = CountLine(name, row.green, row.yellow, row.red, row.listed, row.counted)
        if row.goal is None:
            total = line
        else:
            lines.append(line)
    return tuple(lines), total, edition


def _doubtful(edition_slug: str) -> tuple[tuple[str, int, int], ...]:
    """(kind of area, level lights that rounding leaves in doubt, level lights) of one edition."""
    rows = (
        Assessment.objects.filter(observation__is_current=True, observation__breakdown="", level_light__in=Light.values)
        .filter(observation__edition__slug=edition_slug)
        .values_list("observation__area__kind__name_plural", "observation__area__kind__rank")
        .annotate(all=Count("pk"), doubtful=Count("pk", filter=Q(level_rounding_uncertain=True)))
        .order_by("observation__area__kind__rank")
    )
    return tuple((kind, doubtful, count) for kind, _rank, count, doubtful in rows)
