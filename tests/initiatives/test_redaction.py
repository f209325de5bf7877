"""The operator's procedure as it stands in docs/redaction.md, run word for word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from indicators.actions.versions import current_version
from initiatives.frozen import missing_triggers
from initiatives.models import AnnexFile, SnapshotItem
from initiatives.presenters.snapshots import check_hash
from tests.factories import moment
from tests.initiatives.test_frozen_triggers import frozen_rows

PAGE = Path(__file__).resolve().parents[2] / "docs/redaction.md"


def block(database: str) -> str:
    [found] = re.findall(rf"```sql {database}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return found


def test_the_page_has_one_block_for_each_database() -> None:
    assert "no_update" in block("sqlite")
    assert "DISABLE TRIGGER" in block("postgresql")


@pytest.mark.django_db(transaction=True)
def test_the_procedure_removes_leaves_a_trace_and_puts_the_guard_back(client: Client) -> None:
    snapshot = frozen_rows()
    snapshot.redactions.all()
    AnnexFile.objects.create(snapshot=snapshot, format="docx", requested_at=moment())
    item = snapshot.items.get()
    before, version = item.words, current_version()
    words = {"SNAPSHOT_ID": str(snapshot.pk), "ITEM_NUMBER": str(item.number)}
    words |= {
        "WHAT WAS REMOVED": "punkt 1: statusteksten",
        "WHY": "Et navn på en borger.",
        "WHO DECIDED": "Direktionen",
    }
    sql = block(connection.vendor)
    for name, text in words.items():
        assert name in sql
        sql = sql.replace(name, text)
    run(sql)
    item.refresh_from_db()
    assert (before, item.words) == ("I gang på alle afdelinger.", "[fjernet]")
    assert missing_triggers(connection) == []
    with pytest.raises(IntegrityError, match="Frozen rows never change"):
        SnapshotItem.objects.update(words="Noget helt andet")
    assert not AnnexFile.objects.exists()
    assert current_version() == version + 1
    snapshot.refresh_from_db()
    assert not check_hash(snapshot)
    text = client.get(f"/fastfrosset/{snapshot.pk}/").content.decode()
    assert before not in text
    for said in (
        "[fjernet]",
        "punkt 1: statusteksten",
        "Et navn på en borger.",
        "Direktionen",
        snapshot.content_hash[:8],
    ):
        assert said in text


def run(sql: str) -> None:
    """As at the database's own prompt: not inside a transaction of ours."""
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(sql)
    else:
        connection.connection.executescript(sql)
