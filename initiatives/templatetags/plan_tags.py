"""The parts of a plan page that stand hundreds of times on it: a plan may have 200 items and 600 milestones.

Everything printed is escaped here as in a template. What is kept across pages is kept by its whole content, so that it
cannot go stale: another word in it is another key.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape

from django import template
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from indicators.presenters.lights import LightView
from initiatives.presenters.import_rows import GuessLine
from initiatives.presenters.items import ItemView, Say
from initiatives.presenters.marked_words import Piece
from initiatives.presenters.meeting_page import AnswerRow
from initiatives.presenters.states import StateView
from initiatives.presenters.status_grid import Choices, GridRow
from initiatives.presenters.timeline import MarkView, TimelineRow
from initiatives.presenters.timeline_lines import TimelineLine

register = template.Library()


@register.simple_tag
def state_badge(state: StateView) -> str:
    """`_components/state.html`."""
    return _state_markup(state, get_language() or "")


@register.simple_tag
def plan_item(item: ItemView, level: int) -> str:
    """`initiatives/_plan_item.html` with its closed status region, heading level 3 or 4."""
    return _item_markup(item, level, get_language() or "")


@register.simple_tag
def answer_row(row: AnswerRow) -> str:
    """`initiatives/_answer_row.html`: an item on the checklist of a meeting."""
    return _answer_markup(row, get_language() or "")


@register.simple_tag
def grid_row(row: GridRow, choices: Choices) -> str:
    """`initiatives/_grid_row.html`: an item of the status grid. It holds no form token: the form around it does."""
    return _grid_markup(row, choices, get_language() or "")


@register.simple_tag
def light_or_reason(light: LightView) -> str:
    """`_figures/light_or_reason.html`. A frozen plan may have 1,500 figures, and their lights are much the same."""
    return _light_markup(light, get_language() or "")


@register.simple_tag
def sentence_of(pieces: tuple[Say, ...]) -> SafeString:
    """The sentence under a title, its news in bold."""
    return _safe(" ".join(f"<b>{escape(piece.text)}</b>" if piece.strong else escape(piece.text) for piece in pieces))


@register.simple_tag
def timeline_track(row: TimelineRow, now_css: str) -> SafeString:
    """The ten columns of an item: the band of today, the column of "no date", bars and marks."""
    return _safe(_band(now_css) + "".join(map(_bar, row.bars)) + "".join(map(_mark, row.marks)))


@register.simple_tag
def marked_words(pieces: tuple[Piece, ...]) -> SafeString:
    """A status word for word, the words behind a guess marked with how sure it is."""
    return _safe("".join(map(_piece, pieces)))


@register.simple_tag
def guess_lines(lines: tuple[GuessLine, ...]) -> SafeString:
    """What was read from a row, each answer with how sure it is and the words it came from."""
    return _safe("".join(map(_guess_line, lines)))


def _guess_line(line: GuessLine) -> str:
    words = f": »{escape(line.words)}«" if line.words else ""
    css = ' class="sa-guesses__guess"' if line.is_guess else ""
    return (
        f"<div{css}><dt>{escape(line.label)}</dt><dd><b>{escape(line.value)}</b> "
        f"<small>{_small_icon(line.icon)}{escape(line.sure)}{words}</small></dd></div>"
    )


@lru_cache(maxsize=16)
def _small_icon(name: str) -> str:
    return f'<img src="{escape(static(f"icons/{name}.svg"))}" alt="" width="16" height="16">'


def _piece(piece: Piece) -> str:
    if not piece.mark:
        return escape(piece.text)
    return f'<mark class="sa-mark sa-mark--{escape(piece.mark)}">{escape(piece.text)}</mark>'


@register.simple_tag
def timeline_line(line: TimelineLine) -> str:
    """`initiatives/_timeline_line.html`: a row of the table under the timeline."""
    return _line_markup(line, get_language() or "")


@lru_cache(maxsize=1024)
def _line_markup(line: TimelineLine, language: str) -> str:
    return get_template("initiatives/_timeline_line.html").render({"line": line})


@lru_cache(maxsize=64)
def _state_markup(state: StateView, language: str) -> str:
    return get_template("_components/state.html").render({"state": state})


@lru_cache(maxsize=1024)
def _item_markup(item: ItemView, level: int, language: str) -> str:
    context = {"item": item, "level": level, "editor": None, "notice": "", "saved": False}
    return get_template("initiatives/_plan_item.html").render(context)


@lru_cache(maxsize=1024)
def _answer_markup(row: AnswerRow, language: str) -> str:
    return get_template("initiatives/_answer_row.html").render({"row": row})


@lru_cache(maxsize=1024)
def _grid_markup(row: GridRow, choices: Choices, language: str) -> str:
    return get_template("initiatives/_grid_row.html").render({"row": row, "choices": choices})


@lru_cache(maxsize=1024)
def _light_markup(light: LightView, language: str) -> str:
    return get_template("_figures/light_or_reason.html").render({"light": light, "shared": ""})


@lru_cache(maxsize=16)
def _band(now_css: str) -> str:
    now = f'<span class="sa-track__now {escape(now_css)}"></span>' if now_css else ""
    return f'{now}<span class="sa-track__none"></span>'


@lru_cache(maxsize=512)
def _bar(css: str) -> str:
    return f'<span class="{escape(css)}"></span>'


@lru_cache(maxsize=128)
def _mark(mark: MarkView) -> str:
    return f'<img class="{escape(mark.css)}" src="{escape(static(mark.icon))}" alt="" width="22" height="22">'


def _safe(markup: str) -> SafeString:
    """Markup whose every value went through `escape` above."""
    return mark_safe(markup)  # noqa: S308  # nosec B308 B703
