"""A million figures through a refresh, and pages beside ten million of them, on a PostgreSQL started for it.

    .venv/bin/python scripts/bench_figures.py      by itself; `make bench` runs it last

BENCH_FIGURES=20000 takes so many instead of a million. Ratios hold on any machine: both sides are measured in one run.
"""

from __future__ import annotations

import statistics
import sys
import tempfile

from bench_tools import BENCH, Row, environment, manage, show
from services import postgres


def figures() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, postgres() as address:
        env = environment(folder, address)
        return million(env)


def million(env: dict[str, str]) -> list[Row]:
    manage(env, "migrate", "-v", "0")
    manage(env, "load_catalogue")
    said = manage(env, "shell", "--no-imports", "-c", (BENCH / "million_figures.py").read_text(encoding="utf-8"))
    steps = ", ".join(" ".join(line.split()[1:]) for line in said.splitlines() if line.startswith("STEP "))
    line = next(line for line in said.splitlines() if line.startswith("MILLION "))
    count, seconds, cpu, memory, *copies = (float(part) for part in line.split()[1:])
    copy = statistics.mean(copies)
    note = f"COPY {copy:.1f} s; refresh {seconds:.1f} s, of it {cpu:.1f} s CPU of the worker; {steps}"
    return [
        Row(f"refresh of {count:.0f} figures against COPY", seconds / copy, "x", 8, f"the aim is 5; {note}"),
        Row("refresh: memory of the worker", memory, "MB", 1500, "at its peak"),
    ]


if __name__ == "__main__":
    found = figures()
    show(found)
    sys.exit(0 if all(row.held for row in found) else 1)
