"""The pages of an import: where a file is handed over, and the preview beside the original."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from initiatives.actions.plan_uploads import CLAIM_LIMIT
from initiatives.calculations.import_checks import RowIssue
from initiatives.calculations.plan_draft import NOTE
from initiatives.calculations.plan_review import CHANGED, DROPPED, NEW, UNCHANGED, Review, Vanished
from initiatives.models import Body, ImportState, PlanImport, PlanUpload, UploadState
from initiatives.plan_files.preview import Preview, load_suggester, suggestions_for
from initiatives.presenters.import_rows import RowView, row_view_with
from initiatives.presenters.import_wording import issue_text, place_text, severity_icon
from initiatives.presenters.item_page import moment_text
from initiatives.presenters.wording import day_text, language
from sundhedsaftale.lib.danish import join_words

ONLY_TO_LOOK_AT = "mangler"


@dataclass(frozen=True, slots=True)
class OpenDraft:
    title: str
    url: str
    about: str
    is_mine: bool


@dataclass(frozen=True, slots=True)
class UploadProgress:
    """What `_upload_progress.html` prints. `percent` is -1 when nothing is under way."""

    say: str
    percent: int
    poll: bool
    url: str
    again_url: str
    start_url: str


@dataclass(frozen=True, slots=True)
class IssueLine:
    text: str
    where: str
    title: str
    url: str
    icon: str
    is_error: bool


@dataclass(frozen=True, slots=True)
class VanishedView:
    key: str
    anchor: str
    title: str
    url: str
    reason: str
    action_url: str


@dataclass(frozen=True, slots=True)
class Count:
    text: str
    css: str


@dataclass(frozen=True, slots=True)
class ImportPage:
    """revision and stamp stand in every form: that is how two people, or a plan that changed, are noticed."""

    title: str
    kicker: str
    lead: str
    source: str
    warning: str
    counts: tuple[Count, ...]
    issues: tuple[IssueLine, ...]
    errors: int
    rows: tuple[RowView, ...]
    vanished: tuple[VanishedView, ...]
    filtered: bool
    to_look_at: int
    total: int
    all_url: str
    filter_url: str
    confirm_url: str
    discard_url: str
    confirm_text: str
    confirm_button: str
    can_confirm: bool
    revision: int
    stamp: str


def open_drafts(bodies: Iterable[Body], user_id: int | None) -> list[OpenDraft]:
    """The drafts of the bodies, one's own first. One query."""
    drafts = PlanImport.objects.filter(state=ImportState.DRAFT, body__in=list(bodies)).select_related(
        "body", "by", "plan"
    )
    rows = [
        OpenDraft(
            title=one.title,
            url=reverse("plan_import", args=[one.token]),
            about=_about(one),
            is_mine=one.by_id == user_id,
        )
        for one in drafts.defer("draft", "issues")
    ]
    return sorted(rows, key=lambda row: not row.is_mine)


def import_page(preview: Preview, *, only_to_look_at: bool = False) -> ImportPage:
    source, checked = preview.plan_import, preview.review
    base = reverse("plan_import", args=[source.token])
    rows = row_views(preview, base)
    to_look_at = sum(row.attention for row in rows)
    titles = {row.place: f"{row.number}. {row.title}" for row in rows}
    return ImportPage(
        title=source.title,
        kicker=_("A newer version of the plan")
        if source.plan
        else _("A new plan for %(body)s") % {"body": source.body},
        lead=_lead(checked, to_look_at),
        source=_about(source),
        warning=_best_effort(source),
        counts=tuple(_counts(checked, to_look_at, is_version=source.plan is not None)),
        issues=tuple(_issue_line(issue, titles, base) for issue in preview.issues if issue.issue.severity != NOTE),
        errors=len(preview.errors),
        rows=tuple(row for row in rows if row.attention or not only_to_look_at),
        vanished=tuple(_vanished(one, source, base) for one in checked.vanished),
        filtered=only_to_look_at,
        to_look_at=to_look_at,
        total=len(rows),
        all_url=base,
        filter_url=f"{base}?vis={ONLY_TO_LOOK_AT}",
        confirm_url=reverse("plan_import_confirm", args=[source.token]),
        discard_url=reverse("plan_import_discard", args=[source.token]),
        confirm_text=_confirm_text(preview),
        confirm_button=_("Confirm the changes") if source.plan else _("Confirm and make the plan"),
        can_confirm=not preview.errors and bool(checked.kept),
        revision=source.revision,
        stamp=preview.stamp,
    )


def row_views(preview: Preview, base_url: str) -> list[RowView]:
    """All rows. Two queries when something is new, for the suggested links."""
    own: dict[int | None, list[RowIssue]] = defaultdict(list)
    for issue in preview.issues:
        own[issue.row].append(issue)
    suggester = load_suggester() if preview.review.count(NEW) else None
    return [
        row_view_with(
            row,
            preview,
            own[row.place],
            suggested=len(suggestions_for(row, suggester)) if suggester else 0,
            base_url=base_url,
        )
        for row in preview.review.rows
    ]


