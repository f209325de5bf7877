"""Runs on the data page: which one is going, which file waits for a person, and how the last ones went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, gettext, ngettext

from indicators.models import RefreshRun, RunState
from indicators.refresh.reasons import reason_sentence
from indicators.refresh.refusals import refusal_sentence
from sundhedsaftale.lib.danish import format_date, format_number

RUNS_SHOWN = 12
REFUSED_SHOWN = 20
#: After this the page stops asking by itself and says that no worker answers.
PATIENCE = timedelta(minutes=2)
HELD = (RunState.WAITING, RunState.APPROVED)
GOING = (RunState.RUNNING, RunState.APPROVED)

_CSS = {
    RunState.RUNNING.value: "in-progress",
    RunState.STORED.value: "completed",
    RunState.UNCHANGED.value: "in-operation",
    RunState.REFUSED.value: "on-hold",
    RunState.FAILED.value: "cancelled",
    RunState.WAITING.value: "delayed",
    RunState.APPROVED.value: "in-progress",
    RunState.REJECTED.value: "cancelled",
    RunState.SUPERSEDED.value: "postponed",
    RunState.DRY_RUN.value: "planned",
    RunState.ROLLED_BACK.value: "postponed",
    RunState.BROUGHT_BACK.value: "completed",
}


@dataclass(frozen=True)
class StateWord:
    """For `_components/state.html`."""

    code: str
    word: str
    css: str
    icon_path: str
    undated: bool = False


@dataclass(frozen=True)
class RefusedView:
    place: str
    reason: str


@dataclass(frozen=True)
class RunView:
    """alive: how long since the last sign of life, while it goes. again: when the source is asked once more."""

    source: str
    url: str
    state: StateWord
    when: str
    took: str
    counts: str
    alive: str
    again: str
    message: str
    reasons: tuple[str, ...]
    refused: tuple[RefusedView, ...]
    more_refused: int


@dataclass(frozen=True)
class RunsRegion:
    """pending: a run is going or has been asked for, so the region asks again by itself; `again` is where.

    waiting: the files that wait for a person, which stand first whatever came after them.
    """

    runs: tuple[RunView, ...]
    waiting: tuple[RunView, ...]
    pending: bool
    again: str
    say: str


def language() -> str:
    return get_language() or "da"


def number(count: int) -> str:
    return format_number(count, 0, language())


def moment(when: datetime) -> str:
    """ "5. november 2026 kl. 08.00": local time."""
    local = timezone.localtime(when)
    words = {"day": format_date(local.date(), language()), "time": f"{local:%H}.{local:%M}"}
    return gettext("%(day)s at %(time)s") % words


def latest_runs() -> list[RefreshRun]:
    """2 queries: the files that wait and the last runs, with what each of them refused; newest first."""
    found = RefreshRun.objects.select_related("source").prefetch_related("rejected")
    ordered = found.annotate(is_held=Q(state__in=HELD)).order_by("-is_held", "-started_at", "-pk")
    return sorted(ordered[:RUNS_SHOWN], key=lambda run: (run.started_at, run.pk), reverse=True)


def runs_region(
    *, asked: str = "", since: str = "", now: datetime, runs: Sequence[RefreshRun] | None = None
) -> RunsRegion:
    """The last runs. While one is going, or one asked for has not begun, the region asks for itself again."""
    found = latest_runs() if runs is None else runs
    going = any(run.state in GOING for run in found)
    when = _asked_at(since)
    waiting = bool(asked and when) and not any(
        run.source.name == asked and when is not None and run.started_at >= when for run in found
    )
    late = when is not None and now - when > PATIENCE
    pending = going or (waiting and not late)
    query = f"?bedt={asked}&siden={since}" if waiting and when else ""
    return RunsRegion(
        runs=tuple(run_view(run, now=now) for run in found),
        waiting=tuple(run_view(run, now=now) for run in found if run.state == RunState.WAITING),
        pending=pending,
        again=reverse("data_runs") + query.replace("+", "%2B"),
        say=_say(going=going, waiting=waiting, late=late, asked=bool(asked)),
    )


def _asked_at(since: str) -> datetime | None:
    try:
        when = parse_datetime(since)
    except ValueError:
        return None
    return when if when is not None and timezone.is_aware(when) else None


def _say(*, going: bool, waiting: bool, late: bool, asked: bool) -> str:
    if going:
        return gettext("Figures are being fetched now.")
    if waiting and late:
        return gettext("No worker has answered yet. The figures are fetched as soon as one does.")
    if waiting:
        return gettext("The figures have been asked for. The run begins in a moment.")
    return gettext("The run is over. The result stands first in the list.") if asked else ""


def state_word(state: str) -> StateWord:
    css = _CSS[state]
    return StateWord(state, str(RunState(state).label), css, f"icons/state-{css}.svg")


def run_view(run: RefreshRun, *, now: datetime, most_refused: int = REFUSED_SHOWN) -> RunView:
    rejected = list(run.rejected.all())
    refused = tuple(RefusedView(row.place, refusal_sentence(row.code, row.details)) for row in rejected[:most_refused])
    return RunView(
        source=run.source.title,
        url=reverse("data_run", args=[run.pk]),
        state=state_word(run.state),
        when=moment(run.started_at),
        took=_took(run),
        counts=_counts(run),
        alive=_alive(run, now),
        again=_again(run),
        message=run.message,
        reasons=tuple(reason_sentence(reason) for reason in run.reasons),
        refused=refused,
        more_refused=max(0, run.rows_rejected - len(refused)),
    )


def _took(run: RefreshRun) -> str:
    if run.finished_at is None:
        return ""
    seconds = max(0.0, (run.finished_at - run.started_at).total_seconds())
    return gettext("%(seconds)s seconds") % {"seconds": format_number(seconds, 1, language())}


def _alive(run: RefreshRun, now: datetime) -> str:
    if run.state != RunState.RUNNING:
        return ""
    seconds = max(0, int((now - run.heartbeat_at).total_seconds()))
    words = {"seconds": number(seconds)}
    return (
        ngettext("Last sign of life %(seconds)s second ago.", "Last sign of life %(seconds)s seconds ago.", seconds)
        % words
    )


def _again(run: RefreshRun) -> str:
    if run.next_try_at is None:
        return ""
    words = {"attempt": run.attempt, "when": moment(run.next_try_at)}
    return gettext("Attempt %(attempt)s. The source is asked again on %(when)s.") % words


def step_word(step: str) -> str:
    steps = {
        "fetching": gettext("Fetches the file"),
        "reading": gettext("Reads the file"),
        "checking": gettext("Checks the rows"),
        "comparing": gettext("Compares with the figures we hold"),
        "storing": gettext("Stores and computes lights"),
    }
    return steps.get(step, "")


def _counts(run: RefreshRun) -> str:
    """ "1.669 nye tal, 3 ændrede ...", or what a run that counted nothing has to say instead."""
    if run.state == RunState.RUNNING:
        read = ngettext("%(number)s row read", "%(number)s rows read", run.rows_read) % {
            "number": number(run.rows_read)
        }
        return ", ".join(filter(None, (step_word(run.step), read if run.rows_read else "")))
    new, changed, same, gone = run.rows_new, run.rows_changed, run.rows_unchanged, run.rows_vanished
    refused, lights = run.rows_rejected, run.lights_changed
    numbers = (
        (new, ngettext("%(number)s new figure", "%(number)s new figures", new)),
        (changed, ngettext("%(number)s changed", "%(number)s changed", changed)),
        (gone, ngettext("%(number)s vanished", "%(number)s vanished", gone)),
        (same, ngettext("%(number)s as before", "%(number)s as before", same)),
        (refused, ngettext("%(number)s row refused", "%(number)s rows refused", refused)),
        (lights, ngettext("%(number)s light changed", "%(number)s lights changed", lights)),
    )
    counted = ", ".join(text % {"number": number(count)} for count, text in numbers if count)
    return counted or _uncounted(run)


def _uncounted(run: RefreshRun) -> str:
    if run.state == RunState.UNCHANGED:
        return gettext("The figures are the same as last time.")
    return "" if run.message else gettext("No figures.")
