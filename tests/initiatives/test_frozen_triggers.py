"""The database refuses to change what is frozen, and goes on refusing after every migration."""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core import checks
from django.core.management import call_command, get_commands
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.models import ProtectedError
from django.test import Client

from initiatives import frozen
from initiatives.actions.freezing import freeze
from initiatives.checks import frozen_tables_are_guarded
from initiatives.models import Meeting, Snapshot, SnapshotItem, SnapshotLight, SnapshotRedaction
from initiatives.models.snapshots import FROZEN
from sundhedsaftale.tasks import beat_heartbeat
from tests import factories as make
from tests.initiatives import small_world as world
from tests.initiatives import snapshot_world

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2020, 11, 5)
POSTGRES = "postgresql"


def frozen_rows() -> Snapshot:
    """A snapshot with an item, a light and a redaction: a row in every frozen table."""
    body = world.body("Udvalget")
    plan = world.plan(body)
    indicator = make.make_indicator("genindlaeggelser")
    make.make_observation(indicator, make.make_area("000"), "11.5")
    item = world.item(plan, owners=(body,))
    item.contributions.create(indicator=indicator, reason="Fordi.", created_at=make.moment())
    meeting = Meeting.objects.create(body=body, day=DAY, hand_in=DAY, dispatch=DAY)
    snapshot = freeze(meeting=meeting, plan=plan, by=world.user(), expected_version=1)
    SnapshotRedaction.objects.create(
        snapshot=snapshot, what="punkt 1", reason="Et navn.", decided_by="Sekretariatet", removed_on=DAY
    )
    return snapshot


@contextmanager
def refused() -> Iterator[None]:
    with pytest.raises(IntegrityError, match="Frozen rows never change"), transaction.atomic():
        yield


@pytest.mark.django_db
@pytest.mark.parametrize("model", FROZEN, ids=lambda model: model.__name__)
def test_no_row_is_changed_or_deleted(model: type[models.Model]) -> None:
    frozen_rows()
    row: Any = model._default_manager.get()
    table = model._meta.db_table
    before = model._default_manager.values().get()
    with refused():
        row.save()
    with refused():
        model._default_manager.update(id=row.pk)
    with refused():
        model._default_manager.all()._raw_delete("default")
    with connection.cursor() as cursor:
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):
            with refused():
                cursor.execute(statement)
    assert model._default_manager.values().get() == before


@pytest.mark.django_db
@pytest.mark.parametrize("model", FROZEN, ids=lambda model: model.__name__)
def test_no_row_is_put_in_place_of_another(model: type[models.Model]) -> None:
    """SQLite's REPLACE deletes the row in its way without asking the DELETE trigger; an upsert is an update."""
    frozen_rows()
    row: Any = model._default_manager.get()
    before = model._default_manager.values().get()
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in model._meta.concrete_fields]
    names = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    marks = ", ".join(["%s"] * len(values))
    table = model._meta.db_table
    if connection.vendor == POSTGRES:
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET id = EXCLUDED.id"
    else:
        sql = f"INSERT OR REPLACE INTO {table} ({names}) VALUES ({marks})"
    with refused(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    if connection.vendor != POSTGRES:
        for columns in frozen.FROZEN_TABLES[table]:
            # Another key, the same unique columns: REPLACE would clear the old row away all the same.
            fresh = [row.pk + 1000, *values[1:]]
            with refused(), connection.cursor() as cursor:
                cursor.execute(sql, fresh)
            assert columns
    assert model._default_manager.values().get() == before


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize("table", list(frozen.FROZEN_TABLES))
def test_no_table_is_emptied_at_one_stroke(table: str) -> None:
    frozen_rows()
    with refused(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # rows of this very transaction are still awaiting theirs
        cursor.execute(f"TRUNCATE {table} CASCADE")


def test_the_guarded_tables_are_those_of_the_frozen_models() -> None:
    assert set(frozen.FROZEN_TABLES) == {model._meta.db_table for model in FROZEN}
    for model in FROZEN:
        unique = {
            tuple(model._meta.get_field(name).column for name in constraint.fields)
            for constraint in model._meta.constraints
            if isinstance(constraint, models.UniqueConstraint)
        }
        assert unique == set(frozen.FROZEN_TABLES[model._meta.db_table]), model
        assert model._meta.pk is not None
        assert model._meta.pk.column == "id"


def test_every_key_out_of_a_frozen_row_is_protected() -> None:
    """Deleting what it points at is refused, and never empties or changes the row itself."""
    keys = [field for model in FROZEN for field in model._meta.fields if field.remote_field]
    assert len(keys) == 6
    assert {field.remote_field.on_delete for field in keys} == {models.PROTECT}
    for model in FROZEN:
        for relation in model._meta.related_objects:
            assert relation.related_model in (*FROZEN, apps.get_model("initiatives", "AnnexFile")), relation


@pytest.mark.django_db
def test_what_a_snapshot_belongs_to_cannot_be_deleted() -> None:
    snapshot = frozen_rows()
    before = Snapshot.objects.values().get()
    for thing in (snapshot.by, snapshot.plan, snapshot.meeting, snapshot.meeting.body):
        with pytest.raises(ProtectedError):
            thing.delete()
    assert Snapshot.objects.values().get() == before


# --- The triggers are there, and come back ----------------------------------------------------------------------------


def names() -> list[str]:
    if connection.vendor == POSTGRES:
        return [f"{table}_no_{what}" for table in frozen.FROZEN_TABLES for what in ("change", "truncate")]
    return [f"{table}_no_{what}" for table in frozen.FROZEN_TABLES for what in ("update", "delete", "replace")]


def execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


def drop(name: str) -> None:
    table = name.rpartition("_no_")[0]
    execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == POSTGRES else ""))


