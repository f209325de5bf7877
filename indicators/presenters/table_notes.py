"""How the tables stand that figures are fetched from, in sentences, for whoever looks after the sources.

Whether a table was ever found to be as its definition says, what is new or wrong in it, and when its source last put
figures into it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models.fields.json import KT
from django.utils import timezone
from django.utils.translation import get_language, gettext

from indicators.actions.catalogue.source_definitions import READERS
from indicators.calculations.figures_due import published_day
from indicators.models import DataSource, TableInfo
from indicators.refresh.refusals import refusal_sentence
from sundhedsaftale.lib.danish import format_date


@dataclass(frozen=True)
class TableStanding:
    """is_verified: the table was once found to be as the definition says, asked from here; then it is fetched by itself.

    verified: that in a sentence. what_to_do: "" when nothing is. notes: what is new or wrong in it. updated: the day the
    source last changed the table, by the description that was last accepted.
    """

    is_verified: bool
    verified: str
    what_to_do: str
    notes: tuple[str, ...]
    updated: date | None


def table_standings(sources: Iterable[DataSource]) -> dict[int, TableStanding]:
    """Keyed by the source's primary key, for those that have a definition. 1 query."""
    asked = [source for source in sources if source.reader in READERS]
    found = TableInfo.objects.filter(source__in=asked).order_by("-fetched_at", "-pk")
    infos: dict[int, list[TableInfo]] = {source.pk: [] for source in asked}
    for info in found.defer("content").annotate(updated=KT("content__updated")):
        infos[info.source_id].append(info)
    return {source.pk: _standing(source, infos[source.pk]) for source in asked}


def table_notes(sources: Iterable[DataSource]) -> dict[int, tuple[str, ...]]:
    """What is new or wrong, keyed by the source's primary key; sources without anything to tell are left out. 1 query."""
    return {pk: standing.notes for pk, standing in table_standings(sources).items() if standing.notes}


def _standing(source: DataSource, infos: list[TableInfo]) -> TableStanding:
    """infos: newest first."""
    newest = infos[0] if infos else None
    accepted = next((info for info in infos if info.accepted), None)
    verified, what_to_do = _verified(source, newest, accepted)
    updated = published_day(str(getattr(accepted, "updated", None) or "")[:10])
    notes = tuple(_sentences(newest)) if newest else ()
    return TableStanding(accepted is not None, verified, what_to_do, notes, updated)


def _verified(source: DataSource, newest: TableInfo | None, accepted: TableInfo | None) -> tuple[str, str]:
    words = {"file": f"sources/{source.name}.yaml"}
    correct = gettext("Have an administrator correct %(file)s in the catalogue, then fetch the figures again.") % words
    if newest is None:
        return gettext("Not verified: the system has not yet seen the table at its source."), _first_time(source)
    if accepted is None:
        return gettext("Not verified: the table is not as the definition says. No figures are fetched."), correct
    day = {"day": format_date(timezone.localtime(accepted.fetched_at).date(), get_language() or "da")}
    if newest.accepted:
        return gettext("The table was held against the definition on %(day)s, and they agree.") % day, ""
    return (
        gettext("The table agreed with the definition on %(day)s, and does so no longer. No figures are fetched.")
        % day,
        correct,
    )


def _first_time(source: DataSource) -> str:
    if not source.fetch_every_days:
        return gettext("Fetch the figures now: the table is held against the definition before any figure is stored.")
    return gettext(
        "Fetch the figures now. When the table is as the definition says, the figures are fetched by themselves after that."
    )


def _sentences(info: TableInfo) -> list[str]:
    sentences = [refusal_sentence(code, names) for code, names in info.troubles]
    codes = ", ".join(names for code, names in info.news if code == "code_new")
    if codes:
        sentences.append(gettext("The table has new codes: %(names)s.") % {"names": codes})
    if any(code == "table_closed" for code, _ in info.news):
        sentences.append(gettext("The table is closed: the source brings no more figures in it."))
    return sentences
