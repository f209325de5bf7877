"""What changed and how things stood, from versions; with a slow and obvious twin."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.calculations.history import ADDED, CHANGED, REMOVED, Change, FieldChange, Version, changes, standing

START = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


def version(hours: float, values: dict[str, str] | None, thing: str = "item", pk: int = 1, **more: str) -> Version:
    row = {"by": "Sekretær", "name": "1. Punkt", "why": "", **more}
    return Version(thing, pk, START + timedelta(hours=hours), row["by"], row["name"], values, row["why"])


def kinds(found: list[Change]) -> list[str]:
    return [change.kind for change in found]


def test_the_newest_comes_first_and_each_field_says_what_it_was() -> None:
    rows = [version(0, {"Titel": "A", "Note": ""}), version(1, {"Titel": "B", "Note": ""}), version(2, None)]
    found = changes(rows)
    assert kinds(found) == [REMOVED, CHANGED, ADDED]
    assert found[1].fields == (FieldChange("Titel", "A", "B"),)
    assert found[2].fields == (FieldChange("Titel", "", "A"),)


def test_saving_again_without_a_change_is_no_change() -> None:
    assert kinds(changes([version(0, {"Titel": "A"}), version(1, {"Titel": "A"})])) == [ADDED]


def test_a_reason_is_told_although_no_field_changed() -> None:
    found = changes([version(0, {"Titel": "A"}), version(1, {"Titel": "A"}, why="Ejere: X")])
    assert found[0].why == "Ejere: X"


@pytest.mark.parametrize(
    ("seconds", "by", "told"),
    [(0, "Sekretær", False), (5, "Sekretær", False), (6, "Sekretær", True), (0, "En anden", True)],
)
def test_a_reason_that_echoes_another_row_of_the_same_moment_is_left_out(seconds: int, by: str, told: bool) -> None:
    rows = [
        version(0, {"Titel": "A"}),
        version(1, {"Titel": "A"}, why="Milepæl tilføjet"),
        version(1 + seconds / 3600, {"Titel": "M"}, thing="milestone", by=by),
    ]
    assert any(change.why for change in changes(rows, echoes=("item",))) is told


def test_a_thing_that_was_never_there_is_not_removed() -> None:
    assert changes([version(0, None)]) == []


def test_what_came_back_is_added_again() -> None:
    assert kinds(changes([version(0, {}), version(1, None), version(2, {})])) == [ADDED, REMOVED, ADDED]


def test_standing_is_the_last_version_before_the_moment() -> None:
    rows = [
        version(0, {"Titel": "A"}),
        version(2, {"Titel": "B"}),
        version(1, {"M": "1"}, thing="milestone", pk=7),
        version(3, None, thing="milestone", pk=7),
    ]

    def titles(hours: float) -> list[dict[str, str]]:
        return [dict(row.values or {}) for row in standing(rows, before=START + timedelta(hours=hours))]

    assert titles(0) == []
    assert titles(0.5) == [{"Titel": "A"}]
    assert titles(2) == [{"Titel": "A"}, {"M": "1"}]
    assert titles(2.5) == [{"Titel": "B"}, {"M": "1"}]
    assert titles(9) == [{"Titel": "B"}]


VERSIONS = st.lists(
    st.builds(
        version,
        st.integers(0, 20),
        st.none() | st.dictionaries(st.sampled_from(["a", "b"]), st.sampled_from(["", "x", "y"])),
        thing=st.sampled_from(["item", "milestone"]),
        pk=st.integers(1, 2),
        why=st.sampled_from(["", "fordi"]),
    ),
    max_size=12,
)


def slow_standing(rows: list[Version], moment: datetime) -> dict[tuple[str, int], dict[str, str]]:
    """Replay every hour and every thing by itself."""
    found: dict[tuple[str, int], dict[str, str]] = {}
    for hour in range(21):
        at = START + timedelta(hours=hour)
        for row in rows:
            if row.at == at and at < moment:
                found.pop((row.thing, row.pk), None)
                if row.values is not None:
                    found[row.thing, row.pk] = dict(row.values)
    return found


@given(VERSIONS, st.integers(0, 22))
def test_standing_is_what_a_replay_gives(rows: list[Version], hour: int) -> None:
    moment = START + timedelta(hours=hour)
    fast = {(row.thing, row.pk): dict(row.values or {}) for row in standing(rows, before=moment)}
    assert fast == slow_standing(rows, moment)


@given(VERSIONS)
def test_the_changes_added_up_give_what_stands(rows: list[Version]) -> None:
    """Nothing is left untold: playing the lines from the oldest gives every value that stands at the end."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    keyed = [Version(row.thing, row.pk, row.at, row.by, f"{row.thing}{row.pk}", row.values, row.why) for row in rows]
    for change in reversed(changes(keyed)):
        here = found.setdefault((change.thing, change.name), {})
        for field in change.fields:
            assert here.get(field.field, "") == field.before
            here[field.field] = field.after
        if change.kind == REMOVED:
            del found[change.thing, change.name]
    stood = {
        (row.thing, row.name): {name: value for name, value in (row.values or {}).items() if value}
        for row in standing(keyed, before=START + timedelta(days=2))
    }
    told = {key: {name: value for name, value in values.items() if value} for key, values in found.items()}
    assert {key: values for key, values in told.items() if values} == {
        key: values for key, values in stood.items() if values
    }
