"""A year's plan before it is registered: each line with the dates it would get, or what is wrong with it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from initiatives.actions.free_text import refuse_cpr
from initiatives.actions.periods import period_message
from initiatives.calculations.year_plan import (
    CASE_TOO_LONG,
    MOST_LINES,
    NOT_A_DAY,
    TITLE_TOO_LONG,
    TOO_MANY_COLUMNS,
    TWICE,
    LineError,
    YearRow,
    read_year_plan,
)
from initiatives.models import Body
from initiatives.presenters.meetings import weekday_text
from initiatives.presenters.wording import day_text
from sundhedsaftale.lib.cpr import find_cpr
from sundhedsaftale.lib.working_days import meeting_dates


@dataclass(frozen=True, slots=True)
class YearLine:
    line: int
    day: str
    title: str
    case_number: str
    hand_in: str
    dispatch: str
    there: bool  # the body already meets that day: left as it is


@dataclass(frozen=True, slots=True)
class YearPreview:
    """errors: one sentence each, with its line. Nothing can be confirmed while there is one."""

    body: str
    text: str
    rows: tuple[YearRow, ...]
    lines: tuple[YearLine, ...]
    errors: tuple[str, ...]
    fingerprint: str
    new: int

    def fingerprint_is(self, sent: str) -> bool:
        """Whether what is confirmed is what was shown: text edited after the preview is shown again first."""
        return sent == self.fingerprint

    def with_errors(self, errors: list[str]) -> YearPreview:
        return replace(self, errors=tuple(errors))


def preview_year(body: Body, text: str, *, today: date) -> YearPreview:
    """Nothing is stored. One query."""
    errors = _cpr_errors(text)
    plan = read_year_plan(text, today=today)
    if plan.too_long:
        errors.append(_("There are more than %(most)s lines. Register one year at a time.") % {"most": MOST_LINES})
    errors += [_on_line(error.line, _why(error)) for error in plan.errors]
    errors += [_on_line(row.line, _no_body(body)) for row in plan.rows if not _meets(body, row.day)]
    if plan.is_empty:
        errors.append(_("No date was found."))
    there = set(body.meetings.filter(cancelled_on__isnull=True).values_list("day", flat=True))
    return YearPreview(
        body=body.name,
        text=text,
        rows=plan.rows,
        lines=tuple(_line(body, row, row.day in there) for row in plan.rows),
        errors=tuple(errors),
        fingerprint=hashlib.sha256(f"{body.pk}\n{text}".replace("\r\n", "\n").encode()).hexdigest()[:16],
        new=sum(row.day not in there for row in plan.rows),
    )


def _cpr_errors(text: str) -> list[str]:
    """The whole text first: what may be a CPR number is never printed in the preview."""
    if not find_cpr(text):
        return []
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            refuse_cpr(text=line)
        except ValidationError as error:
            found.append(_on_line(number, " ".join(error.messages)))
    return found or [_("The text holds a CPR number. Delete it and save again. Nothing has been saved.")]


def _line(body: Body, row: YearRow, there: bool) -> YearLine:
    dates = meeting_dates(row.day, body.hand_in_days, body.dispatch_days)
    return YearLine(
        line=row.line,
        day=weekday_text(row.day),
        title=row.title,
        case_number=row.case_number,
        hand_in=day_text(dates.hand_in),
        dispatch=day_text(dates.dispatch),
        there=there,
    )


def _meets(body: Body, day: date) -> bool:
    return (body.valid_from is None or body.valid_from <= day) and (body.valid_to is None or day <= body.valid_to)


def _no_body(body: Body) -> str:
    return _("%(body)s does not exist on that day.") % {"body": body.name}


def _on_line(line: int, why: str) -> str:
    return _("Line %(line)s: %(why)s") % {"line": line, "why": why}


def _why(error: LineError) -> str:
    if error.period is not None:
        return period_message(error.period)
    own = {
        NOT_A_DAY: _("A meeting is held on a day. Write for example »4. februar 2027«."),
        TOO_MANY_COLUMNS: _("There are more than three columns. Write date; title; case number."),
        TITLE_TOO_LONG: _("The title is longer than 200 characters."),
        CASE_TOO_LONG: _("The case number is longer than 60 characters."),
        TWICE: _("The date stands there twice."),
    }
    return own[error.reason]
