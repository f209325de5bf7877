"""The demo's own promises: who can sign in, and one clear sentence for what is missing."""

import socket
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from initiatives.actions.content.demo import DEMO_PASSWORD

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import demo  # noqa: E402
import install  # noqa: E402
import machine  # noqa: E402


def test_the_sign_ins_it_prints_are_those_that_are_loaded() -> None:
    users: Any = yaml.safe_load((ROOT / "initiatives/catalogue/users.yaml").read_text())
    rows = users["users"] if isinstance(users, dict) else users
    assert set(demo.PEOPLE) == {row["email"] for row in rows}
    assert demo.PASSWORD == DEMO_PASSWORD


def test_the_demo_runs_as_in_production_but_for_the_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "VAR", tmp_path / "var")
    settings = demo.environment(8123)
    assert settings["DEBUG"] == "false"
    assert settings["SITE_URL"] == "http://localhost:8123"
    assert len(settings["SECRET_KEY"]) >= 50
    assert settings["SECRET_KEY"] == demo.environment(8123)["SECRET_KEY"]
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o077 == 0


def test_a_taken_port_is_one_sentence_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(machine.Missing, match=rf"Port {port} is taken .* `make demo PORT={port + 1}`\."):
            machine.check_port(port)
    machine.check_port(port)


def test_a_missing_pango_is_one_sentence_with_the_command() -> None:
    with pytest.raises(machine.Missing, match=r"The library pango is missing; .* Install it with `"):
        machine.check_pango(found=lambda: False)
    machine.check_pango(found=lambda: True)


def test_an_old_python_is_one_sentence() -> None:
    with pytest.raises(machine.Missing, match=r"Python 3\.10 is too old: Python 3\.11 or newer is needed\."):
        machine.check_python((3, 10))
    machine.check_python((3, 11))


def test_a_missing_compiler_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "has_compiler", lambda: False)
    assert "there is no C compiler. Install one: `apt-get install build-essential" in install.explain("gcc: not found")
    monkeypatch.setattr(install, "has_compiler", lambda: True)
    assert "could not be installed" in install.explain("gcc: error")


@pytest.mark.parametrize("port", ["abc", "0", "70000", "-1"])
def test_a_port_that_is_no_port_is_one_sentence(
    port: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", port)
    monkeypatch.setattr(demo.signal, "signal", lambda *args: None)
    assert demo.main() == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_same_files_are_not_loaded_twice_and_changed_ones_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[str] = []
    monkeypatch.setattr(demo, "VAR", tmp_path)
    monkeypatch.setattr(demo, "STAMP", tmp_path / "demo.json")
    monkeypatch.setattr(demo, "manage", lambda name, settings: commands.append(name))
    monkeypatch.setattr(demo, "fingerprint", lambda: "one")
    assert demo.load({}) is False
    assert commands == ["migrate", "load_demo"]
    (tmp_path / "db.sqlite3").touch()
    assert demo.load({}) is False
    assert commands == ["migrate", "load_demo"]
    monkeypatch.setattr(demo, "fingerprint", lambda: "two")
    assert demo.load({}) is False
    assert commands == ["migrate", "load_demo"] * 2


def test_on_a_new_day_the_example_is_moved_without_delaying_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "VAR", tmp_path)
    monkeypatch.setattr(demo, "STAMP", tmp_path / "demo.json")
    monkeypatch.setattr(demo, "fingerprint", lambda: "one")
    monkeypatch.setattr(demo, "manage", lambda name, settings: pytest.fail("nothing may be loaded before the start"))
    (tmp_path / "db.sqlite3").touch()
    (tmp_path / "demo.json").write_text('{"fingerprint": "one", "day": "2020-01-01"}')
    assert demo.load({}) is True


def test_a_part_that_stops_is_named_with_the_end_of_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "ROOT", tmp_path)
    monkeypatch.setattr(demo, "LOGS", tmp_path / "log")
    part = demo.Part("worker", [sys.executable, "-c", "raise SystemExit('no broker')"], {})
    part.process.wait(30)
    with pytest.raises(machine.Missing, match="The worker stopped by itself"):
        part.check()
    assert "no broker" in capsys.readouterr().err
    machine.stop(part.process)
