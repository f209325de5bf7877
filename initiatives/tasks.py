"""Background work of plans and initiatives."""

import logging
from smtplib import SMTPException

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone
from kombu.exceptions import OperationalError as QueueError

from initiatives.actions.annexes import make_annex
from initiatives.actions.answer_mails import send_fresh_link
from initiatives.actions.digests import queue_digests
from initiatives.actions.invitation_mails import send_waiting_invitations
from initiatives.actions.plan_uploads import read_kept_upload
from initiatives.actions.reminders import is_much_waiting, queue_due, send_pending

logger = logging.getLogger(__name__)


@shared_task(name="initiatives.tasks.send_due_reminders")
def send_due_reminders() -> None:
    """Polled through the working day by beat. A run that is lost, or runs twice, changes nothing that is sent."""
    now = timezone.now()
    queue_due(now=now)
    queue_digests(now=now)
    if is_much_waiting(now):
        try:
            send_waiting_mails.delay()
        except QueueError:
            logger.warning("the queue does not answer: nobody helps with the mails that wait")
    send_pending(now=now)


@shared_task(name="initiatives.tasks.send_waiting_mails")
def send_waiting_mails() -> None:
    """A second worker at a full outbox. Each mail is claimed by one of the two; where there is one worker only, it finds none."""
    send_pending(now=timezone.now())


@shared_task(
    name="initiatives.tasks.make_annex_file",
    autoretry_for=(OperationalError,),
    retry_backoff=5,
    retry_backoff_max=60,
    max_retries=3,
)
def make_annex_file(annex_file_id: int) -> None:
    """Make one file of an annex. Running twice makes it once: the row is claimed first."""
    make_annex(annex_file_id)


@shared_task(
    name="initiatives.tasks.read_plan_upload",
    autoretry_for=(OperationalError,),
    retry_backoff=5,
    retry_backoff_max=60,
    max_retries=3,
)
def read_plan_upload(upload_id: int) -> None:
    """Read a long file into a draft. Running twice reads it once: the row is claimed first."""
    read_kept_upload(upload_id)


@shared_task(name="initiatives.tasks.send_invitations")
def send_invitations() -> None:
    """Asked for by the page that invites, and polled by beat: a message the queue lost sends nobody's mail too late."""
    send_waiting_invitations(now=timezone.now())


@shared_task(
    name="initiatives.tasks.send_answer_link",
    autoretry_for=(OSError, SMTPException, OperationalError),
    retry_backoff=30,
    retry_backoff_max=600,
    max_retries=6,
)
def send_answer_link(fresh_link_id: int) -> None:
    """Send a fresh link to answer by. Running twice sends once: the row is stamped before the mail server is called."""
    send_fresh_link(fresh_link_id, now=timezone.now())
