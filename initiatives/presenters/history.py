"""The page of what was changed: who, when, from what, and how the thing stood on a day that was chosen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from initiatives.calculations.history import ADDED, CHANGED, REMOVED, Change, FieldChange, Version, changes, standing
from initiatives.models import ActionItem, Body, Initiative, Meeting, Plan, Snapshot, StatusUpdate
from initiatives.presenters import history_rows as rows
from initiatives.presenters.change_sides import end_of
from initiatives.presenters.item_page import moment_text
from initiatives.presenters.wording import day_text

LINES_ON_A_PAGE = 100
LONG_TEXT = 60

Words = dict[str, str | Promise]

HEADINGS: dict[str, Words] = {
    rows.PLAN: {
        ADDED: gettext_lazy("The plan was made"),
        CHANGED: gettext_lazy("The plan was changed"),
        REMOVED: gettext_lazy("The plan was removed"),
    },
    rows.TRACK: {
        ADDED: gettext_lazy("Heading added"),
        CHANGED: gettext_lazy("Heading changed"),
        REMOVED: gettext_lazy("Heading removed"),
    },
    rows.ITEM: {
        ADDED: gettext_lazy("The item was written"),
        CHANGED: gettext_lazy("The item was changed"),
        REMOVED: gettext_lazy("The item was removed"),
    },
    rows.OWNER: {
        ADDED: gettext_lazy("Owner added"),
        CHANGED: gettext_lazy("Owner changed"),
        REMOVED: gettext_lazy("No longer an owner"),
    },
    rows.STATUS: {ADDED: gettext_lazy("First status"), CHANGED: gettext_lazy("New status")},
    rows.MILESTONE: {
        ADDED: gettext_lazy("Milestone added"),
        CHANGED: gettext_lazy("Milestone changed"),
        REMOVED: gettext_lazy("Milestone removed"),
    },
    rows.LINK: {
        ADDED: gettext_lazy("Link drawn"),
        CHANGED: gettext_lazy("Link changed"),
        REMOVED: gettext_lazy("Link removed"),
    },
    rows.INITIATIVE: {
        ADDED: gettext_lazy("The initiative was logged"),
        CHANGED: gettext_lazy("The initiative was changed"),
        REMOVED: gettext_lazy("The initiative was removed"),
    },
    rows.MEETING: {
        ADDED: gettext_lazy("The meeting was registered"),
        CHANGED: gettext_lazy("The meeting was changed"),
        REMOVED: gettext_lazy("The meeting was removed"),
    },
    rows.DECISION: {
        ADDED: gettext_lazy("Decision recorded"),
        CHANGED: gettext_lazy("Decision reworded"),
        REMOVED: gettext_lazy("Decision removed"),
    },
    rows.APPROVAL: {ADDED: gettext_lazy("Approved by the chair")},
    rows.FROZEN: {ADDED: pgettext_lazy("history", "Frozen")},
    rows.BODY: {
        ADDED: gettext_lazy("The body was registered"),
        CHANGED: gettext_lazy("The body was changed"),
        REMOVED: gettext_lazy("The body was removed"),
    },
    rows.MEMBERSHIP: {
        ADDED: gettext_lazy("Role given"),
        CHANGED: gettext_lazy("Role changed"),
        REMOVED: gettext_lazy("Role removed"),
    },
    rows.INVITATION: {
        ADDED: gettext_lazy("Invited"),
        CHANGED: gettext_lazy("Invitation accepted"),
        REMOVED: gettext_lazy("Invitation withdrawn"),
    },
    rows.HAND_OVER: {
        ADDED: gettext_lazy("Hand-over begun"),
        CHANGED: gettext_lazy("Hand-over changed"),
        REMOVED: gettext_lazy("Hand-over removed"),
    },
}
GROUPS: Words = {
    rows.PLAN: gettext_lazy("The plan"),
    rows.TRACK: gettext_lazy("Headings"),
    rows.ITEM: gettext_lazy("Items"),
    rows.OWNER: gettext_lazy("Carried by"),
    rows.STATUS: gettext_lazy("Status"),
    rows.MILESTONE: gettext_lazy("Milestones"),
    rows.LINK: gettext_lazy("Links to goals and indicators"),
    rows.INITIATIVE: gettext_lazy("The initiative"),
    rows.MEETING: gettext_lazy("The meeting"),
    rows.DECISION: gettext_lazy("Decisions"),
    rows.APPROVAL: gettext_lazy("Approved by the chair"),
    rows.FROZEN: pgettext_lazy("history", "Frozen"),
    rows.BODY: gettext_lazy("The body"),
    rows.MEMBERSHIP: gettext_lazy("Roles"),
    rows.INVITATION: gettext_lazy("Invitations"),
    rows.HAND_OVER: gettext_lazy("Hand-overs"),
}
#: The heading where there is only one of them.
THE_ONLY: Words = {rows.ITEM: gettext_lazy("The item")}


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """name: "" when the heading says it all. short: fields that fit on a line; long: those that want one each."""

    what: str
    name: str
    at: datetime
    when: str
    by: str  # "" when it came with the source
    why: str
    short: tuple[FieldChange, ...]
    long: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class AsOfThing:
    name: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AsOfGroup:
    heading: str
    things: tuple[AsOfThing, ...]


@dataclass(frozen=True, slots=True)
class AsOf:
    """How it stood when the day was over. blank: why there is nothing to show."""

    sentence: str
    groups: tuple[AsOfGroup, ...]
    blank: str = ""


@dataclass(frozen=True, slots=True)
class HistoryPage:
    answer: str
    lines: tuple[HistoryLine, ...]
    page: int
    pages: int
    chosen_day: str
    latest_day: str
    error: str
    as_of: AsOf | None


class UnreadableDayError(ValueError):
    """The day in the address is none."""


def item_history(item: ActionItem, *, day: str, number: str, today: date) -> HistoryPage:
    alone = (rows.ITEM, rows.STATUS)
    return history_page(_item_versions(item), day=day, number=number, today=today, alone=alone)


def item_story(item: ActionItem, *, today: date) -> HistoryPage:
    """All of it on one page, and how the item stands today: for files."""
    alone = (rows.ITEM, rows.STATUS)
    day = today.isoformat()
    return history_page(_item_versions(item), day=day, number="1", today=today, alone=alone, at_once=None)


def _item_versions(item: ActionItem) -> list[Version]:
    return rows.all_of(
        rows.item_versions(item),
        rows.owner_versions(item),
        rows.status_versions(StatusUpdate.objects.filter(item=item)),
        rows.milestone_versions(item),
        rows.link_versions(item=item),
        rows.decision_versions(item_id=item.pk),
        rows.frozen_versions(Snapshot.objects.filter(plan=item.plan_id, items__key=item.key)),
    )


def plan_history(plan: Plan, *, day: str, number: str, today: date) -> HistoryPage:
    """The plan, its headings and items; on a chosen day with the status of each item."""
    versions = rows.all_of(
        rows.plan_versions(plan),
        rows.track_versions(plan),
        rows.items_of_plan_versions(plan),
        rows.frozen_versions(Snapshot.objects.filter(plan=plan)),
        rows.hand_over_versions(plan),
    )
    statuses = rows.status_versions(StatusUpdate.objects.filter(item__plan=plan)) if day else ()
    return history_page(
        versions, day=day, number=number, today=today, alone=(rows.PLAN,), only_as_of=rows.all_of(statuses)
    )


def initiative_history(initiative: Initiative, *, day: str, number: str, today: date) -> HistoryPage:
    versions = rows.all_of(rows.initiative_versions(initiative), rows.link_versions(initiative=initiative))
    return history_page(versions, day=day, number=number, today=today, alone=(rows.INITIATIVE,))


def meeting_history(meeting: Meeting, *, day: str, number: str, today: date) -> HistoryPage:
    versions = rows.all_of(
        rows.meeting_versions(meeting),
        rows.decision_versions(meeting_id=meeting.pk),
        rows.approval_versions(meeting),
        rows.frozen_versions(Snapshot.objects.filter(meeting=meeting)),
    )
    return history_page(versions, day=day, number=number, today=today, alone=(rows.MEETING,))


def body_history(body: Body, *, day: str, number: str, today: date) -> HistoryPage:
    versions = rows.all_of(rows.body_versions(body), rows.membership_versions(body), rows.invitation_versions(body))
    return history_page(versions, day=day, number=number, today=today, alone=(rows.BODY,))


def history_page(
    versions: list[Version],
    *,
    day: str,
    number: str,
    today: date,
    alone: Collection[str],
    only_as_of: list[Version] | None = None,
    at_once: int | None = LINES_ON_A_PAGE,
) -> HistoryPage:
    """alone: things there is only one of, so that their lines need no name. day, number: as written in the address.

    only_as_of: versions that tell how it stood on a day and are no lines of their own. at_once: None for all lines.
    """
    told = changes(versions, echoes=(rows.ITEM,))
    pages = Paginator(told, at_once or max(len(told), 1))
    page = pages.get_page(number)
    try:
        chosen, error = read_day(day, today=today), ""
    except UnreadableDayError as problem:
        chosen, error = None, str(problem)
    return HistoryPage(
        answer=_answer(told),
        lines=tuple(_line(change, alone) for change in page),
        page=page.number,
        pages=pages.num_pages,
        chosen_day=chosen.isoformat() if chosen else day,
        latest_day=today.isoformat(),
        error=error,
        as_of=as_of([*versions, *(only_as_of or [])], chosen, alone) if chosen else None,
    )


def read_day(text: str, *, today: date) -> date | None:
    """The day of `?dato=`; None when none is asked for. Raises UnreadableDayError with a sentence."""
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError as error:
        raise UnreadableDayError(_("Write the day as year-month-day, for example 2020-11-05.")) from error
    if day > today:
        raise UnreadableDayError(_("That day has not come yet. Choose today or an earlier day."))
    return day


def as_of(versions: list[Version], day: date, alone: Collection[str]) -> AsOf:
    """The groups in the order of GROUPS. Where there are many items, each one's status stands under its name."""
    stood = standing(versions, before=end_of(day))
    if rows.STATUS not in alone:
        stood = _with_their_status(stood)
    sentence = _("This is how it stood when %(day)s was over.") % {"day": day_text(day)}
    if not stood:
        first = min((version.at for version in versions), default=None)
        return AsOf(sentence, (), _nothing_yet(day, first))
    groups = []
    for thing, heading in GROUPS.items():
        members = [version for version in stood if version.thing == thing]
        if members:
            title = THE_ONLY.get(thing, heading) if thing in alone else heading
            groups.append(AsOfGroup(str(title), tuple(_thing(version, alone) for version in members)))
    return AsOf(sentence, tuple(groups))


