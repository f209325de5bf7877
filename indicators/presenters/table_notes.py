"""What is new or wrong in the tables that figures are fetched from, in sentences, for whoever looks after the sources."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext

from indicators.models import DataSource, TableInfo
from indicators.refresh.refusals import refusal_sentence


def table_notes(sources: Iterable[DataSource]) -> dict[int, tuple[str, ...]]:
    """Keyed by the source's primary key; sources without anything to tell are left out. 1 query.

    Of the newest description alone: what it was refused for, and which codes it has that the one before had not.
    """
    newest: dict[int, TableInfo] = {}
    for info in TableInfo.objects.filter(source__in=list(sources)).order_by("-fetched_at", "-pk").defer("content"):
        newest.setdefault(info.source_id, info)
    notes = {pk: tuple(_sentences(info)) for pk, info in newest.items()}
    return {pk: sentences for pk, sentences in notes.items() if sentences}


def _sentences(info: TableInfo) -> list[str]:
    sentences = [refusal_sentence(code, names) for code, names in info.troubles]
    codes = ", ".join(names for code, names in info.news if code == "code_new")
    if codes:
        sentences.append(gettext("The table has new codes: %(names)s.") % {"names": codes})
    if any(code == "table_closed" for code, _ in info.news):
        sentences.append(gettext("The table is closed: the source brings no more figures in it."))
    return sentences
