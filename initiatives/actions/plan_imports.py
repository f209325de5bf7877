"""A plan on its way in from a file: started, corrected as often as needed, then confirmed once, or thrown away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.actions.versions import changes_pages
from initiatives.actions.free_text import refuse_cpr
from initiatives.actions.periods import read_period
from initiatives.actions.plan_import_writing import write_plan
from initiatives.calculations.plan_draft import WARNING, DraftIssue, Place, PlanDraft
from initiatives.calculations.plan_review import OTHER, PERIODS, PLACES, SAME, TITLE_LENGTH, Corrections, Edit
from initiatives.models import Body, DelayCause, ImportState, Plan, PlanImport, PlanKind, State
from initiatives.plan_files.preview import as_stored, load_preview, load_suggester, stored, suggestions_for

TEXTS = ("title", "content", *PLACES, *PERIODS)
FIELDS = {*TEXTS, "state", "cause", "owners", "milestones", "links", "match", "drop", "seen"}


class ImportConflict(Exception):
    """Somebody corrected the import, or changed the plan, after the page was opened. `current` is how it stands now."""

    def __init__(self, current: PlanImport) -> None:
        super().__init__(f"import {current.token} is at revision {current.revision}")
        self.current = current

    @property
    def who(self) -> str:
        """Who corrected it last; "" when it was the plan that changed."""
        return str((self.current.draft.get("last_by") or {}).get("name", ""))


class ImportFinished(Exception):
    """The import is no draft any more: confirmed or thrown away, by `plan_import.finished_by`."""

    def __init__(self, plan_import: PlanImport) -> None:
        super().__init__(f"import {plan_import.token} is {plan_import.state}")
        self.plan_import = plan_import


@changes_pages
def start_import(
    *,
    body: Body,
    kind: PlanKind,
    title: str,
    as_of: date,
    draft: PlanDraft,
    filename: str,
    sha256: str,
    by: Any,
    plan: Plan | None = None,
) -> PlanImport:
    """Keep what was read, to be looked at. The same file by the same person while a draft is open is that draft.

    plan: the plan of the same body that the file is a newer version of. Raises ValidationError keyed by title, plan or
    file; a CPR number anywhere in the file refuses it as a whole.
    """
    refuse_cpr(title=title, file=f"{filename}\n" + "\n".join(_texts(draft)))
    if not title.strip():
        raise ValidationError({"title": [_("Write a title.")]})
    if len(title.strip()) > TITLE_LENGTH:
        raise ValidationError({"title": [_("The title is too long. Use at most 300 characters.")]})
    if not draft.items:
        raise ValidationError({"file": [_("No items were found in the file.")]})
    if plan is not None and (plan.body_id != body.pk or plan.closed_on is not None):
        raise ValidationError({"plan": [_("Choose an open plan of the same body.")]})
    Body.objects.select_for_update().get(pk=body.pk)  # two clicks at once make one draft
    same_file = PlanImport.objects.filter(body=body, sha256=sha256, plan=plan)
    opened = same_file.filter(state=ImportState.DRAFT, by=by).first()
    if opened is not None:
        return opened
    data, issues = as_stored(draft)
    before = same_file.filter(state=ImportState.CONFIRMED, plan=None).select_related("result").first()
    if before is not None and before.result is not None:
        told = DraftIssue("already_imported", WARNING, Place(), {"title": before.result.title})
        issues.insert(0, {"code": told.code, "severity": told.severity, "place": {}, "values": dict(told.values)})
    return PlanImport.objects.create(
        body=body,
        plan=plan,
        kind=kind,
        title=title.strip(),
        as_of=as_of,
        filename=filename[-200:],
        source_format=draft.source_format,
        sha256=sha256,
        draft=data,
        issues=issues,
        created_at=timezone.now(),
        by=by,
    )


@changes_pages
def correct_import(*, plan_import: PlanImport, revision: int, corrections: Corrections, by: Any) -> PlanImport:
    """Change rows of the draft. Raises ImportConflict when the revision is old, ImportFinished when it is no draft.

    Raises ValidationError keyed by field when something cannot be read. In all three cases nothing is stored.
    """
    for edit in corrections.rows.values():
        refuse_cpr(**{name: str(edit[name]) for name in TEXTS if name in edit})
    refuse_cpr(reason="\n".join(corrections.closing.values()))
    current = _lock_draft(plan_import)
    if current.revision != revision:
        raise ImportConflict(current)
    draft, edits, closing = stored(current)
    for place, edit in corrections.rows.items():
        if not 0 <= place < len(draft.items):
            raise ValidationError(_("There is no such row."))
        edits[place] = {**edits.get(place, {}), **_checked(edit, as_of=current.as_of)}
    current.draft = {
        **current.draft,
        "edits": {str(place): edit for place, edit in edits.items()},
        "closing": {key: reason for key, reason in {**closing, **_reasons(corrections)}.items() if reason},
        "last_by": {"id": by.pk if by else None, "name": str(by) if by else ""},
    }
    _resolve_links(current, corrections, by)
    current.revision += 1
    current.save(update_fields=["draft", "revision"])
    return current


@changes_pages
def confirm_import(*, plan_import: PlanImport, revision: int, by: Any, stamp: str | None = None) -> Plan:
    """Store the plan, whole or not at all. Confirming twice gives the same plan.

    stamp: of the plan as the preview compared it (`Preview.stamp`). Raises ImportFinished when somebody else was first
    or it was thrown away, ImportConflict when it or the plan has changed since, and ValidationError while errors stand.
    """
    locked = _lock(plan_import)
    if locked.state == ImportState.CONFIRMED and locked.finished_by == by and locked.result is not None:
        return locked.result
    if locked.state != ImportState.DRAFT:
        raise ImportFinished(locked)
    if locked.plan is not None:
        locked.plan = Plan.objects.select_for_update(of=("self",)).select_related("kind", "body").get(pk=locked.plan.pk)
        if locked.plan.closed_on is not None:
            raise ValidationError(_("The plan has been closed. Reopen it, or read the file as a new plan."))
    preview = load_preview(locked)
    if locked.revision != revision or (stamp is not None and stamp != preview.stamp):
        raise ImportConflict(locked)
    if preview.errors:
        raise ValidationError(_("Something must be mended first. Nothing has been stored."))
    if not preview.review.kept:
        raise ValidationError(_("Every row is left out, so there is nothing to store."))
    plan = write_plan(preview, by=by)
    locked.state, locked.result = ImportState.CONFIRMED, plan
    locked.finished_at, locked.finished_by = timezone.now(), by
    locked.save(update_fields=["state", "result", "finished_at", "finished_by"])
    return plan


@changes_pages
def discard_import(*, plan_import: PlanImport, by: Any) -> PlanImport:
    """Throw the draft away: what was read from the file is deleted with it. Raises ImportFinished when it is none."""
    current = _lock_draft(plan_import)
    current.state = ImportState.DISCARDED
    current.draft, current.issues = {}, []
    current.finished_at, current.finished_by = timezone.now(), by
    current.save(update_fields=["state", "draft", "issues", "finished_at", "finished_by"])
    return current


def _lock(plan_import: PlanImport) -> PlanImport:
    # Locked first and read afterwards: PostgreSQL reads the row anew when it has waited for it, but not the rows joined to
    # it, and whoever came second would be told that nobody was first.
    PlanImport.objects.select_for_update().get(pk=plan_import.pk)
    return PlanImport.objects.select_related("body", "plan", "kind", "result", "finished_by").get(pk=plan_import.pk)


def _lock_draft(plan_import: PlanImport) -> PlanImport:
    locked = _lock(plan_import)
    if locked.state != ImportState.DRAFT:
        raise ImportFinished(locked)
    return locked


def _texts(draft: PlanDraft) -> Iterator[str]:
    """Every word of the file that would be kept."""
    yield draft.title
    for item in draft.items:
        yield from (item.title, item.section_number, item.section, item.sub_section, item.content, item.status_text)
        yield from item.owners
        yield from (guess.words for guess in (*item.guesses.values(), *item.owner_guesses))
        yield from (text for step in item.milestones for text in (step.title, step.when.words, step.when.value))
    for issue in draft.issues:
        yield from issue.values.values()


def _reasons(corrections: Corrections) -> dict[str, str]:
    return {key: reason.strip() for key, reason in corrections.closing.items()}


def _checked(edit: Edit, *, as_of: date) -> dict[str, Any]:
    """The correction of one row, if all of it can be read. Words of periods may name no date, but not a wrong one."""
    unknown = set(edit) - FIELDS
    if unknown:
        raise TypeError(f"cannot correct {sorted(unknown)}")
    errors: dict[str, list[str]] = {}
    if "title" in edit and not str(edit["title"]).strip():
        errors["title"] = [_("Write a title.")]
    for name in PERIODS:
        words = str(edit.get(name, "")).strip()
        if words:
            try:
                read_period(words, today=as_of)
            except ValidationError as error:
                errors[name] = error.messages
    if edit.get("state") and edit["state"] not in State.values:
        errors["state"] = [_("Choose a state.")]
    if edit.get("cause") and not DelayCause.objects.filter(pk=edit["cause"]).exists():
        errors["cause"] = [_("Choose a cause.")]
    owners = list(edit.get("owners", ()))
    if owners and Body.objects.filter(slug__in=owners).count() != len(set(owners)):
        errors["owners"] = [_("Choose bodies from the list.")]
    if edit.get("match") not in (None, "", SAME, OTHER):
        errors["match"] = [_("Choose whether it is the same item.")]
    if errors:
        raise ValidationError(errors)
    cleaned = {name: str(value).strip() if name in TEXTS else value for name, value in edit.items()}
    return {
        name: list(value) if name in ("owners", "milestones", "links") else value for name, value in cleaned.items()
    }


def _resolve_links(current: PlanImport, corrections: Corrections, by: Any) -> None:
    """The codes a person ticked become the suggestions they stand for, with the words that led to them."""
    asked = {place: edit["links"] for place, edit in corrections.rows.items() if "links" in edit}
    edits: Mapping[str, dict[str, Any]] = current.draft["edits"]
    for place in asked:
        edits[str(place)]["links"] = []
    if not any(asked.values()):
        return
    rows, suggester = load_preview(current).review.rows, load_suggester()
    for place, codes in asked.items():
        offered = {one.code: one for one in suggestions_for(rows[place], suggester)}
        if not set(codes) <= set(offered):
            raise ValidationError(
                {"links": [_("Choose among the suggestions. Other links are drawn on the item's page.")]}
            )
        edits[str(place)]["links"] = [
            {"code": code, "name": offered[code].name, "words": list(offered[code].words), "by": str(by or "")}
            for code in dict.fromkeys(codes)
        ]
