"""Which machines may be asked for figures: names somebody listed, and addresses that lie on the open internet.

Standard library only, and nothing here asks the network: settings read the list, the one who fetches checks against it.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?", re.ASCII)
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
# Addresses that carry another address inside: the one at the other end is not the one that was checked.
_TRANSLATED = tuple(ipaddress.ip_network(one) for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
# For special use by IANA's lists; which of them the standard library knows hangs on its version.
_SPECIAL = tuple(
    ipaddress.ip_network(one)
    for one in ("192.0.0.0/24", "192.88.99.0/24", "100::/64", "2001::/23", "3fff::/20", "5f00::/16")
)


class NotAHost(ValueError):
    """A sentence that says what is wrong with an entry of the list, or with an address, and what to do."""


@dataclass(frozen=True)
class Host:
    """One entry: https to a name, or the machine itself over http, which only development and tests may list."""

    scheme: str
    name: str
    port: int

    @property
    def is_loopback(self) -> bool:
        return self.scheme == "http"


def read_hosts(text: str) -> tuple[Host, ...]:
    """ "api.statbank.dk, tal.example.dk:8443, http://127.0.0.1:8765". Raises NotAHost for the first that is none."""
    entries = [entry.strip() for entry in text.split(",")]
    return tuple(dict.fromkeys(_read_host(entry) for entry in entries if entry))


def _read_host(entry: str) -> Host:
    given = entry if "://" in entry else f"https://{entry}"
    scheme, name, port = _parts(given, entry)
    if urlsplit(given).path not in ("", "/") or urlsplit(given).query or urlsplit(given).fragment:
        raise NotAHost(f"“{entry}” has a path. List the host alone, for example api.statbank.dk.")
    if name in _LOOPBACK_NAMES:
        if scheme != "http" or not urlsplit(given).port:
            raise NotAHost(f"“{entry}” is this machine. It is listed with scheme and port: http://127.0.0.1:8765.")
        return Host("http", name, port)
    if scheme != "https":
        raise NotAHost(f"“{entry}” is not https. Figures are fetched over https only; leave the scheme out.")
    if is_address(name) or not _NAME.fullmatch(name):
        raise NotAHost(
            f"“{entry}” is not the full name of a host. Write for example api.statbank.dk; no stars, no numbers."
        )
    return Host("https", name, port)


def host_of(url: str) -> Host:
    """Whom the address asks. Raises NotAHost when it cannot be told for certain, or holds a user's name."""
    return Host(*_parts(url, "The address"))


def _parts(url: str, what: str) -> tuple[str, str, int]:
    if any(ord(character) < 33 or character == "\\" for character in url):
        raise NotAHost(f"{what} holds a sign that no address has.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NotAHost(f"{what} is not an address.") from None
    if parts.scheme not in ("http", "https"):
        raise NotAHost(f"{what} is neither http nor https.")
    if "@" in parts.netloc:
        raise NotAHost(f"{what} holds a user's name or password. Leave it out.")
    name = (parts.hostname or "").lower()
    if not name or not name.isascii():
        raise NotAHost(f"{what} names no host, or one that is not written in plain letters.")
    return parts.scheme, name, port or (443 if parts.scheme == "https" else 80)


def may_ask(url: str, hosts: Iterable[Host]) -> bool:
    """Whether scheme, name and port are exactly those of a host on the list."""
    try:
        return host_of(url) in set(hosts)
    except NotAHost:
        return False


def is_address(name: str) -> bool:
    """Whether a resolver would take it for a number: 127.0.0.1, ::1, and the forms 2130706433, 0x7f.1, 0177.0.0.1."""
    try:
        ipaddress.ip_address(name.strip("[]").partition("%")[0])
    except ValueError:
        pass
    else:
        return True
    try:
        socket.inet_aton(name)
    except (OSError, ValueError):
        return False
    return True


def is_public(address: str) -> bool:
    """Whether the address lies on the open internet: not this machine, not a network nearby, not one in disguise."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            return is_public(str(found.ipv4_mapped))
        if found.scope_id is not None or found.is_site_local or any(found in network for network in _TRANSLATED):
            return False
    if any(found in network for network in _SPECIAL if network.version == found.version):
        return False
    refused = (
        found.is_private, found.is_loopback, found.is_link_local, found.is_multicast, found.is_reserved, found.is_unspecified,
    )  # fmt: skip
    return found.is_global and not any(refused)
