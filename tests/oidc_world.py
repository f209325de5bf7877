"""The workplace's sign-in as tests use it: started once, told what to say, and walked through as a browser does."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from django.test import Client

from sundhedsaftale.oidc.configuration import Workplace, read_workplaces
from tests.conftest import ROOT
from tests.oidc_server import CLIENT, SECRET


@dataclass(frozen=True)
class Server:
    """The process. `url` has no issuer in it yet."""

    url: str

    def says(self, issuer: str, fault: str = "", **claims: Any) -> None:
        """Who is signed in at the issuer from now on, and what goes wrong."""
        said: dict[str, Any] = {"issuer": issuer, "fault": fault}
        if claims:
            said["claims"] = claims
        request = Request(self.url + "/control", json.dumps(said).encode(), {"Content-Type": "application/json"})
        urlopen(request, timeout=10).close()

    def workplaces(self, *issuers: str, **more: Any) -> dict[str, Workplace]:
        """As settings would have them; `more` goes into each entry."""
        return read_workplaces(self.configuration(*issuers, **more), lambda name: SECRET)

    def configuration(self, *issuers: str, **more: Any) -> str:
        return json.dumps(
            [
                {
                    "id": name,
                    "name": f"Region {name.title()}",
                    "server_url": f"{self.url}/{name}",
                    "client_id": CLIENT,
                    "secret_env": "OIDC_TEST_SECRET",
                    **more,
                }
                for name in issuers
            ]
        )

    def visit(self, address: str) -> str:
        """Where the issuer sends the browser back to: path and question."""
        parts = urlsplit(address)
        assert parts.netloc == urlsplit(self.url).netloc
        connection = HTTPConnection(parts.netloc, timeout=10)
        try:
            connection.request("GET", f"{parts.path}?{parts.query}")
            answer = connection.getresponse()
            assert answer.status == 302, answer.read()
            back = urlsplit(answer.headers["Location"])
        finally:
            connection.close()
        return f"{back.path}?{back.query}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_server() -> Iterator[Server]:
    port = free_port()
    command = [sys.executable, str(ROOT / "tests" / "oidc_server.py"), str(port), str(time.time())]
    process = subprocess.Popen(command, cwd=ROOT)
    server = Server(f"http://127.0.0.1:{port}")
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                server.says("start")
                break
            except OSError:
                assert process.poll() is None
                assert time.monotonic() < deadline, "the provider did not start"
                time.sleep(0.05)
        yield server
    finally:
        process.terminate()
        process.wait(10)


def begin(client: Client, name: str, **form: str) -> Any:
    return client.post(f"/konto/arbejdsplads/{name}/", form)


def onward(response: Any) -> str:
    """The address a page sends the browser on to."""
    assert response.status_code == 200, response.content.decode()[-2000:]
    seconds, _, address = response["Refresh"].partition("; url=")
    assert seconds == "0"
    return str(address)


def through(client: Client, server: Server, name: str, **form: str) -> Any:
    """The whole way: off to the workplace and back again."""
    return client.get(server.visit(onward(begin(client, name, **form))))
