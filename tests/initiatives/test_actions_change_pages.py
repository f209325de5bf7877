"""A change that forgot to count the data version up would be stored, and readers would go on seeing the page from before."""

from __future__ import annotations

import inspect

import pytest

from initiatives.actions import (
    carry_over,
    carry_over_confirm,
    initiatives,
    links,
    meeting_answers,
    meetings,
    milestones,
    plans,
    status,
)

NO_ACTIONS = {
    "current_status",
    "fingerprint",
    "fingerprint_of",
    "free_slug",
    "lock_draft",
    "save_signed",
}  # they read, or serve the actions
ACTIONS = [
    function
    for module in (
        carry_over,
        carry_over_confirm,
        initiatives,
        links,
        meeting_answers,
        meetings,
        milestones,
        plans,
        status,
    )
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if function.__module__ == module.__name__ and not name.startswith("_") and name not in NO_ACTIONS
]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: f"{action.__module__}.{action.__name__}")
def test_every_action_counts_the_data_version_up(action: object) -> None:
    assert getattr(action, "changes_pages", False)


def test_there_are_actions_to_look_at() -> None:
    assert len(ACTIONS) >= 15
