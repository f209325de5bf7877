"""What a status cell seems to say, and what a person should look at before it counts."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

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


#: How sure the reader is: the text says so; it follows from what the text says; something was filled in.
SURE, LIKELY, GUESS = "sure", "likely", "guess"


# Plain tuples with names: a plan's cells are read by the thousand, and these are made several times for each.
class ReadFrom(NamedTuple):
    """Where one answer of the reader comes from: the words, their offsets in the text, and how sure it is."""

    words: str
    start: int
    end: int
    confidence: str


class ReadPeriod(NamedTuple):
    """A period with the words it was read from and where they stand. `error` instead of `period`: it names none."""

    words: str
    start: int
    end: int
    period: Period | None = None
    error: PeriodError | None = None

    @property
    def last_day(self) -> date | None:
        return self.period.last_day if self.period else None

    @property
    def confidence(self) -> str:
        """A year that was filled in is a guess; what the words name is sure."""
        return GUESS if self.period is None or self.period.year_assumed else SURE


class ReadMilestone(NamedTuple):
    title: str
    when: ReadPeriod


class StatusReading(NamedTuple):
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
    state_confidence: str = SURE
    cause_confidence: str = SURE

    def sources(self, text: str) -> dict[str, ReadFrom]:
        """The words behind each answer, by its key in `as_dict`; milestones are "milestones.0", "milestones.1" ...

        `text` is the one that was read. Keys without an answer are left out.
        """
        found: dict[str, ReadFrom] = {}
        if self.state is not None and self.state_span is not None:
            start, end = self.state_span
            found["state"] = ReadFrom(text[start:end], start, end, self.state_confidence)
        dated = {"planned": self.planned, "started": self.started, "since": self.since, "new_date": self.new_date}
        for key, read in dated.items():
            if read is not None:
                found[key] = ReadFrom(read.words, read.start, read.end, read.confidence)
        if self.cause is not None and self.cause_span is not None:
            start, end = self.cause_span
            found["cause"] = ReadFrom(text[start:end], start, end, self.cause_confidence)
        for place, step in enumerate(self.milestones):
            # The date is read; that what stands beside it is a milestone is only likely.
            sure = GUESS if step.when.confidence == GUESS else LIKELY
            found[f"milestones.{place}"] = ReadFrom(step.when.words, step.when.start, step.when.end, sure)
        return found

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
