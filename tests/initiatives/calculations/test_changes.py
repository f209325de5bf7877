"""What happened to each item between two moments, and to the lights beside the plan."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.calculations import changes as rules
from initiatives.calculations.changes import (
    ItemState,
    LightState,
    MilestoneState,
    by_reason,
    compare_items,
    compare_lights,
)
from initiatives.calculations.states import STATES
from sundhedsaftale.lib.periods import parse_period

Q2, Q4 = parse_period("2. kvartal 2021"), parse_period("4. kvartal 2021")
BEFORE = ItemState(
    key="etik", number=1, title="Etik", state="planned", words="Planlagt.", sequence=1, due=Q2, owners=("A",)
)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ({}, ()),
        ({"unchanged": True}, ()),
        ({"state": "in_progress"}, (rules.STARTED,)),
        ({"state": "completed"}, (rules.FINISHED,)),
        ({"state": "in_operation", "due": None}, (rules.FINISHED,)),
        ({"state": "cancelled"}, (rules.GIVEN_UP,)),
        ({"state": "delayed"}, (rules.HELD_UP,)),
        ({"state": "on_hold", "due": None, "times_postponed": 1}, (rules.MOVED_AGAIN,)),
        ({"state": "postponed", "due": Q4, "times_postponed": 1}, (rules.MOVED_AGAIN,)),
        ({"state": "postponed", "due": Q4, "times_postponed": 2, "words": "Udsat."}, (rules.MOVED_AGAIN, rules.REWORDED)),
        ({"due": Q4}, (rules.NEW_DATE,)),
        ({"due": replace(Q2, words="Q2 2021")}, ()),
        ({"due": None}, (rules.NEW_DATE,)),
        ({"words": "Planlagt.  "}, ()),
        ({"words": "Planlagt nu."}, (rules.REWORDED,)),
        ({"owners": ("B",)}, (rules.OTHER_OWNERS,)),
        ({"owners": None}, ()),
        ({"title": "Etik og data"}, (rules.RETITLED,)),
        ({"milestones": (MilestoneState("Model", True),)}, (rules.REACHED,)),
        ({"milestones": (MilestoneState("Model", False),)}, ()),
        ({"state": "in_progress", "sequence": 1}, (rules.NOT_UPDATED, rules.STARTED)),
    ],
)  # fmt: skip
def test_what_happened(now: dict[str, Any], expected: tuple[str, ...]) -> None:
    sequence = now.pop("sequence", 2)
    after = replace(BEFORE, **{"sequence": sequence, **now})
    found = compare_items({"etik": BEFORE}, {"etik": after}).changed
    assert (found[0].kinds if found else ()) == expected


@pytest.mark.parametrize(
    ("was", "now", "kind"),
    [
        ("delayed", "in_progress", rules.OTHER_STATE),
        ("on_hold", "in_progress", rules.STARTED),
        ("postponed", "in_progress", rules.STARTED),
        ("", "in_progress", rules.STARTED),
        ("", "planned", rules.OTHER_STATE),
        ("completed", "in_operation", rules.OTHER_STATE),
        ("completed", "in_progress", rules.OTHER_STATE),
        ("postponed", "on_hold", rules.HELD_UP),
    ],
)
def test_from_state_to_state(was: str, now: str, kind: str) -> None:
    before, after = replace(BEFORE, state=was), replace(BEFORE, state=now, sequence=2)
    assert compare_items({"etik": before}, {"etik": after}).changed[0].kinds == (kind,)


def test_an_open_item_nobody_wrote_about_is_not_updated_and_a_settled_one_is_let_be() -> None:
    found = compare_items({"etik": BEFORE}, {"etik": BEFORE})
    assert [change.kinds for change in found.changed] == [(rules.NOT_UPDATED,)]
    done = replace(BEFORE, state="completed")
    assert compare_items({"etik": done}, {"etik": done}) == rules.PlanChanges((), 0, 1)


def test_an_answer_that_changes_nothing_is_counted_and_not_listed() -> None:
    found = compare_items({"etik": BEFORE}, {"etik": replace(BEFORE, sequence=2, unchanged=True)})
    assert (found.changed, found.confirmed) == ((), 1)


def test_items_come_and_go_and_are_told_by_their_key() -> None:
    gone = replace(BEFORE, closed=True, closed_reason="Overtaget af regionen.")
    new = replace(BEFORE, key="nyt", number=2)
    found = compare_items({"etik": BEFORE}, {"etik": gone, "nyt": new})
    assert [(change.kinds, change.item.closed_reason) for change in found.changed] == [
        ((rules.GONE,), "Overtaget af regionen."),
        ((rules.NEW_ITEM,), ""),
    ]
    assert compare_items({"etik": gone}, {"etik": gone}).changed == ()
    assert compare_items({"etik": gone}, {"etik": BEFORE}).changed[0].kinds == (rules.NEW_ITEM,)
    assert compare_items({"etik": BEFORE}, {}).changed[0].kinds == (rules.GONE,)
    moved = replace(BEFORE, number=7)
    assert compare_items({"etik": BEFORE}, {"etik": replace(moved, sequence=2)}).changed == ()


ITEMS = st.dictionaries(
    st.sampled_from("abc"),
    st.builds(
        ItemState,
        key=st.just("x"),
        number=st.integers(1, 3),
        title=st.sampled_from(["T", "U"]),
        state=st.sampled_from(["", *STATES]),
        words=st.sampled_from(["", "Ord.", "Nye ord."]),
        sequence=st.integers(0, 2),
        due=st.sampled_from([None, Q2, Q4]),
        times_postponed=st.integers(0, 2),
        owners=st.sampled_from([None, ("A",), ("A", "B")]),
        closed=st.booleans(),
    ),
)


@pytest.mark.slow
@given(ITEMS, ITEMS)
def test_every_standing_item_is_accounted_for_once(before: dict[str, ItemState], after: dict[str, ItemState]) -> None:
    found = compare_items(before, after)
    standing = {key for side in (before, after) for key, item in side.items() if not item.closed}
    assert len(found.changed) + found.confirmed + found.settled == len(standing)
    for change in found.changed:
        assert change.kinds
        assert list(change.kinds) == [kind for kind in rules.KINDS if kind in change.kinds]
    assert sum(len(found.led_by(kind)) for kind in rules.KINDS) == len(found.changed)


@given(ITEMS)
def test_a_side_compared_with_itself_holds_nothing_but_silence(side: dict[str, ItemState]) -> None:
    assert all(change.kinds == (rules.NOT_UPDATED,) for change in compare_items(side, side).changed)


# --- Lights -----------------------------------------------------------------------------------------------------------


def light(level: str = "green", reason: str = "", **fields: Any) -> LightState:
    values = {"indicator": "kol", "indicator_name": "KOL", "area": "082", "area_name": "Midt", "period": "2022"}
    values |= {"edition": "2023", "level": level, "level_reason": reason, "development_reason": "previous_missing"}
    return LightState(**{**values, **fields})


def test_a_light_that_turned_names_both_sides() -> None:
    found = compare_lights([light("green")], [light("red", period="2023", edition="2024")])
    (turned,) = found.turned
    assert (turned.kind, turned.was, turned.now) == ("level", "green", "red")
    assert (turned.before.edition, turned.after.edition) == ("2023", "2024")
    assert found.compared == 1
    assert found.lost == ()


@pytest.mark.parametrize(("was", "now"), [("green", ""), ("", "green"), ("red", ""), ("", "red")])
def test_movement_is_never_claimed_where_one_side_has_no_light(was: str, now: str) -> None:
    found = compare_lights(
        [light(was, "" if was else "suppressed")], [light(now, "" if now else "no_number", period="2023")]
    )
    assert found.turned == ()
    assert found.compared == 0
    assert by_reason(found.lost) == [("suppressed" if now else "no_number", bool(now), 1)]


def test_a_figure_that_is_gone_is_lost_and_one_that_is_new_too() -> None:
    assert compare_lights([light()], []).lost[0].reason == rules.NOT_ON_THAT_SIDE
    assert compare_lights([], [light()]).lost[0].on_before
    assert compare_lights([light("", "no_number")], []).lost == ()


def test_the_newest_period_counts_and_the_worst_comes_first() -> None:
    before = [light("red", period="2021"), light("green", period="2022"), light("red", area="091")]
    after = [light("yellow", period="2023"), light("green", period="2020"), light("green", area="091")]
    found = compare_lights(before, after)
    assert [(one.was, one.now, one.before.area) for one in found.turned] == [
        ("green", "yellow", "082"),
        ("red", "green", "091"),
    ]
    five_years = light("red", period="2018:2022")
    assert compare_lights([five_years, light("green", period="2022")], [light("green")]).turned == ()


def test_another_rule_is_said() -> None:
    (turned,) = compare_lights([light("green", rule_version="1")], [light("red", rule_version="2")]).turned
    assert turned.other_rule
