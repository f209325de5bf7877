"""What was met in the report's tables and how it was read, in sentences: one for each place, or one for all of a kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext, ngettext

from indicators.calculations.figure_bounds import Outside
from indicators.calculations.report_headings import Trap
from sundhedsaftale.lib.danish import format_number

PREFIX = "trap_"
PLACES = 6  # named in a sentence about all of a kind

#: Those that decide which figure is kept, and of what: a person should look at them.
CHANGING = (
    *("corrected", "other_goal", "stands_twice", "scanned_wrong", "alias", "genitive"),
    *("period_of_catalogue", "own_period"),
)
#: The others are many and harmless.
ORDER = (
    *CHANGING,
    *("blank", "row_without_figures", "areas_left_out", "thousands", "fewer_decimals", "zero", "light_lost", "notes"),
    *("plain_note", "parted_word", "markup", "continued", "goal_unknown", "counts_passed_over", "table_passed_over"),
)


def trap_counts(traps: Sequence[Trap]) -> tuple[Outside, ...]:
    """One of each kind, with how many there were and the first places: what a run keeps."""
    found: list[Outside] = []
    for code in ORDER:
        lines = [trap.line for trap in traps if trap.code == code]
        if lines:
            names = tuple(str(line) for line in list(dict.fromkeys(lines))[:PLACES])
            found.append(Outside(f"{PREFIX}{code}", len(lines), 0, 0, names))
    return tuple(found)


def trap_summary(reason: Mapping[str, Any], language: str) -> str:
    """ "6 tal har punktum mellem tusinder. 2.032 er læst som totusind… (linje 177)"."""
    count = int(reason.get("count", 0))
    lines = [str(name) for name in reason.get("names", ())]
    where = ngettext("line %(lines)s", "lines %(lines)s", len(lines)) % {"lines": ", ".join(lines)}
    sentence = _kinds().get(
        str(reason.get("code", "")).removeprefix(PREFIX), gettext("Something was read in its own way.")
    )
    words = {"count": format_number(count, 0, language), "sentence": sentence, "where": where}
    return gettext("%(sentence)s %(count)s times: %(where)s.") % words if count > 1 else f"{sentence} ({where})"


def kind_sentence(code: str) -> str:
    return _kinds().get(code, code)


def _kinds() -> dict[str, str]:
    return {
        "corrected": gettext("Another figure was published before: it counts as a correction, and both can be found."),
        "other_goal": gettext("An indicator stands under another goal than its own: its own goal holds."),
        "stands_twice": gettext("The country's figure stands in both tables and is the same: it is read once."),
        "scanned_wrong": gettext("A heading is misspelt in the report and is read by a list of such headings."),
        "alias": gettext("An area is spelt in another way and is read by the list of spellings."),
        "genitive": gettext("A municipality's name is a genitive and stands so officially."),
        "period_of_catalogue": gettext("The row names no period: it is the one we know the indicator by."),
        "own_period": gettext("The row is of another period, which stands in its name."),
        "blank": gettext("A blank cell is no zero: it is kept as a blank with a reason."),
        "row_without_figures": gettext("An indicator stands in the table without any figure."),
        "areas_left_out": gettext("Municipalities of the region are not in the table."),
        "thousands": gettext("A full stop parts thousands: 2.032 is two thousand and thirty-two."),
        "fewer_decimals": gettext("A figure has fewer decimals than the table otherwise has: 48 is 48,0."),
        "zero": gettext("0,0 is a figure, and is kept as zero."),
        "light_lost": gettext("A coloured mark has lost its colour as text: the published light is not known."),
        "notes": gettext("Raised numbers are notes, and not part of the name."),
        "plain_note": gettext("A number after the name is read as a note, since the name is known without it."),
        "parted_word": gettext("A hyphen and a space part a word: it is read as one word."),
        "markup": gettext("Marks of layout in the cell are left out."),
        "continued": gettext("The table goes on from the page before."),
        "goal_unknown": gettext("The goal in the first column is not one we know; the indicator's own goal holds."),
        "counts_passed_over": gettext("The report's count of lights is no table of figures and is passed over."),
        "table_passed_over": gettext("A table that holds none of our indicators or areas is passed over."),
    }
