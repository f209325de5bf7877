"""docker-compose.yml is valid, complete and keeps no secret."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
SECRETS = ["SECRET_KEY", "POSTGRES_PASSWORD", "ALLOWED_HOSTS", "SITE_URL", "EMAIL_URL"]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load(TEXT)


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return json.loads((ROOT / "tests/data/compose-spec.json").read_text())


def test_it_is_valid_by_the_published_schema(compose: dict[str, Any], schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(compose)


def test_the_schema_refuses_a_misspelt_key(compose: dict[str, Any], schema: dict[str, Any]) -> None:
    wrong = {**compose, "services": {"web": {"imagee": "x"}}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema).validate(wrong)


def test_the_services_are_those_of_production(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == {"postgres", "redis", "migrate", "web", "worker", "beat"}
    assert compose["services"]["postgres"]["image"] == "postgres:17"
    assert compose["services"]["redis"]["image"] == "redis:7"


def test_every_lasting_service_has_a_health_check_and_every_store_a_volume(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert {name for name, one in services.items() if "healthcheck" not in one} == {"migrate"}
    for name in ("postgres", "redis", "web", "worker", "beat"):
        volume = services[name]["volumes"][0].split(":")[0]
        assert volume in compose["volumes"], name


def test_migrations_run_once_and_before_the_rest(compose: dict[str, Any]) -> None:
    assert compose["services"]["migrate"]["restart"] == "no"
    for name in ("web", "worker", "beat"):
        assert compose["services"][name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


@pytest.mark.parametrize("name", SECRETS)
def test_what_must_be_set_has_no_default_and_says_so(name: str) -> None:
    uses = re.findall(r"\$\{" + name + r"([^}]*)\}", TEXT)
    assert uses
    assert all(use.startswith(f":?Set {name} in .env") for use in uses)


def test_every_variable_it_asks_for_is_in_the_example_file() -> None:
    explained = (ROOT / ".env.example").read_text()
    asked = set(re.findall(r"\$\{([A-Z_]+)", TEXT))
    assert {name for name in asked if f"{name}=" not in explained} == set()


def test_only_the_web_server_is_reachable_and_only_from_this_machine(compose: dict[str, Any]) -> None:
    ports = {name: one["ports"] for name, one in compose["services"].items() if "ports" in one}
    assert list(ports) == ["web"]
    assert all(port.startswith("127.0.0.1:") for port in ports["web"])


def test_the_image_does_not_run_as_root_and_installs_by_hash() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert text.index("\nUSER sundhedsaftale") < text.index("\nCMD")
    assert text.count("--require-hashes") == 2
    assert "requirements/base.txt" in text


def test_docker_compose_itself_accepts_it(tmp_path: Path) -> None:
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("`docker compose` is not on this machine; the published schema is checked above")
    values = {name: "https://example.dk" if name == "SITE_URL" else "x" * 40 for name in SECRETS}
    environment = tmp_path / "env"
    environment.write_text("".join(f"{name}={value}\n" for name, value in values.items()))
    command = [
        docker,
        "compose",
        "--env-file",
        str(environment),
        "-f",
        str(ROOT / "docker-compose.yml"),
        "config",
        "-q",
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    environment.write_text("")
    missing = subprocess.run(command, capture_output=True, text=True, check=False)
    assert missing.returncode != 0
    assert "see .env.example" in missing.stderr
