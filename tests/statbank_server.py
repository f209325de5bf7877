"""A statbank for tests: speaks the protocol of api.statbank.dk in a thread of its own, faults included.

`with Statbank() as bank:` gives it an address. Its tables are plain data, changed as a statbank changes them between two
visits; `bank.fault` says what goes wrong with the next answers to /data, `bank.info_fault` with those to /tableinfo, and
`bank.faults` table by table what goes wrong with one answer after the other. The fault "hold" keeps an answer back: `held` is
set when somebody waits for it, and they get it once `release` is set.
It is stricter than it must be: a request that leaves out a variable is refused, so a client that relies on elimination
cannot pass. Other addresses: /jsonstat/NAME serves `bank.documents`, /redirect/… sends elsewhere.
"""

from __future__ import annotations

import gzip
import itertools
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

LIMIT = 1_000_000
MISSING = ".."

Cells = dict[tuple[str, ...], str]  # codes in the table's order -> the number with a decimal point, or ".."


@dataclass
class BankTable:
    """variables: code -> codes with their texts; the last one is time. cells: what the table holds; others are empty."""

    id: str
    variables: dict[str, dict[str, str]]
    cells: Cells
    unit: str = "År"
    decimals: int = 1
    suppressed: str | None = "0"
    updated: str = "2026-02-11T08:00:00"
    active: bool = True

    def info(self) -> dict[str, Any]:
        last = list(self.variables)[-1]
        found: dict[str, Any] = {
            "id": self.id,
            "text": f"Table {self.id}",
            "unit": self.unit,
            "suppressedDataValue": self.suppressed,
            "updated": self.updated,
            "active": self.active,
            "contacts": [{"name": "Somebody", "phone": "+4500000000", "mail": "somebody@example.dk"}],
            "variables": [
                {
                    "id": code,
                    "text": code.lower(),
                    "elimination": code != last,
                    "time": code == last,
                    "values": [{"id": value, "text": text} for value, text in values.items()],
                }
                for code, values in self.variables.items()
            ],
        }
        return {key: value for key, value in found.items() if value is not None}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A client that has seen enough hangs up; that is what some tests are about."""


class Statbank:
    def __init__(self) -> None:
        self.tables: dict[str, BankTable] = {}
        self.documents: dict[str, Any] = {}
        self.fault = ""
        self.info_fault = ""
        self.faults: dict[str, list[str]] = {}
        self.held, self.release = threading.Event(), threading.Event()
        self.redirect_to = "https://example.dk/"
        self.sent = 0  # bytes of answers that never end
        self.asked: list[tuple[str, Any]] = []
        self.visits: list[str] = []
        self._server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"bank": self}))
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.url = f"{self.origin}/v1"

    def add(self, table: BankTable) -> BankTable:
        self.tables[table.id] = table
        return table

    def __enter__(self) -> Statbank:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def next_fault(self, table: str) -> str:
        """What goes wrong with this answer about figures of the table."""
        return self.faults[table].pop(0) if self.faults.get(table) else self.fault

    def __exit__(self, *_: object) -> None:
        self.release.set()
        self._server.shutdown()
        self._server.server_close()


class _Refused(Exception):
    def __init__(self, status: int, code: str, message: str) -> None:
        self.status, self.body = status, {"errorTypeCode": code, "message": message}
        super().__init__(code)


@dataclass
class _Selection:
    table: BankTable
    format: str
    lang: str
    codes: list[list[str]] = field(default_factory=list)

    def rows(self) -> list[tuple[tuple[str, ...], str]]:
        """In the table's order. A streaming format leaves out what the table does not hold."""
        empty = self.table.suppressed if self.table.suppressed is not None else MISSING
        grid = itertools.product(*self.codes)
        if self.format == "BULK":
            return [(key, self.table.cells[key]) for key in grid if key in self.table.cells]
        return [(key, self.table.cells.get(key, empty)) for key in grid]


