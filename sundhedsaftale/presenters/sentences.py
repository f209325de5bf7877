"""Answers counted from the figures, in one or two short sentences. Never said unless it is true of every figure named."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from sundhedsaftale.lib.danish import join_words, number_word
from sundhedsaftale.presenters.columns import Columns
from sundhedsaftale.presenters.figure_tables import FigureTable, TableRow
from sundhedsaftale.presenters.frame import AreaInView

NAMED = 2  # more names than this make the sentence too long; the rest are counted


def level_sentence(figures: FigureTable, columns: Columns, area: AreaInView) -> str:
    """On which of the figures the area, or all of its municipalities, does better and worse than the country."""
    codes = {row: _row_codes(row, columns) for row in figures.rows}
    better = [row.name for row, found in codes.items() if found and set(found) == {"green"}]
    worse = [row.name for row, found in codes.items() if found and set(found) == {"red"}]
    if not better and not worse:
        return ""
    who = _who(columns, area)
    if better and worse:
        return _("%(who)s better than the country on %(better)s, but worse on %(worse)s.") % {
            "who": who,
            "better": _names(better),
            "worse": _names(worse),
        }
    if better:
        return _("%(who)s better than the country on %(better)s.") % {"who": who, "better": _names(better)}
    return _("%(who)s worse than the country on %(worse)s.") % {"who": who, "worse": _names(worse)}


def _row_codes(row: TableRow, columns: Columns) -> list[str]:
    """The level lights the sentence speaks of: the area's own where it has one, else each municipality's."""
    own = [index for index, ref in enumerate(columns.shown) if ref.pk == columns.own.pk]
    cells = [row.cells[index] for index in own] if own else list(row.cells)
    return [cell.level.code or "none" for cell in cells]


def _who(columns: Columns, area: AreaInView) -> str:
    if any(ref.pk == columns.own.pk for ref in columns.shown):
        return _("%(area)s does") % {"area": area.name}
    count = len(columns.shown)
    names = {ref.kind for ref in columns.shown}
    if count == 1:
        return _("%(area)s does") % {"area": columns.shown[0].area.official_name or columns.shown[0].name}
    words = {"count": number_word(count, get_language() or "da")}
    if names == {"municipality"}:
        return ngettext("The municipality does", "All %(count)s municipalities do", count) % words
    return _("All %(count)s areas do") % words


def _names(names: Sequence[str]) -> str:
    language = get_language() or "da"
    shown = [name[:1].lower() + name[1:] for name in names[:NAMED]]
    if len(names) > NAMED:
        more = len(names) - NAMED
        shown.append(ngettext("%(count)s other", "%(count)s others", more) % {"count": number_word(more, language)})
    return join_words(shown, language)
