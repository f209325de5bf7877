"""An import as it stands: what was read, what has been corrected, and what confirming it would do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from indicators.models import Goal, Indicator
from initiatives.calculations.import_checks import Known, RowIssue, standing_issues
from initiatives.calculations.link_suggestions import LinkSuggester, LinkSuggestion, LinkTarget
from initiatives.calculations.plan_draft import PlanDraft, draft_from_json
from initiatives.calculations.plan_review import NEW, Edit, ImportRow, Review, review
from initiatives.models import Body, DelayCause, PlanImport
from initiatives.plan_files.existing import existing_items, plan_stamp


@dataclass(frozen=True)
class ChoosableBody:
    """A body an item can be carried by: its name and whether it existed on the day of the plan."""

    pk: int
    slug: str
    name: str
    valid: bool


@dataclass(frozen=True)
class Preview:
    """bodies by slug, causes by code, both in the order they are offered in. stamp: of the plan as it was compared."""

    plan_import: PlanImport
    draft: PlanDraft
    review: Review
    issues: tuple[RowIssue, ...]
    bodies: Mapping[str, ChoosableBody]
    causes: Mapping[str, DelayCause]
    stamp: str

    @property
    def errors(self) -> tuple[RowIssue, ...]:
        return tuple(issue for issue in self.issues if issue.is_error)


def stored(plan_import: PlanImport) -> tuple[PlanDraft, dict[int, Edit], dict[str, str]]:
    """The draft as read, the corrections by row, and the reasons items are closed with."""
    data = plan_import.draft
    draft = draft_from_json({**data["read"], "issues": plan_import.issues})
    return draft, {int(place): edit for place, edit in data["edits"].items()}, dict(data["closing"])


def load_preview(plan_import: PlanImport) -> Preview:
    """Two queries for a new plan, nine for a newer version of one. The import comes with its plan."""
    draft, edits, closing = stored(plan_import)
    plan = plan_import.plan
    stamp = plan_stamp(plan) if plan is not None else ""  # first: what changes while we read is then noticed
    checked = review(
        draft,
        edits,
        as_of=plan_import.as_of,
        existing=existing_items(plan) if plan is not None else None,
        closing=closing,
    )
    bodies = _bodies(plan_import.as_of)
    causes = {cause.pk: cause for cause in DelayCause.objects.all()}
    valid = frozenset(slug for slug, body in bodies.items() if body.valid)
    known = Known(valid, frozenset(causes), {slug: body.name for slug, body in bodies.items()})
    return Preview(
        plan_import=plan_import,
        draft=draft,
        review=checked,
        issues=tuple(standing_issues(draft, checked, known, as_of=plan_import.as_of)),
        bodies=bodies,
        causes=causes,
        stamp=stamp,
    )


def load_suggester() -> LinkSuggester:
    """Every goal and indicator with the words it is known by. Two queries."""
    goals = [LinkTarget(f"goal:{goal.slug}", goal.name) for goal in Goal.objects.only("slug", "name")]
    indicators = [
        LinkTarget(f"indicator:{one.code}", one.name, one.official_name)
        for one in Indicator.objects.only("code", "name", "official_name")
    ]
    return LinkSuggester([*goals, *indicators])


def suggestions_for(row: ImportRow, suggester: LinkSuggester) -> tuple[LinkSuggestion, ...]:
    """Only for what is new: the links of an item that stands in the plan are somebody's decision already."""
    return suggester.suggest(f"{row.title}. {row.content}") if row.outcome == NEW else ()


def as_stored(draft: PlanDraft) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What goes into the columns `draft` and `issues` of a fresh import."""
    read = draft.as_json()
    issues = read.pop("issues")
    return {"read": read, "edits": {}, "closing": {}, "last_by": None}, list(issues)


def _bodies(day: date) -> dict[str, ChoosableBody]:
    rows = Body.objects.values_list("pk", "slug", "name", "valid_from", "valid_to")
    return {
        slug: ChoosableBody(pk, slug, name, (begin is None or begin <= day) and (end is None or day <= end))
        for pk, slug, name, begin, end in rows
    }
