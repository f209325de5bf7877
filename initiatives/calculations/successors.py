"""Who comes after a body by a given day, followed from successor to successor."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Step:
    """One succession; the keys are of bodies or of areas."""

    predecessor: int
    successor: int
    on: date


class Succession:
    def __init__(self, steps: Iterable[Step]) -> None:
        self._after: dict[int, list[Step]] = defaultdict(list)
        for step in steps:
            self._after[step.predecessor].append(step)

    def successors(self, of: int, *, on: date) -> tuple[int, ...]:
        """Those who have taken over by that day, each once, in the order of the steps; () when nobody has.

        A body that was itself succeeded by then stands no more: those after it do.
        """
        found: dict[int, None] = {}
        queue, seen = [of], {of}
        while queue:
            one = queue.pop(0)
            steps = [step for step in self._after[one] if step.on <= on]
            if not steps and one != of:
                found[one] = None
            for step in steps:
                if step.successor not in seen:
                    seen.add(step.successor)
                    queue.append(step.successor)
        return tuple(found)

    def last_change(self, of: int) -> date | None:
        """The day the last of those who come after begins; None when nobody does."""
        latest, queue, seen = None, [of], {of}
        while queue:
            for step in self._after[queue.pop(0)]:
                latest = step.on if latest is None else max(latest, step.on)
                if step.successor not in seen:
                    seen.add(step.successor)
                    queue.append(step.successor)
        return latest
