"""One item as the plan page and its own page print it, and the sentence that says what its timeline draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from initiatives.calculations.states import CLOSED_STATES, DELAYED, IN_PROGRESS, ON_HOLD, POSTPONED
from initiatives.models import Horizon, Plan, ScheduleKind, State
from initiatives.presenters.carried import CarriedNote
from initiatives.presenters.facts import ItemFacts, MilestoneFact, StatusFact
from initiatives.presenters.states import StateView, state_view
from initiatives.presenters.wording import day_text, language, period_text, slip_text
from sundhedsaftale.lib.danish import join_words
from sundhedsaftale.lib.periods import Period

MILESTONES_SAID = 2


@dataclass(frozen=True, slots=True)
class Say:
    """A piece of the sentence under a title; the strong ones carry the news."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class StatusPanel:
    """The region that shows an item's status and, for those who may, lets them write it. One id, all its states."""

    number: int
    title: str
    state: StateView
    words: str
    meta: str  # when it is from, and the cause
    blank: str  # why there is no status
    sequence: int
    can_write: bool
    item_url: str
    edit_url: str
    unchanged_url: str
    page: str  # "plan" or "item": which regions are refreshed after a change


@dataclass(frozen=True, slots=True)
class ItemView:
    """An item in its plan. `owners_blank` and the panel's `blank` say why something is missing."""

    number: int
    anchor: str
    title: str
    url: str
    paragraphs: tuple[str, ...]
    owners: str
    owners_blank: str
    horizon: str
    horizon_note: str
    horizon_uncertain: bool
    closed_text: str
    panel: StatusPanel
    carried: CarriedNote | None = None  # where it was handed on to, or came from


class ItemUrls:
    """Addresses of a plan's items from patterns reversed once: a plan of 200 items prints 600 of them."""

    def __init__(self, slug: str) -> None:
        self.item = _maker(reverse("item", args=[slug, 0]))
        self.edit = _maker(reverse("status_edit", args=[slug, 0]))
        self.unchanged = _maker(reverse("status_unchanged", args=[slug, 0]))


def _maker(pattern: str) -> Callable[[int], str]:
    before, after = pattern.rsplit("/0/", 1)
    return lambda number: f"{before}/{number}/{after}"


def status_panel(facts: ItemFacts, plan: Plan, *, urls: ItemUrls, can_write: bool, page: str) -> StatusPanel:
    """The region as it stands when nobody is writing."""
    current = facts.current
    return StatusPanel(
        number=facts.number,
        title=facts.title,
        state=state_view(facts.state, undated=bool(current and current.undated)),
        words=without_blank_lines(facts.words),
        meta=_meta(current) if current else "",
        blank="" if current else no_status_reason(plan),
        sequence=current.sequence if current else 0,
        can_write=can_write and facts.closed_on is None and plan.closed_on is None,
        item_url=urls.item(facts.number),
        edit_url=urls.edit(facts.number),
        unchanged_url=urls.unchanged(facts.number),
        page=page,
    )


def _meta(status: StatusFact) -> str:
    text = _("Unchanged %(day)s") if status.unchanged else _("As of %(day)s")
    text = text % {"day": day_text(status.as_of)}
    cause = _("Cause:")  # not inside the f-string: the translators' tool does not look into those
    behalf = _("written by the secretariat on behalf of %(body)s") % {"body": status.on_behalf_of}
    parts = (text, f"{cause} {status.cause_name}" if status.cause_name else "", behalf if status.on_behalf_of else "")
    return " · ".join(filter(None, parts))


def item_view(
    facts: ItemFacts,
    plan: Plan,
    *,
    urls: ItemUrls,
    can_write: bool,
    page: str = "plan",
    carried: CarriedNote | None = None,
) -> ItemView:
    return ItemView(
        number=facts.number,
        anchor=f"punkt-{facts.number}",
        title=facts.title,
        url=urls.item(facts.number),
        paragraphs=paragraphs(facts.content),
        owners=owners_text(facts),
        owners_blank="" if facts.owners else no_owner_reason(plan),
        horizon=horizon_text(facts.horizon),
        horizon_note=facts.horizon_note,
        horizon_uncertain=facts.horizon == Horizon.UNCERTAIN,
        closed_text=closed_text(facts.closed_on, facts.closed_reason),
        panel=status_panel(facts, plan, urls=urls, can_write=can_write, page=page),
        carried=carried,
    )


def paragraphs(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("\n\n") if part.strip())


def without_blank_lines(words: str) -> str:
    """Every word as written, line by line; empty lines only make a page longer."""
    return "\n".join(line.strip() for line in words.splitlines() if line.strip())


def owners_text(facts: ItemFacts) -> str:
    return join_words((owner.name for owner in facts.owners), language())


def no_status_reason(plan: Plan) -> str:
    return plan.no_status_note or _("Nobody has written a status yet.")


def no_owner_reason(plan: Plan) -> str:
    return plan.no_owner_note or _("The plan names no body for it.")


def horizon_text(horizon: str) -> str:
    return str(Horizon(horizon).label) if horizon else ""


