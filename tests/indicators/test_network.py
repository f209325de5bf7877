"""Asking other machines: only those on the list, only where the name really leads, and only so much."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from indicators.refresh import network
from indicators.refresh.network import CheckedAddresses, ask
from indicators.refresh.reading import NotReadable, TryAgain
from sundhedsaftale.lib.hosts import Host, read_hosts
from tests.statbank_server import Statbank

STATBANK = Host("https", "api.statbank.dk", 443)


@pytest.fixture
def bank(settings: Any) -> Iterator[Statbank]:
    with Statbank() as found:
        found.documents["one"] = {"class": "dataset", "id": [], "value": [1] * 50}
        settings.FIGURE_HOSTS = read_hosts(f"api.statbank.dk,{found.origin}")
        yield found


def get(bank: Statbank, **more: Any) -> network.Answer:
    return ask(f"{bank.origin}/jsonstat/one", accepted=("application/json",), **more)


def test_an_answer_comes_whole(bank: Statbank) -> None:
    answer = get(bank)
    assert (answer.status, answer.media_type, answer.body[:20]) == (200, "application/json", b'{"class": "dataset",')
    assert ask(f"{bank.origin}/nothing").status == 404


@pytest.mark.parametrize("fault", ["gzip", "chunked"])
def test_packed_and_in_chunks_is_the_same(bank: Statbank, fault: str) -> None:
    plain = get(bank).body
    bank.fault = fault
    assert get(bank).body == plain


@pytest.mark.parametrize(
    ("fault", "error", "code"),
    [
        ("500", TryAgain, "source_in_trouble"),
        ("503", TryAgain, "source_in_trouble"),
        ("429", TryAgain, "source_in_trouble"),
        ("403", NotReadable, "source_refuses"),
        ("cut", TryAgain, "cut_off"),
        ("cut in chunks", TryAgain, "cut_off"),
        ("gzip cut", TryAgain, "cut_off"),
        ("no length", TryAgain, "cut_off"),
        ("hang up", TryAgain, "cut_off"),
        ("html", NotReadable, "wrong_type"),
        ("redirect", NotReadable, "redirected"),
        ("redirect inside", NotReadable, "redirected"),
        ("gzip lie", NotReadable, "wrong_packing"),
        ("gzip twice", NotReadable, "wrong_packing"),
        ("brotli", NotReadable, "wrong_packing"),
        ("bomb", NotReadable, "too_large"),
        ("bomb in chunks", NotReadable, "too_large"),
    ],
)
def test_what_goes_wrong_is_told_apart(bank: Statbank, fault: str, error: type[Exception], code: str) -> None:
    bank.fault = fault
    with pytest.raises(error) as caught:
        get(bank, largest=1_000_000)
    assert caught.value.code == code  # type: ignore[attr-defined]


@pytest.mark.parametrize("fault", ["", "chunked", "gzip"])
def test_a_body_is_counted_while_it_comes(bank: Statbank, fault: str) -> None:
    bank.fault = fault
    size = len(get(bank).body)
    assert len(get(bank, largest=size).body) == size
    with pytest.raises(NotReadable) as caught:
        get(bank, largest=size - 1)
    assert caught.value.code == "too_large"


def test_a_body_without_an_end_is_given_up_when_it_is_too_large(bank: Statbank) -> None:
    """Nothing says how long it is: it is counted, and the connection is closed at the limit."""
    bank.fault = "endless"
    with pytest.raises(NotReadable) as caught:
        get(bank, largest=1_000_000)
    assert caught.value.code == "too_large"
    assert bank.sent < 100_000_000, "what lies in the buffers on the way, and no more"


def test_a_body_that_says_it_is_too_large_is_not_waited_for(bank: Statbank) -> None:
    """It never comes to its end; the length alone decides."""
    bank.fault = "huge"
    with pytest.raises(NotReadable) as caught:
        get(bank)
    assert caught.value.code == "too_large"


def test_a_redirect_is_not_followed_even_to_a_host_of_the_list(bank: Statbank, settings: Any) -> None:
    with Statbank() as other:
        other.documents["one"] = {}
        settings.FIGURE_HOSTS = read_hosts(f"{bank.origin},{other.origin}")
        bank.fault, bank.redirect_to = "redirect", f"{other.origin}/jsonstat/one"
        with pytest.raises(NotReadable) as caught:
            get(bank)
        assert (caught.value.code, other.visits) == ("redirected", [])


def test_silence_and_drops_come_to_an_end(bank: Statbank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "TIMEOUT", httpx.Timeout(0.3))
    bank.fault = "slow"
    with pytest.raises(TryAgain) as caught:
        get(bank)
    assert caught.value.code == "timed_out"
    bank.fault = "drip"  # never silent for long, and never done
    monkeypatch.setattr(network, "DEADLINE", 0.3)
    with pytest.raises(TryAgain) as caught:
        get(bank)
    assert caught.value.code == "timed_out"


def test_nobody_listens(bank: Statbank, settings: Any) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        origin = f"http://127.0.0.1:{taken.getsockname()[1]}"
        settings.FIGURE_HOSTS = read_hosts(origin)
        with pytest.raises(TryAgain) as caught:
            ask(f"{origin}/v1")
    assert (caught.value.code, caught.value.details) == ("no_connection", "127.0.0.1")


# --- Whom is asked ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "https://example.dk/v1",
        "http://api.statbank.dk/v1",
        "https://api.statbank.dk:444/v1",
        "https://user:secret@api.statbank.dk/v1",
        "https://api.statbank.dk@169.254.169.254/v1",
        "https://127.0.0.1/v1",
        "https://2130706433/v1",
        "https://0x7f000001/v1",
        "https://[::1]/v1",
        "https://[::ffff:169.254.169.254]/v1",
        "http://127.0.0.1:1/v1",
        "file:///etc/passwd",
        "ftp://api.statbank.dk/v1",
        "https://api.statbank.dk\\@evil.example/",
        "",
    ],
)
def test_others_than_those_on_the_list_are_never_looked_up(
    bank: Statbank, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "checked_addresses", lambda host: pytest.fail("was looked up"))
    with pytest.raises(NotReadable) as caught:
        ask(url)
    assert caught.value.code == "host_not_allowed"
    assert "secret" not in caught.value.details


@given(
    st.sampled_from(["https://", "https:", "https:///", "HTTPS://", "//", ""]),
    st.lists(
        st.sampled_from(
            ["api.statbank.dk", "evil.example", "@", "#", "?", "/", "\\", ":", "443", "%2e", "[::1]", "。", " "]
        ),
        max_size=6,
    ),
)
def test_what_passes_is_asked_of_that_very_host(scheme: str, parts: list[str]) -> None:
    """The one who checks and the one who connects read the address in the same way, however it is put together."""
    url = scheme + "".join(parts)
    with override_settings(FIGURE_HOSTS=read_hosts("api.statbank.dk")):
        try:
            network._allowed(url)
        except NotReadable:
            return
    asked = httpx.Request("GET", url).url
    assert (asked.scheme, asked.host, asked.port) == ("https", "api.statbank.dk", None)


def test_an_address_no_client_takes_is_refused(settings: Any) -> None:
    settings.FIGURE_HOSTS = read_hosts("api.statbank.dk")
    with pytest.raises(NotReadable):
        ask("https://api.statbank.dk/" + "x" * 70_000)


def leads_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """The name leads there from now on. Returns the list of names looked up."""
    looked_up: list[str] = []

    def found(name: str, port: int, **_: Any) -> list[Any]:
        looked_up.append(name)
        return [(socket.AF_INET6 if ":" in one else socket.AF_INET, 1, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    return looked_up


INSIDE = [
    "127.0.0.1", "169.254.169.254", "10.0.0.1", "192.168.0.9", "192.0.0.8", "224.0.0.1", "0.0.0.0", "::1", "fd00::1",
    "fe80::1%eth0", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "2002:7f00:1::",
    "not an address",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Alone, and however many others stand beside it, in whatever order."""
    outside = ("8.8.8.8", "2a00:1450:400f:80d::200e")
    leads_to(monkeypatch, *outside)
    assert network.checked_addresses(STATBANK) == list(outside)
    for several in ((address,), (*outside, address), (address, *outside)):
        leads_to(monkeypatch, *several)
        with pytest.raises(NotReadable) as caught:
            network.checked_addresses(STATBANK)
        assert (caught.value.code, caught.value.details) == ("address_not_allowed", "api.statbank.dk")


