"""What an import would do: the rows as read, what a person corrected, and the items they are matched with, put together.

What a file leaves blank stays as it is. Words that are already the current status are no news: the state and the dates
that somebody confirmed for them stand, whatever a reader would guess from the same words again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from initiatives.calculations.plan_draft import DraftItem, Guess, PlanDraft
from initiatives.calculations.plan_matching import ExistingItem, Match, match_items, plain
from sundhedsaftale.lib.periods import Period, PeriodError, parse_period

NEW, CHANGED, UNCHANGED, DROPPED = "new", "changed", "unchanged", "dropped"
SAME, OTHER = "same", "new"  # what a person answers to "is this the same item?"
PERIODS = ("planned", "started", "since", "new_date")
VALUES = ("state", *PERIODS, "cause")
PLACES = ("section_number", "section", "sub_section")
TITLE_LENGTH, MILESTONE_LENGTH = 300, 300

Edit = Mapping[str, Any]


@dataclass(frozen=True)
class Corrections:
    """What a person changes in a preview. rows: by place in the list, only the fields named; closing: by item key.

    Fields of a row: title, content, section_number, section, sub_section, state, planned, started, since, new_date,
    cause (words or codes), owners (slugs), milestones (the places of those to keep), links (codes among those
    suggested), match (same, new), drop, seen. closing: the reason an item that is gone from the file is closed with;
    "" leaves it open.
    """

    rows: Mapping[int, Edit] = field(default_factory=dict)
    closing: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RowMilestone:
    """is_new: the item does not have it yet. on: it is stored when the import is confirmed."""

    title: str
    when: Guess
    is_new: bool = True
    on: bool = True


@dataclass(frozen=True)
class ImportRow:
    """A row as it will be stored. place: in the list of the draft, from 0. owners: None when nobody could be matched.

    changed: what differs from the item, in the order of the page. values: state, planned, started, since, new_date,
    cause, as they stand now. writes_status: a new status is written. held_back: the item has a newer status already.
    """

    place: int
    item: DraftItem
    outcome: str
    title: str
    content: str
    section_number: str
    section: str
    sub_section: str
    owners: tuple[str, ...]
    values: Mapping[str, str]
    edit: Edit
    unknown_owners: tuple[str, ...] = ()
    milestones: tuple[RowMilestone, ...] = ()
    match: Match | None = None
    existing: ExistingItem | None = None
    changed: tuple[str, ...] = ()
    writes_status: bool = False
    held_back: bool = False

    @property
    def seen(self) -> bool:
        return bool(self.edit.get("seen"))

    @property
    def links(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(self.edit.get("links", ()))

    @property
    def is_kept(self) -> bool:
        return self.outcome != DROPPED

    @property
    def match_is_open(self) -> bool:
        """A guess at which item this is, that nobody has answered yet."""
        return self.match is not None and self.match.is_guess and self.edit.get("match") not in (SAME, OTHER)


@dataclass(frozen=True)
class Vanished:
    """An item that no row of the file names. reason: why it is closed, "" when it stays as it is."""

    item: ExistingItem
    reason: str = ""


@dataclass(frozen=True)
class Review:
    rows: tuple[ImportRow, ...]
    vanished: tuple[Vanished, ...]

    @property
    def kept(self) -> tuple[ImportRow, ...]:
        return tuple(row for row in self.rows if row.is_kept)

    def count(self, outcome: str) -> int:
        return sum(row.outcome == outcome for row in self.rows)

    @property
    def closing(self) -> tuple[Vanished, ...]:
        return tuple(one for one in self.vanished if one.reason)

    @property
    def changes_nothing(self) -> bool:
        return not self.closing and all(row.outcome == UNCHANGED and not row.links for row in self.kept)


def review(
    draft: PlanDraft,
    edits: Mapping[int, Edit],
    *,
    as_of: date,
    existing: Sequence[ExistingItem] | None = None,
    closing: Mapping[str, str] | None = None,
) -> Review:
    """existing: the open items of the plan the file is a newer version of; None for a new plan."""
    items = {item.key: item for item in existing or ()}
    matches = match_items(draft.items, list(items.values())) if items else {}
    rows = []
    for place, item in enumerate(draft.items):
        match = matches.get(place)
        edit = edits.get(place, {})
        refused = match is not None and match.is_guess and edit.get("match") == OTHER
        found = None if match is None or refused else items[match.key]
        row = _row(place, item, edit, found, as_of)
        rows.append(replace(row, match=match))
    taken = {row.existing.key for row in rows if row.existing is not None}
    gone = tuple(Vanished(item, (closing or {}).get(key, "")) for key, item in items.items() if key not in taken)
    return Review(rows=tuple(rows), vanished=gone)


def period_of(words: str, as_of: date) -> Period | None:
    """The period the words name; None for no words, words that say there is no date, and words that name none."""
    try:
        period = parse_period(words, today=as_of) if words.strip() else None
    except PeriodError:
        return None
    return period if period is not None and period.precision != "none" else None


def _row(place: int, item: DraftItem, edit: Edit, existing: ExistingItem | None, as_of: date) -> ImportRow:
    owners, unknown = _owners(item, edit, existing)
    base = ImportRow(
        place=place,
        item=item,
        outcome=NEW,
        title=_text(plain(item.title), edit.get("title"), existing.title if existing else ""),
        content=_text(item.content, edit.get("content"), existing.content if existing else ""),
        section_number=edit.get("section_number", item.section_number.strip()),
        section=edit.get("section", plain(item.section)),
        sub_section=edit.get("sub_section", plain(item.sub_section)),
        owners=owners,
        unknown_owners=unknown,
        values=_values(item, edit, existing, as_of),
        edit=edit,
        milestones=_milestones(item, edit, existing, as_of),
        existing=existing,
    )
    if edit.get("drop"):
        return replace(base, outcome=DROPPED)
    if existing is None:
        return replace(base, writes_status=bool(item.status_text.strip()))
    return _compared(base, existing, as_of)


def _text(read: str, edited: str | None, existing: str) -> str:
    """As corrected, else as read. A blank stays what it was, and so does a text that differs in its layout only."""
    text = edited if edited is not None else read
    return existing if existing and (not plain(text) or plain(text) == plain(existing)) else text


def _owners(item: DraftItem, edit: Edit, existing: ExistingItem | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The slugs, and the names that no body was found for."""
    if "owners" in edit:
        return tuple(edit["owners"]), ()
    known = dict(zip((plain(name).casefold() for name in existing.owner_names), existing.owners, strict=True)) if (
        existing
    ) else {}  # fmt: skip
    slugs: list[str] = []
    unknown: list[str] = []
    for place, name in enumerate(item.owners):
        guess = item.owner_guesses[place].value if place < len(item.owner_guesses) else ""
        slug = known.get(plain(name).casefold()) or guess
        if not slug:
            unknown.append(name)
        elif slug not in slugs:
            slugs.append(slug)
    if existing is not None and not slugs and not unknown:
        return existing.owners, ()
    return tuple(slugs), tuple(unknown)


