"""The description of the API agrees with what it does, and its page is one of ours."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from sundhedsaftale.presenters.api_docs import addresses

LISTS = {
    "frameworks",
    "goals",
    "indicators",
    "areas",
    "observations",
    "assessments",
    "sources",
    "editions",
    "footnotes",
    "replaced",
    "bodies",
    "plans",
    "items",
    "initiatives",
    "targets",
    "computed",
    "ranking",
    "distance",
}


@pytest.fixture(scope="module")
def schema() -> Any:
    return SchemaGenerator().get_schema(request=None, public=True)


def test_the_schema_is_made_without_a_warning_and_is_valid(schema: Any) -> None:
    out, err = io.StringIO(), io.StringIO()
    call_command("spectacular", "--fail-on-warn", stdout=out, stderr=err)
    validate_schema(schema)


def test_every_list_is_there_and_read_only(schema: Any) -> None:
    lists = {path.split("/")[3] for path in schema["paths"]}
    assert lists == LISTS
    assert {method for operations in schema["paths"].values() for method in operations} == {"get"}


@pytest.mark.django_db
def test_every_status_an_address_gives_is_described(client: Client, schema: Any) -> None:
    for path, operations in schema["paths"].items():
        described = set(operations["get"]["responses"])
        parameters = operations["get"].get("parameters", [])
        filters = [
            row["name"] for row in parameters if row["in"] == "query" and row["name"] not in ("page", "page_size")
        ]
        asked = [path.replace("{id}", "1").replace("{code}", "x").replace("{slug}", "x").replace("{name}", "x")]
        if "{" not in path:
            asked += [f"{path}?{name}=%00x" for name in filters] + [f"{path}?page=99", f"{path}?page=x"]
        for address in asked:
            answer = client.get(address)
            assert str(answer.status_code) in described, address
            assert answer["Content-Type"] == "application/json"


@pytest.mark.django_db
def test_the_page_names_every_list_and_loads_no_foreign_script(client: Client) -> None:
    answer = client.get(reverse("api-docs"))
    assert {address.name for address in addresses()} == LISTS
    text = answer.content.decode()
    for name in LISTS:
        assert f"/api/v1/{name}/" in text
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert all(address.fields for address in addresses())


@pytest.mark.django_db
def test_the_schema_can_be_fetched(client: Client) -> None:
    answer = client.get(reverse("api-schema"), headers={"accept": "application/json"})
    assert answer.status_code == 200
    assert b"openapi" in answer.content[:200]
