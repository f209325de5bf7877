"""Asking another machine for figures, and nobody but those on the list.

The name is looked up here, every address it leads to must lie on the open internet, and the connection goes to the very
address that was checked: a name that answers differently a moment later changes nothing. TLS and the Host header still
say the name. Redirects are refused, and the body is counted while it comes, packed and unpacked, and given up when it
does not end.
"""

from __future__ import annotations

import socket
import time
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from django.conf import settings

from indicators.refresh.reading import LARGEST, NotReadable, TryAgain
from sundhedsaftale.lib.hosts import Host, NotAHost, host_of, is_public

TIMEOUT = httpx.Timeout(60.0, connect=10.0)
#: An answer that has not come to its end by then is given up: well before a run is taken for dead.
DEADLINE = 600.0
_AGENT = "sundhedsaftale (figures)"
_CHUNK = 64 * 1024
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Answer:
    """status: 200, 400 or 404. media_type: small letters, without its parameters."""

    status: int
    media_type: str
    body: bytes


def ask(url: str, *, json: Any = None, accepted: Collection[str] = (), largest: int = LARGEST) -> Answer:
    """GET the address, or POST `json` to it. accepted: the media types of a body that can be used.

    Raises NotReadable (the host is not on the list, a redirect, another type, too large) and TryAgain (no connection,
    too slow, cut off, the other end is in trouble). 400 and 404 are answers, for the caller to read.
    """
    host = _allowed(url)
    deadline = time.monotonic() + DEADLINE
    method = "GET" if json is None else "POST"
    headers = {"User-Agent": _AGENT, "Accept": ", ".join(accepted) or "*/*", "Accept-Encoding": "gzip"}
    try:
        with _client(host) as client, client.stream(method, url, json=json, headers=headers) as response:
            _check_status(response)
            media_type = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            if response.status_code == 200 and accepted and media_type not in accepted:
                raise NotReadable("wrong_type", details=", ".join(accepted))
            return Answer(response.status_code, media_type, _body(response, largest, deadline))
    except httpx.TimeoutException:
        raise TryAgain("timed_out") from None
    except (httpx.RemoteProtocolError, httpx.ReadError):
        raise TryAgain("cut_off") from None
    except httpx.TransportError:
        raise TryAgain("no_connection", details=host.name) from None


def _allowed(url: str) -> Host:
    """The host of the list that is asked. Two readers of addresses must agree on it: where they differ, people hide."""
    try:
        host, read = host_of(url), httpx.URL(url)
    except (NotAHost, httpx.InvalidURL):
        raise NotReadable("host_not_allowed") from None
    if (read.scheme, read.host, read.port or _PORTS.get(read.scheme)) != (host.scheme, host.name, host.port):
        raise NotReadable("host_not_allowed")
    # In production the machine itself is nobody's source, whatever the list has come to hold.
    allowed = [one for one in settings.FIGURE_HOSTS if settings.FIGURES_FROM_ITSELF or not one.is_loopback]
    if host not in allowed:
        raise NotReadable("host_not_allowed", details=", ".join(sorted(one.name for one in allowed)))
    return host


def _client(host: Host) -> httpx.Client:
    """trust_env off: neither proxies nor certificates nor passwords come from the environment."""
    if settings.FIGURE_PROXY and not host.is_loopback:
        return httpx.Client(proxy=settings.FIGURE_PROXY, timeout=TIMEOUT, follow_redirects=False, trust_env=False)
    transport = CheckedAddresses(host)
    return httpx.Client(transport=transport, timeout=TIMEOUT, follow_redirects=False, trust_env=False)


class CheckedAddresses(httpx.BaseTransport):
    """Looks the host up, refuses it when any of its addresses is not public, and connects to those and no other."""

    def __init__(self, host: Host, inner: httpx.BaseTransport | None = None) -> None:
        self._host = host
        self._inner = inner or httpx.HTTPTransport(trust_env=False, retries=0)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        addresses = checked_addresses(self._host)
        for number, address in enumerate(addresses, start=1):
            pinned = httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,  # with the Host that the client wrote from the name
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": self._host.name},
            )
            try:
                return self._inner.handle_request(pinned)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if number == len(addresses):
                    raise
        raise httpx.ConnectError("no address")

    def close(self) -> None:
        self._inner.close()


def checked_addresses(host: Host) -> list[str]:
    """The addresses the name leads to now. Raises NotReadable when one of them is not to be asked, and httpx.ConnectError.

    All must pass: a name that leads both outwards and inwards has no business with us. A loopback entry of the list must
    lead to this machine and nowhere else.
    """
    try:
        found = socket.getaddrinfo(host.name, host.port, type=socket.SOCK_STREAM)
    except OSError:
        raise httpx.ConnectError("the name is not known") from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses or not all(_may_be_asked(address, host) for address in addresses):
        raise NotReadable("address_not_allowed", details=host.name)
    return addresses


_LOOPBACK = ("127.0.0.1", "::1")


def _may_be_asked(address: str, host: Host) -> bool:
    if host.is_loopback:
        return bool(settings.FIGURES_FROM_ITSELF) and address in _LOOPBACK
    return is_public(address)


def _check_status(response: httpx.Response) -> None:
    status = response.status_code
    if 300 <= status < 400:
        raise NotReadable("redirected")
    if status == 429 or status >= 500:
        raise TryAgain("source_in_trouble", details=str(status))
    if status not in (200, 400, 404):
        raise NotReadable("source_refuses", details=str(status))


def _body(response: httpx.Response, largest: int, deadline: float) -> bytes:
    """The whole body, unpacked. Nothing beyond `largest` is ever held, however well it was packed."""
    headers: Mapping[str, str] = response.headers
    length = headers.get("Content-Length", "")
    if not length and "chunked" not in headers.get("Transfer-Encoding", "").lower():
        raise TryAgain("cut_off")  # nothing says where it ends, so nobody could tell that it was cut
    if length.isdigit() and int(length) > largest:
        raise NotReadable("too_large")
    packing = headers.get("Content-Encoding", "").strip().lower()
    if packing not in ("", "identity", "gzip"):
        raise NotReadable("wrong_packing")
    whole, size = [], 0
    for part in _unpacked(_in_time(response, deadline), packing == "gzip"):
        size += len(part)
        if size > largest:
            raise NotReadable("too_large")
        whole.append(part)
    return b"".join(whole)


def _in_time(response: httpx.Response, deadline: float) -> Iterator[bytes]:
    for chunk in response.iter_raw():
        if time.monotonic() > deadline:
            raise TryAgain("timed_out")
        yield chunk


def _unpacked(chunks: Iterator[bytes], packed: bool) -> Iterator[bytes]:
    if not packed:
        yield from chunks
        return
    unpacker = zlib.decompressobj(wbits=31)
    for chunk in chunks:
        waiting = chunk
        while waiting:
            try:
                yield unpacker.decompress(waiting, _CHUNK)
            except zlib.error:
                raise NotReadable("wrong_packing") from None
            waiting = unpacker.unconsumed_tail
        if unpacker.unused_data:  # a second piece behind the end: left out it would be missed by nobody
            raise NotReadable("wrong_packing")
    if not unpacker.eof:
        raise TryAgain("cut_off")
