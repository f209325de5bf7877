"""No bytes make a reader raise anything but a refusal, and no cell is left out without a finding that says so."""

from __future__ import annotations

import csv
import io
import string
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from initiatives.calculations.plan_columns import heading_role
from initiatives.calculations.plan_draft import PlanDraft, draft_from_json
from initiatives.calculations.plan_grid import Cell, Document, Line, Row, Table
from initiatives.calculations.plan_table import NoPlanFound, draft_plan
from initiatives.plan_files.reading import read_plan_file, read_plan_text
from initiatives.plan_files.refusals import FileRefused, refusal_message
from sundhedsaftale.lib.periods import find_periods
from tests.initiatives.plan_files import layouts as l

DAY = date(2020, 11, 5)
BODIES = l.catalogue_bodies()
QUICK = (Phase.explicit, Phase.generate)  # making a table smaller takes minutes and tells little more
ENDINGS = (".docx", ".xlsx", ".csv", ".txt", ".md", ".pdf", ".tsv", ".doc", ".exe", "")
HEADINGS = (
    "Nr.", "Spor", "Delspor", "Indsats", "Titel", "Indhold", "Beskrivelse", "Forankring", "Ansvarlig", "Status",
    "Bemærkninger", "Tidsplan", "Milepæle", "Tilstand", "Ny dato", "Årsag", "Telefon", "", "Journalnummer",
)  # fmt: skip
WORDS = (
    "", "", "-", "I gang", "Udsat til 2021", "2. kvartal 2021", "31. februar", "1. Data", "A1", "1.2", "3", "• Et punkt",
    "Sundhedsstyregruppen", "Praksisplanudvalget", "går videre.", "Hvad nu?",
)  # fmt: skip


def sentence_of(refused: FileRefused) -> FileRefused:
    """Every refusal has a sentence for the person."""
    assert refusal_message(refused)
    return refused


def read_bytes(content: bytes, ending: str) -> PlanDraft | FileRefused:
    try:
        return read_plan_file(content, f"plan{ending}", as_of=DAY, bodies=())
    except FileRefused as refused:
        return sentence_of(refused)


@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=400), ending=st.sampled_from(ENDINGS))
@example(b"PK\x05\x06" + b"\0" * 18, ".docx")
@example(b"%PDF-1.4\ntrailer<</Root 1 0 R>>", ".pdf")
@example(b"\xff\xfe\x00", ".csv")
def test_no_bytes_do_more_than_be_refused(content: bytes, ending: str) -> None:
    read_bytes(content, ending)


@pytest.fixture(scope="module")
def real() -> dict[str, bytes]:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Indsats", "Ansvarlig", "Status"])
    book.active.append(["Akutteams", "Sundhedsstyregruppen", "I gang"])
    target = io.BytesIO()
    book.save(target)
    return {".docx": l.plain_first_line(), ".xlsx": target.getvalue()}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ending=st.sampled_from((".docx", ".xlsx")), where=st.floats(0, 1), what=st.binary(min_size=1, max_size=8))
def test_a_damaged_file_is_refused_or_read(real: dict[str, bytes], ending: str, where: float, what: bytes) -> None:
    content = real[ending]
    place = int(where * len(content))
    read_bytes(content[:place] + what + content[place + len(what) :], ending)
    read_bytes(content[:place], ending)


# --- Every cell -------------------------------------------------------------------------------------------------------


@st.composite
def tables(draw: Any) -> list[list[str]]:
    """Headings of a plan in any order, and cells that can be found again: each carries a word of its own."""
    headings = draw(st.lists(st.sampled_from(HEADINGS), min_size=2, max_size=7))
    rows = []
    for number in range(draw(st.integers(1, 6))):
        cells = []
        for column in range(len(headings)):
            words = draw(st.sampled_from(WORDS))
            if draw(st.booleans()) and words != "":
                words = f"{words} zq{string.ascii_lowercase[number]}{string.ascii_lowercase[column]}"
            cells.append(words)
        rows.append(cells)
    return [headings, *rows]