def _with_their_status(stood: list[Version]) -> list[Version]:
    statuses = {version.pk: version.values or {} for version in stood if version.thing == rows.STATUS}
    return [
        replace(version, values={**(version.values or {}), **statuses.get(version.pk, {})})
        if version.thing == rows.ITEM
        else version
        for version in stood
        if version.thing != rows.STATUS
    ]


def _nothing_yet(day: date, first: datetime | None) -> str:
    if first is None:
        return _("Nothing has been recorded about it.")
    since = timezone.localtime(first).date()
    if since == day + timedelta(days=1) or since > day:
        return _("Nothing had been recorded here on that day. The first entry is from %(day)s.") % {
            "day": day_text(since)
        }
    return _("Everything about it had been removed by then.")


def _thing(version: Version, alone: Collection[str]) -> AsOfThing:
    name = "" if version.thing in alone else version.name
    said = _said_by(name)
    fields = tuple((field, value) for field, value in (version.values or {}).items() if value and value not in said)
    return AsOfThing(name, fields)


def _said_by(name: str) -> tuple[str, ...]:
    """What a name tells: itself, and of "3. Fælles akutteams" the number and the title."""
    return (name, *name.split(". ", 1))


def _answer(told: list[Change]) -> str:
    if not told:
        return _("No change has been recorded.")
    text = ngettext("%(count)d change, the last on %(day)s.", "%(count)d changes, the last on %(day)s.", len(told))
    return text % {"count": len(told), "day": moment_text(told[0].at)}


def _line(change: Change, alone: Collection[str]) -> HistoryLine:
    name = "" if change.thing in alone else change.name
    said = _said_by(name) if change.kind == ADDED else ()
    fields = tuple(field for field in change.fields if field.after not in said)
    long = tuple(field for field in fields if max(len(field.before), len(field.after)) > LONG_TEXT)
    return HistoryLine(
        what=str(HEADINGS[change.thing].get(change.kind, GROUPS[change.thing])),
        name=name,
        at=change.at,
        when=moment_text(change.at),
        by=change.by,
        why=change.why,
        short=() if change.kind == REMOVED else tuple(field for field in fields if field not in long),
        long=() if change.kind == REMOVED else long,
    )
