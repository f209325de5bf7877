"""A run in words for the command line and the log."""

from __future__ import annotations

from indicators.models import RefreshRun, RunState
from indicators.refresh.reasons import reason_sentence


def describe(run: RefreshRun) -> str:
    """One line, and one more for each reason."""
    counts = f"{run.rows_new} new, {run.rows_changed} changed, {run.rows_unchanged} as before"
    gone = f", {run.rows_vanished} missing" if run.rows_vanished else ""
    reasons = "".join(f"\n  {reason_sentence(reason)}" for reason in run.reasons)
    if run.state == RunState.STORED:
        return f"stored: {counts}{gone}; {run.lights_changed} lights changed."
    if run.state == RunState.UNCHANGED:
        return run.message or "nothing new: the figures are the same as last time."
    if run.state == RunState.WAITING:
        return (
            f"waits for approval, nothing stored: {counts}{gone}.{reasons}\n"
            f"  Approve with: manage.py refresh {run.source.name} --approve"
        )
    if run.state == RunState.DRY_RUN:
        verdict = f"It would wait for approval:{reasons}" if run.reasons else "It would be stored without a person."
        return f"tried only, nothing stored: {counts}{gone}. {verdict}"
    if run.state == RunState.REFUSED:
        places = [f"  {row.place}: {row.reason}" for row in run.rejected.all()[:20]]
        return f"refused, nothing stored ({run.rows_rejected} rows):\n" + "\n".join(places)
    return f"{run.state}. {run.message}".strip()
