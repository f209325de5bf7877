"""What is new among the figures: editions that arrived or were withdrawn, and figures that were corrected or are made in
another way now, newest first.

An entry is named by what it is about (source, publication, when it was received, indicator), so that it keeps its name
when the site moves. Its time is when the figures were received, never the clock's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from uuid import UUID, uuid5

from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from indicators.models import Edition, Indicator, IndicatorLevel, Observation
from indicators.presenters.figures import blank_word, breakdown_name, number_text, period_label, published_words
from sundhedsaftale.lib.danish import format_number

MOST_ENTRIES = 60
MOST_REPLACED = 600
MOST_LINES = 30
NAMES = UUID("6b1f5d0e-0c51-4f0e-9a53-7d2f6f4f6e21")


@dataclass(frozen=True)
class NewsEntry:
    id: str
    title: str
    url: str
    text: str
    updated: datetime
    category: str


@dataclass(frozen=True)
class Correction:
    """Two versions of one figure, the second published after the first, or received after it in the same publication."""

    old: Observation
    new: Observation

    @property
    def is_break(self) -> bool:
        """Computed by another method: neither figure was wrong, and the two cannot be compared."""
        return self.old.method != self.new.method


def entry_id(*parts: str) -> str:
    return uuid5(NAMES, "\0".join(parts)).urn


def figure_news(indicator: Indicator | None = None) -> tuple[NewsEntry, ...]:
    """Of all figures, or of one indicator. Five queries."""
    corrections = corrections_of(indicator)
    grouped: dict[tuple[int, int, bool], list[Correction]] = defaultdict(list)
    for one in corrections:
        grouped[one.new.edition_id, one.new.indicator_id, one.is_break].append(one)
    decimals = _decimals({one.new.indicator_id for one in corrections})
    entries = [_corrected(found, decimals, shown_as=indicator) for found in grouped.values()]
    editions = _editions(indicator)
    entries += [_arrived(edition, indicator) for edition in editions.order_by("-received_at", "-pk")[:MOST_ENTRIES]]
    # By their own day: an old edition that was withdrawn yesterday is news.
    gone = editions.filter(withdrawn_at__isnull=False).order_by("-withdrawn_at", "-pk")[:MOST_ENTRIES]
    entries += [_withdrawn(edition, edition.withdrawn_at, indicator) for edition in gone if edition.withdrawn_at]
    return tuple(sorted(entries, key=lambda entry: (entry.updated, entry.id), reverse=True)[:MOST_ENTRIES])


def corrections_of(indicator: Indicator | None = None) -> list[Correction]:
    """Figures whose value another version replaced, by a correction or by another method. Two queries.

    A change of notes alone is none, nor is a version that is no longer in force because the earlier one is again.
    """
    replaced = Observation.objects.filter(is_current=False)
    if indicator is not None:
        replaced = replaced.filter(indicator_id=indicator.same_as_id or indicator.pk)
    keys = set(replaced.order_by("-pk").values_list("indicator_id", "area_id", "period", "breakdown")[:MOST_REPLACED])
    if not keys:
        return []
    versions = Observation.objects.filter(
        indicator_id__in={key[0] for key in keys},
        area_id__in={key[1] for key in keys},
        period__in={key[2] for key in keys},
    ).select_related("indicator", "area", "edition__source")
    by_key: dict[tuple[int, int, str, str], list[Observation]] = defaultdict(list)
    for row in versions.order_by("edition__published_on", "edition__received_at", "pk"):
        by_key[row.indicator_id, row.area_id, row.period, row.breakdown].append(row)
    return [found for key in sorted(keys) for found in _in_pairs(by_key[key])]


def _in_pairs(versions: Sequence[Observation]) -> list[Correction]:
    in_force = next((place for place, row in enumerate(versions) if row.is_current), len(versions) - 1)
    standing = versions[: in_force + 1]
    return [Correction(old, new) for old, new in pairwise(standing) if old.value != new.value and _came_after(old, new)]


def _came_after(old: Observation, new: Observation) -> bool:
    """An edition without a date stands before all others, and may have come long after them: then it was never replaced."""
    before, after = old.edition, new.edition
    if (before.source_id, before.slug) == (after.source_id, after.slug) or before.published_on:
        return True
    return before.received_at <= after.received_at


def _editions(indicator: Indicator | None) -> QuerySet[Edition]:
    """Those that brought figures, each with how many."""
    editions = Edition.objects.select_related("source")
    if indicator is not None:
        editions = editions.filter(observations__indicator_id=indicator.same_as_id or indicator.pk)
    return editions.annotate(figures=Count("observations")).filter(figures__gt=0)


def _decimals(indicators: Iterable[int]) -> dict[tuple[int, str], int]:
    levels = IndicatorLevel.objects.filter(indicator_id__in=set(indicators))
    return {(level.indicator_id, level.area_kind_id): level.decimals for level in levels}


def _key(edition: Edition) -> tuple[str, str, str]:
    return edition.source.name, edition.slug, edition.received_at.isoformat()


def _arrived(edition: Edition, indicator: Indicator | None) -> NewsEntry:
    count = getattr(edition, "figures", 0)
    words = {
        "count": format_number(count, 0, get_language() or "da"),
        "title": edition.title,
        "name": indicator.name if indicator else "",
    }
    about = _("New figures: %(name)s") % words if indicator else _("New figures: %(title)s") % words
    text = ngettext("%(count)s figure from %(title)s.", "%(count)s figures from %(title)s.", count) % words
    if when := published_words(edition.published_on):
        text += " " + _("Published %(when)s.") % {"when": when}
    return NewsEntry(
        id=entry_id("edition", *_key(edition), indicator.code if indicator else ""),
        title=about,
        url=reverse("indicator", args=[indicator.code]) if indicator else reverse("data") + "#h-editions",
        text=f"{text} {edition.note}".strip(),
        updated=edition.received_at,
        category=_("new figures"),
    )


def _withdrawn(edition: Edition, when: datetime, indicator: Indicator | None) -> NewsEntry:
    title = _("Withdrawn: %(title)s") % {"title": edition.title}
    return NewsEntry(
        id=entry_id("withdrawn", *_key(edition), when.isoformat(), indicator.code if indicator else ""),
        title=title,
        url=reverse("indicator", args=[indicator.code]) if indicator else reverse("data") + "#h-editions",
        text=_("None of its figures is in force any more. They can still be found among the earlier figures."),
        updated=when,
        category=_("withdrawn"),
    )


def _corrected(
    found: Sequence[Correction], decimals: dict[tuple[int, str], int], *, shown_as: Indicator | None
) -> NewsEntry:
    edition, indicator = found[0].new.edition, shown_as or found[0].new.indicator
    ordered = sorted(found, key=lambda one: (one.new.area.sort_key, one.new.period_end, one.new.breakdown))
    lines = [_line(one, decimals) for one in ordered[:MOST_LINES]]
    if more := len(ordered) - len(lines):
        lines.append(ngettext("And %(count)d more.", "And %(count)d more.", more) % {"count": more})
    is_break, words = found[0].is_break, {"name": indicator.name}
    if is_break:
        said = ngettext(
            "One figure is computed by another method now and cannot be compared with the one before.",
            "%(count)d figures are computed by another method now and cannot be compared with those before.",
            len(found),
        )
    else:
        said = ngettext("One figure has been corrected.", "%(count)d figures have been corrected.", len(found))
    source = _("Source: %(title)s.") % {"title": edition.title}
    kind = "break" if is_break else "corrected"
    return NewsEntry(
        id=entry_id(kind, *_key(edition), found[0].new.indicator.code, indicator.code),
        title=_("Break in the series: %(name)s") % words if is_break else _("Corrected: %(name)s") % words,
        url=reverse("indicator", args=[indicator.code]) + "#versions",
        text="\n".join((said % {"count": len(found)}, *lines, source)),
        updated=edition.received_at,
        category=_("break in the series") if is_break else _("corrected"),
    )


def _line(one: Correction, decimals: dict[tuple[int, str], int]) -> str:
    """ "Hele landet, 2022: før 27,1, nu 37,1 pct. (rettet)"."""
    row = one.new
    shown = decimals.get((row.indicator_id, row.area.kind_id), row.indicator.decimals)
    old, new = (number_text(each.value, shown) or blank_word(each.flag).lower() for each in (one.old, one.new))
    where = ", ".join(
        part for part in (row.area.name, period_label(row.period), breakdown_name(row.indicator, row.breakdown)) if part
    )
    words = {"where": where, "old": old, "new": new, "unit": row.indicator.unit}
    if one.is_break:
        return _("%(where)s: before %(old)s, now %(new)s (another method)") % words
    return _("%(where)s: before %(old)s, now %(new)s (corrected)") % words
