"""The form of a meeting's decisions: one field for each item, with what stands there now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from initiatives.actions.meeting_answers import Problem
from initiatives.models import Decision, Meeting
from initiatives.presenters.meeting_items import MeetingItem, load_meeting_items, meeting_plans, meeting_window
from initiatives.presenters.meetings import meeting_title
from initiatives.presenters.states import StateView, state_view
from initiatives.presenters.status_grid import RowError


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """opened: the wording the form was opened on. theirs: what somebody else wrote meanwhile, and who."""

    pk: int
    field: str
    label: str
    url: str
    state: StateView
    text: str
    opened: str
    rows: int
    errors: tuple[RowError, ...] = ()
    theirs: str = ""
    who: str = ""

    @property
    def is_changed(self) -> bool:
        return _plain(self.text) != _plain(self.opened)


@dataclass(frozen=True, slots=True)
class DecisionGroup:
    title: str
    rows: tuple[DecisionRow, ...]


@dataclass(frozen=True, slots=True)
class DecisionsPage:
    kicker: str
    groups: tuple[DecisionGroup, ...]
    errors: tuple[RowError, ...]
    back_url: str

    @property
    def rows(self) -> list[DecisionRow]:
        return [row for group in self.groups for row in group.rows]


def decisions_page(
    meeting: Meeting, *, sent: Mapping[str, str] | None = None, problems: Mapping[int, Problem] | None = None
) -> DecisionsPage:
    """The form as it opens, or as it comes back with everything that was typed."""
    plans = meeting_plans(meeting)
    items = load_meeting_items(meeting, plans, meeting_window(meeting))
    stands = dict(Decision.objects.filter(meeting=meeting).values_list("item_id", "text"))
    groups = []
    for plan in plans:
        rows = tuple(
            _row(item, plan.slug, stands.get(item.pk, ""), sent, (problems or {}).get(item.pk))
            for item in items
            if item.plan_id == plan.pk
        )
        if rows:
            groups.append(DecisionGroup(plan.short_title or plan.title, rows))
    return DecisionsPage(
        kicker=f"{meeting.body.name} · {meeting_title(meeting)}",
        groups=tuple(groups),
        errors=tuple(error for group in groups for row in group.rows for error in row.errors),
        back_url=reverse("meeting", args=[meeting.pk]),
    )


def _row(
    item: MeetingItem, slug: str, stands: str, sent: Mapping[str, str] | None, problem: Problem | None
) -> DecisionRow:
    field = f"b{item.pk}"
    text = stands if sent is None else sent.get(field, stands)
    opened = stands if sent is None else _plain(sent.get(f"{field}-opened", stands))
    newest = item.newest
    theirs = who = ""
    errors: tuple[RowError, ...] = ()
    if problem is not None:
        texts = [text for texts in problem.errors.values() for text in texts]
        if problem.conflict:
            # The next press stands on top of theirs: the person has seen it.
            theirs, opened = stands, stands
            who = str(problem.decision.by) if problem.decision and problem.decision.by else _("Somebody")
            texts.append(_("Two wrote at the same time."))
        errors = tuple(RowError(field, f"{item.number}. {one}") for one in texts)
    return DecisionRow(
        pk=item.pk,
        field=field,
        label=f"{item.number}. {item.title}",
        url=reverse("item", args=[slug, item.number]),
        state=state_view(newest.state if newest else "", undated=bool(newest and newest.undated)),
        text=text,
        opened=opened,
        rows=min(max(text.count("\n") + 1, 2), 8),
        errors=errors,
        theirs=theirs,
        who=who,
    )


def _plain(text: str) -> str:
    """Browsers send line breaks their own way; that is no change."""
    return text.replace("\r\n", "\n").strip()
