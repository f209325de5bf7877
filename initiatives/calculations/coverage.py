"""Where work and figures do not meet: what does badly with nobody on it, and what is busy without moving.

Never a word about effect: much work and no movement is a question to ask, not an answer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: Fewer links than this are never much, however few the other goals have.
LEAST_MUCH = 3

NOT_IMPROVING, NOT_KNOWN = "not_improving", "not_known"


@dataclass(frozen=True, slots=True)
class Work:
    """How many open items and running initiatives are linked; a thing linked twice is one thing."""

    items: int = 0
    initiatives: int = 0

    @property
    def total(self) -> int:
        return self.items + self.initiatives


@dataclass(frozen=True, slots=True)
class Lights:
    """The lights of an indicator or a goal. Without a light means withheld, unmeasured, without a direction ...: unknown."""

    green: int = 0
    yellow: int = 0
    red: int = 0

    @property
    def known(self) -> int:
        return self.green + self.yellow + self.red


def is_forgotten(lights: Lights, work: Work) -> bool:
    """At least one light says worse, and nothing is linked. What has no light is not called bad."""
    return lights.red > 0 and work.total == 0


def much_work(totals: Iterable[int]) -> int:
    """From how many linked things a goal has much: as many as the busiest quarter of the goals, and never under three."""
    return max(LEAST_MUCH, upper_quartile(list(totals)))


def upper_quartile(numbers: Sequence[int]) -> int:
    """The smallest of the numbers that at least three quarters of them do not exceed; 0 for none."""
    if not numbers:
        return 0
    return sorted(numbers)[math.ceil(len(numbers) * 3 / 4) - 1]


def standstill(development: Lights) -> str:
    """Why a goal is said not to move: none of its known developments improves, or none is known. "" when one improves."""
    if development.green:
        return ""
    return NOT_IMPROVING if development.known else NOT_KNOWN