class _Handler(BaseHTTPRequestHandler):
    bank: Statbank
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        pass

    # --- Answers ---

    def give(self, status: int, body: bytes, media_type: str, **headers: str) -> None:
        self.send_response(status)
        every = {"Content-Type": media_type, "Content-Length": str(len(body)), **headers}
        for name, value in every.items():
            if value:
                self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def give_json(self, status: int, body: Any, media_type: str = "application/json; charset=utf-8") -> None:
        self.give(status, json.dumps(body, ensure_ascii=False).encode(), media_type)

    def go_wrong(self, fault: str, body: bytes, media_type: str) -> None:
        """`body` as it would have been, spoiled."""
        match fault:
            case "500" | "502" | "503" | "429" | "403":
                self.give(int(fault), b"<html>in trouble</html>", "text/html")
            case "slow":
                time.sleep(1.5)
                self.give(200, body, media_type)
            case "hold":
                self.bank.held.set()
                self.bank.release.wait(60)
                self.give(200, body, media_type)
            case "drip":
                self.send_response(200)
                self.send_header("Content-Type", media_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                for one in body:
                    self.wfile.write(bytes([one]))
                    self.wfile.flush()
                    time.sleep(0.05)
            case "cut":
                self.give(200, body[: len(body) // 2], media_type, **{"Content-Length": str(len(body))})
                self.close_connection = True
            case "cut in chunks":
                self.send_response(200)
                self.send_header("Content-Type", media_type)
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                half = body[: len(body) // 2]
                self.wfile.write(f"{len(half):x}\r\n".encode() + half + b"\r\n")
                self.close_connection = True
            case "no length":
                self.give(200, body, media_type, **{"Content-Length": ""})
                self.close_connection = True
            case "html":
                self.give(200, b"<html>welcome</html>", "text/html; charset=utf-8")
            case "redirect" | "redirect inside":
                target = "http://169.254.169.254/latest/" if fault == "redirect inside" else self.bank.redirect_to
                self.give(302, b"", media_type, Location=target)
            case "gzip":
                self.give(200, gzip.compress(body), media_type, Content_Encoding="gzip")
            case "gzip cut":
                self.give(200, gzip.compress(body)[:-12], media_type, Content_Encoding="gzip")
            case "gzip lie":
                self.give(200, body, media_type, Content_Encoding="gzip")
            case "gzip twice":
                half = len(body) // 2
                both = gzip.compress(body[:half]) + gzip.compress(body[half:])
                self.give(200, both, media_type, Content_Encoding="gzip")
            case "bomb":
                self.give(200, gzip.compress(b"0" * 50_000_000), media_type, Content_Encoding="gzip")
            case "bomb in chunks" | "endless":
                self.send_response(200)
                self.send_header("Content-Type", media_type)
                self.send_header("Transfer-Encoding", "chunked")
                if fault == "bomb in chunks":
                    self.send_header("Content-Encoding", "gzip")
                self.end_headers()
                self.send_without_end(gzip.compress(b"0" * 50_000_000) if fault == "bomb in chunks" else b"1" * 65_536)
            case "huge":
                self.give(200, b"1" * 65_536, media_type, **{"Content-Length": str(10**12)})
                self.bank.release.wait(60)
                self.close_connection = True
            case "brotli":
                self.give(200, body, media_type, Content_Encoding="br")
            case "chunked":
                self.send_response(200)
                self.send_header("Content-Type", media_type)
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                for start in range(0, len(body), 7):
                    part = body[start : start + 7]
                    self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
                self.wfile.write(b"0\r\n\r\n")
            case "empty":
                self.give(200, b"", media_type)
            case "nonsense":
                self.give(200, b'{"half": ', media_type)
            case "column":
                self.give(200, body.replace(b";TID;", b";PERIODE;", 1), media_type)
            case "hang up":
                self.close_connection = True
            case code:
                self.give_json(400, {"errorTypeCode": code, "message": "Det gik ikke."})

    def send_without_end(self, part: bytes) -> None:
        """The same chunk until whoever listens hangs up, or until far more has gone out than anybody takes."""
        while self.bank.sent < 500_000_000:
            self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
            self.bank.sent += len(part)

    # --- What is asked ---

    def do_GET(self) -> None:
        self.bank.visits.append(self.path)
        _, _, name = self.path.lstrip("/").partition("/")
        if self.path.startswith("/jsonstat/") and unquote(name) in self.bank.documents:
            body = json.dumps(self.bank.documents[unquote(name)]).encode()
            if self.bank.fault:
                self.go_wrong(self.bank.fault, body, "application/json")
            else:
                self.give(200, body, "application/json")
        else:
            self.give_json(404, {"errorTypeCode": "NOT-FOUND", "message": "Findes ikke."})

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.bank.asked.append((self.path, said))
        try:
            table = self.bank.tables.get(str(said.get("table")))
            if table is None:
                raise _Refused(400, "TABLE-NOT-FOUND", "Tabellen findes ikke.")
            if self.path == "/v1/tableinfo":
                self.answer(self.bank.info_fault, json.dumps(table.info(), ensure_ascii=False).encode(), "text/json")
            elif self.path == "/v1/data":
                self.answer(self.bank.next_fault(table.id), *self.data(table, said))
            else:
                raise _Refused(404, "NOT-FOUND", "Findes ikke.")
        except _Refused as refused:
            self.give_json(refused.status, refused.body)

    def answer(self, fault: str, body: bytes, media_type: str) -> None:
        if fault:
            self.go_wrong(fault, body, media_type)
        else:
            self.give(200, body, f"{media_type}; charset=utf-8")

    def data(self, table: BankTable, said: dict[str, Any]) -> tuple[bytes, str]:
        asked = {one["code"].upper(): one["values"] for one in said.get("variables", [])}
        selection = _Selection(table, said["format"], said["lang"])
        if said.get("valuePresentation") != "Code":
            raise _Refused(400, "EXTRACT-PRESENTATION", "Bed om koder.")
        for code, values in table.variables.items():
            wanted = asked.get(code.upper())
            if not wanted:
                raise _Refused(400, "EXTRACT-VARIABLE", f"Variablen {code} mangler.")
            unknown = [value for value in wanted if value not in values]
            if unknown:
                raise _Refused(400, "EXTRACT-NOTFOUND", f"{unknown[0]} findes ikke.")
            selection.codes.append(wanted)
        cells = 1
        for codes in selection.codes:
            cells *= len(codes)
        if cells > LIMIT and selection.format != "BULK":
            raise _Refused(400, "REQUEST-LIMIT", f"Forespørgslen på {cells} celler er over begrænsningen.")
        if selection.format == "JSONSTAT":
            return _jsonstat(selection), "text/json"
        mark = "," if selection.lang == "da" else "."
        lines = [[code.upper() for code in table.variables] + ["INDHOLD"]]
        lines += [[*key, value if value == MISSING else value.replace(".", mark)] for key, value in selection.rows()]
        text = "".join(";".join(line) + "\r\n" for line in lines)
        return b"\xef\xbb\xbf" + text.encode(), "text/csv"


def _jsonstat(selection: _Selection) -> bytes:
    """1.x: a wrapper called dataset, and id, size and role inside dimension."""
    table = selection.table
    names = list(table.variables)
    dimension: dict[str, Any] = {
        name: {
            "label": name.lower(),
            "category": {
                "index": {code: number for number, code in enumerate(codes)},
                "label": {code: table.variables[name][code] for code in codes},
            },
        }
        for name, codes in zip(names, selection.codes, strict=True)
    }
    content = {"label": "Indhold", "category": {"index": {table.id: 0}, "label": {table.id: table.id}}}
    order = [*names[:-1], "ContentsCode", names[-1]]
    dimension["ContentsCode"] = content
    dimension["id"] = order
    dimension["size"] = [1 if name == "ContentsCode" else len(selection.codes[names.index(name)]) for name in order]
    dimension["role"] = {"metric": ["ContentsCode"], "time": [names[-1]]}
    values = [None if value == MISSING else float(value) for _, value in selection.rows()]
    dataset = {"dimension": dimension, "label": table.id, "source": "Test", "updated": "2026-02-11T07:00:00Z"}
    return json.dumps({"dataset": {**dataset, "value": values}}, ensure_ascii=False).encode()
