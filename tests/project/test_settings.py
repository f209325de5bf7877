"""Settings: everything from the environment, and a sentence when something is missing."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

ROOT = Path(__file__).resolve().parents[2]

PRODUCTION = {
    "DEBUG": "false",
    "SECRET_KEY": "p" * 50,
    "ALLOWED_HOSTS": "tracker.example.dk",
    "SITE_URL": "https://tracker.example.dk",
    "DATABASE_URL": "postgres://user:password@localhost:5432/name",
    "BROKER_URL": "redis://localhost:6379/0",
    "EMAIL_URL": "smtp://localhost:25",
}
ASK = "import json, sundhedsaftale.settings as s; print(json.dumps({n: getattr(s, n) for n in %r}))"


def read_settings(environment: dict[str, str], names: list[str], tmp_path: Path) -> "subprocess.CompletedProcess[str]":
    """Imports the settings in a fresh process whose environment holds only what is given."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "SYSTEMROOT") if key in os.environ}
    return subprocess.run(
        [sys.executable, "-c", ASK % names],
        cwd=ROOT,
        env={**kept, "VAR_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_settings_load_and_are_secure(tmp_path: Path) -> None:
    names = [
        "DEBUG",
        "SECURE_SSL_REDIRECT",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SECURE_HSTS_SECONDS",
        "WHITENOISE_USE_FINDERS",
        "EMAIL_HOST",
    ]
    result = read_settings(PRODUCTION, names, tmp_path)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == (
        '{"DEBUG": false, "SECURE_SSL_REDIRECT": true, "SESSION_COOKIE_SECURE": true, "CSRF_COOKIE_SECURE": true, '
        '"SECURE_HSTS_SECONDS": 31536000, "WHITENOISE_USE_FINDERS": false, "EMAIL_HOST": "localhost"}'
    )


def test_debug_does_not_follow_a_checkout_into_production(tmp_path: Path) -> None:
    result = read_settings({**PRODUCTION, "DEBUG": "true"}, ["DEBUG"], tmp_path)
    assert result.returncode != 0
    assert "set DEBUG=false" in result.stderr


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "DEBUG"])
def test_a_missing_variable_stops_production_with_a_sentence_that_says_what_to_do(name: str, tmp_path: Path) -> None:
    without = {key: value for key, value in PRODUCTION.items() if key != name}
    result = read_settings(without, ["DEBUG"], tmp_path)
    assert result.returncode != 0
    assert f"{name} is not set. Set it in the environment or in the file .env" in result.stderr


@pytest.mark.parametrize("secret", ["only-for-development-and-never-for-real-people", "short"])
def test_a_default_or_short_secret_stops_production(secret: str, tmp_path: Path) -> None:
    result = read_settings({**PRODUCTION, "SECRET_KEY": secret}, ["DEBUG"], tmp_path)
    assert result.returncode != 0
    assert "SECRET_KEY is the development default or shorter than 32 characters." in result.stderr


def test_an_address_without_its_scheme_is_refused(tmp_path: Path) -> None:
    result = read_settings({**PRODUCTION, "SITE_URL": "tracker.example.dk"}, ["DEBUG"], tmp_path)
    assert result.returncode != 0
    assert "Write the whole address" in result.stderr


@pytest.mark.parametrize(
    ("hosts", "why"),
    [
        ("api.statbank.dk,http://127.0.0.1:8765", "lists this machine itself"),
        ("http://localhost:8765", "lists this machine itself"),
        ("*", "is not the full name of a host"),
        ("10.0.0.7", "is not the full name of a host"),
        ("http://api.statbank.dk", "is not https"),
    ],
)
def test_production_asks_no_figures_of_itself_or_of_anybody(hosts: str, why: str, tmp_path: Path) -> None:
    result = read_settings({**PRODUCTION, "FIGURE_HOSTS": hosts}, ["DEBUG"], tmp_path)
    assert result.returncode != 0
    assert "ImproperlyConfigured: FIGURE_HOSTS" in result.stderr
    assert why in result.stderr


def test_figures_are_asked_of_the_statbank_alone_unless_others_are_named(tmp_path: Path) -> None:
    names = ["FIGURE_PROXY", "STATBANK_URL", "FIGURES_FROM_ITSELF"]
    result = read_settings({**PRODUCTION, "FIGURES_FROM_ITSELF": "true"}, names, tmp_path)
    assert result.stdout.strip() == (
        '{"FIGURE_PROXY": "", "STATBANK_URL": "https://api.statbank.dk/v1", "FIGURES_FROM_ITSELF": false}'
    )
    assert [(host.scheme, host.name) for host in settings.FIGURE_HOSTS] == [("https", "api.statbank.dk")]
    own = {"DEBUG": "true", "FIGURE_HOSTS": "http://127.0.0.1:8765"}
    assert read_settings(own, ["DEBUG"], tmp_path).returncode == 0


def test_debug_needs_nothing_but_itself(tmp_path: Path) -> None:
    result = read_settings({"DEBUG": "true"}, ["DEBUG", "CELERY_BROKER_URL", "EMAIL_FILE_PATH"], tmp_path)
    assert result.returncode == 0, result.stderr
    assert '"CELERY_BROKER_URL": "filesystem://"' in result.stdout
    assert f'"EMAIL_FILE_PATH": "{tmp_path}/mail"' in result.stdout
    assert (tmp_path / "broker" / "queue").is_dir()


def test_the_content_policy_lets_in_nothing_inline_and_nothing_from_elsewhere(client: Client) -> None:
    policy = client.get("/health/live").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_the_browsers_language_does_not_choose_but_the_switch_does(client: Client) -> None:
    english = {"Accept-Language": "en-GB,en;q=0.9"}
    assert client.get("/health/live", headers=english).headers["Content-Language"] == "da"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert client.get("/health/live").headers["Content-Language"] == "en"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "xx"
    assert client.get("/health/live").headers["Content-Language"] == "da"


def test_every_variable_the_settings_read_is_in_the_example_file() -> None:
    text = (ROOT / "sundhedsaftale/settings.py").read_text()
    read = set(re.findall(r'(?:env\.(?:str|int|bool)|required)\(\s*"([A-Z_]+)"', text))
    explained = (ROOT / ".env.example").read_text()
    assert len(read) > 15
    assert {name for name in read if f"{name}=" not in explained} == set()
