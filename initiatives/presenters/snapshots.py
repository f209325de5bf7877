"""The page of one frozen plan, made only from frozen rows, and the list of what was frozen of a plan.

No rename, edit or import reaches this page. What is live on it is only the way to a newer version.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _

from initiatives.calculations.frozen_record import UnknownSchemaError, content_hash
from initiatives.models import Plan, Snapshot, SnapshotItem, SnapshotLight, SnapshotRedaction
from initiatives.presenters.annex import AnnexLinks, annex_links
from initiatives.presenters.frozen_items import FrozenSection, facts_of, frozen_sections, plan_of
from initiatives.presenters.frozen_lights import FrozenFigures, frozen_figures
from initiatives.presenters.item_page import moment_text
from initiatives.presenters.items import paragraphs
from initiatives.presenters.plans import answer
from initiatives.presenters.states import TallyEntry, tally
from initiatives.presenters.wording import day_text

HASH_GROUP = 8


@dataclass(frozen=True, slots=True)
class RedactionLine:
    what: str
    reason: str
    when: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class CheckView:
    """The checksum in groups, and whether what stands in the rows still gives it. `warning` is "" when it does."""

    groups: tuple[str, ...]
    holds: bool
    sentence: str
    warning: str
    redactions: tuple[RedactionLine, ...]


@dataclass(frozen=True, slots=True)
class FrozenPlan:
    """The plan as it stands in the rows, frozen or about to be."""

    kicker: str
    title: str
    lead: str
    rest: str
    tally: tuple[TallyEntry, ...]
    description: tuple[str, ...]
    agreement: str
    sections: tuple[FrozenSection, ...]
    figures: FrozenFigures
    count: int


@dataclass(frozen=True, slots=True)
class SnapshotPage:
    pk: int
    plan: FrozenPlan
    meeting: str
    meeting_url: str
    asof: str
    version: int
    note: tuple[str, ...]
    frozen: str
    approved: str
    case_number: str
    check: CheckView
    newer_url: str
    newer: str
    list_url: str
    plan_url: str
    annex: AnnexLinks


@dataclass(frozen=True, slots=True)
class SnapshotLine:
    url: str
    meeting: str
    version: int
    frozen: str
    note: str
    items: int
    newest: bool


def snapshot_page(snapshot: Snapshot) -> SnapshotPage:
    """Four queries: items, figures, redactions and the newest version. The snapshot comes with its plan."""
    items, lights = list(snapshot.items.all()), list(snapshot.lights.all())
    newest = Snapshot.objects.filter(meeting=snapshot.meeting_id, plan=snapshot.plan_id).order_by("-version").first()
    newer = newest if newest is not None and newest.version > snapshot.version else None
    return SnapshotPage(
        pk=snapshot.pk,
        plan=frozen_plan(snapshot, items, lights),
        meeting=meeting_words(snapshot),
        meeting_url=reverse("meeting", args=[snapshot.meeting_id]),
        asof=frozen_for(snapshot),
        version=snapshot.version,
        note=paragraphs(snapshot.note),
        frozen=frozen_words(snapshot),
        approved=_approved(snapshot),
        case_number=snapshot.case_number,
        check=check_view(snapshot, items, lights, list(snapshot.redactions.all())),
        newer_url=reverse("snapshot", args=[newer.pk]) if newer else "",
        newer=_("Version %(n)s") % {"n": newer.version} if newer else "",
        list_url=reverse("snapshot_list", args=[snapshot.plan.slug]),
        plan_url=reverse("plan", args=[snapshot.plan.slug]),
        annex=annex_links(snapshot),
    )


def frozen_plan(snapshot: Snapshot, items: Sequence[SnapshotItem], lights: Sequence[SnapshotLight]) -> FrozenPlan:
    """From rows as they are stored or as they are about to be. No query."""
    lead, rest = answer(plan_of(snapshot), [facts_of(item) for item in items])
    return FrozenPlan(
        kicker=" · ".join((snapshot.plan_kind, snapshot.body_name, meeting_words(snapshot))),
        title=snapshot.plan_title,
        lead=lead,
        rest=rest,
        tally=tally(item.state for item in items),
        description=paragraphs(snapshot.description),
        agreement=snapshot.agreement_name,
        sections=frozen_sections(items),
        figures=frozen_figures(snapshot, lights),
        count=len(items),
    )


def meeting_words(snapshot: Snapshot, *, small: bool = False) -> str:
    """ "Møde 5. november 2020", or the meeting's own title and its day. small: in the middle of a sentence."""
    day = day_text(snapshot.meeting_day)
    if snapshot.meeting_title:
        return f"{snapshot.meeting_title}, {day}"
    return (_("meeting %(day)s") if small else _("Meeting %(day)s")) % {"day": day}


