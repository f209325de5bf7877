"""The page of a meeting: how many have answered, who is missing by when, and what was decided."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from initiatives.models import Decision, Meeting, Plan
from initiatives.permissions import PlanRights
from initiatives.presenters.freezing import FreezePanel, freeze_panel
from initiatives.presenters.items import ItemUrls, no_owner_reason
from initiatives.presenters.meeting_changes import ChangesLink, changes_links
from initiatives.presenters.meeting_items import (
    MeetingItem,
    StatusRow,
    load_meeting_items,
    meeting_plans,
    meeting_window,
)
from initiatives.presenters.meetings import dispatch_sentence, hand_in_sentence, meeting_title, weekday_text
from initiatives.presenters.states import StateView, state_view
from initiatives.presenters.wording import day_text, language
from sundhedsaftale.lib.danish import join_words


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One item on the checklist. The urls are "" where the reader may not write."""

    pk: int
    number: int
    title: str
    url: str
    state: StateView
    answered: bool
    answer: str
    on_behalf_of: str
    decision: str
    sequence: int
    write_url: str
    unchanged_url: str
    saved: bool = False


@dataclass(frozen=True, slots=True)
class OwnerGroup:
    """The items that the same bodies carry. `blank` says why there is no owner."""

    name: str
    blank: str
    tally: str
    missing: int
    rows: tuple[AnswerRow, ...]


@dataclass(frozen=True, slots=True)
class PlanAnswers:
    pk: int
    slug: str
    title: str
    url: str
    grid_url: str  # "" where the reader may not write anything
    changes: ChangesLink
    tally: str
    not_asked: str
    blank: str
    groups: tuple[OwnerGroup, ...]


@dataclass(frozen=True, slots=True)
class DecisionLine:
    item: str
    url: str
    text: str


@dataclass(frozen=True, slots=True)
class MeetingPage:
    pk: int
    title: str
    kicker: str
    answer: str
    rest: str
    dates: tuple[str, ...]
    case_number: str
    cancelled_text: str
    rule: str
    plans: tuple[PlanAnswers, ...]
    freezing: FreezePanel
    decisions: tuple[DecisionLine, ...]
    decisions_blank: str
    held: bool
    standing: bool
    edit_url: str
    cancel_url: str
    decisions_url: str
    rules_url: str
    body_url: str


def meeting_page(meeting: Meeting, rights: PlanRights, *, today: date, saved_item: int | None = None) -> MeetingPage:
    """Everything the page prints. Seven queries beside those for the meeting and the rights."""
    plans = meeting_plans(meeting)
    items = load_meeting_items(meeting, plans, meeting_window(meeting))
    decided = {
        row.item_id: row.text for row in Decision.objects.filter(meeting=meeting).only("item_id", "meeting_id", "text")
    }
    links = changes_links(meeting, plans, today=today)
    standing = meeting.cancelled_on is None
    place = [meeting.pk]
    held = meeting.day <= today
    return MeetingPage(
        pk=meeting.pk,
        title=meeting_title(meeting),
        kicker=meeting.body.name,
        answer=_answer(meeting, plans, items, today),
        rest=_rest(meeting, items, today) if standing else "",
        dates=(hand_in_sentence(meeting), dispatch_sentence(meeting)),
        case_number=meeting.case_number,
        cancelled_text=_cancelled(meeting),
        rule=_rule(meeting),
        plans=tuple(_plan(plan, meeting, items, decided, rights, links[plan.pk], saved_item) for plan in plans),
        freezing=freeze_panel(meeting, plans, rights, today),
        decisions=_decisions(plans, items, decided),
        decisions_blank=_no_decisions(held=held, standing=standing),
        held=held and standing,
        standing=standing,
        edit_url=reverse("meeting_edit", args=place) if rights.edit and standing else "",
        cancel_url=reverse("meeting_cancel", args=place) if rights.edit and standing and not decided else "",
        decisions_url=reverse("meeting_decisions", args=place) if rights.decide and standing and held else "",
        rules_url=reverse("meeting_rules", args=[meeting.body.slug]) if rights.edit else "",
        body_url=reverse("body", args=[meeting.body.slug]),
    )


def _answer(meeting: Meeting, plans: list[Plan], items: list[MeetingItem], today: date) -> str:
    """The bold sentence: how many of how many."""
    if meeting.cancelled_on is not None:
        return _("The meeting is cancelled.")
    asked = [item for item in items if item.asked]
    answered = sum(item.answer is not None for item in asked)
    if not plans:
        return _("The body has no plan in force on the day of the meeting.")
    if not asked:
        return _("No item needs a status for this meeting.")
    words = {"answered": answered, "asked": len(asked)}
    if answered == len(asked):
        return ngettext("The one item has a status.", "All %(asked)s items have a status.", len(asked)) % words
    return (
        ngettext(
            "%(answered)s of %(asked)s item has a status.", "%(answered)s of %(asked)s items have a status.", len(asked)
        )
        % words
    )


def _rest(meeting: Meeting, items: list[MeetingItem], today: date) -> str:
    missing = sum(item.asked and item.answer is None for item in items)
    words = {"missing": missing, "day": weekday_text(meeting.hand_in)}
    if missing == 0:
        return ""
    if meeting.day < today:
        text = ngettext("%(missing)s was never answered.", "%(missing)s were never answered.", missing)
    elif meeting.hand_in < today:
        text = ngettext(
            "%(missing)s is missing. The deadline was %(day)s.", "%(missing)s are missing. The deadline was %(day)s.",
            missing,
        )  # fmt: skip
    else:
        text = ngettext(
            "%(missing)s is missing. The deadline is %(day)s.", "%(missing)s are missing. The deadline is %(day)s.",
            missing,
        )  # fmt: skip
    return text % words


