"""The pages on which a plan's open items are handed on to the bodies that come after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from initiatives.actions.carry_over import fingerprint_of
from initiatives.calculations.states import ON_HOLD, POSTPONED
from initiatives.models import Anchoring, Body, CarryOver, CarryOverChoice, CarryOverState, Outcome, Plan, StatusUpdate
from initiatives.presenters.item_page import moment_text
from initiatives.presenters.states import StateView, state_view
from initiatives.presenters.successors import Takers, takers
from initiatives.presenters.wording import count_word, day_text, item_word, items_word, language, sentence
from sundhedsaftale.lib.danish import join_words


@dataclass(frozen=True, slots=True)
class BodyOption:
    value: str
    label: str
    selected: bool = False


@dataclass(frozen=True, slots=True)
class OptionGroup:
    label: str
    options: tuple[BodyOption, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One open item. options: where it may continue, () when it is answered on its own page. said: what was chosen."""

    pk: int
    number: int
    title: str
    url: str
    heading: str
    state: StateView
    owners: str
    options: tuple[BodyOption, ...]
    suggestion: str
    said: str
    reason: str
    chosen: bool
    fate_url: str


@dataclass(frozen=True, slots=True)
class Finished:
    """A hand-over that is over: confirmed or cancelled."""

    text: str
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class WizardPage:
    """draft: whether one is going on; else the page offers to begin one, unless `blank` says why it cannot."""

    title: str
    kicker: str
    plan_url: str
    lead: str
    draft: bool
    day: str
    steps: tuple[Step, ...]
    left: int
    takers: tuple[OptionGroup, ...]
    finished: tuple[Finished, ...]
    blank: str


def wizard_page(plan: Plan, carry_over: CarryOver | None, others: Sequence[CarryOver], *, today: date) -> WizardPage:
    """The step list. Six queries with a draft, two without. others: the plan's earlier hand-overs."""
    choices = _choices(plan)
    items = _open_items(plan)
    steps: tuple[Step, ...] = ()
    groups: tuple[OptionGroup, ...] = ()
    if carry_over is not None:
        owners = _owners(plan)
        found = takers(plan, carry_over.on, {pk for rows in owners.values() for pk, _name in rows})
        steps = tuple(_step(plan, item, owners[item.pk], found, choices[carry_over.pk].get(item.pk)) for item in items)
        groups = _groups(found)
    left = sum(not step.chosen for step in steps)
    return WizardPage(
        title=plan.title,
        kicker=f"{plan.kind.name} · {plan.body.name}",
        plan_url=reverse("plan", args=[plan.slug]),
        lead=_lead(plan, len(items), len(items) - left, carry_over),
        draft=carry_over is not None,
        day=day_text(carry_over.on) if carry_over else "",
        steps=steps,
        left=left,
        takers=groups,
        finished=tuple(_finished(other, choices[other.pk].values(), today) for other in others),
        blank="" if carry_over or items else _("No item is open, so there is nothing to hand on."),
    )


def _lead(plan: Plan, total: int, chosen: int, carry_over: CarryOver | None) -> str:
    noun = item_word(plan.kind) if total == 1 else items_word(plan.kind)
    words = {"m": count_word(total, plan.kind), "n": count_word(chosen, plan.kind), "items": noun}
    if carry_over is None:
        text = ngettext(
            "%(m)s %(items)s is open and can be handed on.", "%(m)s %(items)s are open and can be handed on.", total
        )
        return sentence(text % words)
    words["day"] = day_text(carry_over.on)
    text = ngettext(
        "%(n)s of %(m)s open %(items)s has a choice for %(day)s.",
        "%(n)s of %(m)s open %(items)s have a choice for %(day)s.",
        chosen,
    )
    return sentence(text % words)


# --- The items --------------------------------------------------------------------------------------------------------


def _open_items(plan: Plan) -> list[Any]:
    newest = StatusUpdate.objects.filter(item=OuterRef("pk")).order_by("-sequence")
    return list(
        plan.items.to_hand_on()
        .select_related("track__parent")
        .annotate(now=Subquery(newest.values("state")[:1]), aims_at=Subquery(newest.values("due_id")[:1]))
        .order_by("position", "number")
    )


def _owners(plan: Plan) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = Anchoring.objects.filter(item__plan=plan).order_by("item", "position")
    for item_id, body_id, name in rows.values_list("item_id", "body_id", "body__name"):
        found[item_id].append((body_id, name))
    return found


@dataclass(frozen=True, slots=True)
class _Chosen:
    outcome: str
    reason: str
    bodies: tuple[tuple[int, str], ...]
    plans: tuple[tuple[str, str], ...]  # (body, slug) of the plans made when it was confirmed


def _choices(plan: Plan) -> dict[int, dict[int, _Chosen]]:
    """Every choice of every hand-over of the plan, by hand-over and item. One query."""
    found: dict[int, dict[int, _Chosen]] = defaultdict(dict)
    rows = CarryOverChoice.objects.filter(carry_over__plan=plan).order_by("pk", "targets__body__sort_key")
    for over, item, outcome, reason, body, name, slug in rows.values_list(
        "carry_over_id", "item_id", "outcome", "reason", "targets__body_id", "targets__body__name",
        "targets__new_item__plan__slug",
    ):  # fmt: skip
        before = found[over].get(item, _Chosen(outcome, reason, (), ()))
        bodies = (*before.bodies, (body, name)) if body is not None else before.bodies
        plans = (*before.plans, (name, slug)) if slug else before.plans
        found[over][item] = _Chosen(outcome, reason, bodies, plans)
    return found


