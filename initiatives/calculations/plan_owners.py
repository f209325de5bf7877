"""Whom the words in an owner cell name. Only by name or alias, never by likeness; what is unknown is said to be so."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from initiatives.calculations.plan_draft import ERROR, WARNING, DraftIssue, Guess, Place
from initiatives.calculations.plan_titles import join_lines, without_bullet
from sundhedsaftale.lib.danish import nearest

OWNER_UNKNOWN = "owner_unknown"  # owner, candidates
OWNER_AMBIGUOUS = "owner_ambiguous"  # owner, candidates
OWNER_NOT_VALID = "owner_not_valid"  # owner, body, day

_ENDINGS = (
    ("udvalget", "udvalg"),
    ("gruppen", "gruppe"),
    ("klyngen", "klynge"),
    ("rådet", "råd"),
    ("kredsen", "kreds"),
)
_LOOKS_LIKE_A_BODY = re.compile(
    r"(?:udvalg|grupper?|klynger?|råd|kreds|forum|kommuner?|region|hospital|hospitaler|direktion|forvaltning|sekretariat"
    r"|bestyrelse|ledelse|almen praksis)(?:en|et|ne|n|s)?\b",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(
    r"(?:[-–—?.*]+|n/?a|ingen|tbd|afklares|ikke (?:afklaret|aftalt|fastlagt)|none)", re.IGNORECASE
)
_LIST_MARK = re.compile(r"\s*[;,]\s*|\s+[/+|]\s+|(?<=[^\W\d_])/(?=[^\W\d_])")
_AND = re.compile(r"\s+(?:og|samt|and|&)\s+")
_LABEL = re.compile(r"^[^:]{2,40}:\s*")
_MOST_WORDS = 16
_ASIDE = re.compile(r"\s*\([^()]*\)")


@dataclass(frozen=True)
class KnownBody:
    """A body as far as recognising its name goes. near: it belongs to the same region as the plan's own body."""

    slug: str
    name: str
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    area: str = ""
    near: bool = False

    def valid_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


def name_key(name: str) -> str:
    """What two spellings of one name share: no case, hyphens, soft hyphens, spaces or definite ending."""
    words = unicodedata.normalize("NFC", name).casefold()
    words = re.sub(r"[^\w\s]", "", words.replace("_", " "))
    words = "".join(character for character in words if unicodedata.category(character) != "Cf")
    return _indefinite("".join(_indefinite(word) for word in words.split()))


def _indefinite(word: str) -> str:
    ending = next((pair for pair in _ENDINGS if word.endswith(pair[0])), None)
    return word[: -len(ending[0])] + ending[1] if ending else word


class BodyNames:
    """The known bodies by every way their names are written."""

    def __init__(self, bodies: Iterable[KnownBody], day: date) -> None:
        self.day = day
        self.bodies = tuple(bodies)
        self._found: dict[str, dict[str, KnownBody]] = {}
        for body in self.bodies:
            for name in (body.name, *body.aliases):
                self._found.setdefault(name_key(name), {})[body.slug] = body

    def named(self, words: str) -> tuple[KnownBody, ...]:
        """Every body of that name; without what stands in brackets or before a colon, when only that hides it."""
        for attempt in (words, _ASIDE.sub("", words), _LABEL.sub("", words)):
            key = name_key(attempt)
            if key and key in self._found:
                return tuple(self._found[key].values())
        return ()

    def knows(self, words: str) -> bool:
        return bool(self.named(words))

    def candidates(self, words: str) -> list[str]:
        names = [body.name for body in self.bodies if body.valid_on(self.day)] or [body.name for body in self.bodies]
        return nearest(words, names)

    def match(self, words: str, place: Place) -> tuple[Guess, DraftIssue | None]:
        """The one body the words name, and what a person should know about it."""
        named = self.named(words)
        if not named:
            values = {"owner": words, "candidates": ", ".join(self.candidates(words))}
            return Guess("", words, "guess"), DraftIssue(OWNER_UNKNOWN, ERROR, place, values)
        valid = tuple(body for body in named if body.valid_on(self.day))
        left = valid or named
        if len(left) > 1:
            left = tuple(body for body in left if body.near) or left
        if len(left) > 1:
            values = {"owner": words, "candidates": ", ".join(sorted(body.name for body in left))}
            return Guess("", words, "guess"), DraftIssue(OWNER_AMBIGUOUS, ERROR, place, values)
        guess = Guess(left[0].slug, words, "sure" if len(named) == 1 and valid else "likely")
        if valid:
            return guess, None
        values = {"owner": words, "body": left[0].name, "day": self.day.isoformat()}
        return guess, DraftIssue(OWNER_NOT_VALID, WARNING, place, values)


