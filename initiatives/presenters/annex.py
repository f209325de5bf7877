"""The annex on pages: where its files are fetched, how far one that is being made has come, and a body's letterhead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from initiatives.actions.annexes import CLAIM_LIMIT, RENDERING, STORING
from initiatives.annex.letterhead import NAMES
from initiatives.models import AnnexFile, AnnexFormat, AnnexState, AnnexTemplate, Body, Snapshot
from initiatives.presenters.wording import day_text

_IN_ASCII = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
#: Made while one waits for the answer; the rest is asked of a worker.
AT_ONCE = (AnnexFormat.DOCX, AnnexFormat.XLSX)
#: A file nobody has begun on for this long may have been forgotten by the queue.
FORGOTTEN = timedelta(seconds=60)


@dataclass(frozen=True)
class AnnexLinks:
    """`pdf_url` is posted to: the first who asks sets a worker to it, and everybody after gets the file at once."""

    pk: int
    docx_url: str
    pdf_url: str
    xlsx_url: str
    text_url: str


@dataclass(frozen=True)
class AnnexProgress:
    """What `_annex_progress.html` prints. `say` is the whole state in words; `percent` is -1 when nothing is under way."""

    pk: int
    say: str
    percent: int
    poll: bool
    status_url: str
    file_url: str
    make_url: str
    make_label: str


@dataclass(frozen=True)
class LetterheadPage:
    body: str
    in_use: str
    uploaded: str
    size: str
    placeholders: tuple[tuple[str, str], ...]


def annex_links(snapshot: Snapshot) -> AnnexLinks:
    """No query: the same links whatever has been made, so that a kept page is never wrong."""

    def file(format_: str) -> str:
        return reverse("annex_file", args=[snapshot.pk, format_])

    return AnnexLinks(
        pk=snapshot.pk,
        docx_url=file(AnnexFormat.DOCX),
        pdf_url=reverse("annex_make", args=[snapshot.pk, AnnexFormat.PDF]),
        xlsx_url=file(AnnexFormat.XLSX),
        text_url=reverse("annex_text", args=[snapshot.pk]),
    )


def file_name(snapshot: Snapshot, format_: str) -> str:
    """ "bilag-handleplan-2020-11-05-v1.docx"; Danish letters stay."""
    kind = slugify(snapshot.plan_kind, allow_unicode=True) or "plan"
    return f"bilag-{kind}-{snapshot.meeting_day.isoformat()}-v{snapshot.version}.{format_}"


def ascii_name(name: str) -> str:
    return name.translate(_IN_ASCII).encode("ascii", "ignore").decode()


def annex_progress(snapshot: Snapshot, format_: str, row: AnnexFile | None, *, now: datetime) -> AnnexProgress:
    state = row.state if row else ""
    lost = row is not None and _is_lost(row, now)
    under_way = state in (AnnexState.WAITING, AnnexState.WORKING)
    return AnnexProgress(
        pk=snapshot.pk,
        say=_say(row, lost=lost),
        percent=row.progress if row and under_way else -1,
        poll=under_way and not lost,
        status_url=reverse("annex_status", args=[snapshot.pk, format_]),
        file_url=reverse("annex_file", args=[snapshot.pk, format_]) if state == AnnexState.READY else "",
        make_url=reverse("annex_make", args=[snapshot.pk, format_]) if not under_way or lost else "",
        make_label=_("Make the file") if not row else _("Try again"),
    )


def _is_lost(row: AnnexFile, now: datetime) -> bool:
    if row.state == AnnexState.WORKING:
        return row.claimed_at is not None and now - row.claimed_at > CLAIM_LIMIT
    return row.state == AnnexState.WAITING and now - row.requested_at > FORGOTTEN


def _say(row: AnnexFile | None, *, lost: bool) -> str:
    if row is None:
        return _("The file has not been made yet. It takes a few seconds.")
    if row.state == AnnexState.READY:
        return _("The file is ready.")
    if row.state == AnnexState.FAILED:
        return row.error
    if lost:
        return _("Nothing has happened for a while. Ask for the file again.")
    if row.state == AnnexState.WAITING:
        return _("The file waits its turn.")
    if row.progress >= STORING:
        return _("The file is being stored.")
    return _("The pages are being set.") if row.progress >= RENDERING else _("The rows are being gathered.")


def letterhead_page(body: Body, template: AnnexTemplate | None) -> LetterheadPage:
    meanings = {
        "UDVALG": _("the name of the body"),
        "MØDE": _("the meeting and its day"),
        "SAGSNUMMER": _("the case number"),
        "VERSION": _("the version of the annex"),
        "TITEL": _("the title of the plan"),
        "SIDE": _("the page number and the number of pages, such as 2 af 7"),
        "BILAG": _("the annex itself; without it, the annex stands last"),
    }
    return LetterheadPage(
        body=body.name,
        in_use=template.name if template else "",
        uploaded=day_text(timezone.localtime(template.uploaded_at).date()) if template else "",
        size=_("%(size)d kB") % {"size": max(len(template.content) // 1024, 1)} if template else "",
        placeholders=tuple((f"[{name}]", meanings[name]) for name in NAMES),
    )
