"""Which workplaces one can sign in through: read once, from one environment variable. Standard library only.

OIDC_PROVIDERS is a list in JSON. Each entry names the address of the workplace's own sign-in (Entra ID, AD FS, Keycloak),
the client we are registered as there, and the environment variable that holds the secret: no secret stands in the list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

ROLES = ("secretary", "chair", "lead", "member", "deputy", "reader")
REQUIRED = ("id", "name", "server_url", "client_id", "secret_env")
KNOWN = {*REQUIRED, "issuer", "scope", "roles", "contact", "userinfo"}
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class NotUsable(ValueError):
    """A sentence that says what is wrong and what to do."""


@dataclass(frozen=True)
class Workplace:
    id: str
    name: str
    server_url: str
    client_id: str
    secret: str = field(repr=False)
    issuer: str  # who must have signed: the server's address unless another is named
    scope: tuple[str, ...] = ("openid", "profile", "email")
    userinfo: bool = False  # ask the server for name and address when they are not in the token
    contact: str = ""  # whom somebody asks who is not let in
    role_claim: str = ""
    # What a value of the claim gives: (slug of the body, role).
    roles: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


def read_workplaces(text: str, secret_of: Callable[[str], str]) -> dict[str, Workplace]:
    """The workplaces by id, in the order written; none when the text is empty. `secret_of` reads an environment variable.

    Raises NotUsable.
    """
    if not text.strip():
        return {}
    try:
        entries = json.loads(text)
    except ValueError as error:
        raise NotUsable(f"It is not JSON: {error}. Write a list, [ … ], on one line.") from error
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise NotUsable('Write a list of entries, [{"id": …}, {"id": …}].')
    places: dict[str, Workplace] = {}
    for number, entry in enumerate(entries, start=1):
        place = _read(entry, f"Entry {number}", secret_of)
        if place.id in places:
            raise NotUsable(f"Two entries have the id {place.id!r}. Give each an id of its own.")
        if any(place.issuer == other.issuer for other in places.values()):
            raise NotUsable(
                f"Two entries have the issuer {place.issuer!r}. Keep one: they would be the same people twice."
            )
        places[place.id] = place
    return places


def _read(entry: dict[str, Any], where: str, secret_of: Callable[[str], str]) -> Workplace:
    missing = [key for key in REQUIRED if not isinstance(entry.get(key), str) or not entry[key].strip()]
    if missing:
        raise NotUsable(f"{where} has no {', '.join(missing)}. Each entry needs {', '.join(REQUIRED)}, all as text.")
    unknown = sorted(set(entry) - KNOWN)
    if unknown:
        raise NotUsable(f"{where} has {', '.join(unknown)}, which means nothing. Known are {', '.join(sorted(KNOWN))}.")
    where = f"{where} ({entry['id']})"
    if not _ID.fullmatch(entry["id"]):
        raise NotUsable(
            f"{where}: the id becomes part of an address. Use small letters, digits and hyphens, at most 60."
        )
    secret = secret_of(entry["secret_env"]).strip()
    if not secret:
        raise NotUsable(f"{where}: the variable {entry['secret_env']} is not set. Put the client's secret in it.")
    server_url = _address(entry["server_url"], f"{where}: server_url")
    scope = entry.get("scope", "openid profile email")
    if not isinstance(scope, str) or "openid" not in scope.split():
        raise NotUsable(f'{where}: scope is one text with openid in it, for example "openid profile email".')
    if not isinstance(entry.get("userinfo", False), bool):
        raise NotUsable(f"{where}: userinfo is true or false.")
    claim, roles = _roles(entry.get("roles"), where)
    return Workplace(
        id=entry["id"],
        name=entry["name"].strip()[:40],
        server_url=server_url,
        client_id=entry["client_id"].strip(),
        secret=secret,
        issuer=_address(entry.get("issuer", server_url), f"{where}: issuer", keep_slash=True),
        scope=tuple(scope.split()),
        userinfo=entry.get("userinfo", False),
        contact=str(entry.get("contact", "")).strip(),
        role_claim=claim,
        roles=roles,
    )


def _address(value: Any, where: str, *, keep_slash: bool = False) -> str:
    """An https address; plain http only on this machine, for trying out."""
    parts = urlsplit(str(value).strip())
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    if not safe or not parts.hostname or parts.query or parts.fragment:
        raise NotUsable(
            f"{where} is {value!r}. Write a whole https address, for example https://login.example.dk/tenant."
        )
    address = str(value).strip().removesuffix("/.well-known/openid-configuration")
    return address if keep_slash else address.rstrip("/")


def _roles(value: Any, where: str) -> tuple[str, dict[str, tuple[tuple[str, str], ...]]]:
    if value is None:
        return "", {}
    example = '{"claim": "groups", "map": {"<value>": [["<slug of a body>", "<role>"]]}}'
    if not isinstance(value, dict) or set(value) != {"claim", "map"}:
        raise NotUsable(f"{where}: roles is {example}.")
    claim, table = value["claim"], value["map"]
    if not isinstance(claim, str) or not claim or not isinstance(table, dict) or not table:
        raise NotUsable(f"{where}: roles is {example}.")
    read: dict[str, tuple[tuple[str, str], ...]] = {}
    for word, pairs in table.items():
        usable = isinstance(pairs, list) and all(
            isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) and part for part in pair)
            for pair in pairs
        )
        if not usable:
            raise NotUsable(f"{where}: roles for {word!r} must be pairs of body and role. roles is {example}.")
        wrong = [role for _slug, role in pairs if role not in ROLES]
        if wrong:
            raise NotUsable(f"{where}: there is no role {wrong[0]!r}. Roles are {', '.join(ROLES)}.")
        read[word] = tuple((slug, role) for slug, role in pairs)
    return claim, read


def roles_given(place: Workplace, claims: Mapping[str, Any]) -> set[tuple[str, str]]:
    """What the claims give: pairs of body and role. A claim is one text or a list of them; anything else gives nothing."""
    value = claims.get(place.role_claim) if place.role_claim else None
    values = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return {pair for one in values if isinstance(one, str) for pair in place.roles.get(one, ())}