def is_placeholder(text: str) -> bool:
    """ "-", "?", "ingen": somebody filled the cell with nothing."""
    return bool(_PLACEHOLDER.fullmatch(text.strip()))


def looks_like_a_body(text: str) -> bool:
    return bool(_LOOKS_LIKE_A_BODY.search(text))


def split_owners(lines: Sequence[str], names: BodyNames) -> list[str]:
    """The owners of one cell, in order, each once: one a line, or parted by commas or "og"."""
    owners: dict[str, str] = {}
    for entry in _entries(lines, names):
        for part in _parts(entry, names):
            owner = part.strip(" .,;")
            if owner and not is_placeholder(owner):
                owners.setdefault(name_key(owner) or owner, owner)
    return list(owners.values())


def _entries(lines: Sequence[str], names: BodyNames) -> list[str]:
    """Lines put together again where a name was broken over two of them."""
    entries: list[str] = []
    fresh = True
    for raw in lines:
        line = " ".join(without_bullet(raw).replace("\u00ad", "").split())
        if not line:
            fresh = True
            continue
        joined = join_lines([entries[-1], line]) if entries else ""
        broken = bool(entries) and entries[-1].endswith(("-", "\u2010"))
        small = line[0].islower() and not fresh and not names.knows(line)
        if entries and (broken or small or (not fresh and names.knows(joined))):
            entries[-1] = joined if not (broken and line[0].isupper()) else entries[-1][:-1] + line
        else:
            entries.append(line)
        fresh = False
    return entries


def _parts(entry: str, names: BodyNames) -> list[str]:
    if names.knows(entry):
        return [entry]
    pieces = [piece for piece in _LIST_MARK.split(_ASIDE.sub(_without_commas, entry)) if piece]
    if len(pieces) > 1:
        return [part for piece in pieces for part in _parts(piece.replace("\x00", ","), names)]
    return _run_together(entry, names) or _parts_at_and(entry, names)


def _run_together(entry: str, names: BodyNames) -> list[str]:
    """Known names with nothing but spaces between them, as lines run together; [] unless the whole entry is such."""
    words = entry.split()
    if not 1 < len(words) <= _MOST_WORDS:
        return []
    for end in range(len(words) - 1, 0, -1):
        if names.knows(" ".join(words[:end])):
            rest = " ".join(words[end:])
            following = [rest] if names.knows(rest) else _run_together(rest, names)
            if following:
                return [" ".join(words[:end]), *following]
    return []


def _without_commas(match: re.Match[str]) -> str:
    return match[0].replace(",", "\x00")


def _parts_at_and(entry: str, names: BodyNames) -> list[str]:
    """ "A og B" are two owners when one is known or both look like bodies; "Sundheds- og omsorgsudvalget" is one."""
    for mark in _AND.finditer(entry):
        before, after = entry[: mark.start()], entry[mark.end() :]
        if before.endswith("-"):
            continue
        if names.knows(before) or names.knows(after) or (looks_like_a_body(before) and looks_like_a_body(after)):
            return [*_parts_at_and(before, names), *_parts_at_and(after, names)]
    return [entry]
