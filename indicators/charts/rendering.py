"""From spec to SVG on the page: drawn in a process of its own, cleaned for a strict content policy, cached by content.

`pictures(specs)` draws what is not cached, all of it in one process; `figure(...)` wraps wide and narrow for the page.
A picture that cannot be drawn is an empty text and a line in the log: the table beside it says the same.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
import subprocess  # nosec B404: our own interpreter and our own file, no shell and no words from outside
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from indicators.charts.specs import NARROW, WIDE, Spec

log = logging.getLogger(__name__)

DRAWING = Path(__file__).with_name("drawing.py")
FONTS = Path("static/vendor/dkfds/fonts/IBMPlexSans/complete/ttf")
SECONDS_TO_DRAW = 30
#: Raise it when the cleaning below changes: old pictures are then left behind in the cache.
CACHE_VERSION = 1

_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Picture:
    """What a chart is on a page: two drawings, one for each width, and the words that say the same."""

    svg: SafeString  # both drawings; css shows one of them. Empty when it could not be drawn.
    title: str
    description: str


def spec_hash(spec: Spec) -> str:
    """The same dictionary gives the same key, whatever order its keys were written in."""
    text = json.dumps(spec, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def svg_for(spec: Spec) -> str:
    """The cleaned SVG of one spec, without words of its own; empty when it cannot be drawn."""
    return pictures([spec])[0]


def pictures(specs: Sequence[Spec], *, keep_seconds: int | None = None) -> list[str]:
    """The cleaned SVG of each spec, in order. Those not in the cache are drawn together, in one process.

    `keep_seconds` is for pictures of what a reader chose: there is no end to what can be chosen.
    """
    keys = [f"chart:{CACHE_VERSION}:{spec_hash(spec)}" for spec in specs]
    found = cache.get_many(keys)
    if len(found) < len(set(keys)):
        # One drawing process for each web process at a time: it takes a second and 100 MB.
        with _one_at_a_time:
            found |= cache.get_many([key for key in keys if key not in found])
            missing = {key: spec for key, spec in zip(keys, specs, strict=True) if key not in found}
            drawn = dict(zip(missing, _draw(list(missing.values())), strict=True)) if missing else {}
            cache.set_many({key: svg for key, svg in drawn.items() if svg}, timeout=keep_seconds)
            found |= drawn
    return [found[key] for key in keys]


def figure(
    wide: Spec, narrow: Spec, *, chart_id: str, title: str, description: str, keep_seconds: int | None = None
) -> Picture:
    """Both drawings of one chart, with the names a screen reader reads. `chart_id` is unique on the page."""
    return figures([(wide, narrow, chart_id, title, description)], keep_seconds=keep_seconds)[0]


def figures(wanted: Sequence[tuple[Spec, Spec, str, str, str]], *, keep_seconds: int | None = None) -> list[Picture]:
    """Several charts, each (wide, narrow, chart_id, title, description), drawn in one go."""
    drawn = pictures([spec for wide, narrow, *_ in wanted for spec in (wide, narrow)], keep_seconds=keep_seconds)
    result = []
    for index, (_, _, chart_id, title, description) in enumerate(wanted):
        both = "".join(
            _named(svg, f"{chart_id}-{size}", f"sa-chart sa-chart--{size}", title, description)
            for size, svg in ((WIDE, drawn[index * 2]), (NARROW, drawn[index * 2 + 1]))
            if svg
        )
        # Built from our own drawing and escaped words only.
        result.append(Picture(mark_safe(both), title, description))  # noqa: S308  # nosec B308 B703
    return result


def named_pictures(wanted: Sequence[tuple[Spec, str, str, str]]) -> list[SafeString]:
    """Small pictures that are drawn alike at every width, each (spec, chart_id, title, description); empty when not drawn."""
    drawn = pictures([spec for spec, *_ in wanted]) if wanted else []
    named = [
        _named(svg, chart_id, "sa-chart", title, description) if svg else ""
        for svg, (_, chart_id, title, description) in zip(drawn, wanted, strict=True)
    ]
    # Built from our own drawing and escaped words only.
    return [mark_safe(svg) for svg in named]  # noqa: S308  # nosec B308 B703


def file_of(spec: Spec, *, title: str, description: str, keep_seconds: int | None = None) -> str:
    """One drawing as a file of its own: its words inside, its size, and paper behind it. Empty when it cannot be drawn."""
    svg = pictures([spec], keep_seconds=keep_seconds)[0]
    box = re.match(r'<svg xmlns="[^"]*" viewBox="([^"]*)">', svg)
    if box is None:
        return ""
    left, top, width, height = box[1].split()
    paper = f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="#fff"/>'
    named = _named(svg, "tegning", "sa-chart", title, description)
    named = named.replace("<svg", f'<svg width="{width}" height="{height}"', 1).replace("</desc>", f"</desc>{paper}", 1)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{named}\n'


def _draw(specs: list[Spec]) -> list[str]:
    command = [sys.executable, "-I", str(DRAWING), str(settings.BASE_DIR / FONTS)]
    try:
        done = subprocess.run(  # nosec B603: see the import
            command, input=json.dumps(specs), capture_output=True, text=True, timeout=SECONDS_TO_DRAW, check=True
        )
        return [clean(svg) for svg in json.loads(done.stdout)]
    except (subprocess.SubprocessError, OSError, ValueError) as error:
        said = getattr(error, "stderr", "") or ""
        log.error("A chart could not be drawn: %s %s", error, str(said)[-2000:])
        return [""] * len(specs)


# --- Cleaning ---------------------------------------------------------------------------------------------------------

_DROPPED = re.compile(r' (?:aria-[a-z]+|role|pointer-events|xmlns:xlink|version)="[^"]*"')
_STYLE = re.compile(r' style="([^"]*)"')
_EMPTY = re.compile(r'<path class="(?:foreground|background)"(?: [a-z-]+="[^"]*")*/>|<text[^>]*></text>|<g></g>')
_LONG_NUMBER = re.compile(r"(\d+\.\d{2})\d+")
_CLASS = re.compile(r' class="[^"]*"')
_TAG = re.compile(r"<[^>]*>")


def clean(svg: str) -> str:
    """The drawing fit for our pages: no style attributes (the content policy refuses them), no roles of its own, small.

    A style becomes presentation attributes, which say the same and are let in. The outermost element loses its size, so
    that it fills the width it is given.
    """
    svg = _STYLE.sub(_as_attributes, svg)
    svg = _DROPPED.sub("", svg)
    svg = _EMPTY.sub("", svg)
    svg = _CLASS.sub("", svg)
    # Inside tags only: 1.234,5 between them is a number somebody reads.
    svg = _TAG.sub(lambda tag: _LONG_NUMBER.sub(r"\1", tag[0]), svg)
    while "<g></g>" in svg:
        svg = svg.replace("<g></g>", "")
    start = re.match(r"<svg[^>]*>", svg)
    if start is None:
        raise ValueError("the drawing is no SVG")
    view_box = re.search(r'viewBox="([^"]*)"', start[0])
    if view_box is None:
        raise ValueError("the drawing has no viewBox")
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view_box[1]}">{svg[start.end() :]}'


def _as_attributes(match: re.Match[str]) -> str:
    parts = (part.partition(":") for part in match[1].split(";"))
    return "".join(f' {name.strip()}="{value.strip()}"' for name, _, value in parts if value.strip())


def _named(svg: str, chart_id: str, css: str, title: str, description: str) -> str:
    """Title and description inside, pointed at by id; ids of the drawing itself get the chart's in front."""
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{chart_id}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{chart_id}-\1)", svg)
    head = (
        f'<svg class="{css}" role="img" aria-labelledby="{chart_id}-t {chart_id}-d" xmlns="http://www.w3.org/2000/svg"'
    )
    words = f'<title id="{chart_id}-t">{escape(title)}</title><desc id="{chart_id}-d">{escape(description)}</desc>'
    return svg.replace('<svg xmlns="http://www.w3.org/2000/svg"', head, 1).replace(">", f">{words}", 1)
