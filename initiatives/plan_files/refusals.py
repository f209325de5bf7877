"""Why a file is not read at all, in one sentence for the person who sent it. Never a word of what stands in the file."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from sundhedsaftale.lib.packages import (
    CORRUPT,
    ENCRYPTED,
    EXTERNAL_LINK,
    MACROS,
    OLD_FORMAT,
    TOO_MANY_PARTS,
    UNPACKS_TOO_LARGE,
    WRONG_TYPE,
    XML_ENTITIES,
    FileRefused,
)

TOO_LARGE = "too_large"  # limit
EMPTY = "empty"
UNKNOWN_TYPE = "unknown_type"
FORMULA_WITHOUT_VALUE = "formula_without_value"  # sheet, cell
TOO_MANY_PAGES = "too_many_pages"  # limit
TOO_MANY_ROWS = "too_many_rows"  # limit
TOO_MANY_COLUMNS = "too_many_columns"  # limit, row, and sheet where there is one
NOT_TEXT = "not_text"
NO_TABLE = "no_table"
TABLES_EQUAL = "tables_equal"  # tables
CPR_NUMBER = "cpr_number"  # part, and table, row, sheet, page where there are any
CPR_PERHAPS = "cpr_perhaps"  # the same

__all__ = ["CORRUPT", "UNPACKS_TOO_LARGE", "FileRefused", "place_words", "refusal_message"]


def refusal_message(error: FileRefused) -> str:
    """The sentence for the person who sent the file."""
    if error.code in (CPR_NUMBER, CPR_PERHAPS):
        return _cpr_message(error)
    return _sentences()[error.code] % error.values


def _sentences() -> dict[str, str]:
    return {
        **_sentences_about_content(),
        TOO_LARGE: _("The file is larger than %(limit)s MB. Save a smaller one, for example without pictures."),
        EMPTY: _("The file is empty."),
        UNKNOWN_TYPE: _(
            "Plans are read from Word (.docx), Excel (.xlsx), CSV, text and PDF. This file is none of them."
        ),
        OLD_FORMAT: _("The file is in the old Word or Excel format. Save it as .docx or .xlsx and try again."),
        WRONG_TYPE: _(
            "The name ends in %(ending)s, but the file is something else. Save it again in the right format."
        ),
        ENCRYPTED: _("The file is protected with a password. Save it without one and try again."),
        MACROS: _("The file holds macros. Save it as an ordinary .docx or .xlsx without macros and try again."),
        CORRUPT: _("The file is damaged and cannot be read. Open it in the program it comes from, and save it again."),
        TOO_MANY_PARTS: _("The file is made of too many parts to be an ordinary document. It has not been opened."),
        UNPACKS_TOO_LARGE: _("Unpacked, the file is larger than %(limit)s MB. It has not been opened."),
        EXTERNAL_LINK: _(
            "The file fetches something from another place: a template, a picture or another workbook. "
            "Break the links and try again."
        ),
        XML_ENTITIES: _("The file holds XML entities, which ordinary documents do not. It has not been opened."),
    }


def _sentences_about_content() -> dict[str, str]:
    return {
        FORMULA_WITHOUT_VALUE: _(
            "Cell %(cell)s in the sheet %(sheet)s has a formula without a value. "
            "Open the workbook in Excel, save it, and try again."
        ),
        TOO_MANY_PAGES: _("The PDF has more than %(limit)s pages. Send only the pages with the plan."),
        TOO_MANY_ROWS: _("The file has more than %(limit)s rows. Send only the table with the plan."),
        TOO_MANY_COLUMNS: _("Row %(row)s has more than %(limit)s columns. Send only the table with the plan."),
        NOT_TEXT: _("The file is not plain text. Save it as CSV in UTF-8 and try again."),
        NO_TABLE: _(
            "No table in the file looks like a plan. It needs columns such as Indhold, Forankring and Status, "
            "one row an item."
        ),
        TABLES_EQUAL: _("Several tables look equally much like a plan: %(tables)s. Send a file with only one of them."),
    }


def _cpr_message(error: FileRefused) -> str:
    where = {"place": place_words(error.values)}
    if error.code == CPR_NUMBER:
        return _("The file holds a CPR number: %(place)s. Delete it and try again. Nothing has been saved.") % where
    return (
        _(
            "Ten digits in a row may be a CPR number: %(place)s. If they are something else, write them in pairs: "
            "12 34 56 78 90. Nothing has been saved."
        )
        % where
    )


def place_words(values: Mapping[str, str]) -> str:
    """ "table 2, row 5", "sheet »Plan«, row 5", "a header or footer": where in the file."""
    part = values.get("part", "")
    if part:
        return _parts().get(part, _("the text"))
    words = []
    if values.get("page"):
        words.append(_("page %(page)s") % {"page": values["page"]})
    if values.get("sheet"):
        words.append(_("sheet »%(sheet)s«") % {"sheet": values["sheet"]})
    elif values.get("table"):
        words.append(_("table %(table)s") % {"table": values["table"]})
    if values.get("row"):
        words.append(_("row %(row)s") % {"row": values["row"]})
    return ", ".join(words) or _("the text")


def _parts() -> dict[str, str]:
    return {
        "text": _("the text"),
        "margin": _("a header or footer"),
        "note": _("a comment or note"),
        "properties": _("the properties of the file"),
        "hidden": _("a hidden sheet, a hidden part or deleted text"),
        "name": _("the name of the file"),
    }