def frozen_for(snapshot: Snapshot) -> str:
    """Which meeting saw it, and which version it is."""
    words = {"meeting": meeting_words(snapshot, small=True), "version": snapshot.version}
    return _("Frozen for %(meeting)s · version %(version)s") % words


def frozen_words(snapshot: Snapshot) -> str:
    when = moment_text(snapshot.frozen_at)
    if not snapshot.by_name:
        return _("Frozen %(when)s") % {"when": when}
    return _("Frozen %(when)s by %(who)s") % {"when": when, "who": snapshot.by_name}


def _approved(snapshot: Snapshot) -> str:
    if snapshot.approved_at is None:
        return ""
    words = {"when": moment_text(snapshot.approved_at), "who": snapshot.approved_by}
    return _("Approved %(when)s by %(who)s") % words


# --- The checksum -----------------------------------------------------------------------------------------------------


def check_hash(
    snapshot: Snapshot,
    items: Iterable[SnapshotItem] | None = None,
    lights: Iterable[SnapshotLight] | None = None,
) -> bool:
    """Whether the rows as they are stored still give the checksum. Two queries, none when the rows are given.

    Raises UnknownSchemaError when a newer program froze it.
    """
    rows = list(snapshot.items.all()) if items is None else list(items)
    figures = list(snapshot.lights.all()) if lights is None else list(lights)
    return content_hash(snapshot, rows, figures) == snapshot.content_hash


def check_view(
    snapshot: Snapshot,
    items: Iterable[SnapshotItem],
    lights: Iterable[SnapshotLight],
    redactions: Iterable[SnapshotRedaction],
) -> CheckView:
    lines = tuple(RedactionLine(row.what, row.reason, day_text(row.removed_on), row.decided_by) for row in redactions)
    warning = ""
    try:
        holds = check_hash(snapshot, items, lights)
    except UnknownSchemaError:
        holds, warning = False, _("A newer version of the program froze this, so the checksum cannot be checked here.")
    if not holds and not warning:
        warning = _("The content does not give the checksum.")
        warning += " " + (_("It was changed by an operator:") if lines else _("No change has been recorded. Ask why."))
    digits = snapshot.content_hash
    return CheckView(
        groups=tuple(digits[start : start + HASH_GROUP] for start in range(0, len(digits), HASH_GROUP)),
        holds=holds,
        sentence=_("Checked now: the content gives the checksum.") if holds else "",
        warning=warning,
        redactions=lines,
    )


# --- All that was frozen of a plan ------------------------------------------------------------------------------------


def snapshot_lines(plan: Plan) -> tuple[SnapshotLine, ...]:
    """The latest meeting first, and of each its newest version first. One query."""
    rows = (
        Snapshot.objects.filter(plan=plan)
        .annotate(n_items=Count("items"))
        .order_by("-meeting_day", "-meeting_id", "-version")
    )
    lines, seen = [], set()
    for row in rows:
        lines.append(
            SnapshotLine(
                url=reverse("snapshot", args=[row.pk]),
                meeting=meeting_words(row),
                version=row.version,
                frozen=frozen_words(row),
                note=row.note,
                items=row.n_items,
                newest=row.meeting_id not in seen,
            )
        )
        seen.add(row.meeting_id)
    return tuple(lines)
