"""What had to be read in a certain way at one place of a pasted table, in a sentence."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext

from indicators.calculations.report_headings import Trap
from indicators.presenters.figures import blank_word, period_label
from indicators.refresh.report_traps import kind_sentence


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
