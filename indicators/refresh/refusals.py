"""Why a row of figures was refused, in a sentence. None of them repeats what stood in the cell."""

from __future__ import annotations

from django.utils.translation import gettext

from indicators.refresh.refusals_network import network_hints, network_sentences


def refusal_sentence(code: str, details: str = "") -> str:
    """The reason in the reader's language. details: the names suggested, or the numbers compared."""
    sentences = {
        "unknown_indicator": gettext("The code of the indicator is not known."),
        "unknown_area": gettext("The code of the area is not known."),
        "unknown_breakdown": gettext("The breakdown is not one of the indicator's."),
        "unknown_edition": gettext("The edition is not known."),
        "kind_not_measured": gettext("The indicator is not measured for this kind of area."),
        "duplicate": gettext("The same indicator, area and period stands in an earlier row too."),
        "not_a_period": gettext("The period is not one we can read. Write for example 2023, 2024M03 or 2019:2023."),
        "not_a_number": gettext("There is something else than a number. Write it with a decimal point: 10.7."),
        "too_precise": gettext("The number has more than six decimals."),
        "negative": gettext("The number is negative."),
        "over_100": gettext("The percentage is over 100."),
        "unknown_flag": gettext("The flag is not one we know."),
        "blank_without_flag": gettext("There is no number, and the flag does not say why."),
        "value_with_blank_flag": gettext("There is a number, but the flag says that there is none."),
        "blank_without_reason": gettext("There is no number and no reason."),
        "not_footnotes": gettext("The footnotes must be numbers with semicolons between."),
        "not_true_or_false": gettext("The cell must be true, false or empty."),
        "unknown_light": gettext("The light must be green, yellow, red or empty."),
        "too_long": gettext("The text is too long."),
        "cpr": gettext("The cell holds a CPR number."),
        "column_missing": gettext("A column is missing."),
        "no_rows": gettext("The file holds no rows."),
        "not_readable": gettext("The file cannot be read. Save it as CSV in UTF-8, with commas between the cells."),
        "vanished": gettext("The figure was in the last edition and is missing now."),
        **network_sentences(),
    }
    sentence = sentences.get(code, gettext("The row cannot be stored."))
    hints = {
        "duplicate": gettext("The first is in line %(names)s.") % {"names": details},
        "column_missing": gettext("It is called: %(names)s.") % {"names": details},
        "unknown_indicator": gettext("Nearest: %(names)s.") % {"names": details},
        "unknown_area": gettext("Nearest: %(names)s.") % {"names": details},
        "unknown_breakdown": gettext("Nearest: %(names)s.") % {"names": details},
        "unknown_edition": gettext("Nearest: %(names)s.") % {"names": details},
        "vanished": details,
        **network_hints(details),
    }
    hint = hints.get(code, gettext("Possible: %(names)s.") % {"names": details})
    return f"{sentence} {hint}" if details else sentence
