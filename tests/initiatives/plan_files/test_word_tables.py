"""Word tables as people make them: lists, changes, nested tables, other headings, shared cells, and what is left out."""

from __future__ import annotations

from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor

from initiatives.calculations.plan_draft import ERROR, DraftIssue, PlanDraft
from initiatives.plan_files.reading import read_plan_file
from initiatives.plan_files.refusals import FileRefused
from tests.initiatives.plan_files import layouts as l

OWNERS = ("Forankring", "Ansvarlig", "Ejer")


def read(document: Any) -> PlanDraft:
    return read_plan_file(l.saved(document), "plan.docx", as_of=l.AS_OF, bodies=l.catalogue_bodies())


def issues(draft: PlanDraft, code: str) -> list[DraftIssue]:
    return [issue for issue in draft.issues if issue.code == code]


def places(draft: PlanDraft, code: str) -> list[tuple[int | None, int | None]]:
    return [(issue.place.table, issue.place.row) for issue in issues(draft, code)]


@pytest.mark.parametrize(
    "headings",
    [
        ("Indsats", "Ansvarlig", "Status"),
        ("HANDLING", "TOVHOLDER", "OPFØLGNING"),
        ("Aktivitet:", "Forankret i", "Status pr. 5.11.2020"),
        ("Emne", "Ejer", "Bemærkninger"),
        ("Punkt", "Ansvar", "Status / bemærkninger"),
        ("Titel", "Hvem", "Fremdrift"),
        ("Tiltag", "Ansvar\u00adlig", "Status"),
        ("Initiativ", "Ansvarlig part", "Kommentarer"),
        ("Action", "Owner", "Status"),
        ("What", "Responsible", "Progress"),
    ],
)
def test_cousins_of_the_headings(headings: tuple[str, str, str]) -> None:
    document = docx.Document()
    table = l.add_table(document, headings)
    l.add_row(table, "Fælles akutteams\nAftalen prøves af.", "Sundhedsstyregruppen", "Udsat til 2021.")
    item = read(document).items[0]
    assert (item.title, item.content) == ("Fælles akutteams", "Aftalen prøves af.")
    assert item.owner_guesses[0].value == "sundhedsstyregruppen-midtjylland"
    assert item.guesses["state"].value == "postponed"


def test_columns_of_times_and_milestones() -> None:
    document = docx.Document()
    table = l.add_table(
        document, ("Nr.", "Spor", "Indsats", "Beskrivelse", "Tidsplan", "Milepæle", "Ansvarlig", "Status")
    )
    steps = "Aftale på plads: 1. kvartal 2021\nEvaluering 31. februar 2022"
    l.add_row(
        table, "4", "Data", "Etik", "Vi taler sammen.", "2. kvartal 2021", steps, "Praksisplanudvalget", "I gang."
    )
    draft = read(document)
    item = draft.items[0]
    assert (item.number, item.section, item.title, item.content) == (4, "Data", "Etik", "Vi taler sammen.")
    assert item.guesses["planned"].value == "2. kvartal 2021"
    assert [(step.title, step.when.value) for step in item.milestones] == [("Aftale på plads", "1. kvartal 2021")]
    (issue,) = issues(draft, "unreadable_period")
    assert (issue.values["words"], issue.values["reason"]) == ("31. februar 2022", "day_not_in_month")
    assert (issue.place.table, issue.place.row) == (1, 2)


def test_tracked_changes_are_read_as_accepted_and_struck_text_is_left_out() -> None:
    document = docx.Document()
    table = l.add_table(document, l.HEADINGS)
    row = l.add_row(table, "Akutteams", "Sundhedsstyregruppen", "")
    paragraph = row.cells[2].paragraphs[0]
    paragraph.add_run("Udsat til ")
    l.tracked(paragraph, "del", "2020")
    l.tracked(paragraph, "ins", "2. kvartal 2021")
    paragraph.add_run(".")
    paragraph.add_run(" Afsluttet.").font.strike = True
    paragraph.add_run(" Skjult.").font.hidden = True
    draft = read(document)
    assert draft.items[0].status_text == "Udsat til 2. kvartal 2021."
    assert places(draft, "tracked_changes") == [(1, 2)]
    assert places(draft, "struck_text_left_out") == [(1, 2)]