def _values(item: DraftItem, edit: Edit, existing: ExistingItem | None, as_of: date) -> dict[str, str]:
    said = {key: item.guesses[key].value for key in VALUES if key in item.guesses}
    if existing is not None and _is_known(item, existing):
        # The same words: what stands was confirmed for them. Only what the file says outside of them is news.
        said = {key: item.guesses[key].value for key in said if _said_apart(item.guesses[key])}
        standing = {"state": existing.state, "cause": existing.cause}
        standing["new_date"] = existing.due.words if existing.due else ""
        said = {**standing, **said}
    elif existing is not None and existing.due is not None and not said.get("new_date"):
        # "Forventes i 3. kvartal" about an item that aimed at the first is a new date, not one more promise.
        promise = period_of(said.get("planned", ""), as_of)
        if promise is not None and _days(promise) not in _known_days(existing, "planned"):
            said["new_date"] = said.pop("planned")
    corrected = {key: str(edit[key]) for key in VALUES if key in edit}
    return {**dict.fromkeys(VALUES, ""), **said, **corrected}


def _is_known(item: DraftItem, existing: ExistingItem) -> bool:
    """The file says nothing, or says it in the words that already stand."""
    return not item.status_text.strip() or plain(item.status_text) == plain(existing.status_text)


def _said_apart(guess: Guess) -> bool:
    """Read from a column of its own, and not from the words of the status."""
    return guess.start < 0 and bool(guess.words.strip())


