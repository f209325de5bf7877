"""Everything that must hold, from an empty folder: `make test`.

Set-up, checks, the fast tests on SQLite with the clock at 1 January 2027, when the reform has begun, and then the suite of
today on a real PostgreSQL and a real Redis with a real worker and a real browser. What no database changes (calculations,
who may open what) is run on SQLite only. Stops at the first step that fails. The last line is pytest's own closing line.

    python3 scripts/test.py          everything
    python3 scripts/test.py fast     what fits in two minutes, on SQLite
    python3 scripts/test.py dates    the same on 31 December 2026 and 1 January 2027
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from install import install
from machine import PYTHON, ROOT, Missing, apt_install, check_python, find_pango

FAST = "not slow and not browser and not stories and not postgres"
JOURNEYS = "browser or stories"
#: The fast ones, and all of those that are the same on any database (tests/conftest.py says which).
ON_SQLITE = f"({FAST}) or any_database"
NEW_YEAR = "2027-01-01T13:00+01:00"
# Tables straight from the models: saves some seconds. `make test` takes the long way too, on both databases.
NO_MIGRATIONS = "--nomigrations"
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_CHROME = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def find_chromium() -> str:
    """The path of a Chromium: environment, else system, else installed here. Raises Missing when there is no way."""
    named = os.environ.get("CHROMIUM_PATH", "")
    if named:
        if shutil.which(named):
            return named
        raise Missing(f"CHROMIUM_PATH is {named}, and there is no program there.")
    for name in CHROMIUM_NAMES:
        if shutil.which(name):
            return str(shutil.which(name))
    if MAC_CHROME.is_file():
        return str(MAC_CHROME)
    if apt_install("chromium"):
        found = shutil.which("chromium") or shutil.which("chromium-browser")
        if found:
            return found
    return playwright_chromium()


def playwright_chromium() -> str:
    """The Chromium that Playwright downloads for itself; the way for who is not root."""
    ask = "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
    answer = subprocess.run([PYTHON, "-c", ask], capture_output=True, text=True, check=False).stdout.strip()
    if answer and not Path(answer).is_file():
        print("Downloading Chromium with Playwright ...", flush=True)
        subprocess.run([PYTHON, "-m", "playwright", "install", "chromium"], capture_output=True, check=False)
    if answer and Path(answer).is_file():
        return answer
    raise Missing(
        "The browser tests need Chromium, and it could not be installed from here. Install it (on Debian and Ubuntu as "
        "root: `apt-get install chromium`) or set CHROMIUM_PATH to a Chromium or Chrome."
    )


def ensure_pango() -> None:
    """Pango, which the PDF tests need: there, or installed. Raises Missing otherwise."""
    if find_pango():
        return
    apt_install("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
    if not find_pango():
        raise Missing(
            "The library pango is missing and could not be installed from here. On Debian and Ubuntu, as root: "
            "`apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0`; on macOS: `brew install pango`."
        )


def environment() -> dict[str, str]:
    """Ours, without what would let a developer's shell or demo leak into the tests."""
    leaks = {
        "PYTHONDONTWRITEBYTECODE",
        "DJANGO_SETTINGS_MODULE",
        "DATABASE_URL",
        "BROKER_URL",
        "SECRET_KEY",
        "VIRTUAL_ENV",
        "PYTEST_ADDOPTS",
    }
    return {key: value for key, value in os.environ.items() if key not in leaks}


def step(title: str, command: list[str], settings: dict[str, str]) -> int:
    print(f"\n== {title}", flush=True)
    return subprocess.run(command, cwd=ROOT, env=settings, check=False).returncode


def parts() -> list[list[str]]:
    """The tests in three parts, to be run side by side; together they are all of them."""
    heavy, matrix = ROOT / "tests" / "initiatives", ROOT / "tests" / "project" / "test_permission_matrix.py"
    folders = {path.parent for path in (ROOT / "tests").glob("*/**/test_*.py")} - {heavy}
    topmost = {path for path in folders if not folders & set(path.parents)}
    rest = [f"--ignore={matrix.relative_to(ROOT)}", *sorted(str(path.relative_to(ROOT)) for path in topmost)]
    return [
        sorted(str(path.relative_to(ROOT)) for path in heavy.glob("test_*.py")),
        [str(matrix.relative_to(ROOT))],
        rest,
    ]


def side_by_side(title: str, *commands: list[str], settings: dict[str, str]) -> int:
    """Commands at once, which share the cores; what they say comes one after the other."""
    print(f"\n== {title}, {len(commands)} processes", flush=True)
    with contextlib.ExitStack() as files:
        said = [files.enter_context(tempfile.TemporaryFile("w+")) for _ in commands[1:]]
        beside = [
            subprocess.Popen(command, cwd=ROOT, env=settings, stdout=later, stderr=subprocess.STDOUT)
            for command, later in zip(commands[1:], said, strict=True)
        ]
        failed = subprocess.run(commands[0], cwd=ROOT, env=settings, check=False).returncode
        for process, later in zip(beside, said, strict=True):
            failed = process.wait() or failed
            later.seek(0)
            print(later.read(), end="", flush=True)
    return failed


def quick(settings: dict[str, str], which: str = FAST, migrations: bool = False) -> int:
    """The tests that fit on SQLite, each part on one of its own."""
    settings = {**settings, "EXPECTED_DATABASE_VENDOR": "sqlite"}
    command = [str(PYTHON), "-m", "pytest", "-q", "-m", which, *([] if migrations else [NO_MIGRATIONS])]
    return side_by_side("Tests on SQLite", *([*command, *part] for part in parts()), settings=settings)


def on_a_day(now: str, settings: dict[str, str], which: str = FAST, migrations: bool = False) -> int:
    """The same with the clock at another time: nothing may hang on the day it was written."""
    print(f"\n== The clock says {now}", flush=True)
    return quick({**settings, "TEST_NOW": now}, which, migrations)


def dates(settings: dict[str, str]) -> int:
    """The fast tests on both sides of the new year of the reform."""
    return on_a_day("2026-12-31T13:00+01:00", settings) or on_a_day(NEW_YEAR, settings)


def everything(settings: dict[str, str]) -> int:
    ensure_pango()
    settings = {**settings, "CHROMIUM_PATH": find_chromium()}
    failed = step("Checks", [str(PYTHON), "scripts/check.py"], settings)
    return failed or on_a_day(NEW_YEAR, settings, ON_SQLITE, migrations=True) or whole(settings)


def whole(settings: dict[str, str]) -> int:
    """All that a database may change. Journeys wait for browsers and workers, so the rest is run beside them, on services
    of its own."""
    command = [str(PYTHON), "scripts/services.py", str(PYTHON), "-m", "pytest", "-q", "-m"]
    title = "The suite on PostgreSQL and Redis"
    if settings.get("TEST_DATABASE_URL") or settings.get("TEST_REDIS_URL"):
        return step(title, [*command, "not any_database"], settings)  # one server for both: they would meet in it
    rest = f"not any_database and not ({JOURNEYS})"
    return side_by_side(title, [*command, rest], [*command, JOURNEYS], settings=settings)


def main() -> int:
    try:
        check_python()
        install("test")
        settings = environment()
        run = {"": everything, "fast": quick, "dates": dates}.get(" ".join(sys.argv[1:]))
        if run is None:
            print("Say nothing, fast or dates.", file=sys.stderr)
            return 2
        return run(settings)
    except Missing as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
