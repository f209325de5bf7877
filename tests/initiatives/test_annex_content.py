"""What the annex says, from frozen rows: headings, cells, what changed, and the words around them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.annex.content import HeadingRow, ItemRow, blocks, clean, lines
from initiatives.annex.gathering import gather, previous_snapshot
from initiatives.annex.text import agenda_text
from initiatives.models import Snapshot, SnapshotRedaction
from tests.initiatives import small_world as world
from tests.initiatives import snapshot_world as frozen

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan_of_2020() -> Snapshot:
    return frozen.plan_of_2020()


def item(snapshot: Snapshot, number: int = 1) -> ItemRow:
    return next(row for row in gather(snapshot).items if row.number == number)


def two_meetings(first: dict[str, object], second: dict[str, object]) -> tuple[Snapshot, Snapshot]:
    body = world.body("Udvalget")
    plan = world.plan(body)
    earlier = frozen.snapshot(plan, frozen.meeting(body, date(2020, 6, 3)))
    later = frozen.snapshot(plan, frozen.meeting(body, date(2020, 11, 5)))
    frozen.item(earlier, 1, **first)
    frozen.item(later, 1, **second)
    return earlier, later


# --- The plan of 2020 -------------------------------------------------------------------------------------------------


def test_headings_and_items_stand_in_the_order_of_the_plan(plan_of_2020: Snapshot) -> None:
    rows = gather(plan_of_2020).rows
    found = [(row.text, row.sub) if isinstance(row, HeadingRow) else row.number for row in rows]
    assert found == [
        ("1. Brug af data til at forebygge (gen)indlæggelser", False),
        *(1, 2),
        ("Effektiv spredning af viden og indsatser", True),
        3,
        ("2. Den rette behandling første gang – implementering af fælles indsatser", False),
        *(4, 5, 6),
        ("3. Fælles ledelse og organisering – hvordan kommer vi i gang?", False),
        7,
    ]


def test_the_answer_counts_the_states(plan_of_2020: Snapshot) -> None:
    assert gather(plan_of_2020).answer == (
        "Planen har syv punkter: to er i gang, ét er forsinket, tre er udsat og ét er på standby. Ét har ingen ny dato."
    )


@pytest.mark.parametrize(
    ("number", "line"),
    [
        (1, "Tilstand: Udsat – ny dato 2021 – årsag COVID-19"),
        (3, "Tilstand: I gang"),
        (4, "Tilstand: Forsinket – årsag COVID-19"),
        (6, "Tilstand: På standby – ny dato 1. kvartal 2021 – årsag COVID-19"),
        (7, "Tilstand: Udsat – uden ny dato – årsag COVID-19"),
    ],
)
def test_the_state_stands_under_the_words(plan_of_2020: Snapshot, number: int, line: str) -> None:
    assert item(plan_of_2020, number).state_lines == (line,)


def test_the_words_are_verbatim(plan_of_2020: Snapshot) -> None:
    for row in plan_of_2020.items.all():
        shown = item(plan_of_2020, row.number)
        assert "\n".join(shown.status) == row.words
        assert "\n".join(shown.content) == row.content
        assert list(shown.owners) == row.owners


def test_five_queries_whatever_the_size(django_assert_max_num_queries: object) -> None:
    for snapshot in (frozen.large(10, lights=3), frozen.large(80, lights=40)):
        with django_assert_max_num_queries(5):  # type: ignore[operator]
            gather(snapshot)


# --- What changed -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ({}, {}, ()),
        ({"words": "A."}, {"words": "B."}, ("Status",)),
        ({"state": "in_progress"}, {"state": "delayed"}, ("Status",)),
        ({"due": None}, {"due": frozen.period("2. kvartal 2021")}, ("Status",)),
        ({"undated": False}, {"undated": True}, ("Status",)),
        ({"cause_name": ""}, {"cause_name": "COVID-19"}, ("Status",)),
        ({"decision": ""}, {"decision": "Godkendt."}, ("Status",)),
        ({"title": "A"}, {"title": "B"}, ("Indhold",)),
        ({"content": "A"}, {"content": "B"}, ("Indhold",)),
        ({"owners": ["A"]}, {"owners": ["A", "B"]}, ("Forankring",)),
        ({"owners": ["A"], "words": "A."}, {"owners": ["B"], "words": "B."}, ("Forankring", "Status")),
        ({"horizon": ""}, {"horizon": "short"}, ()),  # not printed, so it is no change on paper
        ({"position": 1, "track_title": "A"}, {"position": 9, "track_title": "B"}, ()),
    ],
)
def test_a_cell_that_is_not_as_before_is_named(
    before: dict[str, object], after: dict[str, object], changed: tuple[str, ...]
) -> None:
    _earlier, later = two_meetings(before, after)
    row = item(later)
    assert row.changed == changed
    assert any(line.startswith("Ændret: ") for line in row.state_lines) == bool(changed)


def test_the_first_annex_of_a_plan_marks_nothing(plan_of_2020: Snapshot) -> None:
    content = gather(plan_of_2020)
    assert (content.change_note, content.change_sentence) == ("", "")
    assert not any(row.changed for row in content.items)


def test_new_and_vanished_items_are_said() -> None:
    _earlier, later = two_meetings({"key": "gammel", "title": "Gammelt punkt"}, {"key": "ny"})
    content = gather(later)
    assert content.items[0].new
    assert "Nyt punkt" in content.items[0].state_lines
    assert "Udgået siden: 1. Gammelt punkt." in content.change_note


def test_a_correction_made_later_changes_no_earlier_annex() -> None:
    earlier, later = two_meetings({}, {"words": "Nye ord."})
    before = gather(later)
    frozen.snapshot(
        earlier.plan,
        earlier.meeting,
        version=2,
        note="Rettet.",
        frozen_at=datetime(2021, 1, 1, tzinfo=world.COPENHAGEN),
    )
    assert previous_snapshot(later) == earlier
    assert gather(later) == before


def test_a_correction_is_compared_with_the_meeting_before_and_not_with_itself() -> None:
    earlier, later = two_meetings({}, {"words": "Nye ord."})
    second = frozen.snapshot(
        later.plan,
        later.meeting,
        version=2,
        note="Rettet ejer.",
        frozen_at=datetime(2020, 11, 6, tzinfo=world.COPENHAGEN),
    )
    assert previous_snapshot(second) == earlier
    assert "Version 2. Rettelse: Rettet ejer." in gather(second).facts


# --- The words around -------------------------------------------------------------------------------------------------


def test_the_note_of_a_first_version_is_printed_too() -> None:
    first = frozen.snapshot(note="Tallene er\nde nyeste.")
    assert "Note: Tallene er de nyeste." in gather(first).facts


def test_a_long_name_may_be_parted_where_it_is_joined(plan_of_2020: Snapshot) -> None:
    row = item(plan_of_2020)
    assert row.owners == ("Sundhedskoordinationsudvalget i Region Midtjylland",)
    assert row.owners_parted == ("Sundhedskoordinations\u00adudvalget i Region Midtjylland",)


def test_an_empty_plan_says_so() -> None:
    content = gather(frozen.snapshot())
    assert content.answer == "Planen har ingen punkter."
    assert content.rows == ()


def test_an_item_without_a_status_says_so() -> None:
    snapshot = frozen.snapshot()
    frozen.item(snapshot, 1, words="", state="", owners=[])
    row = item(snapshot)
    assert (row.status, row.owners, row.state_lines) == ((), (), ("Tilstand: Ingen status endnu",))
    assert "ét er uden status" in gather(snapshot).answer


def test_what_was_answered_on_behalf_and_decided_stands_under_the_words() -> None:
    snapshot = frozen.snapshot()
    frozen.item(snapshot, 1, on_behalf_of="Praksisplanudvalget", decision="Godkendt\nmed bemærkning.")
    assert item(snapshot).state_lines[1:] == (
        "Svaret af sekretariatet på vegne af Praksisplanudvalget",
        "Beslutning: Godkendt med bemærkning.",
    )


def test_redactions_are_printed() -> None:
    snapshot = frozen.snapshot()
    SnapshotRedaction.objects.create(
        snapshot=snapshot,
        what="Punkt 3: statusordene",
        reason="Nævnte en borger.",
        decided_by="Driftslederen",
        removed_on=date(2021, 2, 1),
    )
    assert gather(snapshot).redactions == (
        "Punkt 3: statusordene: fjernet 1.\u00a0februar 2021 efter beslutning af Driftslederen. Nævnte en borger.",
    )


def test_lights_are_words_and_blanks_have_reasons() -> None:
    snapshot = frozen.snapshot()
    frozen.light(snapshot, 1, rounding_uncertain=True)
    frozen.light(
        snapshot,
        2,
        value=None,
        reason="Skjult af hensyn til anonymitet.",
        level_light="",
        level_reason="suppressed",
        development_light="",
        development_reason="previous_missing",
    )
    frozen.light(snapshot, 3, area_code="791", area_name="Viborg", value=Decimal("-1.25"), level_light="red")
    content = gather(snapshot)
    first, second = content.lights[0].rows
    assert first.cells[2:] == (
        "11,7\u00a0pct.",
        "Uændret (kan afvige pga. afrunding)",
        "Bedre end landet (kan afvige pga. afrunding)",
    )
    assert second.cells[2:] == ("Skjult af hensyn til anonymitet.", "Tidligere tal mangler", "Kan ikke vises")
    assert len(content.all_lights) == 3
    assert content.lights_note == "Her står tallene for Region Midtjylland. Alle 3 tal står i Excel-udgaven af bilaget."


def test_every_state_and_reason_there_is_has_a_word() -> None:
    from indicators.calculations.lights import NoLight
    from initiatives.annex import words
    from initiatives.models import State

    assert set(State.values) <= set(words.STATES)
    named = set(words.NO_LIGHT) | {"direction_not_declared", "superseded"}  # these two are "Intet lys"
    assert {str(reason) for reason in NoLight} == named


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ()),
        ("A", ("A",)),
        ("A\n\nB", ("A", "", "B")),
        ("A\r\nB\rC", ("A", "B", "C")),
        ("  indrykket\n", ("  indrykket", "")),
        ("A\u2028B", ("A\u2028B",)),
    ],
)
def test_lines_are_the_texts_own(text: str, expected: tuple[str, ...]) -> None:
    assert lines(text) == expected


def test_blocks_part_where_a_line_is_empty() -> None:
    assert blocks(("a", "b", "", " ", "c")) == ("a\nb", "c")


@pytest.mark.slow
@given(st.text())
def test_what_is_left_can_stand_in_any_xml_file(text: str) -> None:
    from lxml import etree

    etree.Element("a").text = clean(text)


# --- The text of the agenda item --------------------------------------------------------------------------------------


def test_the_agenda_text_says_what_was_promised_and_what_is_proposed(plan_of_2020: Snapshot) -> None:
    text = agenda_text(gather(plan_of_2020))
    assert text.index("Sagsfremstilling") < text.index("Indstilling")
    assert (
        "- 2. Populationer for forebyggelse af (gen)indlæggelser – udsat. "
        "Lovet til 2. kvartal 2020, ny dato 2. kvartal 2021. Årsag: COVID-19." in text
    )
    assert "Kræver en beslutning:\n- 7. Fælles akutteams i alle klynger? – ingen ny dato." in text
    assert (
        "1. tager status for planens punkter til efterretning;\n"
        "2. godkender de nye datoer for punkt 1, 2 og 6;\n"
        "3. fastsætter en ny dato for punkt 7;\n"
        "4. drøfter forsinkelsen af punkt 4." in text
    )
    assert plan_of_2020.content_hash[:16] in text


def test_a_plan_on_its_way_asks_for_nothing_more() -> None:
    snapshot = frozen.snapshot()
    frozen.item(snapshot, 1)
    text = agenda_text(gather(snapshot))
    assert "Ingen punkter mangler en ny dato eller en status." in text
    assert "1. tager status for planens punkter til efterretning.\n" in text
    assert "Ikke som lovet" not in text