@pytest.mark.django_db
def test_a_trigger_that_is_gone_is_named_and_set_up_again() -> None:
    assert frozen.missing_triggers(connection) == []
    for name in names():
        drop(name)
        assert frozen.missing_triggers(connection) == [name]
        frozen.install_triggers(connection)
        assert frozen.missing_triggers(connection) == []
    for name in names():
        drop(name)
    assert frozen.missing_triggers(connection) == names()
    frozen.install_triggers(connection)
    frozen.install_triggers(connection)  # twice is no more than once
    assert frozen.missing_triggers(connection) == []


@pytest.mark.django_db
def test_a_trigger_of_the_right_name_that_does_nothing_is_missing() -> None:
    name = names()[0]
    drop(name)
    if connection.vendor == POSTGRES:
        execute(
            f"CREATE TRIGGER {name} BEFORE UPDATE ON initiatives_snapshot FOR EACH ROW "
            f'EXECUTE FUNCTION "{frozen.FUNCTION}"()'
        )
    else:
        execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON initiatives_snapshot BEGIN SELECT 1; END")
    assert frozen.missing_triggers(connection) == [name]
    frozen.install_triggers(connection)
    assert frozen.missing_triggers(connection) == []


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize(
    "sabotage",
    [
        "ALTER TABLE initiatives_snapshot DISABLE TRIGGER USER",
        f'CREATE OR REPLACE FUNCTION "{frozen.FUNCTION}"() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$',
    ],
)
def test_a_trigger_that_is_switched_off_or_hollowed_out_is_missing(sabotage: str) -> None:
    execute(sabotage)
    assert "initiatives_snapshot_no_change" in frozen.missing_triggers(connection)
    frozen.install_triggers(connection)
    assert frozen.missing_triggers(connection) == []


@pytest.mark.django_db(transaction=True)
def test_a_table_django_makes_anew_has_its_triggers_again_after_migrate() -> None:
    """What a later migration does to a frozen table. On SQLite Django copies the table and drops the old one."""
    snapshot = frozen_rows()
    now, later = SnapshotItem._meta.get_field("cause_name"), column("cause_name", max_length=121, blank=True)
    with connection.schema_editor() as editor:
        editor.alter_field(SnapshotItem, now, later)
    if connection.vendor != POSTGRES:
        assert [name for name in names() if "snapshotitem" in name] == frozen.missing_triggers(connection)
    with connection.schema_editor() as editor:
        editor.alter_field(SnapshotItem, later, now)
    call_command("migrate", verbosity=0)
    assert frozen.missing_triggers(connection) == []
    with refused():
        SnapshotItem.objects.update(title="Et andet")
    assert snapshot.items.count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_every_migration_there_is_leaves_them_back_and_forth() -> None:
    """From the newest to the first and up again, and what was frozen is guarded at every step where its table stands."""
    names_on_disk = sorted(name for app, name in MigrationLoader(connection).disk_migrations if app == "initiatives")
    if not names_on_disk:
        pytest.skip("run without migrations")
    frozen_rows()
    try:
        for name in (*reversed(names_on_disk[:-1]), *names_on_disk[1:]):
            call_command("migrate", "initiatives", name, verbosity=0)
            assert frozen.missing_triggers(connection) == [], name
    finally:
        call_command("migrate", verbosity=0)
    light = snapshot_world.light(snapshot_world.snapshot())
    with refused():
        SnapshotLight.objects.filter(pk=light.pk).update(period="2020")


