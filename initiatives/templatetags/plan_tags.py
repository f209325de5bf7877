"""The parts of a plan page that stand hundreds of times on it: a plan may have 200 items and 600 milestones.

Everything printed is escaped here as in a template. What is kept across pages is kept by its whole content, so that it
cannot go stale: another word in it is another key.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from initiatives.presenters.items import ItemView, Say
from initiatives.presenters.states import StateView
from initiatives.presenters.timeline import TimelineRow

register = template.Library()


@register.simple_tag(takes_context=True)
def state_badge(context: template.Context, state: StateView) -> SafeString:
    """`_components/state.html`, rendered once for each state of the page and not once for each item."""
    kept: dict[Any, SafeString] = context.render_context.setdefault(state_badge, {})
    if state not in kept:
        kept[state] = get_template("_components/state.html").render({"state": state})
    return kept[state]


@register.simple_tag
def plan_item(item: ItemView, level: int) -> SafeString:
    """`initiatives/_plan_item.html` with its closed status region, heading level 3 or 4."""
    return _item_markup(item, level, get_language() or "")


@lru_cache(maxsize=1024)
def _item_markup(item: ItemView, level: int, language: str) -> SafeString:
    context = {"item": item, "level": level, "editor": None, "notice": "", "saved": False}
    return get_template("initiatives/_plan_item.html").render(context)


@register.simple_tag
def sentence_of(pieces: tuple[Say, ...]) -> SafeString:
    """The sentence under a title, its news in bold."""
    return _safe(" ".join(f"<b>{escape(piece.text)}</b>" if piece.strong else escape(piece.text) for piece in pieces))


@register.simple_tag(takes_context=True)
def timeline_track(context: template.Context, row: TimelineRow, now_css: str) -> SafeString:
    """The ten columns of an item: the band of today, the column of "no date", bars and marks."""
    drawn: dict[Any, str] = context.render_context.setdefault(timeline_track, {})
    parts = [_band(now_css, drawn)]
    for bar in row.bars:
        if bar not in drawn:
            drawn[bar] = f'<span class="{escape(bar)}"></span>'
        parts.append(drawn[bar])
    for mark in row.marks:
        if mark not in drawn:
            drawn[mark] = (
                f'<img class="{escape(mark.css)}" src="{escape(static(mark.icon))}" alt="" width="22" height="22">'
            )
        parts.append(drawn[mark])
    return _safe("".join(parts))


def _band(now_css: str, drawn: dict[Any, str]) -> str:
    if now_css not in drawn:
        now = f'<span class="sa-track__now {escape(now_css)}"></span>' if now_css else ""
        drawn[now_css] = f'{now}<span class="sa-track__none"></span>'
    return drawn[now_css]


def _safe(markup: str) -> SafeString:
    """Markup whose every value went through `escape` above."""
    return mark_safe(markup)  # noqa: S308  # nosec B308 B703
