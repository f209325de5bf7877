"""Which words and figures of a frozen meeting its checksum covers, and the checksum itself.

The columns stand here one by one and are never read from the models: a column added by a later version of the program
must not change the checksum of what was frozen before it. A snapshot says which list it was hashed under (`schema`).

Left out are the rows' own numbers (another database gives others) and the checksum.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from initiatives.calculations.canonical import sha256_of

SCHEMA = 1

# What is known only at the moment of freezing. An approval comes before it, and cannot cover it.
OF_THE_MOMENT = ("version", "note", "frozen_at", "by_name", "approved_by", "approved_at")
SNAPSHOT = (
    "schema", "plan_title", "plan_kind", "item_name", "item_name_plural", "plan_as_of", "description",
    "agreement_name", "body_name", "area_code", "area_name", "meeting_title", "meeting_day", "case_number",
)  # fmt: skip
ITEM = (
    "position", "number", "key", "track_number", "track_title", "sub_title", "title", "content", "horizon", "owners",
    "state", "undated", "words", "unchanged", "status_sequence", "status_as_of", "written_by", "on_behalf_of", "due",
    "promised", "started", "since", "cause_code", "cause_name", "times_postponed", "slip", "milestones", "decision",
    "links", "link_names",
)  # fmt: skip
LIGHT = (
    "position", "goal_number", "goal_name", "indicator_code", "indicator_name", "unit", "decimals", "area_code",
    "area_name", "period", "value", "flag", "reason", "edition_slug", "edition_title", "edition_fingerprint",
    "level_light", "level_reason", "level_said", "level_published", "development_light", "development_reason",
    "development_said", "development_published", "rounding_uncertain", "rule_version",
)  # fmt: skip


class UnknownSchemaError(ValueError):
    """Frozen by a program newer than this one: its checksum cannot be computed here."""


def content_hash(snapshot: Any, items: Iterable[Any], lights: Iterable[Any]) -> str:
    """The checksum of everything frozen. Takes the rows as they are stored, or as they are about to be."""
    return sha256_of(record(snapshot, items, lights, (*OF_THE_MOMENT, *SNAPSHOT), ITEM))


def fingerprint(snapshot: Any, items: Iterable[Any], lights: Iterable[Any]) -> str:
    """The checksum of what can be read before the meeting: without the moment of freezing and without decisions."""
    return sha256_of(record(snapshot, items, lights, SNAPSHOT, tuple(name for name in ITEM if name != "decision")))


def record(
    snapshot: Any, items: Iterable[Any], lights: Iterable[Any], of_snapshot: tuple[str, ...], of_item: tuple[str, ...]
) -> dict[str, Any]:
    """The rows as plain values, in the order of their positions."""
    if snapshot.schema != SCHEMA:
        raise UnknownSchemaError(f"schema {snapshot.schema}")
    return {
        "snapshot": _values(snapshot, of_snapshot),
        "items": [_values(item, of_item) for item in sorted(items, key=lambda row: row.position)],
        "lights": [_values(light, LIGHT) for light in sorted(lights, key=lambda row: row.position)],
    }


def item_record(item: Any) -> dict[str, Any]:
    """One item's words and dates, for telling whether it has changed since. Its place in the order is no change."""
    return _values(item, tuple(name for name in ITEM if name != "position"))


def _values(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