def test_a_row_somebody_deleted_with_changes_on_is_gone() -> None:
    document = docx.Document()
    table = l.add_table(document, l.HEADINGS)
    row = l.add_row(table, "Gammelt punkt", "Sundhedsstyregruppen", "I gang")
    mark = OxmlElement("w:del")
    mark.set(qn("w:id"), "7")
    row._tr.get_or_add_trPr().append(mark)
    l.add_row(table, "Nyt punkt", "Sundhedsstyregruppen", "I gang")
    draft = read(document)
    assert [item.title for item in draft.items] == ["Nyt punkt"]
    assert draft.items[0].place.row == 3
    assert issues(draft, "tracked_changes")


def test_lists_in_cells_keep_their_marks() -> None:
    document = docx.Document()
    table = l.add_table(document, l.HEADINGS)
    row = l.add_row(table, "Populationer", "Sundhedsstyregruppen", "Der nedsættes en gruppe om:")
    for words in ("Borgere på plejehjem", "Patienter med hoftebrud"):
        row.cells[2].add_paragraph(words, style="List Bullet")
    row.cells[0].add_paragraph("Første skridt", style="List Number")
    row.cells[0].add_paragraph("Andet skridt", style="List Number")
    item = read(document).items[0]
    assert item.status_text == "Der nedsættes en gruppe om:\n• Borgere på plejehjem\n• Patienter med hoftebrud"
    assert item.content == "1. Første skridt\n2. Andet skridt"


def test_headings_numbered_by_word_itself() -> None:
    """ "1." is not in the text but in the list the paragraph belongs to."""
    document = docx.Document()
    table = l.add_table(document, l.HEADINGS)
    for words in ("Brug af data", "Fælles ledelse"):
        row = table.add_row()
        cell = row.cells[0].merge(row.cells[2])
        cell.paragraphs[0].style = "List Number"
        l.put(cell, words)
        l.add_row(table, f"Punkt om {words.lower()}", "Sundhedsstyregruppen", "I gang")
    draft = read(document)
    assert [(item.section_number, item.section) for item in draft.items] == [
        ("1", "Brug af data"),
        ("2", "Fælles ledelse"),
    ]