@pytest.mark.parametrize("addresses", [("169.254.169.254",), ("8.8.8.8", "10.0.0.1"), ("::ffff:10.0.0.1", "8.8.8.8")])
def test_whoever_is_refused_is_not_connected_to(
    addresses: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.FIGURE_HOSTS = read_hosts("api.statbank.dk")
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", lambda *_: pytest.fail("was connected to"))
    leads_to(monkeypatch, *addresses)
    with pytest.raises(NotReadable) as caught:
        ask("https://api.statbank.dk/v1/data", json={})
    assert caught.value.code == "address_not_allowed"


def test_a_loopback_entry_leads_to_this_machine_alone(bank: Statbank, monkeypatch: pytest.MonkeyPatch) -> None:
    leads_to(monkeypatch, "10.0.0.1")
    with pytest.raises(NotReadable) as caught:
        get(bank)
    assert caught.value.code == "address_not_allowed"


def test_production_asks_nothing_of_itself(bank: Statbank, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It does not start with such a list (tests/project/test_settings.py); and if it had one, nobody would be asked."""
    settings.FIGURES_FROM_ITSELF = False
    with pytest.raises(NotReadable) as caught:
        get(bank)
    assert (caught.value.code, caught.value.details, bank.visits) == ("host_not_allowed", "api.statbank.dk", [])
    with pytest.raises(NotReadable) as caught:  # nor when the check of the list is left out
        network.checked_addresses(Host("http", "127.0.0.1", 8765))
    assert caught.value.code == "address_not_allowed"
    leads_to(monkeypatch, "127.0.0.1")
    with pytest.raises(NotReadable) as caught:
        ask("https://api.statbank.dk/v1/data", json={})
    assert caught.value.code == "address_not_allowed"


class Line(httpx.BaseTransport):
    """Notes where a connection would have gone; the addresses in `dead` do not answer."""

    def __init__(self, *dead: str, error: type[httpx.TransportError] = httpx.ConnectError) -> None:
        self.requests: list[httpx.Request] = []
        self._dead, self._error = dead, error

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.host in self._dead:
            raise self._error("nobody")
        return httpx.Response(200, content=b"ok")


def through(line: Line) -> httpx.Client:
    return httpx.Client(transport=CheckedAddresses(STATBANK, line))


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ConnectTimeout])
def test_the_connection_goes_to_the_address_that_was_checked(
    error: type[httpx.TransportError], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One look-up, and the rest of the way by number: what the name leads to afterwards does not matter."""
    looked_up = leads_to(monkeypatch, "193.3.19.1", "2a00:1450:400f:80d::200e")
    line = Line("193.3.19.1", error=error)
    assert through(line).post("https://api.statbank.dk/v1/data", json={"table": "X"}).status_code == 200
    assert looked_up == ["api.statbank.dk"]
    assert [request.url.host for request in line.requests] == ["193.3.19.1", "2a00:1450:400f:80d::200e"]
    last = line.requests[-1]
    assert last.headers["Host"] == "api.statbank.dk"
    assert last.extensions["sni_hostname"] == "api.statbank.dk"
    assert (last.url.port, last.url.scheme, last.url.path) == (None, "https", "/v1/data")
    assert last.read() == b'{"table":"X"}'


def test_when_no_address_answers_there_is_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    leads_to(monkeypatch, "193.3.19.1")
    with pytest.raises(httpx.ConnectError):
        through(Line("193.3.19.1")).get("https://api.statbank.dk/")


def test_a_name_nobody_knows_may_be_known_in_a_minute(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.FIGURE_HOSTS = read_hosts("api.statbank.dk")

    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-3, "later")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(TryAgain) as caught:
        ask("https://api.statbank.dk/v1")
    assert caught.value.code == "no_connection"


def test_a_proxy_of_the_environment_is_not_taken(bank: Statbank, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert get(bank).status == 200


def test_a_proxy_of_the_settings_is(bank: Statbank, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing listens there, so the request fails; and the name is left for the proxy to look up."""
    settings.FIGURE_PROXY = "http://127.0.0.1:9"
    monkeypatch.setattr(network, "checked_addresses", lambda host: pytest.fail("was looked up"))
    with pytest.raises(TryAgain) as caught:
        ask("https://api.statbank.dk/v1")
    assert caught.value.code == "no_connection"


# --- TLS --------------------------------------------------------------------------------------------------------------


def certificate(folder: Path, name: str) -> Path:
    """A key and a certificate for that name, signed by itself, in one file. Valid by any clock a test may set."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2099, 12, 31, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.mark.parametrize(("name", "trusted"), [("api.statbank.dk", True), ("evil.example", False)])
def test_the_certificate_must_be_the_names_though_the_connection_goes_by_number(
    name: str, trusted: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A real handshake: the server hears the name, and its certificate is held against the name, not the number."""
    path = certificate(tmp_path, name)
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(path)
    heard: list[str | None] = []
    own.sni_callback = lambda _socket, said, _context: heard.append(said)
    with Statbank() as bank:
        bank.documents["one"] = {"value": 1}
        bank._server.socket = own.wrap_socket(bank._server.socket, server_side=True)
        host = Host("https", "api.statbank.dk", int(bank.origin.rpartition(":")[2]))
        monkeypatch.setattr(network, "checked_addresses", lambda _: ["127.0.0.1"])
        inner = httpx.HTTPTransport(verify=ssl.create_default_context(cafile=str(path)), trust_env=False)
        with httpx.Client(transport=CheckedAddresses(host, inner), trust_env=False) as client:
            url = f"https://api.statbank.dk:{host.port}/jsonstat/one"
            if trusted:
                assert client.get(url).json() == {"value": 1}
            else:
                with pytest.raises(httpx.ConnectError, match=r"(?i)certificate"):
                    client.get(url)
    assert heard == ["api.statbank.dk"]
