"""What somebody should look at in an import before it is confirmed: what the readers noticed, and what cannot be stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from initiatives.calculations.plan_draft import ERROR, NOTE, WARNING, DraftIssue, PlanDraft
from initiatives.calculations.plan_matching import plain
from initiatives.calculations.plan_review import PERIODS, TITLE_LENGTH, UNCHANGED, ImportRow, Review
from initiatives.calculations.states import POSTPONED
from sundhedsaftale.lib.periods import PeriodError, parse_period

NUMBER_LENGTH, PERIOD_LENGTH = 10, 160
#: The checks below answer these themselves, from the row as it stands after corrections.
_CHECKED_HERE = {"title_missing", "owner_unknown", "owner_missing", "owner_not_valid"}
_NOT_TAKEN = {"cell_not_read"}
#: Flags of the status reader that somebody should look at; the others only tell.
_TO_LOOK_AT = {
    "promise_without_date", "postponed_without_date", "on_hold_without_date", "unreadable_period", "year_missing",
    "year_assumed",
}  # fmt: skip


Say = Callable[..., None]  # code, severity, values


@dataclass(frozen=True)
class RowIssue:
    """row: the place of the row in the draft; None for what concerns the whole file."""

    row: int | None
    issue: DraftIssue

    @property
    def is_error(self) -> bool:
        return self.issue.severity == ERROR


@dataclass(frozen=True)
class Known:
    """What is known outside of the file: bodies that existed on the plan's day, by slug, and the codes of causes."""

    bodies: frozenset[str]
    causes: frozenset[str]
    names: Mapping[str, str] = field(default_factory=dict)  # of every body, by slug


def standing_issues(draft: PlanDraft, checked: Review, known: Known, *, as_of: date) -> list[RowIssue]:
    """What is left to look at, in the order of the file. What a person has looked at and saved stands no more."""
    read = _by_row(draft)
    found = [RowIssue(None, issue) for issue in read[None]]
    for row in checked.rows:
        if not row.is_kept:
            continue
        own = row_issues(row, known, as_of=as_of, read=read[row.place])
        noticed = [issue for issue in read[row.place] if issue.code not in _CHECKED_HERE]
        if row.seen:
            noticed = []
        elif row.outcome == UNCHANGED:  # the plan has these words already; only what was not taken is news
            noticed = [issue for issue in noticed if issue.code in _NOT_TAKEN]
        found += [RowIssue(row.place, issue) for issue in (*own, *noticed)]
    return found


def needs_a_look(row: ImportRow, issues: Sequence[RowIssue]) -> bool:
    """issues: those of the row. A guess somebody has looked at is no guess any more."""
    if any(issue.issue.severity != NOTE for issue in issues):
        return True
    if row.seen or row.outcome not in ("new", "changed"):
        return False
    if any(guess.confidence == "guess" and row.writes_status for guess in row.item.guesses.values()):
        return True
    if any(step.on and step.when.confidence == "guess" for step in row.milestones):
        return True
    return row.writes_status and bool(_TO_LOOK_AT & set(row.item.flags))


def row_issues(row: ImportRow, known: Known, *, as_of: date, read: Sequence[DraftIssue] = ()) -> list[DraftIssue]:
    """What keeps the row from being stored, and what is doubtful about it, as it stands now."""
    found: list[DraftIssue] = []

    def say(code: str, severity: str = ERROR, **values: str) -> None:
        found.append(DraftIssue(code, severity, row.item.place, values))

    if not plain(row.title):
        say("title_missing")
    elif len(plain(row.title)) > TITLE_LENGTH:
        say("title_too_long")
    if max(len(row.section), len(row.sub_section)) > TITLE_LENGTH or len(row.section_number) > NUMBER_LENGTH:
        say("heading_too_long")
    if row.match_is_open and row.existing is not None:
        say("match_guess", title=row.existing.title)
    _check_owners(row, known, read, say)
    if row.held_back and row.existing is not None and row.existing.as_of is not None:
        say("status_newer", NOTE if row.seen else WARNING, day=row.existing.as_of.isoformat())
    if row.writes_status:
        _check_status(row, known, as_of, say)
    elif row.values["planned"] and row.outcome != UNCHANGED:
        _check_period("planned", row.values["planned"], as_of, say)
    for step in row.milestones:
        if step.on and step.when.value.strip():
            _check_period("milestone", step.when.value, as_of, say)
    return found


def _by_row(draft: PlanDraft) -> Mapping[int | None, list[DraftIssue]]:
    places = {item.place: place for place, item in reversed(list(enumerate(draft.items)))}
    found: dict[int | None, list[DraftIssue]] = defaultdict(list)
    for issue in draft.issues:
        named = issue.place.row is not None
        found[places.get(issue.place) if named else None].append(issue)
    return found


def _check_owners(row: ImportRow, known: Known, read: Sequence[DraftIssue], say: Say) -> None:
    candidates = {
        plain(issue.values.get("owner") or issue.values.get("name", "")): issue.values.get("candidates", "")
        for issue in read
        if issue.code == "owner_unknown"
    }
    for name in row.unknown_owners:
        say("owner_unknown", owner=plain(name), candidates=candidates.get(plain(name), ""))
    already = set(row.existing.owners) if row.existing else set()
    for slug in row.owners:
        if slug not in known.bodies and slug not in already:
            say("owner_not_valid", owner=slug, body=known.names.get(slug, slug))
    if not row.owners and not row.unknown_owners and not row.seen and row.outcome != UNCHANGED:
        say("owner_missing", WARNING)


def _check_status(row: ImportRow, known: Known, as_of: date, say: Say) -> None:
    values = row.values
    if not values["state"]:
        say("state_missing")
    if values["state"] == POSTPONED and not values["cause"]:
        say("cause_missing")
    if values["cause"] and values["cause"] not in known.causes:
        say("cause_unknown", cause=values["cause"])
    for kind in PERIODS:
        if values[kind]:
            _check_period(kind, values[kind], as_of, say)
    if _keeps_its_date(row, as_of):
        say("same_date", words=values["new_date"])


def _check_period(kind: str, words: str, as_of: date, say: Say) -> None:
    try:
        parse_period(words, today=as_of)
    except PeriodError as error:
        say("period_unreadable", field=kind, words=words, reason=error.reason_code)
    else:
        if len(words) > PERIOD_LENGTH:
            say("period_unreadable", field=kind, words=words, reason="not_understood")


def _keeps_its_date(row: ImportRow, as_of: date) -> bool:
    """Postponed now, and to the date it already had: one of the two is a slip."""
    before = row.existing
    if row.values["state"] != POSTPONED or before is None or before.state == POSTPONED or before.due is None:
        return False
    try:
        new = parse_period(row.values["new_date"], today=as_of)
    except PeriodError:
        return False
    return new.is_dated and (new.first_day, new.last_day) == (before.due.first_day, before.due.last_day)
