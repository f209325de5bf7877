"""A body's letter document, and the files made from a snapshot.

Making a file changes nothing a page kept from before shows, so it does not count the data version up.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.actions.versions import changes_pages
from initiatives.actions.free_text import refuse_cpr
from initiatives.annex.content import AnnexContent
from initiatives.annex.docx import render_docx
from initiatives.annex.gathering import gather
from initiatives.annex.letter_checks import MAX_ENTRIES, LetterRefused, check_letter
from initiatives.annex.pdf import render_pdf
from initiatives.annex.xlsx import render_xlsx
from initiatives.models import AnnexFile, AnnexFormat, AnnexState, AnnexTemplate, Body, Snapshot

log = logging.getLogger(__name__)

#: A claim without a sign of life for this long is dead; the longest annex takes seconds.
CLAIM_LIMIT = timedelta(minutes=5)
#: How far a file has come, in per cent, when a step begins.
GATHERING, RENDERING, STORING, DONE = 10, 35, 90, 100


# --- The letter document ----------------------------------------------------------------------------------------------


@changes_pages
def store_template(*, body: Body, name: str, content: bytes, by: Any) -> AnnexTemplate:
    """From now on the annexes of the body stand on this paper. Raises ValidationError keyed by "file"."""
    refuse_cpr(file=name)
    try:
        texts = check_letter(content)
    except LetterRefused as refused:
        raise ValidationError({"file": [_refusal(refused)]}) from refused
    refuse_cpr(file="\n".join(texts))
    now = timezone.now()
    # The lock makes two who upload at once wait for each other; the constraint holds where there are no locks.
    Body.objects.select_for_update().get(pk=body.pk)
    AnnexTemplate.objects.filter(body=body, retired_at__isnull=True).update(retired_at=now)
    return AnnexTemplate.objects.create(
        body=body,
        name=name[-200:],
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_at=now,
        by=by,
    )


@changes_pages
def retire_template(*, body: Body, by: Any) -> bool:
    """Back to the standard. False when nothing was in use. Files made on the old paper keep it."""
    return bool(AnnexTemplate.objects.filter(body=body, retired_at__isnull=True).update(retired_at=timezone.now()))


def template_in_use(body: Body) -> AnnexTemplate | None:
    return AnnexTemplate.objects.filter(body=body, retired_at__isnull=True).first()


def _refusal(refused: LetterRefused) -> str:
    place = {"place": refused.place, "count": MAX_ENTRIES}
    sentences = {
        "empty": _("The file is empty."),
        "too_large": _("The file is larger than 2 MB. Make its pictures smaller and try again."),
        "not_word": _("The file is not a Word document. Save it as .docx and try again."),
        "encrypted": _("The file is encrypted, or saved in an old format. Save it as .docx without a password."),
        "too_many": _("The file holds more than %(count)d parts. Use a plain letter document.") % place,
        "bomb": _("The file unpacks to more than 20 MB. Use a plain letter document."),
        "damaged": _("The file cannot be read: it is damaged. Open it in Word and save it again."),
        "macros": _("The file holds macros. Save it as a Word document without macros (.docx)."),
        "external": _("The file fetches something from outside (%(place)s). Remove links and linked pictures.") % place,
        "entities": _("The file holds XML declarations that Word never writes (%(place)s).") % place,
        "acting": _("The file holds an object or a field that acts by itself (%(place)s). Remove it.") % place,
        "no_place": _("[BILAG] must stand in a paragraph of its own, and not in a table or a text box."),
    }
    return sentences[refused.code]


# --- The files --------------------------------------------------------------------------------------------------------


def request_annex(*, snapshot: Snapshot, format: str, by: Any) -> AnnexFile:  # noqa: A002  # the word people use
    """The row of the file, made when there is none. One that failed, or whose maker died, may be made once more.

    `by` is asked for like in every action; a file belongs to its snapshot and to nobody else, so it is not stored.
    """
    template = template_in_use(snapshot.meeting.body) if format == AnnexFormat.DOCX else None
    now = timezone.now()
    row, made = AnnexFile.objects.get_or_create(
        snapshot=snapshot, format=format, template=template, defaults={"requested_at": now}
    )
    if made:
        return row
    again = Q(state=AnnexState.FAILED) | Q(state=AnnexState.WORKING, claimed_at__lt=now - CLAIM_LIMIT)
    AnnexFile.objects.filter(again, pk=row.pk).update(
        state=AnnexState.WAITING, requested_at=now, claimed_at=None, progress=0, error=""
    )
    row.refresh_from_db()
    return row


def make_annex(annex_file_id: int) -> AnnexFile | None:
    """Make the file. None when it is made already, or somebody else is making it."""
    now = timezone.now()
    dead = Q(state=AnnexState.WORKING, claimed_at__lt=now - CLAIM_LIMIT)
    free = AnnexFile.objects.filter(Q(state=AnnexState.WAITING) | dead, pk=annex_file_id)
    if not free.update(state=AnnexState.WORKING, claimed_at=now, progress=GATHERING, error=""):
        return None
    row = AnnexFile.objects.select_related("snapshot", "template").get(pk=annex_file_id)
    # Only as long as the claim is ours: one that was taken over leaves the other's work alone.
    ours = AnnexFile.objects.filter(pk=row.pk, state=AnnexState.WORKING, claimed_at=now)
    try:
        content = gather(row.snapshot)
        ours.update(progress=RENDERING)
        data = _render(row, content)
        ours.update(progress=STORING)
    except Exception:
        log.exception("The annex %s could not be made.", row)
        said = _("The file could not be made. Try again; if it fails once more, tell whoever runs the site.")
        ours.update(state=AnnexState.FAILED, error=said, finished_at=timezone.now())
    else:
        ours.update(
            state=AnnexState.READY,
            progress=DONE,
            content=data,
            sha256=hashlib.sha256(data).hexdigest(),
            finished_at=timezone.now(),
        )
    row.refresh_from_db()
    return row


def _render(row: AnnexFile, content: AnnexContent) -> bytes:
    letter = bytes(row.template.content) if row.template else None
    makers: dict[str, Callable[[], bytes]] = {
        AnnexFormat.DOCX: lambda: render_docx(content, letter=letter, site_name=settings.SITE_NAME),
        AnnexFormat.PDF: lambda: render_pdf(content, site_name=settings.SITE_NAME),
        AnnexFormat.XLSX: lambda: render_xlsx(content, site_name=settings.SITE_NAME),
    }
    return makers[row.format]()
