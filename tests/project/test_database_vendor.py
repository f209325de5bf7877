"""The suite runs on the database it says it runs on: a lost variable would silently mean SQLite."""

import os

import pytest
from django.db import connection


@pytest.mark.django_db
def test_the_database_is_the_one_that_was_asked_for() -> None:
    from_address = "sqlite" if os.environ["DATABASE_URL"].startswith("sqlite:") else "postgresql"
    assert connection.vendor == os.environ.get("EXPECTED_DATABASE_VENDOR", from_address)


@pytest.mark.postgres
@pytest.mark.django_db
def test_postgresql_answers_as_itself() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        assert int(cursor.fetchone()[0]) >= 140000


@pytest.mark.django_db
@pytest.mark.skipif(os.environ["DATABASE_URL"].startswith("postgres"), reason="about SQLite")
def test_sqlite_waits_its_turn_instead_of_failing() -> None:
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone()[0] == "wal"