def closed_text(closed_on: date | None, reason: str) -> str:
    if closed_on is None:
        return ""
    return _("Closed %(day)s: %(reason)s") % {"day": day_text(closed_on), "reason": reason}


def first_promise(facts: ItemFacts) -> Period | None:
    """What was promised first: later dates are counted from it."""
    promised = facts.periods(ScheduleKind.PLANNED)
    return promised[0] if promised else None


def counted_from(facts: ItemFacts) -> Period | None:
    """The period a slip is counted from: the promise, else the pause of an item that had none."""
    promise = first_promise(facts)
    if promise is not None:
        return promise
    paused = facts.periods(ScheduleKind.SINCE)
    if paused and facts.state in (ON_HOLD, POSTPONED):
        return paused[-1]
    # Only dates: the first one it aimed at.
    aims = [status.due for status in facts.statuses if status.due is not None]
    return aims[0] if aims else None


def say(facts: ItemFacts) -> tuple[Say, ...]:
    """What the marks of the timeline draw, in words: the same facts, for those who cannot see the drawing."""
    current = facts.current
    pieces = [*_beginning(facts), *(_now(facts, current) if current else _without_status(facts))]
    return (*pieces, *_milestones_said(facts.milestones))


def say_plainly(pieces: tuple[Say, ...]) -> str:
    return " ".join(piece.text for piece in pieces)


def _beginning(facts: ItemFacts) -> list[Say]:
    started = facts.periods(ScheduleKind.STARTED)
    if started:
        return [Say(_("Started %(period)s.") % {"period": period_text(started[0])})]
    return []


def _without_status(facts: ItemFacts) -> list[Say]:
    promise = first_promise(facts)
    if promise is not None:
        return [Say(_("Promised for %(period)s. No status yet.") % {"period": period_text(promise)})]
    return [Say(_("No date and no status."))]


def _now(facts: ItemFacts, current: StatusFact) -> list[Say]:
    if current.state == POSTPONED:
        return _postponed(facts, current)
    if current.state == ON_HOLD:
        return _on_hold(facts, current)
    if current.state in CLOSED_STATES:
        words = {"state": State(current.state).label, "day": day_text(current.as_of)}
        return [Say(_("%(state)s, as told %(day)s.") % words)]
    return _under_way(facts, current)


def _postponed(facts: ItemFacts, current: StatusFact) -> list[Say]:
    promise = first_promise(facts)
    pieces = []
    if current.undated:
        if promise is not None:
            pieces.append(Say(_("Promised for %(period)s.") % {"period": period_text(promise)}))
        return [*pieces, Say(_("Postponed without a new date."), strong=True)]
    words = {"from": period_text(promise), "to": period_text(current.due)}
    text = _("Promised for %(from)s, postponed to %(to)s") if promise else _("Postponed to %(to)s")
    return _with_slip(text % words, slip_text(counted_from(facts), current.due))


def _on_hold(facts: ItemFacts, current: StatusFact) -> list[Say]:
    since = facts.periods(ScheduleKind.SINCE)
    words = {"since": period_text(since[-1]) if since else "", "to": period_text(current.due)}
    if current.due is None:
        text = _("On hold since %(since)s, without a new date.") if since else _("On hold without a new date.")
        return [Say(text % words, strong=True)]
    text = _("On hold from %(since)s to %(to)s") if since else _("On hold until %(to)s")
    return _with_slip(text % words, slip_text(counted_from(facts), current.due))


def _under_way(facts: ItemFacts, current: StatusFact) -> list[Say]:
    """Planned, in progress or delayed."""
    promise = first_promise(facts)
    words = {"from": period_text(promise), "to": period_text(current.due)}
    late = current.state == DELAYED
    slip = slip_text(promise, current.due)
    if slip:
        return _with_slip(_("Promised for %(from)s, now %(to)s") % words, slip)
    pieces = []
    if late and current.due is None:
        return [Say(_("Delayed without a new deadline."), strong=True)]
    if late:
        pieces.append(Say(_("Delayed."), strong=True))
    elif current.state == IN_PROGRESS and not facts.periods(ScheduleKind.STARTED):
        pieces.append(Say(_("In progress.")))
    if current.due is not None:
        pieces.append(Say(_("Promised for %(to)s.") % words))
    elif not late:
        pieces.append(Say(_("No date in the plan.")))
    return pieces


def _with_slip(text: str, slip: str) -> list[Say]:
    return [Say(text), Say(f"({slip}).", strong=True)] if slip else [Say(f"{text}.")]


def _milestones_said(milestones: tuple[MilestoneFact, ...]) -> list[Say]:
    """The milestones still to come, the next ones first; how many there are when they are not all named."""
    ahead = [milestone for milestone in milestones if milestone.reached_on is None]
    dates = [period_text(milestone.period) for milestone in ahead[:MILESTONES_SAID] if milestone.period.is_dated]
    pieces = [Say(_("Milestone %(period)s.") % {"period": text}) for text in dates]
    more = len(ahead) - len(dates)
    if more > 0 and dates:
        pieces.append(Say(_("%(count)d more milestones.") % {"count": more} if more > 1 else _("One more milestone.")))
    return pieces