def _about(source: PlanImport) -> str:
    words = {
        "file": source.filename or _("pasted text"),
        "who": str(source.by) if source.by else _("Somebody"),
        "when": moment_text(source.created_at),
    }
    words["day"] = day_text(source.as_of)
    return _("%(file)s, read by %(who)s on %(when)s. It speaks of %(day)s.") % words


def _best_effort(source: PlanImport) -> str:
    if source.source_format != "pdf":
        return ""
    return _("Read from a PDF, as well as it can be done. Compare every row with the original.")


def _lead(checked: Review, to_look_at: int) -> str:
    if checked.changes_nothing and checked.kept:
        return _("The file says the same as the plan.")
    if not to_look_at:
        return _("Everything is read, and nothing is in doubt.")
    words = ngettext("%(count)d row must be looked at.", "%(count)d rows must be looked at.", to_look_at)
    return words % {"count": to_look_at}


def _counts(checked: Review, to_look_at: int, *, is_version: bool) -> Iterable[Count]:
    new = checked.count(NEW)
    yield Count(ngettext("%(count)d new item", "%(count)d new items", new) % {"count": new}, "new")
    if is_version:
        yield Count(_("%(count)d changed") % {"count": checked.count(CHANGED)}, "changed")
        yield Count(_("%(count)d without change") % {"count": checked.count(UNCHANGED)}, "unchanged")
        yield Count(_("%(count)d not in the file") % {"count": len(checked.vanished)}, "vanished")
    if checked.count(DROPPED):
        yield Count(_("%(count)d left out") % {"count": checked.count(DROPPED)}, "dropped")
    yield Count(_("%(count)d to look at") % {"count": to_look_at}, "look")


def _issue_line(issue: RowIssue, titles: dict[int, str], base: str) -> IssueLine:
    return IssueLine(
        text=issue_text(issue.issue),
        where=place_text(issue.issue.place),
        title=titles.get(issue.row, "") if issue.row is not None else "",
        url=f"{base}#raekke-{issue.row + 1}" if issue.row is not None else "",
        icon=severity_icon(issue.issue.severity),
        is_error=issue.is_error,
    )


def _vanished(one: Vanished, source: PlanImport, base: str) -> VanishedView:
    assert source.plan is not None
    return VanishedView(
        key=one.item.key,
        anchor=f"mangler-{one.item.key}",
        title=f"{one.item.number}. {one.item.title}",
        url=reverse("item", args=[source.plan.slug, one.item.number]),
        reason=one.reason,
        action_url=f"{base}mangler/{one.item.key}/",
    )


def _confirm_text(preview: Preview) -> str:
    """One sentence that says what pressing the button does."""
    checked, source = preview.review, preview.plan_import
    if not checked.kept:
        return _("Every row is left out, so there is nothing to store.")
    statuses = sum(row.writes_status for row in checked.kept)
    steps = sum(step.on for row in checked.kept for step in row.milestones)
    links = sum(len(row.links) for row in checked.kept)
    said = [
        ngettext("%(count)d status", "%(count)d statuses", statuses) % {"count": statuses} if statuses else "",
        ngettext("%(count)d milestone", "%(count)d milestones", steps) % {"count": steps} if steps else "",
        ngettext("%(count)d link", "%(count)d links", links) % {"count": links} if links else "",
    ]
    if source.plan is None:
        items = ngettext("%(count)d item", "%(count)d items", len(checked.kept)) % {"count": len(checked.kept)}
        words = {"title": source.title, "body": source.body.name, "what": _joined([items, *said])}
        return _("»%(title)s« is made for %(body)s with %(what)s.") % words
    if checked.changes_nothing:
        return _("Nothing in the plan is changed.")
    new, changed, closed = checked.count(NEW), checked.count(CHANGED), len(checked.closing)
    done = [
        ngettext("%(count)d new item", "%(count)d new items", new) % {"count": new} if new else "",
        ngettext("%(count)d changed item", "%(count)d changed items", changed) % {"count": changed} if changed else "",
        *said,
        ngettext("%(count)d closed item", "%(count)d closed items", closed) % {"count": closed} if closed else "",
    ]
    return _("»%(title)s« gets %(what)s.") % {"title": source.plan.title, "what": _joined(done)}


def _joined(parts: list[str]) -> str:
    return join_words([part for part in parts if part], language())


def upload_progress(upload: PlanUpload, *, now: datetime) -> UploadProgress:
    """How far the worker is with a long file that has not become a draft yet. No query."""
    refused = upload.state == UploadState.REFUSED
    sign_of_life = upload.claimed_at if upload.state == UploadState.READING else upload.uploaded_at
    lost = not refused and sign_of_life is not None and now - sign_of_life > CLAIM_LIMIT
    return UploadProgress(
        say=upload.refusal if refused else _upload_words(upload, lost=lost),
        percent=-1 if refused else upload.progress,
        poll=not refused and not lost,
        url=reverse("plan_upload", args=[upload.token]),
        again_url=reverse("plan_upload_again", args=[upload.token]) if lost else "",
        start_url=reverse("plan_import_start") if refused else "",
    )


def _upload_words(upload: PlanUpload, *, lost: bool) -> str:
    if lost:
        return _("Nothing has happened for a while. Ask for the file to be read again.")
    if upload.state == UploadState.WAITING:
        return _("The file waits its turn.")
    return _("The file is being read, page by page.")
