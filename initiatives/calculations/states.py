"""The eight states an item can be in. "Without a new date" is a flag beside the state, never a ninth state."""

from __future__ import annotations

PLANNED = "planned"
IN_PROGRESS = "in_progress"
DELAYED = "delayed"
POSTPONED = "postponed"
ON_HOLD = "on_hold"
COMPLETED = "completed"
IN_OPERATION = "in_operation"
CANCELLED = "cancelled"

STATES = (PLANNED, IN_PROGRESS, DELAYED, POSTPONED, ON_HOLD, COMPLETED, IN_OPERATION, CANCELLED)

#: Nothing more is owed: no reminders, no early warning. A postponed or paused item is still open.
CLOSED_STATES = (COMPLETED, IN_OPERATION, CANCELLED)
OPEN_STATES = tuple(state for state in STATES if state not in CLOSED_STATES)


def is_closed(state: str | None) -> bool:
    return state in CLOSED_STATES
