"""The eight states as pages show them: an outlined icon in a frame, and a word. Never colour alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from initiatives.calculations.states import STATES
from initiatives.models import State

ORDER = STATES


@dataclass(frozen=True, slots=True)
class StateView:
    """What `_components/state.html` prints. `undated` is the flag beside the state, never a ninth state."""

    code: str
    css: str
    icon_path: str
    word: str
    undated: bool = False


@dataclass(frozen=True, slots=True)
class TallyEntry:
    state: StateView
    count: int


def state_view(state: str | None, *, undated: bool = False) -> StateView:
    """The state in the reader's language; without one, the words that say so."""
    return _view(state or "", undated, get_language() or "")


@lru_cache(maxsize=64)
def _view(state: str, undated: bool, language: str) -> StateView:
    """Eight states in two languages: made once. The language is part of the key, for the word is translated."""
    if not state:
        return StateView(code="", css="none", icon_path="icons/light-none.svg", word=_("No status yet"))
    css = state.replace("_", "-")
    return StateView(
        code=state, css=css, icon_path=f"icons/state-{css}.svg", word=str(State(state).label), undated=undated
    )


def tally(states: Iterable[str]) -> tuple[TallyEntry, ...]:
    """How many in each state, in the order of the states; those that do not occur are left out."""
    found = list(states)
    entries = [TallyEntry(state_view(state), found.count(state)) for state in (*ORDER, "")]
    return tuple(entry for entry in entries if entry.count)
