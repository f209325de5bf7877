"""What may be taken from a reading without asking, when many statuses are written at once.

Somebody who fills a grid chooses only where the words leave a doubt. What is chosen always stands; the rest is taken from
the reader where it is sure. Where it is not, the field is named, and nothing is taken for it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from initiatives.calculations.states import DELAYED, ON_HOLD, POSTPONED
from initiatives.calculations.status_reading import SURE, ReadPeriod, StatusReading

#: Why a field has to be chosen by hand.
NO_STATE, STATE_GUESSED = "no_state", "state_guessed"
DATE_GUESSED, DATE_UNREADABLE = "date_guessed", "date_unreadable"
NO_CAUSE, CAUSE_GUESSED = "no_cause", "cause_guessed"

_HAS_CAUSE = (POSTPONED, ON_HOLD, DELAYED)


@dataclass(frozen=True)
class Taken:
    """The fields of a status; period fields are words, "" for none. `unsure`: field -> why a person has to choose."""

    state: str = ""
    due: str = ""
    planned: str = ""
    started: str = ""
    since: str = ""
    cause: str = ""
    no_date: bool = False
    unsure: dict[str, str] = field(default_factory=dict)


def take(reading: StatusReading, *, state: str = "", due: str = "", cause: str = "") -> Taken:
    """The reading with what the person chose on top."""
    unsure: dict[str, str] = {}
    read_state = reading.state if reading.state and reading.state_confidence == SURE else ""
    if not state and not read_state:
        unsure["state"] = STATE_GUESSED if reading.state else NO_STATE
    state = state or read_state
    named = due or _sure_words(reading.new_date)
    if not due:
        why = _date_in_doubt(reading)
        if why:
            unsure["due"] = why
    read_cause = reading.cause if reading.cause and reading.cause_confidence == SURE else ""
    if not cause and not read_cause:
        if state in _HAS_CAUSE and reading.cause:
            unsure["cause"] = CAUSE_GUESSED
        elif state == POSTPONED:
            unsure["cause"] = NO_CAUSE
    return Taken(
        state=state,
        due=named,
        planned=_sure_words(reading.planned),
        started=_sure_words(reading.started),
        since=_sure_words(reading.since),
        cause=cause or read_cause,
        no_date=state in (POSTPONED, ON_HOLD) and not named,
        unsure=unsure,
    )


def _date_in_doubt(reading: StatusReading) -> str:
    """A date somebody promised and the reader is not sure of must not fall away unseen."""
    promised = [read for read in (reading.new_date, reading.planned) if read is not None]
    if reading.unreadable or any(read.period is None for read in promised):
        return DATE_UNREADABLE
    return DATE_GUESSED if any(read.confidence != SURE for read in promised) else ""


def _sure_words(read: ReadPeriod | None) -> str:
    return read.words if read is not None and read.confidence == SURE else ""