def _cancelled(meeting: Meeting) -> str:
    if meeting.cancelled_on is None:
        return ""
    words = {"day": day_text(meeting.cancelled_on), "reason": meeting.cancelled_reason}
    return _("Cancelled %(day)s: %(reason)s") % words


def _rule(meeting: Meeting) -> str:
    return _(
        "A status counts for the meeting when it is written here, or anywhere since the previous meeting. "
        "Items that are completed, in operation or given up are not asked."
    )


def _plan(
    plan: Plan,
    meeting: Meeting,
    items: list[MeetingItem],
    decided: dict[int, str],
    rights: PlanRights,
    changes: ChangesLink,
    saved_item: int | None,
) -> PlanAnswers:
    mine = [item for item in items if item.plan_id == plan.pk]
    asked = [item for item in mine if item.asked]
    writable = plan.closed_on is None and meeting.cancelled_on is None
    grouped: dict[tuple[str, ...], list[MeetingItem]] = defaultdict(list)
    for item in asked:
        grouped[tuple(owner.name for owner in item.owners)].append(item)
    urls = ItemUrls(plan.slug)
    maker = _UnchangedUrl(meeting, plan)
    groups = []
    for names, rows in grouped.items():
        lines = tuple(
            _row(item, urls, maker, decided, saved=item.pk == saved_item, writes=writable and rights.can_write(item))
            for item in rows
        )
        groups.append(_group(names, lines, plan))
    writes = writable and any(rights.can_write(item) for item in mine)
    return PlanAnswers(
        pk=plan.pk,
        slug=plan.slug,
        title=plan.short_title or plan.title,
        url=reverse("plan", args=[plan.slug]),
        grid_url=reverse("status_grid", args=[meeting.pk, plan.slug]) if writes else "",
        changes=changes,
        tally=_tally(sum(item.answer is not None for item in asked), len(asked)) if asked else "",
        not_asked=_not_asked(len(mine) - len(asked)),
        blank="" if asked else _("Nothing in the plan needs a status for this meeting."),
        groups=tuple(groups),
    )


class _UnchangedUrl:
    """Reversed once for the plan: a checklist may be 200 rows long."""

    def __init__(self, meeting: Meeting, plan: Plan) -> None:
        self.unchanged = reverse("meeting_unchanged", args=[meeting.pk, plan.slug, 0]).split("/0/")
        self.write = f"?page=meeting&meeting={meeting.pk}"

    def __call__(self, number: int) -> str:
        return f"/{number}/".join(self.unchanged)


def _row(
    item: MeetingItem, urls: ItemUrls, maker: _UnchangedUrl, decided: dict[int, str], *, saved: bool, writes: bool
) -> AnswerRow:
    shown = item.answer or item.newest
    return AnswerRow(
        pk=item.pk,
        number=item.number,
        title=item.title,
        url=urls.item(item.number),
        state=state_view(shown.state if shown else "", undated=bool(shown and shown.undated)),
        answered=item.answer is not None,
        answer=_said(item.answer),
        on_behalf_of=on_behalf_text(item.answer.on_behalf_of) if item.answer else "",
        decision=decided.get(item.pk, ""),
        sequence=item.newest.sequence if item.newest else 0,
        write_url=f"{urls.edit(item.number)}{maker.write}" if writes else "",
        unchanged_url=maker(item.number) if writes and item.newest else "",
        saved=saved,
    )


def on_behalf_text(name: str) -> str:
    """ "" when the owner answered."""
    return _("written by the secretariat on behalf of %(body)s") % {"body": name} if name else ""


def _said(answer: StatusRow | None) -> str:
    if answer is None:
        return _("Missing")
    text = _("Unchanged %(day)s") if answer.unchanged else _("Answered %(day)s")
    return text % {"day": day_text(answer.spoken.day)}


def _group(names: tuple[str, ...], rows: tuple[AnswerRow, ...], plan: Plan) -> OwnerGroup:
    answered = sum(row.answered for row in rows)
    return OwnerGroup(
        name=join_words(names, language()) if names else _("No owner"),
        blank="" if names else no_owner_reason(plan),
        tally=_tally(answered, len(rows)),
        missing=len(rows) - answered,
        rows=rows,
    )


def _tally(answered: int, asked: int) -> str:
    if answered == asked:
        return _("All answered")
    return _("%(answered)s of %(asked)s answered") % {"answered": answered, "asked": asked}


def _not_asked(count: int) -> str:
    if not count:
        return ""
    return ngettext("%(count)s item is closed and not asked.", "%(count)s items are closed and not asked.", count) % {
        "count": count
    }


def _decisions(plans: list[Plan], items: list[MeetingItem], decided: dict[int, str]) -> tuple[DecisionLine, ...]:
    slugs = {plan.pk: plan.slug for plan in plans}
    return tuple(
        DecisionLine(
            item=f"{item.number}. {item.title}",
            url=reverse("item", args=[slugs[item.plan_id], item.number]),
            text=decided[item.pk],
        )
        for item in items
        if item.pk in decided
    )


def _no_decisions(*, held: bool, standing: bool) -> str:
    if not standing:
        return _("The meeting was cancelled, so nothing was decided.")
    if not held:
        return _("Decisions are recorded on the day of the meeting or afterwards.")
    return _("No decision has been recorded.")
