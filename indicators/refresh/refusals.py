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
        **_table_sentences(),
        **_report_sentences(),
        **_file_sentences(),
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
        **_table_hints(details),
    }
    hint = hints.get(code, gettext("Possible: %(names)s.") % {"names": details})
    return f"{sentence} {hint}" if details else sentence


def _table_sentences() -> dict[str, str]:
    """About the tables that people hand over."""
    return {
        "mapping_missing": gettext(
            "Nobody has said what the columns of the source hold. A data steward does that once."
        ),
        "mapping_incomplete": gettext("The columns do not say everything that a figure needs."),
        "columns_differ": gettext("The table has other columns than when its columns were declared."),
        "unknown_area_name": gettext("The name of the area is not known. It waits in the list of unknown names."),
        "area_blank": gettext("The cell of the area is blank."),
        "wrong_unit": gettext("The unit is another than the indicator's."),
        "duplicate_cell": gettext("The same indicator, area and period has a figure already."),
        "blank_undeclared": gettext("The cell is blank, and nothing says what a blank means in this source."),
        "other_decimal_mark": gettext("The number is written with another decimal mark than the one declared."),
        "not_a_figure": gettext("There is something else than a number."),
        "sheet_missing": gettext("The sheet that was chosen is not in the workbook, or it is hidden."),
        "formula": gettext("The cell holds a formula. Paste the values instead, save and try again."),
        "error_cell": gettext("The cell holds an error of the spreadsheet."),
        "other_encoding": gettext(
            "The file is not written in the encoding declared. Hand it over once more and look at its first lines."
        ),
        "quotes_differ": gettext("A quotation mark is opened and not closed."),
        "too_many_columns": gettext("The table has more columns than are read."),
        "cpr_in_workbook": gettext("The workbook holds a CPR number. Delete it and try again. The file is not kept."),
    }


def _report_sentences() -> dict[str, str]:
    """About the report's tables pasted as text."""
    return {
        "unknown_indicator_name": gettext("The name of the indicator is not known."),
        "indicator_blank": gettext("The cell of the indicator is blank."),
        "row_width": gettext(
            "The row has another number of cells than its heading. Paste the table again, with its blank cells."
        ),
        "heading_missing": gettext("The row stands under no heading. Paste the heading of the table with it."),
        "period_unclear": gettext(
            "The row names no period, and the indicator was not of the same period as the others last time. Write its period."
        ),
        "other_region": gettext("The municipality does not belong to the region in the heading."),
        "stands_otherwise": gettext(
            "The same indicator, area and period stands twice with different figures, or twice in one kind of table."
        ),
        "area_twice": gettext("Two columns are the same area."),
        "indicator_twice": gettext("Two columns are the same indicator."),
    }


def _file_sentences() -> dict[str, str]:
    """About a file that is not opened at all."""
    return {
        "empty_file": gettext("The file is empty."),
        "not_text": gettext("The file is neither text nor a workbook. Save it as .xlsx or CSV."),
        "file_old_format": gettext("The file is in the old Excel format. Save it as .xlsx and try again."),
        "file_wrong_type": gettext("The file is not an Excel workbook. Save it as .xlsx or CSV."),
        "file_encrypted": gettext("The file is protected with a password. Save it without one and try again."),
        "file_macros": gettext("The workbook holds macros. Save it as an ordinary .xlsx and try again."),
        "file_corrupt": gettext("The file is damaged and cannot be read. Open it in Excel and save it again."),
        "file_too_many_parts": gettext(
            "The file is made of too many parts to be an ordinary workbook. It was not opened."
        ),
        "file_unpacks_too_large": gettext(
            "Unpacked, the file is far larger than a workbook of figures. It was not opened."
        ),
        "file_external_link": gettext(
            "The workbook fetches something from another file. Break the links and try again."
        ),
        "file_xml_entities": gettext(
            "The file holds XML entities, which ordinary workbooks do not. It was not opened."
        ),
    }


def _table_hints(details: str) -> dict[str, str]:
    nearest, cell = gettext("Nearest: %(names)s."), gettext("The cell is %(names)s.")
    words = {"names": details}
    return {
        "unknown_area_name": nearest % words,
        "unknown_indicator_name": nearest % words,
        "row_width": gettext("It should have %(names)s.") % words,
        "period_unclear": f"({details})",
        "other_region": f"({details})",
        "stands_otherwise": gettext("The first is in line %(names)s.") % words,
        "mapping_incomplete": gettext("Missing: %(names)s.") % {"names": role_word(details)},
        "columns_differ": gettext("It should have %(names)s columns.") % words,
        "wrong_unit": gettext("It should be: %(names)s.") % words,
        "duplicate_cell": gettext("The first is in cell %(names)s.") % words,
        "other_decimal_mark": gettext("Declared is: %(names)s") % words,
        "formula": gettext("Place: %(names)s.") % {"names": _part_word(details)} if "!" in details else cell % words,
        "error_cell": cell % words,
        "other_encoding": gettext("Declared is: %(names)s") % words,
        "cpr_in_workbook": gettext("Place: %(names)s.") % {"names": _part_word(details)},
        "too_many_columns": gettext("At most %(names)s.") % words,
        "file_unpacks_too_large": gettext("At most %(names)s MB.") % words,
    }


def role_word(role: str) -> str:
    """What a column of a table holds, in words."""
    return {
        "area": gettext("area"),
        "indicator": gettext("indicator"),
        "period": gettext("period"),
        "value": gettext("figure"),
        "values": gettext("a column of figures"),
        "unit": gettext("unit"),
        "breakdown": gettext("breakdown"),
        "footnotes": gettext("footnotes"),
    }.get(role, role)


def _part_word(part: str) -> str:
    """ "2!C7" is a cell; anything else is a part of the file that is not shown."""
    sheet, mark, cell = part.partition("!")
    if mark:
        return gettext("sheet %(sheet)s, cell %(cell)s") % {"sheet": sheet, "cell": cell}
    return {
        "properties": gettext("the properties of the file"),
        "note": gettext("a comment or note"),
        "margin": gettext("a header or footer"),
    }.get(part, gettext("a part of the file that is not shown"))
