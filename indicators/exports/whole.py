"""All there is of one indicator, or of one edition: every figure and every version of it, with all its decimals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from functools import cache

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.exports.cells import area_columns, indicator_column, value_column
from indicators.exports.facts import Blank, Cell, Column, Number, Table
from indicators.exports.sources import of_editions
from indicators.models import Edition, Flag, Footnote, Indicator, IndicatorLevel, Observation
from indicators.models.figures import ObservationQuerySet
from indicators.presenters.figures import blank_word, flag_word, period_label
from sundhedsaftale.lib.danish import format_date

ROWS_AT_A_TIME = 2000
_FIELDS = (
    *("indicator_id", "area__name", "area__code", "area__kind_id", "period", "breakdown", "value", "flag", "reason"),
    *("footnotes", "edition_id", "is_current"),
)
Decimals = dict[tuple[int, str], int]


def edition_table(edition: Edition, *, address: str, retrieved_at: datetime) -> Table:
    """What the edition brought: rows it only repeated stand under the edition that brought them first."""
    rows = Observation.objects.filter(edition=edition)
    remark = _("Figures that the edition repeated without a change stand under the edition that first brought them.")
    return Table(
        name=f"udgave-{edition.slug}-{timezone.localtime(edition.received_at):%Y-%m-%d}",
        title=edition.title,
        columns=_columns(),
        rows=_rows(rows, {edition.pk: edition}),
        address=address,
        retrieved_at=retrieved_at,
        remarks=(remark, *((edition.note,) if edition.note else ())),
        language=get_language() or "da",
        streamed=True,
        **vars(of_editions([edition], _notes(indicator__observations__edition=edition))),
    )


def indicator_table(indicator: Indicator, *, edition: str, address: str, retrieved_at: datetime) -> Table:
    """Every version ever received, also the replaced ones; `edition`: only those of the editions with this slug."""
    rows = Observation.objects.filter(indicator_id=indicator.same_as_id or indicator.pk)
    if edition:
        rows = rows.filter(edition__slug=edition)
    editions = Edition.objects.filter(pk__in=rows.values("edition_id")).select_related("source")
    known = {one.pk: one for one in editions}
    return Table(
        name=f"{indicator.code}-alle-tal",
        title=indicator.official_name or indicator.name,
        columns=_columns(),
        rows=_rows(rows, known, shown_as=indicator),
        address=address,
        retrieved_at=retrieved_at,
        asked=_("Edition: %(edition)s") % {"edition": edition} if edition else "",
        language=get_language() or "da",
        streamed=True,
        **vars(of_editions(known.values(), _notes(indicator_id=indicator.same_as_id or indicator.pk))),
    )


def _columns() -> tuple[Column, ...]:
    return (
        indicator_column(),
        *area_columns(),
        Column("period", _("Period"), key=True, role="time", width=14),
        Column("period_code", _("Period code"), width=12),
        Column("breakdown", _("Group"), key=True, width=20),
        value_column(),
        Column("unit", _("Unit"), width=18),
        Column("mark", _("Mark"), width=12),
        Column("blank", _("Why no figure"), width=24),
        Column("remark", _("Remark"), width=36),
        Column("footnotes", _("Notes"), width=10),
        Column("edition", _("Edition"), key=True, width=40),
        Column("received", _("Received"), key=True, width=18),
        Column("current", _("In force"), width=10),
    )


def _rows(
    found: ObservationQuerySet, editions: dict[int, Edition], *, shown_as: Indicator | None = None
) -> Iterator[tuple[Cell, ...]]:
    """One row at a time from the database: never all of them in memory."""
    indicators = {one.pk: one for one in Indicator.objects.filter(pk__in=found.values("indicator_id"))}
    names = {pk: {entry["code"]: entry["name"] for entry in one.breakdowns} for pk, one in indicators.items()}
    levels = IndicatorLevel.objects.filter(indicator_id__in=indicators).values_list(
        "indicator_id", "area_kind_id", "decimals"
    )
    decimals = {(indicator, kind): count for indicator, kind, count in levels}
    received = {pk: _received(edition) for pk, edition in editions.items()}
    flags = {flag: (flag_word(flag), blank_word(flag)) for flag in Flag.values}
    said, label = {True: _("yes"), False: _("no")}, cache(period_label)  # asked once a row otherwise
    rows = found.order_by("pk").values_list(*_FIELDS).iterator(chunk_size=ROWS_AT_A_TIME)
    for pk, area, code, kind, period, breakdown, value, flag, reason, notes, edition, current in rows:
        indicator = indicators[pk]
        shown = decimals.get((pk, kind), indicator.decimals)
        yield (
            (shown_as or indicator).name,
            area,
            code,
            label(period),
            period,
            names[pk].get(breakdown, breakdown),
            Blank(flag, flags[flag][1], reason) if value is None else with_all_decimals(value, shown),
            indicator.unit,
            flags[flag][0] if value is not None else "",
            "" if value is not None else flags[flag][1],
            reason,
            notes.replace(";", ", "),
            editions[edition].title,
            received[edition],
            said[current],
        )


def with_all_decimals(value: Decimal, shown: int) -> Number:
    """As many decimals as the indicator is shown with, and more where the figure has more."""
    digits = value.normalize().as_tuple().exponent
    more = max(shown, -digits) if isinstance(digits, int) else shown
    return Number(value.quantize(Decimal(1).scaleb(-more)), more)


def _received(edition: Edition) -> str:
    local = timezone.localtime(edition.received_at)
    return f"{format_date(local.date(), get_language() or 'da')} {local:%H.%M.%S}"


def _notes(**of: object) -> tuple[tuple[int, str], ...]:
    """The footnotes of the levels of these indicators."""
    levels = IndicatorLevel.objects.filter(**of).values("pk")
    notes = Footnote.objects.filter(levels__in=levels).distinct()
    return tuple(sorted({note.number: note.text for note in notes}.items()))
