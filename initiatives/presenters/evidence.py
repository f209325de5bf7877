"""The evidence ladder in words: what is known about an initiative, and what a step cannot show."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class EvidenceStep:
    step: int  # 0-5
    css: str  # "sa-l2"
    word: str
    caveat: str  # what the step does not show, or what belongs to it; "" when there is nothing to add


def evidence_step(step: int) -> EvidenceStep:
    words = {
        0: (_("No result yet"), ""),
        1: (_("A story"), ""),
        2: (_("Before and after"), _("Cannot show effect.")),
        3: (_("Chart with a signal"), _("A signal after the change.")),
        4: (_("Comparison group"), _("Or an interrupted time series.")),
        5: (_("Randomised or published"), ""),
    }
    word, caveat = words[step]
    return EvidenceStep(step=step, css=f"sa-l{step}", word=word, caveat=caveat)


def ladder() -> list[EvidenceStep]:
    """All six steps, lowest first."""
    return [evidence_step(step) for step in range(6)]


def step_choices() -> list[tuple[int, str]]:
    """(step, honest label) for a form."""
    return [
        (step.step, f"{step.word} ({step.caveat.rstrip('.')})" if step.step == 2 else step.word) for step in ladder()
    ]
