"""What can be asked of a plan's timeline, and what was: the lists of the filter, and the wishes in the address."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from initiatives.calculations.selection import (
    BY_DEADLINE,
    BY_SLIP,
    BY_STATE,
    BY_TITLE,
    NONE,
    PLAN_ORDER,
    UNDATED,
    ItemToSelect,
    Wanted,
)
from initiatives.calculations.states import STATES
from initiatives.models import Track
from initiatives.presenters.initiative_list import Choice, ChoiceGroup
from initiatives.presenters.states import state_view
from sundhedsaftale.lib.danish import sort_key

#: A wish and its name in the address.
IN_ADDRESS = {
    "owner": "ansvarlig",
    "state": "tilstand",
    "track": "spor",
    "goal": "maal",
    "cause": "aarsag",
    "sort": "sortering",
}
LONGEST_REPEATED = 60


@dataclass(frozen=True, slots=True)
class Names:
    """What the codes are called: owners, goals and causes by the code the address has for them."""

    owners: Mapping[str, str]
    goals: Mapping[str, str]
    causes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TimelineChoices:
    """A list for each wish. `unknown` is what was asked for and stands in none of them."""

    owner: list[ChoiceGroup]
    state: list[ChoiceGroup]
    track: list[ChoiceGroup]
    goal: list[ChoiceGroup]
    cause: list[ChoiceGroup]
    sort: list[ChoiceGroup]
    unknown: tuple[str, ...] = ()


def read_choices(
    query: Mapping[str, str], items: Sequence[ItemToSelect], tracks: Sequence[Track], names: Names
) -> tuple[Wanted, TimelineChoices]:
    """The wishes that can be met, and the lists with these chosen. What is unknown is left out and named."""
    lists = _lists(items, tracks, names)
    wishes, unknown = {}, []
    for wish, name in IN_ADDRESS.items():
        value = query.get(name, "").strip()
        if value and value in {choice for choice, _label in lists[wish]}:
            wishes[wish] = value
        elif value:
            unknown.append(value[:LONGEST_REPEATED])
    wanted = Wanted(**wishes)
    chosen = {wish: _group(rows, getattr(wanted, wish)) for wish, rows in lists.items()}
    return wanted, TimelineChoices(**chosen, unknown=tuple(unknown))


def query_of(wanted: Wanted) -> str:
    """ "?tilstand=postponed&sortering=skred", "" when nothing is wished for."""
    wishes = {field.name: getattr(wanted, field.name) for field in fields(wanted)}
    if wanted.sort == PLAN_ORDER:
        del wishes["sort"]
    asked = {IN_ADDRESS[wish]: value for wish, value in wishes.items() if value}
    return f"?{urlencode(asked)}" if asked else ""


def wishes_in_words(choices: TimelineChoices) -> tuple[str, ...]:
    """ "State: Postponed", as the lists call it; the counts in brackets are left out."""
    labels = {
        "owner": _("Owner"), "state": _("State"), "track": _("Heading"), "goal": _("Goal"), "cause": _("Cause"),
    }  # fmt: skip
    found = []
    for wish, label in labels.items():
        groups: list[ChoiceGroup] = getattr(choices, wish)
        found += [
            f"{label}: {choice.label.rpartition(' (')[0]}"
            for group in groups
            for choice in group.choices
            if choice.selected
        ]
    return tuple(found)


def sort_words() -> dict[str, str]:
    return {
        PLAN_ORDER: _("As in the plan"),
        BY_DEADLINE: _("Earliest deadline first"),
        BY_SLIP: _("Largest slip first"),
        BY_STATE: _("By state"),
        BY_TITLE: _("By title"),
    }


def _lists(items: Sequence[ItemToSelect], tracks: Sequence[Track], names: Names) -> dict[str, list[tuple[str, str]]]:
    """wish -> (value, label) of what occurs among the items, with how many have it."""
    return {
        "owner": _counted((item.owners for item in items), names.owners, _("No owner")),
        "state": _state_list(items),
        "track": _track_list(items, tracks),
        "goal": _counted((item.goals for item in items), names.goals, _("Tied to no goal")),
        "cause": _counted((item.causes for item in items), names.causes, _("No cause")),
        "sort": list(sort_words().items()),
    }


def _counted(found: Iterable[frozenset[str]], names: Mapping[str, str], nothing: str) -> list[tuple[str, str]]:
    """In Danish order; those that have nothing there come last."""
    sets = list(found)
    count = Counter(code for codes in sets for code in codes)
    rows = [(code, f"{names.get(code, code)} ({count[code]})") for code in count]
    rows.sort(key=lambda row: (sort_key(row[1]), row[0]))
    empty = sum(not codes for codes in sets)
    return [*rows, (NONE, f"{nothing} ({empty})")] if empty else rows


def _state_list(items: Sequence[ItemToSelect]) -> list[tuple[str, str]]:
    count = Counter(item.state for item in items)
    rows = [(state, f"{state_view(state).word} ({count[state]})") for state in STATES if count[state]]
    undated = sum(item.undated for item in items)
    if undated:
        word = _("No new date")
        rows.append((UNDATED, f"{word} ({undated})"))
    return [*rows, (NONE, f"{state_view('').word} ({count['']})")] if count[""] else rows


def _track_list(items: Sequence[ItemToSelect], tracks: Sequence[Track]) -> list[tuple[str, str]]:
    """In the order of the plan, sub-headings under their own."""
    count = Counter(track for item in items for track in item.tracks)
    rows = []
    for track in tracks:
        if track.parent_id is not None:
            continue
        title = f"{track.number}. {track.title}" if track.number else track.title
        rows.append((str(track.pk), title))
        rows += [(str(sub.pk), f"– {sub.title}") for sub in tracks if sub.parent_id == track.pk]
    return [(pk, f"{title} ({count[pk]})") for pk, title in rows if count[pk]]


def _group(rows: list[tuple[str, str]], selected: str) -> list[ChoiceGroup]:
    return [ChoiceGroup("", [Choice(value, label, value == selected) for value, label in rows])]
