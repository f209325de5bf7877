"""What the machine must have, each looked for at once and missed with one clear sentence. Standard library only."""

import contextlib
import ctypes
import ctypes.util
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"


class Missing(Exception):
    """Something the machine lacks; its text is the sentence to print."""


def is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def check_python(version: tuple[int, int] = sys.version_info[:2]) -> None:
    """Raises Missing below Python 3.11."""
    if version < (3, 11):
        raise Missing(
            f"Python {version[0]}.{version[1]} is too old: Python 3.11 or newer is needed. Install it and say which, "
            "for example `make demo PYTHON=python3.12`."
        )


def check_venv_module() -> None:
    """Raises Missing where Debian has split `venv` from Python."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError as error:
        raise Missing(
            "Python's own venv module is missing. On Debian and Ubuntu install it with `apt-get install python3-venv`."
        ) from error


def find_pango() -> bool:
    """Whether the pango libraries that WeasyPrint loads can be loaded (on macOS Homebrew's too)."""
    names = ["libpango-1.0.so.0", "libpango-1.0.dylib"]
    names += [f"{place}/libpango-1.0.dylib" for place in ("/opt/homebrew/lib", "/usr/local/lib")]
    found = ctypes.util.find_library("pango-1.0")
    if found:
        names.insert(0, found)
    for name in names:
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    return False


def check_pango(found: Callable[[], bool] = find_pango) -> None:
    """Raises Missing without pango."""
    if found():
        return
    how = (
        "`brew install pango`"
        if platform.system() == "Darwin"
        else "`apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0`"
    )
    raise Missing(f"The library pango is missing; it writes the PDF files. Install it with {how}.")


def check_port(port: int) -> None:
    """Raises Missing when something already listens on `port` of this machine."""
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.settimeout(1)
            try:
                taken = probe.connect_ex((host, port)) == 0
            except OSError:  # no IPv6 here
                continue
        if taken:
            raise Missing(
                f"Port {port} is taken by another program. Stop it, or choose another: `make demo PORT={port + 1}`."
            )


def has_compiler() -> bool:
    return any(shutil.which(name) for name in ("cc", "gcc", "clang"))


def apt_install(*packages: str) -> bool:
    """Installs Debian packages where that is possible (root and apt-get); True when it went well."""
    if not (is_root() and shutil.which("apt-get")):
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print(f"Installing {', '.join(packages)} with apt-get ...", flush=True)
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", *packages]):
        result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        print(result.stdout[-800:] + result.stderr[-800:], file=sys.stderr)
    return result.returncode == 0


def die_with_parent() -> None:
    """On Linux: a child started with this ends when its parent is killed, so that nothing is left holding a port."""
    if platform.system() == "Linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # 1 is PR_SET_PDEATHSIG


def stop(process: "subprocess.Popen[bytes]", seconds: float = 10) -> None:
    """Asks the process (and its group) to end, and makes it after `seconds`."""

    def send(number: int) -> None:
        try:
            os.killpg(process.pid, number)
        except (ProcessLookupError, PermissionError):
            if process.poll() is None:
                process.send_signal(number)

    if process.poll() is None:
        send(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
    send(signal.SIGKILL)  # the rest of the group: beat outlives a worker that was killed
    process.wait()
