"""Speed and size as a person meets them: a real server on this machine, one client, medians of interleaved runs.

    make bench                     on a SQLite file of its own
    DATABASE_URL=... make bench    on that (empty, throw-away) database

A million figures and ten are measured last, on a PostgreSQL of their own: bench_figures.py, which also runs by itself.

Prints a table and writes the same as JSON to var/bench.json. Exits 1 when a bound is broken. Needs Linux's /proc for memory.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from bench_figures import figures
from bench_tools import BENCH, ROOT, Client, Row, environment, free_port, manage, server, show, wait_for, worker_memory

PAGES = {
    "overview": "/",
    "plan": "/planer/handleplan-genindlaeggelser-2020/",
    "goal": "/maal/sammenhaengende-patientforloeb/",
    "indicator": "/indikatorer/forebyggelige-akutte-sygehusophold/",
    "area": "/omraader/791/",
    "plan-200": "/planer/stor-plan/",
}
OTHERS = (
    "/maal/",
    "/planer/",
    "/initiativer/",
    "/data/",
    "/omraader/",
    "/om/",
    "/was/",
    "/planer/handleplan-genindlaeggelser-2020/punkter/2/",
    "/api/v1/assessments/",
    "/api/schema/",
)
ROUNDS = 30


def query_counts(env: dict[str, str]) -> dict[str, int]:
    code = (
        "import json\n"
        "from django.db import connection\n"
        "from django.test import Client\n"
        "from django.test.utils import CaptureQueriesContext\n"
        f"pages = json.loads('''{json.dumps(PAGES)}''')\n"
        "client = Client()\n"
        "result = {}\n"
        "for name, path in pages.items():\n"
        "    client.get(path)\n"
        "    with CaptureQueriesContext(connection, ) as captured:\n"
        "        assert client.get(path).status_code == 200, path\n"
        "    result[name] = len(captured)\n"
        "print('COUNTS' + json.dumps(result))\n"
    )
    output = manage(env, "shell", "--no-imports", "-c", code)
    return json.loads(output.split("COUNTS", 1)[1])


def frozen_and_printed(env: dict[str, str]) -> list[Row]:
    """Freezing a large plan with its figures, and the annex of 50 items. Last of all: it changes the plan."""

    def lines(script: str) -> dict[str, list[str]]:
        said = manage(env, "shell", "--no-imports", "-c", (BENCH / script).read_text(encoding="utf-8"))
        return {line.split()[0]: line.split()[1:] for line in said.splitlines() if line.strip()}

    seconds, items, lights = lines("freeze.py")["FREEZE"]
    rows = [Row(f"freeze {items} items, {lights} lights", float(seconds), "s", 1)]
    for name, said in lines("annex.py").items():
        bound = {"DOCX": 0.5, "PDF": 2}.get(name)
        if bound is not None:
            note = f"{said[2]} lights; the first one {said[3]} s"
            rows.append(Row(f"annex of {said[1]} items, {name}", float(said[0]), "s", bound, note))
    return rows


def reminders(env: dict[str, str]) -> list[Row]:
    """Found, written, rendered and handed to a mail server in a process of its own. Last of all: it fills the database."""
    said = manage(env, "shell", "--no-imports", "-c", (BENCH / "reminders.py").read_text(encoding="utf-8"))
    rows = []
    for line in said.splitlines():
        if not line.startswith("REMINDERS "):
            continue
        items, mails, queued, sent, statements, a_mail = line.split()[1:]
        what = f"reminders: {items} items, {mails} mails"
        note = f"finding {queued} s, sending {sent} s" + (" by two workers" if int(mails) > 100 else "")
        rows.append(Row(what, float(queued) + float(sent), "s", 30 if int(mails) > 1000 else 1.5, note))
        # Two for each mail, and a dozen for each batch of 100.
        rows.append(Row("reminders: statements a mail", float(a_mail), "", 2.5, f"{statements} to find and write them"))
    return rows


def imports(env: dict[str, str]) -> list[Row]:
    """A Word plan of 200 items: the preview has to stand there within two seconds of the upload."""
    code = (BENCH / "import_plan.py").read_text(encoding="utf-8")
    output = manage(env, "shell", "--no-imports", "-c", code)
    times: dict[str, float] = json.loads(output.split("IMPORT", 1)[1])
    return [
        Row("import of 200 items: upload and preview", times["both"], "s", 2, f"reading alone {times['file']:.2f} s"),
        Row("import of 200 items: preview", times["preview"], "s", None, "made anew"),
    ]


def measure(env: dict[str, str], pages_folder: Path) -> list[Row]:
    rows: list[Row] = []
    anew = {**env, "KEEP_PAGES": "false"}
    counts = query_counts(anew)
    port = free_port()
    with server(env, port):
        rows.append(Row("cold start to first answer", wait_for(port, PAGES["overview"]), "s", 2.5))
    port = free_port()
    with server(env, port) as process:
        wait_for(port, "/health/live")
        client = Client(port)
        for path in (*PAGES.values(), *OTHERS):
            client.get(path)
        rows.append(Row("web worker after every page once", worker_memory(process.pid), "MB", 200))
        for name, path in PAGES.items():
            _, body = client.get(path)
            (pages_folder / name).write_bytes(body)
            real, bare = [], []
            for _ in range(ROUNDS):
                real.append(client.get(path)[0] * 1000)
                bare.append(client.get(f"/bare/{name}")[0] * 1000)
            page, nothing = statistics.median(real), statistics.median(bare)
            size = f"{len(body) / 1024:.0f} kB"
            rows.append(Row(f"{name}: time", page, "ms", 60 if name == "plan-200" else None, size))
            if name != "plan-200":
                rows.append(Row(f"{name}: against a bare view", page / nothing, "x", 4, f"bare {nothing:.1f} ms"))
            rows.append(Row(f"{name}: SQL queries", counts[name], "", 12, "nothing kept"))
    port = free_port()
    with server(anew, port):
        wait_for(port, "/health/live")
        client = Client(port)
        for name, path in PAGES.items():
            times = [client.get(path)[0] * 1000 for _ in range(ROUNDS // 2)]
            rows.append(Row(f"{name}: made anew", statistics.median(times), "ms", None, "as for the signed-in"))
    return rows


def status_reader() -> Row:
    """By itself when all else is done: nothing of ours runs beside it."""
    command = [sys.executable, str(BENCH / "status_cells.py")]
    done = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=True)
    micros, a_second, letters, again = done.stdout.removeprefix("CELLS ").split()
    note = (
        f"{a_second} new cells a second of {letters} letters, {again} read before; the aim is 10000. Every run begins "
        "with nothing remembered; then wordings of periods and words of subjects are, and whole cells, none of them twice"
    )
    return Row("status reader: a cell", float(micros), "µs", None, note)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        pages_folder = Path(folder) / "pages"
        env = environment(folder, os.environ.get("DATABASE_URL", f"sqlite:///{folder}/db.sqlite3"))
        manage(env, "migrate", "-v", "0")
        manage(env, "load_demo")
        manage(env, "shell", "--no-imports", "-c", (BENCH / "large_plan.py").read_text(encoding="utf-8"))
        manage(env, "collectstatic", "--noinput", "-v", "0")
        rows = [*measure(env, pages_folder), status_reader(), *imports(env), *frozen_and_printed(env), *reminders(env)]
    rows += figures()
    show(rows)
    target = ROOT / "var" / "bench.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps([{**asdict(row), "held": row.held} for row in rows], indent=1), encoding="utf-8")
    return 0 if all(row.held for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
