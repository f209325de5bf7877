"""A million figures through a refresh, and pages beside ten million of them, on a PostgreSQL started for it.

    .venv/bin/python scripts/bench_figures.py [million] [ten-million]      by itself; `make bench` runs it last

BENCH_FIGURES=20000 takes so many instead of a million, BENCH_OBSERVATIONS so many instead of ten. Ratios hold on any
machine: both sides are measured in one run.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from urllib.parse import urlsplit, urlunsplit

from bench_tools import BENCH, Client, Row, environment, free_port, manage, server, show, wait_for
from services import postgres

PAGES = {
    "indicator": "/indikatorer/forebyggelige-akutte-sygehusophold/",
    "indicator of an area": "/indikatorer/forebyggelige-akutte-sygehusophold/?omraade=791",
    "goal": "/maal/sammenhaengende-patientforloeb/",
    "goal of an area": "/maal/sammenhaengende-patientforloeb/?omraade=791",
    "area": "/omraader/791/",
    "region": "/omraader/082/",
    "overview of an area": "/?omraade=791",
    "goals of a region": "/maal/?omraade=082",
    "ranking": "/indikatorer/forebyggelige-akutte-sygehusophold/rangliste/",
    "map": "/indikatorer/forebyggelige-akutte-sygehusophold/kort/",
    "lists of an area": "/omraader/791/lister/",
}
ROUNDS = 25


def figures(*parts: str) -> list[Row]:
    """parts: "million" and "ten-million", both when none is named."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, postgres() as address:

        def on(database: str) -> dict[str, str]:
            return environment(folder, database)

        manage(on(address), "migrate", "-v", "0")
        if not parts or "million" in parts:
            rows += million(on(copy_of(address, "million")))
        if not parts or "ten-million" in parts:
            manage(on(address), "load_demo")
            manage(on(address), "collectstatic", "--noinput", "-v", "0")
            rows += ten_million(on(address), on(copy_of(address, "large")))
    return rows


def copy_of(address: str, name: str) -> str:
    """A new database with what is in this one, as an address."""
    import psycopg

    parts = urlsplit(address)
    elsewhere = urlunsplit(parts._replace(scheme="postgresql", path="/template1"))
    template = parts.path.removeprefix("/")
    with psycopg.connect(elsewhere, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS bench_{name}")
        connection.execute(f"CREATE DATABASE bench_{name} TEMPLATE {template}")
    return urlunsplit(parts._replace(path=f"/bench_{name}"))


def told(env: dict[str, str], script: str, word: str) -> list[str]:
    """What the script says behind the word, a line at a time."""
    said = manage(env, "shell", "--no-imports", "-c", (BENCH / script).read_text(encoding="utf-8"))
    return [line.removeprefix(word).strip() for line in said.splitlines() if line.startswith(f"{word} ")]


def million(env: dict[str, str]) -> list[Row]:
    manage(env, "load_catalogue")
    *steps, line = told(env, "million_figures.py", "MILLION")
    count, seconds, cpu, memory, *copies = (float(part) for part in line.split())
    copy = min(copies)  # twice, and the quicker one: the machine may have been busy with something else
    note = f"COPY {copy:.1f} s; refresh {seconds:.1f} s, of it {cpu:.1f} s CPU of the worker; {', '.join(steps)}"
    return [
        Row(f"refresh of {count:.0f} figures against COPY", seconds / copy, "x", 8, f"the aim is 5; {note}"),
        Row("refresh: memory of the worker", memory, "MB", 1500, "at its peak"),
    ]


def ten_million(demo: dict[str, str], large: dict[str, str]) -> list[Row]:
    small_count, count = told(large, "ten_million.py", "FILLED")[0].split()
    rows = []
    for name, (few, many) in interleaved(demo, large).items():
        note = f"{few:.0f} and {many:.0f} ms, made anew"
        rows.append(Row(f"{name}: {count} figures against {small_count}", many / few, "x", 1.3, note))
    for size, env in ((small_count, demo), (count, large)):
        asked = told({**env, "KEEP_PAGES": "false", "BENCH_ADDRESSES": json.dumps(PAGES)}, "page_queries.py", "QUERIES")
        for line in asked:
            name, statements, whole, answered, read, page, bare = line.split("|")
            note = f"{statements} statements: {page} ms with its objects, {bare} ms bare"
            rows.append(Row(f"{name}: figures, of {size}", float(page) / float(bare), "x bare SQL", 3, note))
            if env is large:
                note = f"{read} rows of figures and lights for {answered}"
                rows.append(Row(f"{name}: read for each shown", float(read) / max(float(answered), 1), "", 6, note))
                rows.append(Row(f"{name}: statements without an index", float(whole), "", 0))
    return rows


def interleaved(demo: dict[str, str], large: dict[str, str]) -> dict[str, tuple[float, float]]:
    """Medians in ms of each page on both databases, asked in turn."""
    ports = free_port(), free_port()
    anew = {"KEEP_PAGES": "false"}
    found = {}
    with server({**demo, **anew}, ports[0]), server({**large, **anew}, ports[1]):
        for port in ports:
            wait_for(port, "/health/live")
        both = [Client(port) for port in ports]
        for name, path in PAGES.items():
            found[name] = medians(both, path)
    return found


def medians(clients: list[Client], path: str) -> tuple[float, float]:
    times: tuple[list[float], list[float]] = [], []
    for _ in range(ROUNDS):
        for client, found in zip(clients, times, strict=True):
            found.append(client.get(path)[0] * 1000)
    few, many = (statistics.median(one[2:]) for one in times)  # the first ones load and connect
    return few, many


if __name__ == "__main__":
    all_rows = figures(*sys.argv[1:])
    show(all_rows)
    sys.exit(0 if all(row.held for row in all_rows) else 1)
