"""The two statements of every mail that goes out, as SQL.

Built by the ORM, each takes longer to write than the database takes to carry it out, and a night has thousands. Both
databases read them alike; `tests/initiatives/test_reminder_rows.py` holds them against the ORM's own.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection

from indicators.models import DataVersion
from initiatives.models import MailState, ReminderMail


def write_hand_over(mail: ReminderMail, subject: str, now: datetime, *, version: int) -> bool:
    """CLAIMED by this worker -> HANDING_OVER, while the data is at `version` (0: nothing was ever written)."""
    return _changed(
        _hand_over_sql(),
        [MailState.HANDING_OVER, now, subject, mail.pk, MailState.CLAIMED, mail.claimed_at, version],
    )


def write_sent(mail: ReminderMail, now: datetime) -> bool:
    """SENT, whatever it is now."""
    return _changed(_sent_sql(), [MailState.SENT, now, mail.pk])


def _changed(sql: str, values: list[Any]) -> bool:
    stored: list[Any] = [
        connection.ops.adapt_datetimefield_value(one) if isinstance(one, datetime) else one for one in values
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, stored)
        return bool(cursor.rowcount)


@cache
def _hand_over_sql() -> str:
    mails, versions = ReminderMail._meta.db_table, DataVersion._meta.db_table
    return (
        f"UPDATE {mails} SET state = %s, claimed_at = %s, subject = %s "  # noqa: S608  # nosec B608 - names of tables
        "WHERE id = %s AND state = %s AND claimed_at = %s "
        f"AND COALESCE((SELECT number FROM {versions} WHERE id = 1), 0) = %s"
    )


@cache
def _sent_sql() -> str:
    mails = ReminderMail._meta.db_table
    return (
        f"UPDATE {mails} SET state = %s, sent_at = %s, error = '', claimed_at = NULL, not_before = NULL "  # noqa: S608  # nosec B608
        "WHERE id = %s"
    )
