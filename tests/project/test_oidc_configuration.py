"""OIDC_PROVIDERS: what is read, and a sentence that says what to do for all that cannot be."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from initiatives.models import Role
from sundhedsaftale.oidc.configuration import ROLES, NotUsable, Workplace, read_workplaces, roles_given

ROOT = Path(__file__).resolve().parents[2]
ENTRY = {
    "id": "region-midt",
    "name": "Region Midt",
    "server_url": "https://login.example.dk/tenant/v2.0",
    "client_id": "tracker",
    "secret_env": "OIDC_SECRET",
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def read(*entries: dict[str, Any]) -> dict[str, Workplace]:
    return read_workplaces(json.dumps(entries), lambda name: {"OIDC_SECRET": "hemmelig"}.get(name, ""))


def refused(*entries: dict[str, Any]) -> str:
    with pytest.raises(NotUsable) as caught:
        read(*entries)
    return str(caught.value)


def test_nothing_is_none() -> None:
    assert read_workplaces("  ", os.environ.__getitem__) == {}


def test_an_entry_is_read_whole() -> None:
    place = read({**ENTRY, "roles": {"claim": "groups", "map": {"g": [["udvalg", "reader"]]}}, "contact": "it@x.dk"})
    assert place["region-midt"] == Workplace(
        id="region-midt",
        name="Region Midt",
        server_url="https://login.example.dk/tenant/v2.0",
        client_id="tracker",
        secret="hemmelig",
        issuer="https://login.example.dk/tenant/v2.0",
        contact="it@x.dk",
        role_claim="groups",
        roles={"g": (("udvalg", "reader"),)},
    )


def test_the_whole_address_of_the_discovery_will_do_too() -> None:
    place = read({**ENTRY, "server_url": ENTRY["server_url"] + "/.well-known/openid-configuration"})["region-midt"]
    assert place.server_url == place.issuer == ENTRY["server_url"]


def test_an_issuer_keeps_its_last_stroke() -> None:
    place = read({**ENTRY, "issuer": "https://login.example.dk/"})["region-midt"]
    assert place.issuer == "https://login.example.dk/"


def test_the_secret_is_not_printed() -> None:
    assert "hemmelig" not in repr(read(ENTRY))


def test_the_roles_are_those_there_are() -> None:
    assert set(ROLES) == set(Role.values)


@pytest.mark.parametrize("key", list(ENTRY))
def test_what_is_missing_is_named(key: str) -> None:
    assert key in refused({name: value for name, value in ENTRY.items() if name != key})
    assert key in refused({**ENTRY, key: 7})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"server": "x"}, "server"),
        ({"id": "Region Midt"}, "small letters"),
        ({"secret_env": "OIDC_OTHER"}, "OIDC_OTHER is not set"),
        ({"server_url": "http://login.example.dk"}, "https"),
        ({"server_url": "login.example.dk"}, "https"),
        ({"server_url": "https://login.example.dk/?tenant=1"}, "https"),
        ({"issuer": "urn:x"}, "issuer"),
        ({"scope": "profile"}, "openid"),
        ({"scope": ["openid"]}, "openid"),
        ({"userinfo": "yes"}, "true or false"),
        ({"roles": {"claim": "groups"}}, "roles is"),
        ({"roles": {"claim": "groups", "map": {}}}, "roles is"),
        ({"roles": {"claim": "groups", "map": {"g": "udvalg"}}}, "pairs"),
        ({"roles": {"claim": "groups", "map": {"g": [["udvalg"]]}}}, "pairs"),
        ({"roles": {"claim": "groups", "map": {"g": [["udvalg", "boss"]]}}}, "no role 'boss'"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(change: dict[str, Any], said: str) -> None:
    sentence = refused(ENTRY | {"id": "first", "issuer": "https://first.example.dk"}, ENTRY | change)
    assert said in sentence
    assert "Entry 2" in sentence
    assert "hemmelig" not in sentence


def test_two_of_a_kind_are_refused() -> None:
    assert "Two entries have the id" in refused(ENTRY, {**ENTRY, "server_url": "https://other.example.dk"})
    assert "Two entries have the issuer" in refused(ENTRY, {**ENTRY, "id": "other"})


@pytest.mark.parametrize("text", ["{", "[1]", '{"id": "x"}', "null", '"x"'])
def test_what_is_no_list_is_refused(text: str) -> None:
    with pytest.raises(NotUsable):
        read_workplaces(text, lambda name: "x")


@settings(max_examples=40)
@given(JSON)
def test_whatever_is_written_is_read_or_refused_with_a_sentence(value: Any) -> None:
    with contextlib.suppress(NotUsable):
        read_workplaces(json.dumps(value), lambda name: "x")


@settings(max_examples=40)
@given(st.dictionaries(st.sampled_from([*ENTRY, "roles", "issuer", "scope", "userinfo", "contact"]), JSON))
def test_and_so_is_an_entry_that_is_almost_right(change: dict[str, Any]) -> None:
    with contextlib.suppress(NotUsable):
        read(ENTRY | change)


@settings(max_examples=40)
@given(JSON)
def test_a_claim_gives_what_the_map_says_and_nothing_else(value: Any) -> None:
    place = read({**ENTRY, "roles": {"claim": "groups", "map": {"g": [["udvalg", "reader"]]}}})["region-midt"]
    given_roles = roles_given(place, {"groups": value})
    named = value == "g" or (isinstance(value, list) and "g" in [one for one in value if isinstance(one, str)])
    assert given_roles == ({("udvalg", "reader")} if named else set())


def start(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "SYSTEMROOT") if key in os.environ}
    return subprocess.run(
        [sys.executable, "-c", "import sundhedsaftale.settings as s; print(list(s.OIDC_WORKPLACES))"],
        cwd=ROOT,
        env={**kept, "VAR_DIR": str(tmp_path), "DEBUG": "true", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_program_does_not_start_with_what_it_cannot_use(tmp_path: Path) -> None:
    broken = start(tmp_path, OIDC_PROVIDERS="[{")
    assert broken.returncode != 0
    assert "ImproperlyConfigured: OIDC_PROVIDERS cannot be used. It is not JSON" in broken.stderr
    assert ".env.example" in broken.stderr
    whole = start(tmp_path, OIDC_PROVIDERS=json.dumps([ENTRY]), OIDC_SECRET="x")
    assert whole.stdout.strip() == "['region-midt']", whole.stderr


@pytest.mark.slow
def test_the_example_in_the_example_file_works(tmp_path: Path) -> None:
    text = (ROOT / ".env.example").read_text()
    line = next(line for line in text.splitlines() if line.startswith("# OIDC_PROVIDERS="))
    done = start(tmp_path, OIDC_PROVIDERS=line.partition("=")[2], OIDC_SECRET_REGION="x")
    assert done.stdout.strip() == "['region']", done.stderr