def column(name: str, **options: Any) -> models.Field[Any, Any]:
    made: models.Field[Any, Any] = models.CharField(**options)
    made.set_attributes_from_name(name)
    made.model = SnapshotItem
    return made


def test_migrate_is_ours() -> None:
    assert get_commands()["migrate"] == "initiatives"


@pytest.mark.slow
@pytest.mark.django_db
def test_migrate_that_only_looks_changes_nothing() -> None:
    drop(names()[0])
    call_command("migrate", plan=True, stdout=io.StringIO(), skip_checks=True)
    assert frozen.missing_triggers(connection) == [names()[0]]
    call_command("migrate", verbosity=0, skip_checks=False)
    assert frozen.missing_triggers(connection) == []


@pytest.mark.django_db
def test_the_system_check_names_what_is_missing_and_asks_only_where_a_database_is_named() -> None:
    assert frozen_tables_are_guarded in checks.registry.registry.get_checks(include_deployment_checks=False)
    assert frozen_tables_are_guarded(databases=["default"]) == []
    drop(names()[0])
    [error] = frozen_tables_are_guarded(databases=["default"])
    assert error.id == "initiatives.E001"
    assert names()[0] in error.msg
    assert frozen_tables_are_guarded(databases=None) == []


def test_without_a_database_nothing_is_asked() -> None:
    # No database mark: pytest-django refuses every query here.
    assert [message for message in checks.run_checks() if message.id == "initiatives.E001"] == []


@pytest.mark.django_db
def test_readiness_fails_while_a_trigger_is_missing(client: Client) -> None:
    beat_heartbeat()
    assert client.get("/health/ready").status_code == 200
    drop(names()[0])
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["checks"]["frozen"].startswith("Frozen meetings are not guarded")


# --- Nothing in the program tries -------------------------------------------------------------------------------------

CHANGES = {"update", "delete", "bulk_update", "update_or_create", "_raw_delete", "aupdate", "adelete", "asave"}
FROZEN_NAMES = {model.__name__ for model in FROZEN}
RELATIONS = {"snapshots", "lights", "redactions"}


def mentions_frozen(node: ast.AST) -> bool:
    """Whether the thing a method is called on is a frozen model or a relation to one."""
    return any(
        (isinstance(part, ast.Name) and part.id in FROZEN_NAMES)
        or (isinstance(part, ast.Attribute) and part.attr in RELATIONS | FROZEN_NAMES)
        or (isinstance(part, ast.Name) and part.id.startswith("snapshot"))
        for part in ast.walk(node)
    )


def changing_calls(source: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        creates = any(word.arg == "force_insert" for word in node.keywords)
        changes = node.func.attr in CHANGES or (node.func.attr == "save" and not creates)
        if changes and mentions_frozen(node.func.value):
            found.append(ast.unparse(node))
    return found


def test_no_line_of_the_program_changes_a_frozen_row() -> None:
    files = [path for app in ("initiatives", "indicators", "sundhedsaftale") for path in (ROOT / app).rglob("*.py")]
    assert len(files) > 100
    found = {str(path.relative_to(ROOT)): calls for path in files if (calls := changing_calls(path.read_text()))}
    assert found == {}


@pytest.mark.parametrize(
    "line",
    [
        "Snapshot.objects.filter(pk=1).update(note='')",
        "snapshot.save()",
        "SnapshotItem.objects.all().delete()",
        "meeting.snapshots.all().delete()",
        "models.SnapshotLight.objects.bulk_update(rows, ['value'])",
    ],
)
def test_the_search_finds_such_a_line(line: str) -> None:
    assert changing_calls(line)
    assert not changing_calls("snapshot.save(force_insert=True)\nSnapshotItem.objects.bulk_create(rows)")


def test_only_the_flush_of_tests_lifts_the_triggers() -> None:
    files = [*ROOT.glob("*/**/*.py"), *ROOT.glob("*.py")]
    mine = {ROOT / "initiatives/frozen.py", ROOT / "tests/conftest.py", Path(__file__)}
    users = {
        path
        for path in files
        if ".venv" not in path.parts and "lifted" in path.read_text(encoding="utf-8") and path not in mine
    }
    assert users == set()
    assert "lifted(connections[alias])" in (ROOT / "tests/conftest.py").read_text()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", [1, 2])
def test_the_flush_between_tests_empties_frozen_tables_and_leaves_them_guarded(round_: int) -> None:
    assert Snapshot.objects.count() == 0
    frozen_rows()
    assert SnapshotLight.objects.count() == 1
    assert frozen.missing_triggers(connection) == []
