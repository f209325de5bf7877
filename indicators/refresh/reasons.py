"""Why a file waits for a person, in a sentence. Kept as code and numbers, so that each reader gets their language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext, ngettext

from indicators.calculations.figure_bounds import Outside
from indicators.refresh.report_traps import PREFIX, trap_summary
from sundhedsaftale.lib.danish import format_number

NUMBERS = ("count", "of", "bound")


def as_stored(reason: Outside) -> dict[str, Any]:
    return {
        "code": reason.code,
        "count": reason.count,
        "bound": reason.bound,
        "of": reason.of,
        "names": list(reason.names),
    }


def reason_sentence(reason: Mapping[str, Any]) -> str:
    """The reason in the reader's language, its numbers too: "1.669"."""
    language = get_language() or "da"
    if str(reason.get("code", "")).startswith(PREFIX):
        return trap_summary(reason, language)
    count, words = int(reason.get("count", 0)), {**reason, "names": ", ".join(reason.get("names", ()))}
    words.update(
        {name: format_number(words[name], 0, language) for name in NUMBERS if isinstance(words.get(name), int)}
    )
    sentences = {
        "vanished": ngettext(
            "%(count)s figure that we hold is missing from the file. %(bound)s may be.",
            "%(count)s figures that we hold are missing from the file. %(bound)s may be.",
            count,
        ),
        "many_changed": ngettext(
            "%(count)s of %(of)s figures is another one. At most %(bound)s per cent may be, without a person having looked.",
            "%(count)s of %(of)s figures are others. At most %(bound)s per cent may be, without a person having looked.",
            count,
        ),
        "many_new": ngettext(
            "%(count)s figure is new, and we hold %(of)s. At most %(bound)s per cent more may come.",
            "%(count)s figures are new, and we hold %(of)s. At most %(bound)s per cent more may come.",
            count,
        ),
        "factor": ngettext(
            "%(count)s figure is %(bound)s times its predecessor or more, or as much smaller.",
            "%(count)s figures are %(bound)s times their predecessor or more, or as much smaller.",
            count,
        ),
        "area_missing": ngettext(
            "%(count)s figure of a municipality is missing from the new period: %(names)s.",
            "%(count)s figures of municipalities are missing from the new period: %(names)s.",
            count,
        ),
        "first_file": gettext("Nobody has seen figures from this source before: a person looks at its first file."),
        "elsewhere": ngettext(
            "The file gives %(count)s figure that also comes from %(names)s.",
            "The file gives %(count)s figures that also come from %(names)s.",
            count,
        ),
        "not_automatic": gettext("A person decides about every new file of this source."),
        "withdrawn": gettext("The file is the same as one that has been rolled back."),
        "rejected": gettext("The file is the same as one that has been turned down."),
        "other_difference": gettext(
            "The figures we hold changed after the file had been approved, so the difference is another one now."
        ),
    }
    sentence = sentences.get(str(reason.get("code")), gettext("The file lies outside its bounds."))
    return sentence % words


def alarm_word(alarm: str) -> str:
    """Beside a figure that is one of the reasons; "" for one that is not."""
    words = {
        "factor": gettext("Far from its predecessor"),
        "vanished": gettext("Missing from the file"),
        "area_missing": gettext("Missing from the new period"),
        "elsewhere": gettext("Another source gives it too"),
    }
    return words.get(alarm, "")
