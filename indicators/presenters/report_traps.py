"""What had to be read in a certain way in a pasted table: a sentence for each place, gathered by kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from indicators.calculations.report_headings import Trap
from indicators.presenters.data_runs import number
from indicators.presenters.figures import blank_word, period_label
from indicators.refresh.report_traps import CHANGING, ORDER, kind_sentence

MOST_OPEN = 5


@dataclass(frozen=True)
class TrapPlaces:
    """sentence: "" where the heading of the kind says all there is. where: "line 177, cell 3", "lines 169–180, 182"."""

    sentence: str
    where: str


@dataclass(frozen=True)
class TrapGroup:
    """All of a kind. decides: whether it says which figure is kept, and of what; then a person should look at it.

    is_open: unfolded from the start: one to look at, and short enough not to hide the next.
    """

    code: str
    heading: str
    count: str
    entries: tuple[TrapPlaces, ...]
    decides: bool
    is_open: bool


def trap_groups(traps: Iterable[Trap]) -> tuple[TrapGroup, ...]:
    """Every trap, those that decide about a figure first. Places with the same sentence stand together."""
    kinds: dict[str, dict[tuple[str, ...], list[Trap]]] = defaultdict(lambda: defaultdict(list))
    for trap in traps:
        kinds[trap.code][trap.names].append(trap)
    return tuple(_group(code, kinds[code]) for code in ORDER if code in kinds)


def _group(code: str, by_names: dict[tuple[str, ...], list[Trap]]) -> TrapGroup:
    heading = kind_sentence(code)
    count = sum(len(traps) for traps in by_names.values())
    said = [(trap_sentence(traps[0]), traps) for traps in by_names.values()]
    return TrapGroup(
        code=code,
        heading=heading,
        count=ngettext("%(count)s place", "%(count)s places", count) % {"count": number(count)},
        entries=tuple(TrapPlaces("" if sentence == heading else sentence, _where(traps)) for sentence, traps in said),
        decides=code in CHANGING,
        is_open=code in CHANGING and len(said) <= MOST_OPEN,
    )


def _where(traps: Sequence[Trap]) -> str:
    lines = sorted({trap.line for trap in traps})
    if len(traps) == 1 and traps[0].column:
        return gettext("line %(line)s, cell %(cell)s") % {"line": lines[0], "cell": traps[0].column}
    return ngettext("line %(lines)s", "lines %(lines)s", len(lines)) % {"lines": ", ".join(_spans(lines))}


def _spans(lines: Sequence[int]) -> Iterable[str]:
    """1, 2, 3, 7 -> "1–3", "7". Lines in order."""
    start = end = lines[0]
    for line in (*lines[1:], None):
        if line == end + 1:
            end = line
            continue
        yield f"{start}–{end}" if end > start else str(start)
        if line is not None:
            start = end = line


def trap_sentence(trap: Trap) -> str:
    """What was read at that very place, and how."""
    names = trap.names
    say: dict[str, Callable[[], str]] = {
        "corrected": lambda: (
            gettext("%(new)s here, %(old)s in “%(edition)s”: read as a correction. Both can be found.")
            % {"old": names[0], "new": names[1], "edition": names[2]}
        ),
        "other_goal": lambda: (
            gettext("%(name)s stands under “%(printed)s” and belongs under “%(own)s”.")
            % {"name": names[0], "printed": names[1], "own": names[2]}
        ),
        "stands_twice": lambda: gettext("The same figure as in line %(line)s: read once.") % {"line": names[0]},
        "alias": lambda: gettext("Another spelling, read as %(name)s.") % {"name": names[0]},
        "genitive": lambda: gettext("A genitive, and the official name: %(name)s.") % {"name": names[0]},
        "scanned_wrong": lambda: gettext("Misspelt heading, read as %(name)s.") % {"name": names[0]},
        "parted_word": lambda: gettext("A parted word, read as %(name)s.") % {"name": names[0]},
        "period_of_catalogue": lambda: (
            gettext("No period in the row: read as %(period)s, which %(name)s is known by.")
            % {"name": names[0], "period": period_label(names[1])}
        ),
        "own_period": lambda: (
            gettext("%(name)s: its own period, %(period)s.") % {"name": names[0], "period": period_label(names[1])}
        ),
        "blank": lambda: gettext("Blank, not zero: %(word)s.") % {"word": blank_word(names[0]).lower()},
        "row_without_figures": lambda: gettext("%(name)s stands without any figure.") % {"name": names[0]},
        "areas_left_out": lambda: gettext("Not in the table: %(names)s.") % {"names": names[0]},
        "thousands": lambda: gettext("%(text)s is read as %(value)s.") % {"text": names[0], "value": names[1]},
        "fewer_decimals": lambda: (
            gettext("%(text)s is one of figures with up to %(decimals)s decimals.")
            % {"text": names[0], "decimals": names[1]}
        ),
        "zero": lambda: gettext("%(text)s is a figure: zero.") % {"text": names[0]},
        "notes": lambda: gettext("Note %(names)s.") % {"names": names[0]},
        "plain_note": lambda: gettext("Note %(names)s.") % {"names": names[0]},
        "continued": lambda: gettext("Goes on: %(name)s.") % {"name": names[0]},
    }
    return say[trap.code]() if trap.code in say else kind_sentence(trap.code)