def test_text_of_nested_tables_is_kept() -> None:
    document = docx.Document()
    table = l.add_table(document, l.HEADINGS)
    row = l.add_row(table, "Akutteams", "Sundhedsstyregruppen", "I gang.")
    inner = row.cells[2].add_table(rows=2, cols=2)
    for place, words in enumerate(("Skridt", "Hvornår", "Aftale", "1. kvartal 2021")):
        inner.cell(place // 2, place % 2).text = words
    item = read(document).items[0]
    assert item.status_text == "I gang.\nSkridt – Hvornår\nAftale – 1. kvartal 2021"


def test_a_table_that_only_frames_the_plan_is_looked_through() -> None:
    document = docx.Document()
    frame = document.add_table(rows=1, cols=1)
    frame.cell(0, 0).text = "Handleplan for akutområdet"
    inner = frame.cell(0, 0).add_table(rows=2, cols=3)
    for place, words in enumerate((*l.HEADINGS, "Akutteams", "Sundhedsstyregruppen", "I gang")):
        inner.cell(place // 3, place % 3).text = words
    draft = read(document)
    assert [item.title for item in draft.items] == ["Akutteams"]
    assert draft.title == "Handleplan for akutområdet"


def test_an_owner_cell_shared_by_several_items() -> None:
    document = docx.Document()
    table = l.add_table(document, l.HEADINGS)
    rows = [l.add_row(table, f"Punkt {n}", "Sundhedsstyregruppen" if n == 1 else "", "I gang") for n in (1, 2, 3)]
    rows[0].cells[1].merge(rows[2].cells[1])
    draft = read(document)
    assert [item.owners for item in draft.items] == [("Sundhedsstyregruppen",)] * 3
    assert not [issue for issue in draft.issues if issue.severity == ERROR]


def test_a_group_in_a_column_merged_downwards() -> None:
    document = docx.Document()
    table = l.add_table(document, ("Indsats", "Handling", "Ansvarlig", "Status"))
    rows = [
        l.add_row(table, "Data" if n == 1 else "", f"Handling {n}", "Sundhedsstyregruppen", "I gang") for n in (1, 2, 3)
    ]
    rows[0].cells[0].merge(rows[2].cells[0])
    draft = read(document)
    assert [(item.section, item.title) for item in draft.items] == [("Data", f"Handling {n}") for n in (1, 2, 3)]


def test_a_row_that_goes_on_with_the_item_above() -> None:
    """As after a page break in the original: the content goes on in small letters, and so does the status."""
    document = docx.Document()
    table = l.add_table(document, l.HEADINGS)
    l.add_row(
        table, "Borgere i akutfunktioner\nAnsvaret, når en borger er tilknyttet en", "Praksisplanudvalget", "I gang."
    )
    l.add_row(table, "kommunal akutfunktion.", "Sundhedskoordinations-\nudvalget", "")
    l.add_row(table, "", "", "Evalueres i 1. kvartal 2021.")
    l.add_row(table, "Næste punkt", "Sundhedsstyregruppen", "Udsat")
    draft = read(document)
    assert [item.title for item in draft.items] == [
        "Borgere i akutfunktioner",
        "kommunal akutfunktion.",
        "Næste punkt",
    ] or [item.title for item in draft.items] == ["Borgere i akutfunktioner", "Næste punkt"]


def test_an_item_whose_cells_go_on_below() -> None:
    document = docx.Document()
    table = l.add_table(document, l.HEADINGS)
    l.add_row(
        table, "Borgere i akutfunktioner\nAnsvaret, når en borger er tilknyttet en", "Praksisplanudvalget", "I gang."
    )
    l.add_row(table, "kommunal akutfunktion.", "", "Evalueres i 1. kvartal 2021.")
    draft = read(document)
    assert len(draft.items) == 1
    assert draft.items[0].content.endswith("tilknyttet en\nkommunal akutfunktion.")
    assert draft.items[0].status_text == "I gang.\nEvalueres i 1. kvartal 2021."


def test_empty_cells_are_issues_with_their_place() -> None:
    document = docx.Document()
    table = l.add_table(document, l.HEADINGS)
    l.add_heading_row(table, "1. Data")
    l.add_row(table, "", "Sundhedsstyregruppen", "I gang")
    l.add_row(table, "Uden forankring", "", "I gang")
    l.add_row(table, "Uden status", "Sundhedsstyregruppen", "")
    l.add_row(table, "Kun titel", "-", "")
    l.add_row(table, "", "", "")
    draft = read(document)
    assert [item.title for item in draft.items] == ["", "Uden forankring", "Uden status", "Kun titel"]
    assert places(draft, "title_missing") == [(1, 3)]
    assert places(draft, "owner_missing") == [(1, 4), (1, 6)]
    assert places(draft, "status_empty") == [(1, 5), (1, 6)]
    assert [issue.severity for issue in draft.issues] == ["error", "error", "warning", "error", "warning"]


def test_duplicates_are_issues() -> None:
    document = docx.Document()
    table = l.add_table(document, l.HEADINGS)
    for number, title in ((1, "Etik"), (2, "Etik"), (2, "Data")):
        l.add_row(table, f"{number}. {title}", "Sundhedsstyregruppen", "I gang")
    draft = read(document)
    assert places(draft, "duplicate_title") == [(1, 3)]
    assert places(draft, "duplicate_number") == [(1, 4)]


def test_numbers_that_begin_again_under_each_heading_are_counted_through() -> None:
    document = docx.Document()
    table = l.add_table(document, l.HEADINGS)
    for track in ("Spor A: Data", "Spor B: Ledelse"):
        l.add_heading_row(table, track)
        for number in (1, 2):
            l.add_row(table, f"{number}. Punkt om {track[-3:]}{number}", "Sundhedsstyregruppen", "I gang")
    draft = read(document)
    assert [item.number for item in draft.items] == [1, 2, 3, 4]
    assert [(item.section_number, item.section) for item in draft.items][::2] == [("A", "Data"), ("B", "Ledelse")]
    assert issues(draft, "numbers_counted")


def test_the_best_of_three_tables_is_taken_and_the_others_are_named() -> None:
    document = docx.Document()
    people = l.add_table(document, ("Navn", "Telefon"))
    l.add_row(people, "Sekretariatet", "12 34 56 78")
    document.add_paragraph("Handleplan")
    plan = l.add_table(document, l.HEADINGS)
    l.add_row(plan, "Akutteams", "Sundhedsstyregruppen", "I gang")
    l.add_row(plan, "Etik", "Sundhedsstyregruppen", "I gang")
    document.add_paragraph("Sidste år")
    old = l.add_table(document, ("Handling", "Ansvarlig", "Opfølgning", "Frist"))
    l.add_row(old, "Gammelt", "Sundhedsstyregruppen", "Afsluttet", "2019")
    draft = read(document)
    assert [item.title for item in draft.items] == ["Akutteams", "Etik"]
    (other,) = issues(draft, "other_table")
    assert (other.place.table, other.values["headings"]) == (3, "Handling, Ansvarlig, Opfølgning, Frist")


def test_equally_good_tables_are_refused_with_their_places() -> None:
    document = docx.Document()
    for headings in (l.HEADINGS, ("Handling", "Ansvarlig", "Tid", "Status"), ("Status", "Ejer", "Emne")):
        table = l.add_table(document, headings)
        # Not the same words in every cell: that is how a file that cannot merge writes a heading.
        l.add_row(table, *("Udvalget" if heading in OWNERS else "Akutteams" for heading in headings))
        document.add_paragraph("")
    with pytest.raises(FileRefused) as caught:
        read(document)
    assert caught.value.code == "tables_equal"
    assert all(str(number) in caught.value.values["tables"] for number in (1, 2, 3))


def test_the_same_plan_twice_is_not_read_as_one() -> None:
    document = docx.Document()
    for _ in range(2):
        table = l.add_table(document, l.HEADINGS)
        l.add_row(table, "Akutteams", "Sundhedsstyregruppen", "I gang")
        document.add_paragraph("Tidligere version")
    with pytest.raises(FileRefused, match="tables_equal"):
        read(document)


def test_no_table_is_refused() -> None:
    document = docx.Document()
    document.add_paragraph("1. Akutteams, Sundhedsstyregruppen, i gang")
    with pytest.raises(FileRefused, match="no_table"):
        read(document)


def test_text_outside_the_table_that_looks_like_an_item_is_named() -> None:
    document = l.new_document()
    table = l.add_table(document, l.HEADINGS)
    l.add_row(table, "Akutteams", "Sundhedsstyregruppen", "I gang")
    document.add_paragraph("Etik og data er udsat til 2021 pga. COVID-19.")
    document.add_paragraph("Med venlig hilsen fra os alle sammen")
    draft = read(document)
    assert [issue.values["words"] for issue in issues(draft, "text_outside")] == [
        "Etik og data er udsat til 2021 pga. COVID-19."
    ]


def test_an_annex_of_ours_comes_back_as_it_went_out() -> None:
    """The line with the state is no part of the words, and what it says is certain."""
    document = docx.Document()
    style = document.styles.add_style("SA Tilstand", 1)
    style.font.color.rgb = RGBColor(0x4D, 0x59, 0x5C)
    table = l.add_table(document, l.HEADINGS)
    row = l.add_row(table, "", "Sundhedskoordinationsudvalget i Region Midtjylland", "Vi går i gang, når vi kan.")
    l.put(row.cells[0], "3. Akutteams?", bold=True)
    l.put(row.cells[0], "kan det være et sted at begynde")
    key = row.cells[0].add_paragraph().add_run("nøgle: akutteams")
    key.font.hidden = True
    for words in ("Tilstand: Udsat – uden ny dato – årsag COVID-19", "Ændret: status"):
        row.cells[2].add_paragraph(words, style="SA Tilstand")
    item = read(document).items[0]
    assert (item.number, item.title, item.key) == (3, "Akutteams?", "akutteams")
    assert item.content == "kan det være et sted at begynde"
    assert item.status_text == "Vi går i gang, når vi kan."
    assert {key: guess.value for key, guess in item.guesses.items()} == {"state": "postponed", "cause": "covid_19"}
    assert item.guesses["state"].confidence == "sure"


def test_content_controls_and_hyperlinks_are_read_through() -> None:
    document = docx.Document()
    table = l.add_table(document, l.HEADINGS)
    row = l.add_row(table, "Akutteams", "Sundhedsstyregruppen", "")
    run = row.cells[2].paragraphs[0].add_run("Udsat til 2021")
    link = OxmlElement("w:hyperlink")
    run._r.addprevious(link)
    link.append(run._r)
    control, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    row._tr.addprevious(control)
    control.append(content)
    content.append(row._tr)
    assert read(document).items[0].status_text == "Udsat til 2021"
