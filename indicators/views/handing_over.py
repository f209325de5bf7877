"""What the pages for files and for pasted tables have in common: an action's errors on a form, and the way to a worker."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from kombu.exceptions import OperationalError

from indicators import tasks
from indicators.actions.table_uploads import mark_sent
from indicators.models import TableUpload
from indicators.presenters.table_upload import upload_url

UNPROCESSABLE = 422


def send_to_worker(request: HttpRequest, upload: TableUpload) -> HttpResponse:
    """To the runs, where its own appears. Raises ValidationError when the file is kept no more."""
    now = timezone.now()
    mark_sent(upload=upload, now=now, by=request.user)
    try:
        tasks.refresh_source.delay_on_commit(upload.source.name, request.user.pk, 1, upload.pk)
    except OperationalError:
        messages.error(request, gettext("The queue does not answer. Nothing was asked for. Try again in a moment."))
        return redirect(upload_url(upload))
    return redirect(f"{reverse('data')}?{urlencode({'bedt': upload.source.name, 'siden': now.isoformat()})}#runs")


def put_on(form: Any, error: ValidationError) -> None:
    """An action's errors on the fields they are keyed by; on the whole form when it has no such field."""
    keyed = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    for name, texts in keyed.items():
        form.add_error(name if name in form.fields else None, texts)
