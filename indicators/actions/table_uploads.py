"""Files handed over for a source: kept under a name of ours, given to a worker, and thrown away when they are old."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from indicators.actions.versions import changes_pages
from indicators.models import DataSource, TableUpload

#: A file nobody has come back to for so long is thrown away. What was read of it is kept with its run.
KEPT = timedelta(days=30)


@changes_pages
def keep_upload(*, source: DataSource, data: bytes, ending: str, now: datetime, by: Any) -> TableUpload:
    """Keep the file, which has been looked at. The same file of the same source is the same upload, not sent yet."""
    _throw_away_old(now)
    fingerprint = hashlib.sha256(data).hexdigest()
    known = TableUpload.objects.filter(source=source, fingerprint=fingerprint).first()
    token = known.token if known is not None else uuid.uuid4()
    name = known.file if known is not None else str(Path("uploads") / f"{token}{ending}")
    path = Path(settings.VAR_DIR) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    upload, _created = TableUpload.objects.update_or_create(
        token=token,
        defaults={
            "source": source,
            "file": name,
            "fingerprint": fingerprint,
            "uploaded_at": now,
            "sent_at": None,
            "by": by,
        },
    )
    return upload


@changes_pages
def mark_sent(*, upload: TableUpload, now: datetime, by: Any) -> TableUpload:
    """The file is given to a worker. Raises ValidationError when it is kept no more."""
    if not (Path(settings.VAR_DIR) / upload.file).is_file():
        raise ValidationError(_("The file is kept no more. Hand it over again."))
    TableUpload.objects.filter(pk=upload.pk).update(sent_at=now)
    upload.refresh_from_db()
    return upload


@changes_pages
def mark_unsent(*, upload: TableUpload, by: Any) -> None:
    """The worker could not take it: another file of the source was being read. It waits on its page again."""
    TableUpload.objects.filter(pk=upload.pk).update(sent_at=None)


def _throw_away_old(now: datetime) -> None:
    for old in TableUpload.objects.filter(uploaded_at__lt=now - KEPT):
        path = Path(settings.VAR_DIR) / old.file
        old.delete()
        transaction.on_commit(partial(path.unlink, missing_ok=True))
