"""A file becomes a draft: at once, or by a worker when it takes long. A long file is kept until it has been read, never after.

Nothing here changes a page kept from before, so the data version is not counted up; `start_import` does its own.
"""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from initiatives.actions.free_text import refuse_cpr
from initiatives.actions.plan_imports import start_import
from initiatives.models import Body, Plan, PlanImport, PlanKind, PlanUpload, UploadState
from initiatives.plan_files.pdf import OnPage
from initiatives.plan_files.upload import UploadRefused, read_upload

log = logging.getLogger(__name__)

#: A claim without a sign of life for this long is dead: every page that has been read is one.
CLAIM_LIMIT = timedelta(minutes=2)
#: What nobody has asked for so long is thrown away, read or not.
KEPT = timedelta(days=1)
BEGUN, NEARLY = 5, 95


def read_into_draft(
    *,
    body: Body,
    plan: Plan | None,
    kind: PlanKind,
    title: str,
    as_of: date | None,
    content: bytes | None,
    filename: str,
    text: str,
    by: Any,
    on_page: OnPage | None = None,
) -> PlanImport:
    """The draft of what is in the file or the text. Raises UploadRefused, or ValidationError keyed by title, plan or file."""
    read = read_upload(
        body=body,
        content=content,
        filename=filename,
        text=text,
        as_of=as_of,
        today=timezone.localdate(),
        on_page=on_page,
    )
    return start_import(
        body=body,
        kind=plan.kind if plan is not None else kind,
        title=plan.title if plan is not None else title or read.draft.title,
        as_of=read.as_of,
        draft=read.draft,
        filename=read.filename,
        sha256=read.sha256,
        plan=plan,
        by=by,
    )


def keep_upload(
    *,
    body: Body,
    plan: Plan | None,
    kind: PlanKind,
    title: str,
    as_of: date | None,
    content: bytes,
    filename: str,
    by: Any,
) -> PlanUpload:
    """Keep a long file for a worker. Its words have been searched already (`takes_long`). Old ones are thrown away."""
    refuse_cpr(title=title)
    now = timezone.now()
    PlanUpload.objects.filter(uploaded_at__lt=now - KEPT).delete()
    return PlanUpload.objects.create(
        body=body,
        plan=plan,
        kind=kind,
        title=title.strip(),
        as_of=as_of,
        content=content,
        filename=filename[-200:],
        uploaded_at=now,
        by=by,
    )


def read_kept_upload(upload_id: int) -> PlanUpload | None:
    """Read the file into a draft and forget it. None when it is read already, or somebody else is reading it."""
    now = timezone.now()
    dead = Q(state=UploadState.READING, claimed_at__lt=now - CLAIM_LIMIT)
    free = PlanUpload.objects.filter(Q(state=UploadState.WAITING) | dead, pk=upload_id)
    if not free.update(state=UploadState.READING, claimed_at=now, progress=BEGUN):
        return None
    upload = PlanUpload.objects.select_related("body", "plan__kind", "kind", "by").get(pk=upload_id)
    reader = _Reader(upload)
    with translation.override(upload.by.language if upload.by else settings.LANGUAGE_CODE):
        try:
            draft = reader.draft()
        except (UploadRefused, ValidationError) as refused:
            sentences = refused.messages if isinstance(refused, ValidationError) else [str(refused)]
            reader.finish(state=UploadState.REFUSED, refusal=" ".join(sentences))
        except _Overtaken:
            return None
        except Exception as error:
            # Only the kind of error: its words may be those of a cell.
            log.error("A plan file could not be read: %s.", type(error).__name__)
            reader.finish(
                state=UploadState.REFUSED, refusal=_("The file could not be read. Save it as .docx and try again.")
            )
        else:
            reader.finish(state=UploadState.READ, result=draft)
    upload.refresh_from_db()
    return upload


class _Overtaken(Exception):
    """Another worker took the claim over; what it does is left alone."""


class _Reader:
    """Works on one upload for as long as the claim is its own."""

    def __init__(self, upload: PlanUpload) -> None:
        self.upload, self.claimed_at = upload, upload.claimed_at

    def draft(self) -> PlanImport:
        upload = self.upload
        return read_into_draft(
            body=upload.body,
            plan=upload.plan,
            kind=upload.kind,
            title=upload.title,
            as_of=upload.as_of,
            content=bytes(upload.content or b""),
            filename=upload.filename,
            text="",
            by=upload.by,
            on_page=self.tell,
        )

    def tell(self, page: int, of: int) -> None:
        now = timezone.now()
        progress = BEGUN + (NEARLY - BEGUN) * page // of
        if not self._ours().update(progress=progress, claimed_at=now):
            raise _Overtaken
        self.claimed_at = now

    def finish(self, **fields: Any) -> None:
        self._ours().update(content=None, progress=100, **fields)

    def _ours(self) -> Any:
        return PlanUpload.objects.filter(pk=self.upload.pk, state=UploadState.READING, claimed_at=self.claimed_at)
