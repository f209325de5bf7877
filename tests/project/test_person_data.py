"""Everything held about one person, and nothing that is secret or somebody else's."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from initiatives.actions.plans import update_item
from initiatives.models import CalendarFeed, Comment, Delegation, Follow
from sundhedsaftale.exports.person_data import HEADINGS, WITHHELD, person_relations
from sundhedsaftale.models import User
from tests.initiatives import small_world as world

pytestmark = pytest.mark.django_db


def test_every_table_that_names_a_person_has_a_heading() -> None:
    found = {(model._meta.label, column) for model, column in person_relations()}
    assert found <= set(HEADINGS)
    assert len(found) > 40


def test_no_column_that_holds_a_secret_is_handed_out() -> None:
    names = {field.name for model, _column in person_relations() for field in model._meta.concrete_fields}
    suspicious = {name for name in names if any(part in name for part in ("hash", "secret", "password", "token"))}
    assert suspicious - {"content_hash", "tell_secretary_days"} <= WITHHELD


@pytest.fixture
def person() -> User:
    who, other = world.user("sekretaer@example.dk"), world.user("anden@example.dk")
    body = world.body()
    world.member(who, body)
    item = world.item(world.plan(body), coordinator=who)
    update_item(item=item, by=who, today=date(2026, 11, 26), title="=HYPERLINK(1)")
    Comment.objects.create(item=item, text="Mit eget ord", created_at=timezone.now(), by=who)
    Comment.objects.create(item=item, text="En andens ord", created_at=timezone.now(), by=other)
    CalendarFeed.objects.create(person=who, token_hash="f" * 64, created_at=timezone.now())
    Follow.objects.create(person=who, item=item, created_at=timezone.now())
    day = date(2026, 12, 24)
    Delegation.objects.create(person=who, deputy=other, first_day=day, last_day=day, created_at=timezone.now(), by=who)
    return who


def package(who: Any) -> dict[str, bytes]:
    client = Client()
    client.force_login(who)
    response = client.get("/mine/oplysninger/")
    assert response["Content-Type"] == "application/zip"
    with zipfile.ZipFile(BytesIO(response.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_package_holds_what_the_person_did_and_was(person: User) -> None:
    files = package(person)
    data = json.loads(files["oplysninger.json"])
    assert data["account"][0]["email"] == "sekretaer@example.dk"
    assert [row["text"] for row in data["initiatives.comment.by"]] == ["Mit eget ord"]
    assert data["initiatives.membership.user"][0]["body"] == "Midtklyngen"
    assert "initiatives.historicalactionitem.history_user" in data
    assert "initiatives.delegation.person" in data
    everything = files["oplysninger.json"].decode()
    for hidden in ("En andens ord", "anden@example.dk", "f" * 64, person.password):
        assert hidden not in everything


def test_the_workbook_has_a_sheet_for_each_kind_and_no_formula(person: User) -> None:
    import openpyxl

    book = openpyxl.load_workbook(BytesIO(package(person)["oplysninger.xlsx"]))
    assert book.sheetnames[0].endswith("Konto")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == "=HYPERLINK(1)" for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)


def test_somebody_who_is_not_signed_in_is_asked_to() -> None:
    assert Client().get("/mine/oplysninger/").status_code == 302


def test_an_administrator_fetches_it_for_somebody_else(person: User) -> None:
    client, address = Client(), f"/personer/{person.pk}/oplysninger/"
    client.force_login(world.user())
    assert client.get(address).status_code == 403
    client.force_login(world.user(is_superuser=True))
    with zipfile.ZipFile(BytesIO(client.get(address).content)) as archive:
        assert b"sekretaer@example.dk" in archive.read("oplysninger.json")
    assert client.get("/personer/987654/oplysninger/").status_code == 404
