"""Many answers at once for a meeting: all of them are stored, or none, and each one that cannot be says why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from indicators.actions.versions import changes_pages
from initiatives.actions.meetings import DecisionConflict, record_decision
from initiatives.actions.status import StatusConflict, StatusDraft, keep_status, record_status
from initiatives.models import ActionItem, Body, Decision, Meeting, StatusUpdate


@dataclass(frozen=True)
class Answer:
    """What is said about one item. draft None: unchanged. `key` is how the caller finds the row again."""

    key: int
    item: ActionItem
    opened_on: int
    draft: StatusDraft | None = None
    on_behalf_of: Body | None = None


@dataclass(frozen=True)
class Worded:
    """What was decided about one item; opened_on is the wording the form was opened on."""

    key: int
    item: ActionItem
    text: str
    opened_on: str


@dataclass(frozen=True)
class Problem:
    """Why one row is not stored: its errors by field ("" for the whole row), or what somebody wrote meanwhile."""

    errors: dict[str, list[str]]
    status: StatusUpdate | None = None
    decision: Decision | None = None
    conflict: bool = False


class RowsRefused(Exception):
    """Nothing was stored. `problems` by the key of the row."""

    def __init__(self, problems: dict[int, Problem]) -> None:
        super().__init__(f"{len(problems)} rows cannot be stored")
        self.problems = problems


@changes_pages
def answer_items(
    *, meeting: Meeting, answers: Sequence[Answer], as_of: date, by: Any, refused: Mapping[int, Problem] | None = None
) -> int:
    """Record every answer for the meeting; how many. Raises RowsRefused when one cannot be stored; then none is.

    refused: rows that could not be understood at all. The others are tried all the same, so that everything there is to
    mend is told at once, and then nothing is stored.
    """
    _lock_items(answer.item for answer in answers)
    problems = dict(refused or {})
    for answer in answers:
        try:
            with transaction.atomic():
                _answer(answer, meeting, as_of, by)
        except StatusConflict as conflict:
            problems[answer.key] = Problem({}, status=conflict.current, conflict=True)
        except ValidationError as error:
            problems[answer.key] = Problem(_by_field(error))
    if problems:
        raise RowsRefused(problems)
    return len(answers)


@changes_pages
def record_decisions(*, meeting: Meeting, worded: Sequence[Worded], by: Any) -> int:
    """Record every decision that differs from what stands; how many. Raises RowsRefused; then none is stored."""
    _lock_items(row.item for row in worded)
    problems: dict[int, Problem] = {}
    for row in worded:
        try:
            with transaction.atomic():
                record_decision(meeting=meeting, item=row.item, text=row.text, by=by, opened_on=row.opened_on)
        except DecisionConflict as conflict:
            problems[row.key] = Problem({}, decision=conflict.current, conflict=True)
        except ValidationError as error:
            problems[row.key] = Problem(_by_field(error))
    if problems:
        raise RowsRefused(problems)
    return len(worded)


def _answer(answer: Answer, meeting: Meeting, as_of: date, by: Any) -> None:
    addressed: dict[str, Any] = {"meeting": meeting, "on_behalf_of": answer.on_behalf_of, "as_of": as_of, "by": by}
    if answer.draft is None:
        keep_status(item=answer.item, opened_on=answer.opened_on, **addressed)
    else:
        record_status(item=answer.item, draft=answer.draft, opened_on=answer.opened_on, **addressed)


def _lock_items(items: Iterable[ActionItem]) -> None:
    """All rows before the first change, always in the same order.

    Each change counts the data version up and holds that row until the end: whoever then waited for an item that
    another writer has would wait for somebody who waits for them.
    """
    wanted = sorted({item.pk for item in items})
    list(ActionItem.objects.select_for_update().filter(pk__in=wanted).order_by("pk").values_list("pk"))


def _by_field(error: ValidationError) -> dict[str, list[str]]:
    return dict(error.message_dict) if hasattr(error, "error_dict") else {"": list(error.messages)}