def _milestones(item: DraftItem, edit: Edit, existing: ExistingItem | None, as_of: date) -> tuple[RowMilestone, ...]:
    kept = edit.get("milestones")
    old = existing is not None and _is_known(item, existing)
    found = []
    for place, step in enumerate(item.milestones):
        title = step.title if len(step.title) <= MILESTONE_LENGTH else step.title[: MILESTONE_LENGTH - 1] + "…"
        is_new = existing is None or not _has_milestone(existing, title, step.when.value, as_of)
        # The same words were read before, and somebody kept or left out what was in them.
        on = is_new and (place in kept if kept is not None else not (old and not _said_apart(step.when)))
        found.append(RowMilestone(title, step.when, is_new=is_new, on=on))
    return tuple(found)


def _has_milestone(existing: ExistingItem, title: str, words: str, as_of: date) -> bool:
    days = _days(period_of(words, as_of))
    return any(plain(name) == plain(title) and _days(when) == days for name, when in existing.milestones)


def _compared(row: ImportRow, existing: ExistingItem, as_of: date) -> ImportRow:
    """The row with what differs from its item."""
    changed = []
    if row.title != existing.title:
        changed.append("title")
    if row.content != existing.content:
        changed.append("content")
    if _section_moved(row, existing):
        changed.append("section")
    if row.owners != existing.owners or row.unknown_owners:
        changed.append("owners")
    says_more = _says_more(row, existing, as_of)
    held_back = says_more and existing.as_of is not None and existing.as_of > as_of and bool(existing.state)
    writes = says_more and not held_back and bool(_status_words(row))
    if writes:
        changed.append("status")
    elif not held_back and _promises_anew(row, existing, as_of):
        changed.append("planned")
    if any(step.on for step in row.milestones):
        changed.append("milestones")
    return replace(
        row,
        outcome=CHANGED if changed else UNCHANGED,
        changed=tuple(changed),
        writes_status=writes,
        held_back=held_back,
    )


def _status_words(row: ImportRow) -> str:
    return row.item.status_text.strip() or (row.existing.status_text if row.existing else "")


def _section_moved(row: ImportRow, existing: ExistingItem) -> bool:
    """Numbers of headings are printed in many ways; where the titles are the same, the heading is."""
    if not plain(row.section) and not plain(row.sub_section):
        return False
    here = (plain(row.section), plain(row.sub_section))
    return here != (plain(existing.section), plain(existing.sub_section))


def _says_more(row: ImportRow, existing: ExistingItem, as_of: date) -> bool:
    if not _is_known(row.item, existing):
        return True
    if not existing.state and not _status_words(row):
        return False
    values = row.values
    if (values["state"], values["cause"]) != (existing.state, existing.cause):
        return True
    due = period_of(values["new_date"], as_of)
    if due is not None and _days(due) != _days(existing.due):
        return True
    return any(_is_new_period(row, existing, kind, as_of) for kind in ("planned", "started", "since"))


def _promises_anew(row: ImportRow, existing: ExistingItem, as_of: date) -> bool:
    """A promised date for an item that nobody has written a status of."""
    return not existing.state and _is_new_period(row, existing, "planned", as_of)


def _is_new_period(row: ImportRow, existing: ExistingItem, kind: str, as_of: date) -> bool:
    period = period_of(row.values[kind], as_of)
    return period is not None and _days(period) not in _known_days(existing, kind)


def _known_days(existing: ExistingItem, kind: str) -> list[tuple[date | None, date | None]]:
    """The days of the periods of that kind; what the item aims at is a promise too."""
    known = [*existing.schedules.get(kind, ())]
    if kind == "planned" and existing.due is not None:
        known.append(existing.due)
    return [_days(period) for period in known]


def _days(period: Period | None) -> tuple[date | None, date | None]:
    return (period.first_day, period.last_day) if period is not None else (None, None)
