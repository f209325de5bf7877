"""What every file says of itself, in the reader's words: source, edition, licence, footnotes, blanks."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.exports.facts import Source, Table
from sundhedsaftale.lib.danish import format_date


def notes(table: Table) -> list[tuple[str, str]]:
    """(term, text), for the end of a CSV file, the second sheet of a workbook and the notes of a cube."""
    found = [(_("Table"), table.title)]
    if table.asked:
        found.append((_("Chosen"), table.asked))
    for source in table.sources:
        found += _of_source(source)
    found += [(_("Note %(number)s") % {"number": number}, text) for number, text in table.footnotes]
    found += [(_("Remark"), text) for text in table.remarks]
    found.append((_("Blank cells"), _("A blank cell is never zero. The reason stands in the same row.")))
    found.append((_("Fetched"), _moment(table)))
    found.append((_("Address"), table.address))
    return [(term, text) for term, text in found if text]


def _of_source(source: Source) -> list[tuple[str, str]]:
    licence = source.licence or _("The source states no licence.")
    return [
        (_("Source"), ", ".join(part for part in (source.publisher, source.url) if part) or source.title),
        (_("Edition"), source.title),
        (_("Published on"), source.published or _("Not stated")),
        (_("Received"), source.received),
        (_("Licence"), licence),
    ]


def _moment(table: Table) -> str:
    local = timezone.localtime(table.retrieved_at)
    words = {"day": format_date(local.date(), table.language), "time": f"{local:%H}.{local:%M}"}
    return _("%(day)s at %(time)s") % words
