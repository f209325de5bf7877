"""The tables of the data page: editions, corrected figures, and the report's own count beside ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from indicators.exports.cells import printed
from indicators.exports.facts import Blank, Cell, Column, Table
from indicators.exports.sources import of_titles
from indicators.models import Edition, PublishedCount
from indicators.presenters.checksum import CheckRow, check_sum
from indicators.presenters.data import correction_views, edition_views

#: So many of each go into a file; the page shows the newest of them.
MOST = 5000

Rows = list[Sequence[Cell]]
Made = tuple[str, tuple[Column, ...], Rows, set[str]]


def data_table(name: str, *, address: str, retrieved_at: datetime) -> Table | None:
    """None when the page has no such table."""
    make = TABLES.get(name)
    if make is None:
        return None
    title, columns, rows, editions = make()
    return Table(
        name=name,
        title=title,
        columns=columns,
        rows=rows,
        address=address,
        retrieved_at=retrieved_at,
        language=get_language() or "da",
        **vars(of_titles(editions)),
    )


def _editions() -> Made:
    columns = (
        Column("edition", _("Edition"), key=True, width=50),
        Column("received", _("Received"), key=True, width=26),
        Column("published", pgettext("edition", "Published"), width=18),
        Column("source", _("Source"), width=40),
        Column("figures", _("Figures"), measure=True, width=12),
        Column("remark", _("Remark"), width=40),
        Column("fingerprint", _("Fingerprint"), width=18),
        Column("address", _("Address"), width=40),
    )
    views = edition_views(MOST)
    rows: Rows = [
        (v.title, v.received, v.published, v.source, printed(v.figures), v.note, v.fingerprint, v.url) for v in views
    ]
    return _("Editions received"), columns, rows, {view.title for view in views}


def _corrections() -> Made:
    columns = (
        Column("indicator", _("Indicator"), width=44),
        Column("area", _("Area"), width=26),
        Column("period", _("Period"), width=14),
        Column("breakdown", _("Group"), width=18),
        Column("before", _("Before"), measure=True, width=12),
        Column("now", _("Now"), measure=True, width=12),
        Column("no_before", _("Why no figure before"), width=24),
        Column("no_now", _("Why no figure now"), width=24),
        Column("edition_before", _("Edition before"), width=50),
        Column("edition_now", _("Edition now"), width=50),
    )
    views = correction_views(MOST)
    rows: Rows = []
    for view in views:
        old, new = (printed(text, status="no_figure") for text in (view.old, view.new))
        why = [cell.reason if isinstance(cell, Blank) else "" for cell in (old, new)]
        rows.append(
            (view.indicator, view.area, view.period, view.breakdown, old, new, *why, view.old_edition, view.new_edition)
        )
    return (
        _("Corrected figures, old and new"),
        columns,
        rows,
        {edition.title for view in views for edition in view.editions},
    )


def _check() -> Made:
    counts = {
        "green": _("Report: green"),
        "yellow": _("Report: yellow"),
        "red": _("Report: red"),
        "our_green": _("Ours: green"),
        "our_yellow": _("Ours: yellow"),
        "our_red": _("Ours: red"),
        "unknown": _("Not known to us"),
        "counted": _("Counted"),
        "listed": _("Listed"),
    }
    columns = (
        Column("goal", _("Goal"), key=True, width=44),
        *(Column(code, title, measure=True, width=10) for code, title in counts.items()),
        Column("remark", _("Remark"), width=50),
    )
    check = check_sum()
    rows: Rows = [_counted(row) for row in (*check.rows, *((check.total,) if check.total else ()))]
    counted = Edition.objects.filter(slug__in=PublishedCount.objects.values("edition_slug"))
    titles = set(counted.values_list("title", flat=True))
    return _("Lights of the country per goal: the report's Table 1, and ours"), columns, rows, titles


def _counted(row: CheckRow) -> Sequence[Cell]:
    numbers = (
        *(row.green, row.yellow, row.red),
        *(row.ours.green, row.ours.yellow, row.ours.red),
        *(row.unknown, row.counted, row.listed),
    )
    unknown = Blank("unknown", _("Not known"), _("Not stated"))
    name = f"{row.number}. {row.name}" if row.number else row.name
    return (name, *(unknown if number is None else number for number in numbers), row.note)


TABLES: dict[str, Callable[[], Made]] = {"udgaver": _editions, "rettelser": _corrections, "kontrolsum": _check}
