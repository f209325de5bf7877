"""Why figures could not be fetched from another machine, or why its table was refused, in a sentence."""

from __future__ import annotations

from django.utils.translation import gettext


def network_sentences() -> dict[str, str]:
    return {**_on_the_way(), **_of_the_table()}


def _on_the_way() -> dict[str, str]:
    return {
        "host_not_allowed": gettext("The address is not one that figures may be fetched from (FIGURE_HOSTS)."),
        "address_not_allowed": gettext(
            "The name of the host leads to an address inside the network. It was not asked."
        ),
        "redirected": gettext("The source sends on to another address. Write that address in the source's definition."),
        "source_refuses": gettext("The source refuses to answer."),
        "source_in_trouble": gettext("The source has trouble of its own."),
        "timed_out": gettext("The source did not answer in time."),
        "cut_off": gettext("The answer was cut off before its end."),
        "no_connection": gettext("There is no connection to the source."),
        "wrong_type": gettext("The answer is of another kind than figures, perhaps a web page."),
        "wrong_packing": gettext("The answer is packed in a way that cannot be read."),
        "too_large": gettext("The file is far larger than any file of figures. It was not read."),
    }


def _of_the_table() -> dict[str, str]:
    return {
        "no_definition": gettext(
            "The source's definition cannot be used. Check it with manage.py refresh NAME --check."
        ),
        "no_table": gettext("The figures of the source come as files: there is no table to ask."),
        "no_table_info": gettext(
            "The codes of the table have not been fetched yet. Fetch the source over the network first."
        ),
        "answer_not_understood": gettext("The answer is not in the form agreed upon."),
        "table_unknown": gettext("The source has no such table."),
        "table_other_unit": gettext(
            "The table has another unit than the definition says. The figures mean something else."
        ),
        "variable_gone": gettext("The table has lost a variable, or it has another name now."),
        "variable_new": gettext(
            "The table has a variable that the definition does not name. Without it, totals would be guessed."
        ),
        "code_unknown": gettext("The definition names codes that the table does not have."),
        "code_gone": gettext(
            "The table has lost codes it had last time. Write them under “accept” when that is right."
        ),
        "code_renamed": gettext(
            "Codes of the table mean something else now. Write them under “accept” when that is right."
        ),
        "no_codes": gettext("Of a variable of the table no code is left to ask for."),
        "too_many_cells": gettext(
            "This format gives at most a million cells. Write BULK as format, or choose fewer codes."
        ),
        "too_much_at_once": gettext(
            "So many cells are asked for that they cannot be read at once. Choose fewer codes."
        ),
        "statbank_error": gettext("The statbank refuses the question."),
        "columns_changed": gettext("The columns are not those that were asked for."),
        "code_not_asked": gettext("The answer holds a code that was not asked for."),
        "more_decimals": gettext("A figure has more decimals than the definition says."),
        "wrong_mark": gettext("A figure has the decimal mark of another language than the definition says."),
        "row_twice": gettext("The answer holds the same codes twice."),
        "collection": gettext("The address holds several data sets. Write in the definition which one is meant."),
        "not_json_stat": gettext("The answer is not JSON-stat."),
    }


def network_hints(details: str) -> dict[str, str]:
    """What stands after the sentence, when something does; for the others it is "Possible: …"."""
    answer = gettext("Its answer: %(names)s.") % {"names": details}
    named = gettext("Here: %(names)s.") % {"names": details}
    answers = ("source_refuses", "source_in_trouble", "statbank_error")
    here = (
        "no_connection", "address_not_allowed", "no_definition", "table_unknown", "table_other_unit", "variable_gone",
        "variable_new", "code_unknown", "code_gone", "code_renamed", "no_codes",
        "too_much_at_once", "too_many_cells", "columns_changed",
        "not_json_stat",
    )  # fmt: skip
    return {**dict.fromkeys(answers, answer), **dict.fromkeys(here, named)}
