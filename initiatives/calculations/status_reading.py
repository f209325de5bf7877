"""What a status cell seems to say, and what a person should look at before it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sundhedsaftale.lib.periods import Period, PeriodError

PROMISE_WITHOUT_DATE = "promise_without_date"  # "Genoptages." and nothing more
POSTPONED_WITHOUT_DATE = "postponed_without_date"
ON_HOLD_WITHOUT_DATE = "on_hold_without_date"
AWAITS_REFORM = "awaits_reform"
UNREADABLE_PERIOD = "unreadable_period"  # "5. kvartal 2021"
YEAR_MISSING = "year_missing"  # "i foråret", and no year to go by
YEAR_ASSUMED = "year_assumed"  # "i foråret", read as the year of `today`
SUB_TRACKS = "sub_tracks"
GROUP_TO_BE_SET_UP = "group_to_be_set_up"
NO_STATE = "no_state"

FLAGS = (
    PROMISE_WITHOUT_DATE, POSTPONED_WITHOUT_DATE, ON_HOLD_WITHOUT_DATE, AWAITS_REFORM, UNREADABLE_PERIOD, YEAR_MISSING,
    YEAR_ASSUMED, SUB_TRACKS, GROUP_TO_BE_SET_UP, NO_STATE,
)  # fmt: skip


@dataclass(frozen=True)
class ReadPeriod:
    """A period with the words it was read from and where they stand. `error` instead of `period`: it names none."""

    words: str
    start: int
    end: int
    period: Period | None = None
    error: PeriodError | None = None

    @property
    def last_day(self) -> date | None:
        return self.period.last_day if self.period else None


@dataclass(frozen=True)
class ReadMilestone:
    title: str
    when: ReadPeriod


@dataclass(frozen=True)
class StatusReading:
    """What a status cell seems to say. Offsets are into the text given; `state_span` is the statement that decided."""

    state: str | None = None
    planned: ReadPeriod | None = None
    started: ReadPeriod | None = None
    since: ReadPeriod | None = None
    new_date: ReadPeriod | None = None
    cause: str | None = None
    milestones: tuple[ReadMilestone, ...] = ()
    flags: tuple[str, ...] = ()
    state_span: tuple[int, int] | None = None
    cause_span: tuple[int, int] | None = None
    unreadable: tuple[ReadPeriod, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON: the periods in the words of the text, None where the text says nothing."""
        return {
            "state": self.state,
            "planned": self.planned.words if self.planned else None,
            "started": self.started.words if self.started else None,
            "since": self.since.words if self.since else None,
            "new_date": self.new_date.words if self.new_date else None,
            "cause": self.cause,
            "milestones": [{"title": item.title, "date": item.when.words} for item in self.milestones],
            "flags": list(self.flags),
        }
