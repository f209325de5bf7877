"""A plan as read from a file, before anybody has confirmed it: rows in words, each guess beside the words behind it.

Plain values that go to JSON and back unchanged, because the preview keeps them in the database between two visits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

#: An error stops the confirmation until it is mended; a warning asks somebody to look; a note only tells.
ERROR, WARNING, NOTE = "error", "warning", "note"


@dataclass(frozen=True)
class Place:
    """Where in the file: table and row count from 1; sheet and page are named where the format has them."""

    table: int | None = None
    row: int | None = None
    sheet: str = ""
    page: int | None = None


@dataclass(frozen=True)
class Guess:
    """One answer of a reader: its value, the words it came from, and how sure (sure, likely, guess).

    value: a state, a cause code, the words of a period, or a body's slug. start, end: offsets in the text it was read
    from, -1 when it was not read from one.
    """

    value: str
    words: str = ""
    confidence: str = "sure"
    start: int = -1
    end: int = -1


@dataclass(frozen=True)
class DraftMilestone:
    title: str
    when: Guess


@dataclass(frozen=True)
class DraftItem:
    """One item. `guesses` by key: state, planned, started, since, new_date, cause; owners are one guess each.

    owners: as written. An owner's guess is the body it was matched to; value "" when none was. status_text: verbatim.
    """

    number: int
    title: str
    section_number: str = ""
    section: str = ""
    sub_section: str = ""
    content: str = ""
    owners: tuple[str, ...] = ()
    owner_guesses: tuple[Guess, ...] = ()
    status_text: str = ""
    guesses: Mapping[str, Guess] = field(default_factory=dict)
    milestones: tuple[DraftMilestone, ...] = ()
    flags: tuple[str, ...] = ()
    key: str = ""  # the stable key, when the file carries one (an annex of ours does)
    place: Place = field(default_factory=Place)


@dataclass(frozen=True)
class DraftIssue:
    """Something a person should know. `code` names the sentence that is shown; `values` are what goes into it."""

    code: str
    severity: str
    place: Place = field(default_factory=Place)
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PlanDraft:
    """What a file holds. title, as_of (ISO day): "" when the file names none."""

    source_format: str
    items: tuple[DraftItem, ...] = ()
    issues: tuple[DraftIssue, ...] = ()
    title: str = ""
    as_of: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def draft_from_json(data: Mapping[str, Any]) -> PlanDraft:
    """The draft back from `as_json`, through JSON."""
    return PlanDraft(
        source_format=data["source_format"],
        title=data["title"],
        as_of=data["as_of"],
        items=tuple(_item(row) for row in data["items"]),
        issues=tuple(DraftIssue(**{**row, "place": Place(**row["place"])}) for row in data["issues"]),
    )


def _item(row: Mapping[str, Any]) -> DraftItem:
    return DraftItem(
        **{
            **row,
            "owners": tuple(row["owners"]),
            "owner_guesses": tuple(Guess(**guess) for guess in row["owner_guesses"]),
            "guesses": {key: Guess(**guess) for key, guess in row["guesses"].items()},
            "milestones": tuple(DraftMilestone(step["title"], Guess(**step["when"])) for step in row["milestones"]),
            "flags": tuple(row["flags"]),
            "place": Place(**row["place"]),
        }
    )
