"""Colleagues named in a comment: »@Name« in the text, each with a name that can only be theirs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_BEFORE = r"(?<![\w@.])@"  # not inside an address such as navn@example.dk
_ANY = re.compile(_BEFORE + r"\w[\w.\-]*")


@dataclass(frozen=True)
class Found:
    """people: keys of those named, in the order of the text. unknown: »@word« that names nobody who can be named."""

    people: tuple[int, ...]
    unknown: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]  # where the names stand, for marking them


def labels(people: Iterable[tuple[int, str, str]]) -> dict[int, str]:
    """(key, name, address) -> what to write after the @. Two with the same name are told apart by their addresses."""
    rows = [(key, " ".join(name.split()), address) for key, name, address in people]
    seen: dict[str, int] = {}
    for _key, name, _address in rows:
        seen[name.casefold()] = seen.get(name.casefold(), 0) + 1
    return {
        key: name if name and seen[name.casefold()] == 1 else f"{name} ({address})".strip()
        for key, name, address in rows
    }


def find_mentions(text: str, names: Mapping[int, str]) -> Found:
    """The longest name wins, so »@Anne Holm« is not Anne. Upper and lower case do not matter, nor a line break inside."""
    by_name = {name.casefold(): key for key, name in names.items()}
    people: dict[int, None] = {}
    spans = []
    if by_name:
        longest_first = sorted(names.values(), key=len, reverse=True)
        one_of = "|".join(r"\s+".join(re.escape(part) for part in name.split(" ")) for name in longest_first)
        for match in re.finditer(rf"{_BEFORE}({one_of})(?!\w)", text, re.IGNORECASE):
            key = by_name.get(" ".join(match[1].split()).casefold())
            if key is not None:
                people[key] = None
                spans.append(match.span())
    taken = {start for start, _end in spans}
    unknown = dict.fromkeys(match[0].rstrip(".-") for match in _ANY.finditer(text) if match.start() not in taken)
    return Found(tuple(people), tuple(unknown), tuple(spans))
