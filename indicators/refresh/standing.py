"""Which figures hold: those of editions that have not been rolled back, and that no later edition let go.

Nothing is deleted. A rollback says of an edition that it is withdrawn, and then this module says anew of each figure
concerned which version is current. Rolling forward says the opposite, in the same way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from indicators.models import DataSource, Edition, Observation, Retirement

Key = tuple[int, int, str, str]  # indicator, area, period, breakdown


def holding() -> QuerySet[Observation]:
    """Every version of every figure that has neither been rolled back nor let go."""
    let_go = Retirement.objects.filter(observation=OuterRef("pk"), edition__withdrawn_at__isnull=True)
    return Observation.objects.filter(~Exists(let_go), edition__withdrawn_at__isnull=True)


def holding_of(source: DataSource) -> QuerySet[Observation]:
    """What a new file of the source is compared with. A source whose rows all belong to one publication is compared with
    that one: last year's report has not vanished because this year's came."""
    found = holding().filter(edition__source=source)
    return found.filter(edition__slug=source.edition_slug) if source.edition_slug else found


def newest_retrieval(source_id: int, *, before: datetime | None = None) -> datetime | None:
    """When the newest retrieval in force was received; one retrieval may be several editions."""
    editions = Edition.objects.filter(source_id=source_id, withdrawn_at__isnull=True)
    if before is not None:
        editions = editions.filter(received_at__lt=before)
    return editions.order_by("-received_at").values_list("received_at", flat=True).first()


def keys_of(editions: Iterable[Edition]) -> set[Key]:
    """Every figure that the editions gave or let go."""
    pks = [edition.pk for edition in editions]
    names = ("indicator_id", "area_id", "period", "breakdown")
    keys: set[Key] = set(Observation.objects.filter(edition__in=pks).order_by().values_list(*names))
    gone = Retirement.objects.filter(edition__in=pks).values_list(*(f"observation__{name}" for name in names))
    return keys | set(gone)


def settle(keys: Iterable[Key]) -> int:
    """Say anew of each figure which version is current, and return how many figures got another one, or none.

    Of the versions that hold, the newest of each publication stands for it, and of the publications the one published
    last counts: what `storing` says of fresh rows, said of stored ones.
    """
    by_indicator: dict[int, set[Key]] = defaultdict(set)
    for key in keys:
        by_indicator[key[0]].add(key)
    return sum(_settle_indicator(indicator, found) for indicator, found in by_indicator.items())


def _settle_indicator(indicator_id: int, keys: set[Key]) -> int:
    rows = Observation.objects.filter(indicator_id=indicator_id, period__in={key[2] for key in keys}).order_by("pk")
    holds = set(holding().filter(indicator_id=indicator_id).order_by().values_list("pk", flat=True))
    current: dict[Key, int] = {}
    newest: dict[Key, dict[tuple[int, str], tuple[str, int]]] = defaultdict(dict)
    names = ("indicator_id", "area_id", "period", "breakdown", "pk", "is_current", "edition__source_id")
    for *key_parts, pk, is_current, source, slug, published in rows.values_list(
        *names, "edition__slug", "edition__published_on"
    ):
        key: Key = (key_parts[0], key_parts[1], key_parts[2], key_parts[3])
        if key not in keys:
            continue
        if is_current:
            current[key] = pk
        if pk in holds:
            newest[key][source, slug] = published, pk
    chosen = {key: max(versions.values())[1] for key, versions in newest.items()}
    other = {key for key in keys if current.get(key) != chosen.get(key)}
    # Off before on: the database lets one version of a figure be current.
    _mark({current[key] for key in other if key in current}, is_current=False)
    _mark({chosen[key] for key in other if key in chosen}, is_current=True)
    return len(other)


def _mark(pks: set[int], *, is_current: bool) -> None:
    ordered = sorted(pks)
    for start in range(0, len(ordered), 500):
        Observation.objects.filter(pk__in=ordered[start : start + 500]).update(is_current=is_current)
