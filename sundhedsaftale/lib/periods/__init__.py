"""Imprecise periods: days, weeks, quarters, seasons, primo and ultimo, "løbende" and no date at all.

A plan says "2. kvartal 2021" and means a deadline on 30 June 2021. Everything that reads, prints, compares or shifts
such words lives here; nothing here knows of Django or of the applications.
"""

from sundhedsaftale.lib.periods.codes import observation_period, observation_period_label, shift_observation_period
from sundhedsaftale.lib.periods.model import (
    PRECISIONS,
    REASONS,
    Period,
    PeriodError,
    quarter_of,
    quarters_between,
)
from sundhedsaftale.lib.periods.printing import format_period, month_name
from sundhedsaftale.lib.periods.reading import FoundPeriod, find_periods, find_periods_at, parse_period
from sundhedsaftale.lib.periods.vocabulary import FIRST_WORDS

__all__ = [
    "FIRST_WORDS",
    "PRECISIONS",
    "REASONS",
    "FoundPeriod",
    "Period",
    "PeriodError",
    "find_periods",
    "find_periods_at",
    "format_period",
    "month_name",
    "observation_period",
    "observation_period_label",
    "parse_period",
    "quarter_of",
    "quarters_between",
    "shift_observation_period",
]
