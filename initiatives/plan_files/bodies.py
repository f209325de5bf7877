"""The bodies an owner cell may name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from initiatives.models import Body


@dataclass(frozen=True)
class KnownBody:
    slug: str
    name: str
    aliases: tuple[str, ...] = ()


def known_bodies(body: Body, as_of: date) -> list[KnownBody]:
    rows = Body.objects.valid_on(as_of).prefetch_related("aliases")
    return [KnownBody(row.slug, row.name, tuple(alias.alias for alias in row.aliases.all())) for row in rows]
