"""What an import says to a person: where something stands in the file, and what is to be done about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.actions.periods import period_message
from initiatives.calculations.plan_draft import ERROR, WARNING, DraftIssue, Place
from initiatives.plan_files.refusals import place_words
from initiatives.plan_files.scanning import place_values
from initiatives.presenters.wording import day_text
from sundhedsaftale.lib.periods import PeriodError

CHECK, APPROX, GUESS, BAD, INFO = "check", "approx", "guess", "error", "light-none"


_OUTCOMES = {
    "new": gettext_lazy("New"),
    "changed": gettext_lazy("Changed"),
    "unchanged": gettext_lazy("No change"),
    "dropped": gettext_lazy("Left out"),
}
_FIELDS = {
    "title": gettext_lazy("Title"),
    "content": gettext_lazy("Content"),
    "section": gettext_lazy("Heading"),
    "owners": gettext_lazy("Owners"),
    "status": gettext_lazy("Status"),
    "milestones": gettext_lazy("Milestones"),
    "milestone": gettext_lazy("Milestone"),
    "state": gettext_lazy("State"),
    "planned": gettext_lazy("Promised for"),
    "new_date": gettext_lazy("New date"),
    "started": gettext_lazy("Started"),
    "since": gettext_lazy("On hold since"),
    "cause": gettext_lazy("Cause"),
}
_FLAGS = {
    "promise_without_date": gettext_lazy("Something is promised without a date."),
    "postponed_without_date": gettext_lazy("Postponed, and no new date is named."),
    "on_hold_without_date": gettext_lazy("On hold, and no new date is named."),
    "awaits_reform": gettext_lazy("The item awaits a reform."),
    "unreadable_period": gettext_lazy("A date in the status names no day that exists."),
    "year_missing": gettext_lazy("A date in the status has no year."),
    "year_assumed": gettext_lazy("A date without a year is read as the year of the plan."),
    "sub_tracks": gettext_lazy("The status speaks of several sub-tracks."),
    "group_to_be_set_up": gettext_lazy("A group is to be set up."),
}
_SENTENCES = {
    "title_missing": gettext_lazy("The row has no title. Write one, or leave the row out."),
    "title_too_long": gettext_lazy("The title is longer than 300 characters. Shorten it."),
    "heading_too_long": gettext_lazy("The heading is too long. Shorten it."),
    "owner_missing": gettext_lazy("Nobody carries the item in the file. Choose a body, or let it stand without."),
    "state_missing": gettext_lazy("No state can be read from the status. Choose one."),
    "cause_missing": gettext_lazy("Postponed, but no cause can be read. Choose one."),
    "cause_unknown": gettext_lazy("The cause is not one of ours. Choose one."),
    "same_date": gettext_lazy("Postponed, but to the date it already had. Correct the state or the date."),
    "status_empty": gettext_lazy("The status cell is empty. The item gets no status."),
    "duplicate_title": gettext_lazy("Another row has the same title."),
    "header_guessed": gettext_lazy("The table has no headings. The columns are guessed from what is in them."),
    "pdf_best_effort": gettext_lazy(
        "A PDF holds no tables, only letters on a page. Compare every row with the original."
    ),
    "tracked_changes": gettext_lazy("The file has tracked changes. It is read as if all of them were accepted."),
    "struck_text_left_out": gettext_lazy("Words that are struck out in the file were left out."),
    "text_layout_guessed": gettext_lazy("The text has no table. Its columns are guessed; compare with the original."),
    "numbers_counted": gettext_lazy(
        "The numbers begin again under each heading. The items are numbered through instead."
    ),
    "duplicate_key": gettext_lazy("The row was copied from another one of the same plan. It is read as a new item."),
}


def place_text(place: Place) -> str:
    """ "tabel 2, række 5": as people count, and only what the format has; "" for the whole file."""
    return place_words(place_values(place)) if place != Place() else ""


def confidence_view(confidence: str) -> tuple[str, str]:
    """The icon and the word for how sure a reader is."""
    if confidence == "sure":
        return CHECK, _("Certain")
    return (APPROX, _("Likely")) if confidence == "likely" else (GUESS, _("Guessed"))


def severity_icon(severity: str) -> str:
    return {ERROR: BAD, WARNING: GUESS}.get(severity, INFO)


def outcome_word(outcome: str) -> str:
    return str(_OUTCOMES[outcome])


def field_word(name: str) -> str:
    return str(_FIELDS.get(name, name))


def issue_text(issue: DraftIssue) -> str:
    """One sentence that says what is the matter and what to do."""
    values: Mapping[str, str] = issue.values
    special = _SENTENCES_WITH_VALUES.get(issue.code)
    if special is not None:
        return special(values)
    return str(_SENTENCES.get(issue.code) or _("Look at this before you confirm."))


def flag_text(flag: str) -> str:
    """What a flag of the status reader says; "" for those that other lines say already."""
    return str(_FLAGS.get(flag, ""))


def _owner_unknown(values: Mapping[str, str]) -> str:
    name = values.get("owner") or values.get("name", "")
    if values.get("candidates"):
        return _("»%(name)s« is no body we know. Is it %(candidates)s?") % {
            "name": name,
            "candidates": values["candidates"],
        }
    return _("»%(name)s« is no body we know. Choose one, or let the item stand without an owner.") % {"name": name}


def _owner_ambiguous(values: Mapping[str, str]) -> str:
    words = {"name": values.get("owner", ""), "candidates": values.get("candidates", "")}
    return _("»%(name)s« may be several bodies: %(candidates)s. Choose one.") % words


def _owner_not_valid(values: Mapping[str, str]) -> str:
    name = values.get("body") or values.get("owner", "")
    return _("%(body)s did not exist on the plan's date.") % {"body": name}


def _match_guess(values: Mapping[str, str]) -> str:
    return _("Is it the same item as »%(title)s«? Answer yes or no.") % {"title": values.get("title", "")}


def _status_newer(values: Mapping[str, str]) -> str:
    day = day_text(date.fromisoformat(values["day"]))
    return _("The plan has a newer status, of %(day)s. The words of the file are not written on top of it.") % {
        "day": day
    }


def _already_imported(values: Mapping[str, str]) -> str:
    return _("This file has been confirmed before, as »%(title)s«. Confirming it again makes one more plan.") % {
        "title": values.get("title", "")
    }


def _period_unreadable(values: Mapping[str, str]) -> str:
    try:
        why = period_message(PeriodError(values.get("reason", "not_understood")))
    except KeyError:
        why = period_message(PeriodError("not_understood"))
    words = {"field": field_word(values.get("field", "")), "words": values.get("words", ""), "why": why}
    if not words["field"]:
        return _("»%(words)s« cannot be read. %(why)s") % words
    return _("%(field)s: »%(words)s« cannot be read. %(why)s") % words


def _with(sentence: Callable[[], str]) -> Callable[[Mapping[str, str]], str]:
    """A sentence that names what the reader reported, by the same names."""
    return lambda values: sentence() % defaultdict(str, values)


_SENTENCES_WITH_VALUES = {
    "title_guessed": _with(lambda: _("The row has no title of its own. »%(title)s« is taken from its content.")),
    "duplicate_number": _with(lambda: _("The number %(number)s stands twice. This row gets the next free number.")),
    "row_skipped": _with(lambda: _("A row that is no item was left out: »%(words)s«")),
    "column_not_read": _with(
        lambda: _("The column »%(heading)s« is none of a plan's and was not read. Copy what you need into the rows.")
    ),
    "cell_not_read": _with(lambda: _("»%(words)s« was not understood and is left out. Write it where it belongs.")),
    "heading_without_items": _with(lambda: _("No item stands under the heading »%(title)s«, so it is left out.")),
    "numbers_not_kept": _with(
        lambda: _("Numbers such as »%(words)s« cannot be kept. The items are numbered 1, 2, 3 instead.")
    ),
    "row_taken_as_heading": _with(lambda: _("The row is read as a heading: »%(title)s«")),
    "other_table": _with(lambda: _("Another table was not read. Its headings are: %(headings)s.")),
    "tables_joined": _with(lambda: _("The plan goes on over several tables: %(tables)s. They are read as one.")),
    "text_outside": _with(lambda: _("There is text outside the plan that was not read: »%(words)s«")),
    "hidden_sheet_left_out": _with(lambda: _("The sheet »%(sheet)s« is hidden and was not read.")),
    "owner_unknown": _owner_unknown,
    "owner_ambiguous": _owner_ambiguous,
    "owner_not_valid": _owner_not_valid,
    "match_guess": _match_guess,
    "status_newer": _status_newer,
    "already_imported": _already_imported,
    "period_unreadable": _period_unreadable,
    "unreadable_period": _period_unreadable,
}
