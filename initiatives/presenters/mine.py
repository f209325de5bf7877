"""What needs me now: items I answer for, by how near their deadline is, and what I was reminded of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from initiatives.calculations.early_warning import GREEN, LEVELS, NO_DATE, RED, YELLOW, YELLOW_DAYS, warning_level
from initiatives.calculations.states import CLOSED_STATES
from initiatives.models import (
    ActionItem,
    Anchoring,
    Comment,
    Initiative,
    MailState,
    Mention,
    Plan,
    Reminder,
    StatusUpdate,
)
from initiatives.permissions import ANSWERS_FOR_ITEM, LOGS_INITIATIVES, SECRETARIAT
from initiatives.permissions_talk import readable_comments
from initiatives.presenters.facts import ItemFacts, load_items
from initiatives.presenters.initiatives import InitiativeCard, initiative_cards, with_card_data
from initiatives.presenters.items import ItemUrls
from initiatives.presenters.reminder_lines import deadline_sentence
from initiatives.presenters.reminders import WHAT_IT_IS_ABOUT, about_what_day, reminded_of
from initiatives.presenters.states import StateView, state_view
from initiatives.presenters.taken_over import taken_over
from initiatives.presenters.wording import period_text
from initiatives.standing_in import coordinated_by, exercised_memberships, roles_on
from sundhedsaftale.lib.danish import format_date, number_word

MOST_WORDS = 36
LATELY = timedelta(days=60)
MOST_REMINDERS = 10
MOST_INITIATIVES = 12
OPEN_GROUP = 8  # a longer group is folded, unless it is the first that needs something


@dataclass(frozen=True)
class MineItem:
    number: int
    title: str
    url: str
    plan: str
    plan_url: str
    state: StateView
    words: str
    as_of: str
    deadline: str  # a whole sentence; why there is none, when there is none
    sequence: int
    edit_url: str
    unchanged_url: str  # "" when there is no status to keep
    taken_over: str = ""  # for whom, while they are away


@dataclass(frozen=True)
class MineGroup:
    code: str  # red, yellow, green or no_date
    title: str
    note: str
    icon_path: str
    items: list[MineItem]
    folded: bool


@dataclass(frozen=True)
class SentReminder:
    title: str
    url: str
    text: str
    when: str
    state: str


@dataclass(frozen=True)
class MinePage:
    answer: str
    empty: str  # why there is nothing at all, "" when there is something
    groups: list[MineGroup]
    reminders: list[SentReminder]
    initiatives: list[InitiativeCard]
    can_log: bool
    sees_log: bool
    paused: str  # a sentence, "" when reminders are sent


def mine(user: Any, *, today: date) -> Q:
    """A condition on items: those I coordinate, those of bodies I answer for, those in plans of my secretariats.

    Those of whoever I stand in for are mine meanwhile.
    """
    bodies = exercised_memberships(user, today=today)
    carried = Anchoring.objects.filter(body__in=bodies.filter(role__in=ANSWERS_FOR_ITEM).values("body_id"))
    own_plans = bodies.filter(role__in=SECRETARIAT).values("body_id")
    return coordinated_by(user, today=today) | Q(pk__in=carried.values("item_id")) | Q(plan__body__in=own_plans)


def waiting_count(user: Any, today: date) -> int:
    """How many of my items are past their deadline or near it (red and yellow), and how many mentions I have not seen.

    One query; none for a visitor.
    """
    if not user.is_authenticated or not user.is_active:
        return 0
    items = ActionItem.objects.open(today=today).filter(mine(user, today=today))
    due = (
        StatusUpdate.objects.current()
        .filter(item__in=items.values("pk"), due__last_day__lte=today + timedelta(days=YELLOW_DAYS))
        .exclude(state__in=CLOSED_STATES)
    )
    comments = Comment.objects.filter(readable_comments(user, today=today), withdrawn_at__isnull=True)
    unseen = Mention.objects.filter(person=user, seen_at__isnull=True, comment__in=comments.values("pk"))
    return due.order_by().values("pk").union(unseen.order_by().values("pk"), all=True).count()


def mine_page(user: Any, *, today: date) -> MinePage:
    """About a dozen queries, whatever the number of items."""
    wanted = mine(user, today=today)
    still_there = Q(pk__in=ActionItem.objects.open(today=today).values("pk"))
    items = [item for item in load_items(wanted & still_there) if item.state not in CLOSED_STATES]
    plans = {plan.pk: plan for plan in Plan.objects.filter(pk__in={item.plan_id for item in items})}
    held = roles_on(user, today=today)
    whose = taken_over(items, held, user, {plan.pk: plan.body_id for plan in plans.values()})
    groups = _groups(items, plans, whose, today)
    roles = {role for _body, role in held.all}
    urgent = sum(len(group.items) for group in groups if group.code in (RED, YELLOW))
    return MinePage(
        answer=_answer(urgent, len(items)),
        empty="" if items else _why_empty(roles),
        groups=groups,
        reminders=_sent_lately(user, today),
        initiatives=_own_initiatives(user, today),
        can_log=bool(roles & set(LOGS_INITIATIVES)) or user.is_superuser,
        sees_log=bool(roles & set(SECRETARIAT)) or user.is_superuser,
        paused=_paused(user, today),
    )


def _groups(items: list[ItemFacts], plans: dict[int, Plan], whose: dict[int, str], today: date) -> list[MineGroup]:
    found: dict[str, list[tuple[date, MineItem]]] = {level: [] for level in LEVELS}
    urls = {plan.pk: ItemUrls(plan.slug) for plan in plans.values()}
    for item in items:
        last_day = item.current.due.last_day if item.current and item.current.due else None
        level = warning_level(last_day, today=today, state=item.state)
        if level is not None:
            row = _mine_item(item, plans[item.plan_id], urls[item.plan_id], last_day, today)
            row = replace(row, taken_over=whose.get(item.pk, ""))
            found[level].append((last_day or date.max, row))
    groups = []
    for level in LEVELS:
        rows = [row for _day, row in sorted(found[level], key=lambda pair: pair[0])]
        if rows:
            title, note = _heading(level)
            folded = level in (GREEN, NO_DATE) and len(rows) > OPEN_GROUP
            groups.append(MineGroup(level, title, note, f"icons/due-{level.replace('_', '-')}.svg", rows, folded))
    return groups


def _heading(level: str) -> tuple[str, str]:
    return {
        RED: (_("Past the deadline"), _("Write what happened, or name a new date.")),
        YELLOW: (
            _("Deadline within %(days)d days") % {"days": YELLOW_DAYS},
            _("If nothing is new, one press of »Unchanged« is enough."),
        ),
        GREEN: (_("Later"), _("Nothing is asked of you yet.")),
        NO_DATE: (
            _("Without a date"),
            _(
                "What is postponed or on hold is asked about every 60 days, the rest never. A date brings it back into view."
            ),
        ),
    }[level]


def _mine_item(item: ItemFacts, plan: Plan, urls: ItemUrls, last_day: date | None, today: date) -> MineItem:
    current = item.current
    due = current.due if current else None
    words = period_text(due) if due is not None and due.first_day != due.last_day else ""
    return MineItem(
        number=item.number,
        title=item.title,
        url=urls.item(item.number),
        plan=plan.short_title or plan.title,
        plan_url=reverse("plan", args=[plan.slug]),
        state=state_view(item.state, undated=bool(current and current.undated)),
        words=Truncator(item.words).words(MOST_WORDS, truncate=" …"),
        as_of=format_date(current.as_of, get_language() or "da") if current else "",
        deadline=deadline_sentence(last_day, today=today, words=words) if last_day else _why_no_deadline(item),
        sequence=current.sequence if current else 0,
        edit_url=f"{urls.edit(item.number)}?page=mine",
        unchanged_url=urls.unchanged(item.number) if current else "",
    )


def _why_no_deadline(item: ItemFacts) -> str:
    if item.current is None:
        return _("No deadline: nobody has written a status yet.")
    if item.current.undated:
        return _("No deadline: no new date has been named.")
    if item.current.due is not None:
        return _("No deadline: »%(words)s« names no day.") % {"words": period_text(item.current.due)}
    return _("No deadline: the plan names none.")


def _answer(urgent: int, total: int) -> str:
    language = get_language() or "da"
    if urgent:
        word = number_word(urgent, language, neuter=True)
        text = ngettext("%(n)s item awaits you now.", "%(n)s items await you now.", urgent)
        return text % {"n": word[:1].upper() + word[1:]}
    if total:
        return _("Nothing is urgent.")
    return _("Nothing awaits you.")


def _why_empty(roles: set[str]) -> str:
    if not roles:
        return _("You are not a member of any body yet. The secretariat adds you.")
    if not roles & {*ANSWERS_FOR_ITEM}:
        return _("Your role can read everything and is not asked for a status.")
    return _("Your bodies carry no open items just now.")


def _sent_lately(user: Any, today: date) -> list[SentReminder]:
    since = timezone.now() - LATELY
    rows = (
        Reminder.objects.filter(recipient=user, created_at__gte=since)
        .exclude(mail__state=MailState.DROPPED)
        .select_related("mail", *WHAT_IT_IS_ABOUT)
        .order_by("-created_at", "due_on")[:MOST_REMINDERS]
    )
    language = get_language() or "da"
    return [
        SentReminder(
            title=reminded_of(row)[0],
            url=reminded_of(row)[1],
            text=about_what_day(row, language),
            when=format_date(timezone.localtime(row.mail.sent_at or row.created_at).date(), language),
            state=str(MailState(row.mail.state).label),
        )
        for row in rows
    ]


def _own_initiatives(user: Any, today: date) -> list[InitiativeCard]:
    """Those of the bodies I log for, and those I logged myself; the latest changed first."""
    logs_for = exercised_memberships(user, today=today).filter(role__in=LOGS_INITIATIVES)
    whose = Q(created_by=user) if user.is_superuser else Q(created_by=user) | Q(body__in=logs_for.values("body_id"))
    own = Initiative.objects.filter(whose).order_by("-updated_at")
    return initiative_cards(with_card_data(own)[:MOST_INITIATIVES])


def _paused(user: Any, today: date) -> str:
    until = user.reminders_paused_until
    if until is None or until < today:
        return ""
    return _("Your reminders are paused until %(day)s.") % {"day": format_date(until, get_language() or "da")}