def _step(plan: Plan, item: Any, owners: list[tuple[int, str]], found: Takers, chosen: _Chosen | None) -> Step:
    only = found.only_successor(pk for pk, _name in owners) if chosen is None else None
    track = item.track.parent or item.track
    return Step(
        pk=item.pk,
        number=item.number,
        title=item.title,
        url=reverse("item", args=[plan.slug, item.number]),
        heading=f"{track.number}. {track.title}" if track.number else track.title,
        state=state_view(item.now, undated=item.aims_at is None and item.now in (POSTPONED, ON_HOLD)),
        owners=join_words((name for _pk, name in owners), language()),
        options=_options(found, chosen, only),
        suggestion=only.name if only else "",
        said=_said(chosen),
        reason=chosen.reason if chosen else "",
        chosen=chosen is not None,
        fate_url=reverse("carry_over_item", args=[plan.slug, item.number]),
    )


def _options(found: Takers, chosen: _Chosen | None, only: Body | None) -> tuple[BodyOption, ...]:
    """Only for what can be said with one body; an item that ends or is divided is answered on its own page."""
    if chosen is not None and chosen.outcome != Outcome.CONTINUES:
        return ()
    now = chosen.bodies[0] if chosen and chosen.bodies else (only.pk, only.name) if only else None
    pairs = [(body.pk, body.name) for body in found.first]
    if now is not None and now not in pairs:
        pairs.append(now)
    if not pairs:
        return ()
    rows = [BodyOption(str(pk), name, now is not None and pk == now[0]) for pk, name in pairs]
    return (BodyOption("", _("Not chosen yet"), now is None), *rows)


def _said(chosen: _Chosen | None) -> str:
    if chosen is None:
        return ""
    words = {"bodies": join_words((name for _pk, name in chosen.bodies), language())}
    return {
        str(Outcome.CONTINUES): _("Continues in %(bodies)s"),
        str(Outcome.SPLIT): _("Is divided between %(bodies)s"),
        str(Outcome.CLOSED): _("Ends here"),
    }[chosen.outcome] % words


def _groups(found: Takers) -> tuple[OptionGroup, ...]:
    groups = ((_("Comes after"), found.first), (_("Other bodies on that day"), found.others))
    return tuple(
        OptionGroup(label, tuple(BodyOption(str(body.pk), body.name) for body in bodies))
        for label, bodies in groups
        if bodies
    )


def _finished(carry_over: CarryOver, choices: Iterable[_Chosen], today: date) -> Finished:
    words = {
        "day": day_text(carry_over.on),
        "when": moment_text(carry_over.finished_at) if carry_over.finished_at else "",
        "who": str(carry_over.finished_by) if carry_over.finished_by else _("nobody named"),
    }
    if carry_over.state == CarryOverState.CANCELLED:
        return Finished(_("Given up %(when)s by %(who)s. Nothing was made.") % words, ())
    plans = {slug: name for chosen in choices for name, slug in chosen.plans}
    text = _("Handed on %(day)s. Confirmed %(when)s by %(who)s. The new plans:")
    if not plans:
        text = _("Everything ended %(day)s. Confirmed %(when)s by %(who)s.")
    links = tuple((name, reverse("plan", args=[slug])) for slug, name in plans.items())
    return Finished(text % words, links)


# --- The summary ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NewPlan:
    body: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SummaryPage:
    """left: the items without a choice; while there are any, nothing can be confirmed. seen: what is shown here."""

    title: str
    kicker: str
    lead: str
    day: str
    plans: tuple[NewPlan, ...]
    ending: tuple[tuple[str, str], ...]  # (item, why)
    left: tuple[tuple[str, str], ...]  # (item, address)
    wizard_url: str
    seen: str


def summary_page(plan: Plan, carry_over: CarryOver) -> SummaryPage:
    """What would be made. Two queries."""
    chosen, items = _choices(plan)[carry_over.pk], _open_items(plan)
    plans: dict[str, list[str]] = defaultdict(list)
    ending, left = [], []
    for item in items:
        name, choice = f"{item.number}. {item.title}", chosen.get(item.pk)
        if choice is None:
            left.append((name, reverse("carry_over_item", args=[plan.slug, item.number])))
        elif choice.outcome == Outcome.CLOSED:
            ending.append((name, choice.reason))
        for _pk, body in choice.bodies if choice else ():
            plans[body].append(name)
    day = day_text(carry_over.on)
    lead = ngettext(
        "%(n)s new plan will be made as of %(day)s.", "%(n)s new plans will be made as of %(day)s.", len(plans)
    )
    return SummaryPage(
        title=plan.title,
        kicker=f"{plan.kind.name} · {plan.body.name}",
        lead=lead % {"n": len(plans), "day": day},
        day=day,
        plans=tuple(NewPlan(body, tuple(names)) for body, names in plans.items()),
        ending=tuple(ending),
        left=tuple(left),
        wizard_url=reverse("carry_over", args=[plan.slug]),
        seen=fingerprint_of(
            carry_over.pk,
            (
                (item_id, choice.outcome, choice.reason, [pk for pk, _name in choice.bodies])
                for item_id, choice in chosen.items()
            ),
        ),
    )


def ended_text(carry_over: CarryOver) -> str:
    """What the one who came second is told."""
    words = {
        "who": str(carry_over.finished_by) if carry_over.finished_by else _("somebody"),
        "when": moment_text(carry_over.finished_at) if carry_over.finished_at else "",
    }
    if carry_over.state == CarryOverState.CANCELLED:
        return _("%(who)s gave the hand-over up %(when)s. Your choice was not stored.") % words
    return (
        _("%(who)s confirmed the hand-over %(when)s. Nothing was made twice, and your choice was not stored.") % words
    )
