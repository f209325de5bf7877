"""A change that forgot to count the data version up would be stored, and readers would go on seeing the page from before."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pytest

import indicators.actions
import initiatives.actions

# They take `by` and change nothing that a kept page shows; each says so where it stands.
NO_PAGE_SHOWS_IT = {
    "initiatives.actions.annexes.request_annex",
    "initiatives.actions.answer_mails.ask_fresh_link",
    "initiatives.actions.calendars.make_calendar",  # the page of calendars is for whoever is signed in
    "initiatives.actions.calendars.replace_calendar",
    "initiatives.actions.calendars.revoke_calendar",
    # Comments, follows and what has been seen stand on pages for people signed in, which are not kept.
    "initiatives.actions.comments.add_comment",
    "initiatives.actions.comments.withdraw_comment",
    "initiatives.actions.comments.see_mentions",
    "initiatives.actions.follows.follow",
    "initiatives.actions.follows.unfollow",
    "initiatives.actions.follows.see_news",
    "initiatives.actions.follows.choose_mail_rhythm",
    "initiatives.actions.plan_uploads.keep_upload",
    "initiatives.actions.plan_uploads.read_into_draft",  # what it calls is one
    "initiatives.actions.reminder_telling.update_telling",  # shown to secretaries alone
    "initiatives.actions.reminders.resend_uncertain",  # the log is for people signed in, whose pages are not kept
}
# Steps inside an action, which counts for them.
SERVES_AN_ACTION = {"save_signed", "write_plan", "leave_everything", "end_every_absence"}
MODULES = [
    importlib.import_module(found.name)
    for package in (indicators.actions, initiatives.actions)
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}.")
    if not found.ispkg
]
ACTIONS = [
    function
    for module in MODULES
    for name, function in inspect.getmembers(module, inspect.isfunction)
    if function.__module__ == module.__name__
    and not name.startswith("_")
    and name not in SERVES_AN_ACTION
    and "by" in inspect.signature(function).parameters
]


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: f"{action.__module__}.{action.__name__}")
def test_every_action_counts_the_data_version_up(action: object) -> None:
    where = f"{action.__module__}.{action.__name__}"  # type: ignore[attr-defined]
    assert getattr(action, "changes_pages", False) is (where not in NO_PAGE_SHOWS_IT)


def test_there_are_actions_to_look_at() -> None:
    found = {action.__module__.rpartition(".")[2] for action in ACTIONS}
    assert {"status", "plans", "meetings", "freezing", "plan_imports", "carry_over", "annexes"} <= found
    assert {"figure_runs", "figure_editions", "mappings", "table_info"} <= found
    assert len(ACTIONS) >= 40
