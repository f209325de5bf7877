"""Columns and cells that tables have in common. A cell is made of what the page prints, so page and file cannot differ."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.exports.facts import Blank, Cell, Column, Number
from indicators.presenters.arithmetic import Sum
from indicators.presenters.figures import FigureView
from indicators.presenters.lights import LightView
from sundhedsaftale.lib.danish import NumberError, is_english, parse_decimal


def printed(text: str, *, status: str = "no_figure", word: str = "", reason: str = "") -> Number | Blank:
    """The number a page prints, with as many decimals; a blank where it prints none, or words."""
    mark = "." if is_english(get_language() or "da") else ","
    try:
        return Number(parse_decimal(text, mark), len(text.partition(mark)[2]))
    except NumberError:
        return Blank(status, word or _("No figure"), reason or text)


def value_of(cell: FigureView) -> Number | Blank:
    """Nothing but a printed number gets out: a withheld figure is a blank with its flag."""
    return printed(cell.text, status=cell.flag, word=cell.blank, reason=cell.reason)


def light_words(light: LightView) -> str:
    return f"{light.word} {light.hidden}".strip()


def area_columns() -> tuple[Column, ...]:
    return (
        Column("area", _("Area"), key=True, role="geo", width=26),
        Column("area_code", _("Area code"), width=14),
    )


def indicator_column() -> Column:
    return Column("indicator", _("Indicator"), key=True, width=44)


def value_column() -> Column:
    return Column("value", _("Value"), measure=True, width=12)


def figure_columns() -> tuple[Column, ...]:
    """What goes with every figure; see `figure_cells`."""
    return (
        Column("unit", _("Unit"), width=18),
        Column("period", _("Period"), width=14),
        Column("mark", _("Mark"), width=12),
        Column("blank", _("Why no figure"), width=24),
        Column("remark", _("Remark"), width=36),
        Column("development", _("Development"), width=20),
        Column("no_development", _("Why no light: development"), width=30),
        Column("level", _("Level"), width=24),
        Column("no_level", _("Why no light: level"), width=30),
        Column("rounding", _("May differ because of rounding"), width=14),
        Column("footnotes", _("Notes"), width=10),
        Column("edition", _("Edition"), width=40),
    )


def figure_cells(cell: FigureView, unit: str) -> tuple[Cell, ...]:
    both = (cell.development, cell.level)
    lit = [light_words(light) if cell.text else "" for light in both]
    dark = [light.reason if cell.text and light.none else "" for light in both]
    return (
        unit,
        cell.period_label,
        cell.flag_word,
        cell.blank,
        cell.note or cell.reason,
        lit[0],
        dark[0],
        lit[1],
        dark[1],
        _("yes") if any(light.doubtful for light in both) and cell.text else "",
        ", ".join(str(number) for number in cell.footnotes),
        cell.edition,
    )


def sum_cell(*sums: Sum | None) -> str:
    """The arithmetic of the lights, a line for each that has one."""
    return "\n".join(one.line for one in sums if one is not None)
