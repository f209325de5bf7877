"""What the initiative pages print: cards, filters with counts, one initiative with its links."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from indicators.models import Goal
from initiatives.models import Contribution, Initiative, Stage
from initiatives.presenters.evidence import EvidenceStep, evidence_step
from sundhedsaftale.lib.danish import format_date, number_word

SUMMARY_WORDS = 26
MAIN_FRAMEWORK_POSITION = 1  # the national goals are spoken of by number; other frameworks' goals by name


@dataclass(frozen=True)
class Tag:
    label: str
    title: str
    url: str


@dataclass(frozen=True)
class InitiativeCard:
    title: str
    url: str
    who: str
    summary: str
    tags: list[Tag]
    evidence: EvidenceStep
    ended_without_effect: bool


@dataclass(frozen=True)
class LinkRow:
    pk: int
    label: str
    kind: str  # "Goal" or "Indicator", in the reader's language
    url: str
    reason: str
    note: str
    when: str
    by: str
    remove_url: str


@dataclass(frozen=True)
class Fact:
    """One line of the page. `blank` says why there is no text, when there is none."""

    name: str
    text: str
    blank: str = ""


@dataclass(frozen=True)
class InitiativePage:
    title: str
    url: str
    edit_url: str
    history_url: str
    link_url: str
    who: str
    stage: str
    summary: str
    evidence: EvidenceStep
    evidence_note: str
    ended_without_effect: bool
    result: str
    facts: list[Fact]
    areas: list[Tag]
    source_title: str
    source_url: str
    updated: str
    links: list[LinkRow]
    removed_links: list[LinkRow]
    links_note: str


def with_card_data(initiatives: QuerySet[Initiative]) -> QuerySet[Initiative]:
    """Everything a card prints, in two queries however many cards."""
    return initiatives.select_related("body").prefetch_related(
        Prefetch(
            "contributions",
            queryset=Contribution.objects.active().select_related("goal__framework", "indicator__goal__framework"),
            to_attr="active_links",
        )
    )


def initiative_card(initiative: Initiative) -> InitiativeCard:
    """One card. The initiative must come from `with_card_data`."""
    return InitiativeCard(
        title=initiative.title,
        url=reverse("initiative", args=[initiative.slug]),
        who=initiative.body.name,
        summary=Truncator(initiative.what).words(SUMMARY_WORDS, truncate=" …"),
        tags=_goal_tags(initiative.active_links),  # type: ignore[attr-defined]
        evidence=evidence_step(initiative.evidence_step),
        ended_without_effect=initiative.ended_without_effect,
    )


def initiative_cards(initiatives: Iterable[Initiative]) -> list[InitiativeCard]:
    return [initiative_card(initiative) for initiative in initiatives]


def _goal_tags(links: list[Contribution]) -> list[Tag]:
    """The goals linked to, and the goals of the indicators linked to, each once."""
    goals: dict[int, Goal] = {}
    for link in links:
        goal = link.goal or (link.indicator.goal if link.indicator else None)
        if goal:
            goals.setdefault(goal.pk, goal)
    ordered = sorted(goals.values(), key=lambda goal: (goal.framework.position, goal.number))
    return [Tag(label=goal_label(goal), title=goal.name, url=reverse("goal", args=[goal.slug])) for goal in ordered]


def goal_label(goal: Goal) -> str:
    if goal.framework.position == MAIN_FRAMEWORK_POSITION:
        return _("Goal %(number)s") % {"number": goal.number}
    return goal.name


def full_goal_name(goal: Goal) -> str:
    label = goal_label(goal)
    return label if label == goal.name else f"{label}: {goal.name}"


def list_answer(*, total: int, without_result: int) -> str:
    """The bold sentence over the list: how many, and for how many nothing is known yet."""
    language = get_language() or "da"
    if not total:
        return _("No initiative matches what you chose.")
    first = number_word(total, language, neuter=True)
    words = {"n": first[:1].upper() + first[1:], "m": number_word(without_result, language, neuter=True)}
    if without_result == 0:
        all_known = ngettext("%(n)s initiative, and it has a result.", "%(n)s initiatives, all with a result.", total)
        return all_known % words
    if without_result == total:
        return (
            ngettext("%(n)s initiative, without a result yet.", "%(n)s initiatives, none with a result yet.", total)
            % words
        )
    return (
        ngettext(
            "%(n)s initiatives, and %(m)s of them has no result yet.",
            "%(n)s initiatives, and %(m)s of them have no result yet.",
            without_result,
        )
        % words
    )


def initiative_page(initiative: Initiative) -> InitiativePage:
    """Queries: areas and contributions must be prefetched, or cost one query each."""
    links = list(initiative.contributions.all())
    return InitiativePage(
        title=initiative.title,
        url=reverse("initiative", args=[initiative.slug]),
        edit_url=reverse("initiative_edit", args=[initiative.slug]),
        history_url=reverse("initiative_history", args=[initiative.slug]),
        link_url=reverse("initiative_link_add", args=[initiative.slug]),
        who=initiative.body.name,
        stage=str(Stage(initiative.stage).label),
        summary=initiative.what,
        evidence=evidence_step(initiative.evidence_step),
        evidence_note=initiative.evidence_note,
        ended_without_effect=initiative.ended_without_effect,
        result=initiative.result,
        facts=_facts(initiative),
        areas=[
            Tag(label=area.name, title=area.kind.name, url=reverse("area", args=[area.code]))
            for area in initiative.areas.all()
        ],
        source_title=initiative.source_title,
        source_url=initiative.source_url,
        updated=format_date(timezone.localdate(initiative.updated_at), get_language() or "da"),
        links=[
            link_row(link, remove_url=reverse("initiative_link_remove", args=[initiative.slug, link.pk]))
            for link in links
            if link.removed_at is None
        ],
        removed_links=[link_row(link) for link in links if link.removed_at is not None],
        links_note=initiative.links_note,
    )


def _facts(initiative: Initiative) -> list[Fact]:
    not_written = _("Nobody has written this yet.")
    return [
        Fact(_("For whom"), initiative.target_group),
        Fact(_("What is done"), initiative.what),
        Fact(_("Who takes part"), initiative.partners, _("No other partners are named.")),
        Fact(_("Began"), initiative.started, _("The start is not stated.")),
        Fact(_("What helped"), initiative.enablers, not_written),
        Fact(_("What stood in the way"), initiative.barriers, not_written),
    ]


def link_row(link: Contribution, *, remove_url: str = "") -> LinkRow:
    """Shown as the reason it was drawn, or, when it has been removed, as the reason it was removed."""
    language = get_language() or "da"
    if link.goal is not None:
        label, kind, url = full_goal_name(link.goal), _("Goal"), reverse("goal", args=[link.goal.slug])
    else:
        assert link.indicator is not None  # nosec B101: a database constraint says one of the two is there
        label, kind = link.indicator.name, _("Indicator")
        url = reverse("indicator", args=[link.indicator.code])
    removed = link.removed_at is not None
    by = link.removed_by if removed else link.by
    when = link.removed_at or link.created_at
    return LinkRow(
        pk=link.pk,
        label=label,
        kind=kind,
        url=url,
        reason=link.removed_reason if removed else link.reason,
        note=link.note,
        when=format_date(timezone.localdate(when), language),
        by=str(by) if by else "",
        remove_url=remove_url,
    )
