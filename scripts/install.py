"""Builds `.venv` from the pinned requirement files, and only when they have changed.

    python3 scripts/install.py demo    what the program needs
    python3 scripts/install.py test    that and what the tests need

Standard library only. pip installs uv from its own hashed file, uv installs the rest in seconds; where uv cannot be
used, pip does. Both refuse whatever does not have the recorded hash.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time

from machine import PYTHON, ROOT, VENV, Missing, check_python, check_venv_module, has_compiler

FILES = {"demo": ["uv.txt", "base.txt"], "test": ["uv.txt", "test.txt"]}
STAMP = VENV / "installed.json"


def fingerprint(kind: str) -> str:
    """Changes when a requirement file, the Python or the place of the project changes."""
    digest = hashlib.sha256(f"{sys.version_info[:2]} {ROOT}".encode())
    for name in FILES[kind]:
        digest.update((ROOT / "requirements" / name).read_bytes())
    return digest.hexdigest()


def installed() -> dict[str, str]:
    """What the stamp says: for each kind the fingerprint it was installed with."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def is_current(kind: str) -> bool:
    """Whether `.venv` is as the requirement files say; one made for the tests will do for the demo."""
    stamp = installed()
    kinds = ["test"] if kind == "test" else ["demo", "test"]
    return PYTHON.exists() and any(stamp.get(one) == fingerprint(one) for one in kinds)


def explain(output: str) -> str:
    """One sentence for an installation that went wrong."""
    if not has_compiler() and any(word in output for word in ("gcc", "cc1", "compiler", "clang", "Python.h")):
        return (
            "A package has to be built on this machine and there is no C compiler. Install one: "
            "`apt-get install build-essential python3-dev`, or on macOS `xcode-select --install`."
        )
    return (
        "The packages could not be installed; the reason stands above. Check the connection to your package index, "
        "then run the command again."
    )


def run(command: list[str], environment: dict[str, str] | None = None) -> tuple[bool, str]:
    result = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return result.returncode == 0, result.stdout


def index_environment() -> dict[str, str]:
    """uv does not read pip's variables: whoever has pointed pip at an index means uv too."""
    environment = {**os.environ, "VIRTUAL_ENV": str(VENV)}
    for pip_name, uv_name in (("PIP_INDEX_URL", "UV_DEFAULT_INDEX"), ("PIP_EXTRA_INDEX_URL", "UV_INDEX")):
        if os.environ.get(pip_name):
            environment.setdefault(uv_name, os.environ[pip_name])
    return environment


def local_settings() -> None:
    """A `.env` that lets `.venv/bin/python manage.py ...` work here, on the demo's database; never over one that is there.

    Without it nothing is guessed: the program then takes itself for production and asks for every variable.
    """
    file = ROOT / ".env"
    if not file.exists():
        file.write_text(
            "# Written by `make` for this machine: the embedded database and broker under var/, no secrets.\n"
            "# For production write your own from .env.example.\n"
            "DEBUG=true\nDEMO=true\n"
        )


def install(kind: str) -> None:
    """Makes `.venv` what the requirement files say. Raises Missing with one sentence when that fails."""
    check_python()
    local_settings()
    if is_current(kind):
        return
    check_venv_module()
    started = time.monotonic()
    print("Building .venv from the pinned requirement files ...", flush=True)
    STAMP.unlink(missing_ok=True)
    if not works():
        shutil.rmtree(VENV, ignore_errors=True)
        good, output = run([sys.executable, "-m", "venv", str(VENV)])
        if not good:
            print(output, file=sys.stderr)
            raise Missing("The virtual environment .venv could not be made; the reason stands above.")
    files = [f"requirements/{name}" for name in FILES[kind]]
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    good, output = run([*pip, "-r", files[0]])
    if good:
        sync = [str(VENV / "bin" / "uv"), "pip", "sync", "--quiet", "--require-hashes", "--link-mode", "copy"]
        # Compiled once here instead of at every start, also where PYTHONDONTWRITEBYTECODE is set.
        sync.append("--compile-bytecode")
        good, output = run([*sync, *files], index_environment())
    if not good:
        good, output = run([*pip, *(part for name in files for part in ("-r", name))])
    if not good:
        print(output[-3000:], file=sys.stderr)
        raise Missing(explain(output))
    stamp = {kind: fingerprint(kind)}
    STAMP.write_text(json.dumps(stamp))
    print(f"... done in {time.monotonic() - started:.0f} s.", flush=True)


def works() -> bool:
    """Whether `.venv` has a Python of this version that still starts, and a pip (a copied or half-made one has not)."""
    if not PYTHON.exists():
        return False
    ask = "import sys, pip; print(sys.version_info[:2] == " + repr(tuple(sys.version_info[:2])) + ", sys.prefix)"
    good, output = run([str(PYTHON), "-c", ask])
    return good and output.split() == ["True", str(VENV)]


def main() -> int:
    kind = sys.argv[1] if len(sys.argv) > 1 else "test"
    if kind not in FILES:
        print(f"Say which: {' or '.join(FILES)}.", file=sys.stderr)
        return 2
    try:
        install(kind)
    except Missing as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