def as_document(rows: list[list[str]], *, knows_merging: bool) -> Document:
    made = (
        Row(tuple(Cell((Line(words),), column) for column, words in enumerate(row)), number)
        for number, row in enumerate(rows, start=1)
    )
    return Document("docx", (Table(tuple(made), 1, knows_merging=knows_merging),))


def kept_words(draft: PlanDraft) -> str:
    words = []
    for item in draft.items:
        words += [item.title, item.content, item.section, item.section_number, item.sub_section, item.status_text]
        words += [*item.owners, *(step.title for step in item.milestones)]
        words += [step.when.words for step in item.milestones]
        words += [guess.words for guess in item.guesses.values()]
    return "\n".join(words)


def is_told(draft: PlanDraft, mark: str, column: int, row: int, heading: str) -> bool:
    """Whether a finding names the whole column, the words themselves, or the row as one that is no item."""
    own = max((item.place.row or 0 for item in draft.items if (item.place.row or 0) <= row), default=0)
    for issue in draft.issues:
        if issue.code == "column_not_read" and issue.values["heading"] in (heading, f"({column + 1})"):
            return True
        if issue.code == "numbers_not_kept" and heading == "Nr.":
            return True
        if issue.code == "row_skipped" and issue.place.row == row:
            return True
        if mark in " ".join(issue.values.values()):
            return True
        if issue.code == "cell_not_read" and issue.place.row in (row, own) and issue.values["words"].endswith("…"):
            return True
    return False


def is_a_date(heading: str, words: str) -> bool:
    """A cell of dates is read when its date is, or the date is reported; what stands around the date is not asked for."""
    return heading in ("Tidsplan", "Ny dato", "Milepæle") and bool(find_periods(words))


@pytest.mark.slow
@settings(max_examples=150, deadline=None, phases=QUICK)
@given(rows=tables(), knows_merging=st.booleans())
@example([["Titel", "Status", "Telefon"], ["Akutteams", "I gang", "zqtelefon"]], True)
@example([["Spor", "Delspor", "Indsats", "Status"], ["Data", "Deling zqab", "Akutteams", "I gang"]], True)
@example([["Indsats", "Status", "Milepæle"], ["Akutteams", "I gang", "Uden dag zqac"]], False)
@example([["Indsats", "Status"], ["Akutteams", "I gang"], ["1. En sidste overskrift zqba", ""]], False)
def test_a_cell_is_read_or_said_to_be_left_out(rows: list[list[str]], knows_merging: bool) -> None:
    try:
        draft = draft_plan(as_document(rows, knows_merging=knows_merging), as_of=DAY, bodies=BODIES)
    except NoPlanFound:
        return
    assert draft_from_json(draft.as_json()) == draft
    kept = kept_words(draft)
    for number, row in enumerate(rows[1:], start=2):
        for column, words in enumerate(row):
            mark = next((word for word in words.split() if word.startswith("zq")), "")
            if mark and mark not in kept and heading_role(words) is None and not is_a_date(rows[0][column], words):
                assert is_told(draft, mark, column, number, rows[0][column]), (mark, words, rows)


@settings(max_examples=40, deadline=None)
@given(rows=tables(), mark=st.sampled_from(";,\t"))
def test_the_same_cells_through_a_file(rows: list[list[str]], mark: str) -> None:
    target = io.StringIO()
    csv.writer(target, delimiter=mark).writerows(rows)
    assert isinstance(read_bytes(target.getvalue().encode(), ".csv"), PlanDraft | FileRefused)


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=300))
@example("| Indsats | Status |\n|---|---|\n| | |")
@example("Indsats\tStatus\nA\tB\tC\tD\n\t\t")
@example('Indsats\tStatus\n"A\tB\n')
def test_no_text_does_more_than_be_refused(text: str) -> None:
    try:
        read_plan_text(text, as_of=DAY, bodies=())
    except FileRefused as refused:
        sentence_of(refused)
