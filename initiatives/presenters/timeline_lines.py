"""A row of the table under a plan's timeline: what was promised, what is promised now, and why it moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from initiatives.models import Plan
from initiatives.presenters.facts import ItemFacts
from initiatives.presenters.items import ItemUrls, counted_from, first_promise, no_owner_reason, owners_text
from initiatives.presenters.plans import TROUBLED
from initiatives.presenters.states import StateView, state_view
from initiatives.presenters.wording import Cell, day_text, language, period_text, slip_in_quarters, slip_text
from sundhedsaftale.lib.danish import join_words, sort_key


@dataclass(frozen=True, slots=True)
class TimelineLine:
    number: int
    title: str
    url: str
    state: StateView
    promised: Cell
    now: Cell
    slip: Cell
    times: Cell
    cause: Cell
    owners: Cell
    milestones: tuple[str, ...]


def timeline_line(item: ItemFacts, plan: Plan, *, times: int, causes: Iterable[str], urls: ItemUrls) -> TimelineLine:
    """times: how often it was postponed; causes: their names, in any order."""
    current = item.current
    promise = first_promise(item)
    return TimelineLine(
        number=item.number,
        title=item.title,
        url=urls.item(item.number),
        state=state_view(item.state, undated=bool(current and current.undated)),
        promised=Cell(period_text(promise), "" if promise else _("no date in the plan")),
        now=_now_cell(item),
        slip=_slip_cell(item),
        times=Cell(ngettext("%(n)d time", "%(n)d times", times) % {"n": times} if times else "", _("not postponed")),
        cause=_cause_cell(item, times, sorted(causes, key=sort_key)),
        owners=Cell(owners_text(item), "" if item.owners else no_owner_reason(plan)),
        milestones=tuple(_milestone(one.title, period_text(one.period), one.reached_on) for one in item.milestones),
    )


def _now_cell(item: ItemFacts) -> Cell:
    current = item.current
    if current is None:
        return Cell(blank=_("no status"))
    if current.due is None:
        return Cell(blank=_("no new date") if item.state in TROUBLED else _("no date"))
    if current.due == first_promise(item):
        return Cell(_("as promised"))
    return Cell(period_text(current.due))


def _slip_cell(item: ItemFacts) -> Cell:
    current = item.current
    if current is None:
        return Cell(blank=_("no status"))
    if current.undated:
        return Cell(blank=_("no end known"))
    before = counted_from(item)
    quarters = slip_in_quarters(before, current.due)
    if quarters is None:
        return Cell(blank=_("no date to count from") if before is None else _("no date to count to"))
    if quarters < 0:
        return Cell(_("brought forward"))
    return Cell(slip_text(before, current.due), _("not moved"))


def _cause_cell(item: ItemFacts, times: int, names: list[str]) -> Cell:
    if names:
        return Cell(join_words(names, language()))
    return Cell(blank=_("no cause named") if times or item.state in TROUBLED else _("not delayed"))


def _milestone(title: str, when: str, reached_on: date | None) -> str:
    text = f"{title}: {when or _('no date')}"  # "no date" is known to the translators from elsewhere
    words = {"milestone": text, "day": day_text(reached_on)}
    return _("%(milestone)s (reached %(day)s)") % words if reached_on else text


def spoken(line: TimelineLine) -> str:
    """The row as a sentence, for those who read the picture with their ears."""
    words = {
        "title": f"{line.number}. {line.title}",
        "state": line.state.word,
        "promised": line.promised.text or line.promised.blank,
        "now": line.now.text or line.now.blank,
        "slip": line.slip.text or line.slip.blank,
    }
    return _("%(title)s: %(state)s. Promised: %(promised)s; now: %(now)s; slip: %(slip)s.") % words
