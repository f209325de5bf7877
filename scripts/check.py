"""Everything that can be said about the code without running it: `make check`.

Runs all checks, also after one has failed, and names the ones that did.
"""

import os
import subprocess
import sys
import time

from machine import PYTHON, ROOT, VENV

BIN = VENV / "bin"
APPS = ["sundhedsaftale", "indicators", "initiatives"]

CHECKS: list[tuple[str, list[str]]] = [
    ("lint (ruff)", [str(BIN / "ruff"), "check", "--no-cache", "."]),
    ("format (ruff)", [str(BIN / "ruff"), "format", "--no-cache", "--check", "."]),
    ("types (mypy)", [str(BIN / "mypy")]),
    ("import contracts (import-linter)", [str(BIN / "lint-imports"), "--no-cache"]),
    ("templates (djlint)", [str(BIN / "djlint"), "--lint", "--quiet", "templates"]),
    ("security lint (bandit)", [str(BIN / "bandit"), "-q", "-r", "-c", "pyproject.toml", *APPS]),
    ("translations", [str(PYTHON), "scripts/messages.py", "--check"]),
    ("migrations", [str(PYTHON), "manage.py", "makemigrations", "--check", "--dry-run"]),
    ("Django's own checks", [str(PYTHON), "manage.py", "check", "--fail-level", "WARNING"]),
    ("front-end files", [str(PYTHON), "scripts/vendor.py", "--check"]),
]


def main() -> int:
    settings = {**os.environ, "DEBUG": "true", "LOG_LEVEL": "WARNING"}
    for name in ("DATABASE_URL", "BROKER_URL", "DJANGO_SETTINGS_MODULE"):
        settings.pop(name, None)
    failed: list[str] = []
    for title, command in CHECKS:
        started = time.monotonic()
        result = subprocess.run(
            command, cwd=ROOT, env=settings, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
        )
        good = result.returncode == 0
        print(f"{'ok    ' if good else 'FAILED'} {title} ({time.monotonic() - started:.1f} s)", flush=True)
        if not good:
            print(result.stdout[-6000:], flush=True)
            failed.append(title)
    if failed:
        print(f"Failed: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
