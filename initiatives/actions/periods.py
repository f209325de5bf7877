"""Period words on their way in, with an error a person can act on."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sundhedsaftale.lib.periods import Period, PeriodError, parse_period


def read_period(words: str, *, today: date) -> Period:
    """The period the words name. Raises ValidationError with a sentence that says what to write instead."""
    try:
        return parse_period(words, today=today)
    except PeriodError as error:
        raise ValidationError(period_message(error)) from error


def period_message(error: PeriodError) -> str:
    """What to tell a person about period words that could not be read."""
    messages = {
        "quarter_out_of_range": _("A year has four quarters. Write 1., 2., 3. or 4. quarter."),
        "half_year_out_of_range": _("A year has two halves. Write 1. or 2. half-year."),
        "day_not_in_month": _("That month has no such day. Check the date."),
        "month_out_of_range": _("A year has twelve months. Check the date."),
        "week_out_of_range": _("That year has no such week. Check the week number."),
        "year_missing": _("The year is missing. Write for example »2. kvartal 2026«."),
    }
    return messages.get(
        error.reason_code,
        _("The date cannot be read. Write for example »2. kvartal 2026«, »november 2026« or »20. november 2026«."),
    )
