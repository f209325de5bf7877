"""What an import would do: blanks change nothing, known words are no news, and what cannot be stored is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.calculations.import_checks import Known, needs_a_look, standing_issues
from initiatives.calculations.plan_draft import (
    ERROR,
    NOTE,
    WARNING,
    DraftIssue,
    DraftItem,
    DraftMilestone,
    Guess,
    Place,
    PlanDraft,
)
from initiatives.calculations.plan_matching import ExistingItem
from initiatives.calculations.plan_review import (
    CHANGED,
    DROPPED,
    NEW,
    OTHER,
    SAME,
    UNCHANGED,
    ImportRow,
    Review,
    review,
)
from sundhedsaftale.lib.periods import parse_period

DAY = date(2020, 11, 5)
KNOWN = Known(frozenset({"sku", "ppu"}), frozenset({"covid_19"}))
WORDS = "Udsat pga. COVID-19. Genoptages i 2. kvartal 2021."


def row(**fields: Any) -> DraftItem:
    said = {"number": 1, "title": "Etik og data", "owners": ("SKU",), "owner_guesses": (Guess("sku", "SKU"),)}
    return DraftItem(**{**said, "place": Place(table=1, row=2), **fields})


def postponed(**fields: Any) -> DraftItem:
    guesses = {
        "state": Guess("postponed", "Udsat", "sure", 0, 5),
        "cause": Guess("covid_19", "COVID-19", "sure", 11, 19),
        "new_date": Guess("2. kvartal 2021", "2. kvartal 2021", "sure", 34, 49),
    }
    return row(status_text=WORDS, guesses=guesses, **fields)


STANDING = ExistingItem(
    key="etik",
    number=1,
    title="Etik og data",
    content="Dilemmaer drøftes.",
    section="Data",
    owners=("sku",),
    owner_names=("Sundhedskoordinationsudvalget",),
    status_text=WORDS,
    state="postponed",
    cause="covid_19",
    due=parse_period("2. kvartal 2021"),
    as_of=DAY,
    schedules={"due": (parse_period("2. kvartal 2021"),)},
    milestones=(("Møde", parse_period("januar 2021")),),
)


def look(*items: DraftItem, edits: Any = None, existing: Any = None, closing: Any = None, as_of: date = DAY) -> Review:
    return review(PlanDraft("text", items), edits or {}, as_of=as_of, existing=existing, closing=closing)


def one(item: DraftItem, edit: Any = None, existing: ExistingItem | None = None, as_of: date = DAY) -> ImportRow:
    found = look(item, edits={0: edit} if edit else {}, existing=[existing] if existing else None, as_of=as_of)
    return found.rows[0]


def codes(item: DraftItem, edit: Any = None, existing: Any = None, read: tuple[DraftIssue, ...] = ()) -> list[str]:
    draft = PlanDraft("text", (item,), read)
    checked = review(draft, {0: edit} if edit else {}, as_of=DAY, existing=[existing] if existing else None)
    return [issue.issue.code for issue in standing_issues(draft, checked, KNOWN, as_of=DAY)]


# --- New --------------------------------------------------------------------------------------------------------------


def test_a_new_row_takes_what_was_read() -> None:
    found = one(postponed())
    assert (found.outcome, found.writes_status, found.owners) == (NEW, True, ("sku",))
    assert found.values["new_date"] == "2. kvartal 2021"
    assert found.values["started"] == ""


def test_corrections_stand_over_what_was_read() -> None:
    found = one(postponed(), {"title": "Etik", "owners": ["ppu"], "state": "delayed", "new_date": "", "cause": ""})
    assert (found.title, found.owners) == ("Etik", ("ppu",))
    assert (found.values["state"], found.values["new_date"], found.values["cause"]) == ("delayed", "", "")


def test_a_dropped_row_is_not_kept() -> None:
    found = look(postponed(), row(number=2, title="Andet"), edits={0: {"drop": True}})
    assert [one.outcome for one in found.rows] == [DROPPED, NEW]
    assert [one.place for one in found.kept] == [1]


# --- A newer version --------------------------------------------------------------------------------------------------


def test_the_same_words_are_no_news_whatever_is_guessed_from_them() -> None:
    other = postponed(section="Data", content="Dilemmaer\ndrøftes.")
    other = replace(other, guesses={**other.guesses, "state": Guess("completed", "Udsat", "guess", 0, 5)})
    found = one(other, existing=STANDING)
    assert (found.outcome, found.changed) == (UNCHANGED, ())
    assert found.values["state"] == "postponed"


def test_the_same_words_with_another_state_chosen_by_a_person_are_news() -> None:
    found = one(postponed(), {"state": "cancelled"}, STANDING)
    assert (found.outcome, found.changed, found.writes_status) == (CHANGED, ("status",), True)


def test_a_date_in_a_column_of_its_own_is_news() -> None:
    item = postponed()
    item = replace(item, guesses={**item.guesses, "new_date": Guess("3. kvartal 2021", "3. kvartal 2021")})
    assert one(item, existing=STANDING).changed == ("status",)
    item = replace(item, guesses={**item.guesses, "new_date": Guess("Q2 2021", "Q2 2021")})
    assert one(item, existing=STANDING).changed == ()


def test_new_words_are_a_new_status() -> None:
    item = row(status_text="Afsluttet.", guesses={"state": Guess("completed", "Afsluttet", "sure", 0, 9)})
    found = one(item, existing=STANDING)
    assert (found.changed, found.values["state"], found.values["new_date"]) == (("status",), "completed", "")


def test_a_blank_changes_nothing() -> None:
    found = one(row(owners=(), owner_guesses=()), existing=STANDING)
    assert (found.outcome, found.content, found.owners) == (UNCHANGED, STANDING.content, ("sku",))


def test_what_differs_is_named() -> None:
    item = postponed(
        title="Etik og data",
        content="Noget nyt.",
        section="Andet",
        owners=("PPU",),
        owner_guesses=(Guess("ppu", "PPU"),),
        milestones=(DraftMilestone("Ny milepæl", Guess("maj 2021", "maj 2021")),),
    )
    assert one(item, existing=STANDING).changed == ("content", "section", "owners", "milestones")


def test_a_promise_about_an_item_with_a_date_is_its_new_date() -> None:
    item = row(
        status_text="I gang. Forventes i 4. kvartal 2021.",
        guesses={"state": Guess("in_progress"), "planned": Guess("4. kvartal 2021", "4. kvartal 2021", "sure", 20, 35)},
    )
    found = one(item, existing=STANDING)
    assert (found.values["new_date"], found.values["planned"]) == ("4. kvartal 2021", "")
    repeated = replace(item, guesses={**item.guesses, "planned": Guess("2. kvartal 2021")})
    assert one(repeated, existing=STANDING).values["planned"] == "2. kvartal 2021"


def test_milestones_of_known_words_were_decided_on_before() -> None:
    steps = (
        DraftMilestone("Udvalgsmøde", Guess("maj 2021", "maj 2021", "likely", 40, 48)),
        DraftMilestone("Møde", Guess("januar 2021", "januar 2021", "likely", 20, 31)),
    )
    found = one(postponed(milestones=steps), existing=STANDING)
    assert [(step.is_new, step.on) for step in found.milestones] == [(True, False), (False, False)]
    new_words = replace(postponed(milestones=steps), status_text=WORDS + " Møde i maj 2021.")
    assert [step.on for step in one(new_words, existing=STANDING).milestones] == [True, False]


def test_older_words_are_not_written_on_top() -> None:
    item = row(status_text="I gang.", guesses={"state": Guess("in_progress")})
    found = one(item, existing=STANDING, as_of=date(2020, 6, 1))
    assert (found.outcome, found.writes_status, found.held_back) == (UNCHANGED, False, True)


def test_vanished_items_are_named_and_closed_only_for_a_reason() -> None:
    other = replace(STANDING, key="andet", title="Noget andet", number=2)
    found = look(postponed(), existing=[STANDING, other], closing={"andet": "Opgaven er slut."})
    assert [gone.item.key for gone in found.vanished] == ["andet"]
    assert [gone.reason for gone in found.closing] == ["Opgaven er slut."]
    assert look(postponed(), existing=[STANDING, other]).closing == ()


def test_a_guess_at_the_item_is_asked_about() -> None:
    item = postponed(title="Etik og data i sundhedsvæsenet")
    assert "match_guess" in codes(item, existing=STANDING)
    assert one(item, {"match": SAME}, STANDING).outcome == CHANGED
    denied = look(item, edits={0: {"match": OTHER}}, existing=[STANDING])
    assert denied.rows[0].outcome == NEW
    assert [gone.item.key for gone in denied.vanished] == ["etik"]
    assert "match_guess" not in codes(item, {"match": OTHER}, STANDING)


def test_an_unknown_spelling_of_the_owner_it_has_is_known() -> None:
    item = postponed(owners=("Sundhedskoordinations\u00adudvalget",), owner_guesses=(Guess("", ""),))
    assert one(item, existing=STANDING).owners == ("sku",)


# --- What must be looked at -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "edit", "expected"),
    [
        (postponed(), None, []),
        (postponed(title=""), None, ["title_missing"]),
        (postponed(title=" \u00ad "), None, ["title_missing"]),
        (postponed(title="x" * 301), None, ["title_too_long"]),
        (postponed(section="x" * 301), None, ["heading_too_long"]),
        (postponed(section_number="1.2.3.4.5.6"), None, ["heading_too_long"]),
        (postponed(owners=("Ukendt",), owner_guesses=(Guess(""),)), None, ["owner_unknown"]),
        (postponed(owners=("Ukendt",), owner_guesses=(Guess(""),)), {"owners": ["sku"]}, []),
        (postponed(owners=("Ukendt",), owner_guesses=(Guess(""),)), {"owners": [], "seen": True}, []),
        (postponed(owners=("Ukendt",), owner_guesses=()), None, ["owner_unknown"]),
        (postponed(owner_guesses=(Guess("nedlagt"),)), None, ["owner_not_valid"]),
        (postponed(owners=(), owner_guesses=()), None, ["owner_missing"]),
        (postponed(), {"cause": ""}, ["cause_missing"]),
        (postponed(), {"cause": "ukendt"}, ["cause_unknown"]),
        (postponed(), {"state": ""}, ["state_missing"]),
        (postponed(), {"new_date": "5. kvartal 2021"}, ["period_unreadable"]),
        (postponed(), {"since": "31. februar 2021"}, ["period_unreadable"]),
        (postponed(), {"planned": "x" * 200}, ["period_unreadable"]),
        (postponed(), {"new_date": "ingen dato"}, []),
        (row(guesses={"planned": Guess("5. kvartal 2021")}), None, ["period_unreadable"]),
        (postponed(milestones=(DraftMilestone("Møde", Guess("uge 54 2021")),)), None, ["period_unreadable"]),
        (postponed(milestones=(DraftMilestone("Møde", Guess("uge 54 2021")),)), {"milestones": []}, []),
        (postponed(milestones=(DraftMilestone("Møde", Guess("")),)), None, []),
        (postponed(title=""), {"drop": True}, []),
    ],
)
def test_what_cannot_be_stored_is_named(item: DraftItem, edit: Any, expected: list[str]) -> None:
    assert codes(item, edit) == expected


def test_postponed_to_the_date_it_had_is_a_slip() -> None:
    before = replace(STANDING, state="in_progress", status_text="I gang.", cause="")
    assert codes(postponed(), existing=before) == ["same_date"]
    assert codes(postponed(), {"new_date": "3. kvartal 2021"}, before) == []


def test_what_the_readers_noticed_stands_until_somebody_has_looked() -> None:
    read = (DraftIssue("unreadable_period", ERROR, Place(table=1, row=2), {"words": "5. kvartal"}),)
    assert codes(postponed(), read=read) == ["unreadable_period"]
    assert codes(postponed(), {"seen": True}, read=read) == []
    assert codes(postponed(section="Data"), existing=STANDING, read=read) == []
    assert codes(postponed(), read=(DraftIssue("tables_joined", NOTE),)) == ["tables_joined"]


@pytest.mark.parametrize(
    ("item", "edit", "look_at_it"),
    [
        (postponed(), None, False),
        (postponed(flags=("sub_tracks",)), None, False),
        (postponed(flags=("year_assumed",)), None, True),
        (postponed(flags=("year_assumed",)), {"seen": True}, False),
        (postponed(owners=(), owner_guesses=()), None, True),
        (row(status_text="I gang.", guesses={"state": Guess("in_progress", confidence="guess")}), None, True),
        (row(status_text="I gang.", guesses={"state": Guess("in_progress", confidence="likely")}), None, False),
        (postponed(milestones=(DraftMilestone("Møde", Guess("maj 2021", confidence="guess")),)), None, True),
        (postponed(title=""), {"seen": True}, True),
    ],
)
def test_guesses_are_looked_at_once(item: DraftItem, edit: Any, look_at_it: bool) -> None:
    draft = PlanDraft("text", (item,))
    checked = review(draft, {0: edit} if edit else {}, as_of=DAY)
    issues = standing_issues(draft, checked, KNOWN, as_of=DAY)
    assert needs_a_look(checked.rows[0], issues) is look_at_it


def test_warnings_do_not_stop_and_errors_do() -> None:
    draft = PlanDraft("text", (postponed(owners=(), owner_guesses=()), postponed(title="", number=2)))
    issues = standing_issues(draft, review(draft, {}, as_of=DAY), KNOWN, as_of=DAY)
    assert [(one.row, one.issue.severity, one.is_error) for one in issues] == [(0, WARNING, False), (1, ERROR, True)]


texts = st.text(max_size=12)
guesses = st.builds(
    Guess, texts | st.sampled_from(["postponed", "2. kvartal 2021", "covid_19"]), texts, st.just("guess"),
    st.integers(-1, 9), st.integers(-1, 9),
)  # fmt: skip
items = st.builds(
    DraftItem,
    number=st.integers(-3, 9),
    title=texts | st.just("Etik og data"),
    section=texts,
    owners=st.lists(texts, max_size=2).map(tuple),
    owner_guesses=st.lists(guesses, max_size=2).map(tuple),
    status_text=texts | st.just(WORDS),
    guesses=st.dictionaries(st.sampled_from(["state", "planned", "new_date", "cause"]), guesses),
    milestones=st.lists(st.builds(DraftMilestone, texts, guesses), max_size=2).map(tuple),
)


@given(st.lists(items, max_size=4), st.booleans())
def test_whatever_was_read_can_be_looked_at(rows: list[DraftItem], newer: bool) -> None:
    draft = PlanDraft("text", tuple(rows))
    found = review(draft, {}, as_of=DAY, existing=[STANDING] if newer else None)
    assert len(found.rows) == len(rows)
    for issue in standing_issues(draft, found, KNOWN, as_of=DAY):
        assert issue.row is None or 0 <= issue.row < len(rows)
