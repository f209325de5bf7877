"""The same plan as a workbook, as CSV, as pasted text, as Markdown and as PDF."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from initiatives.calculations.plan_draft import ERROR, PlanDraft
from initiatives.plan_files.reading import read_plan_file, read_plan_text
from initiatives.plan_files.refusals import FileRefused
from tests.initiatives.plan_files import layouts as l
from tests.initiatives.plan_files.test_layouts import assert_is_the_plan

NOTHING_BUT = ("Akutteams", "Sundhedsstyregruppen", "I gang")


def read(content: bytes, filename: str) -> PlanDraft:
    return read_plan_file(content, filename, as_of=l.AS_OF, bodies=l.catalogue_bodies())


def paste(text: str) -> PlanDraft:
    return read_plan_text(text, as_of=l.AS_OF, bodies=l.catalogue_bodies())


def codes(draft: PlanDraft) -> list[str]:
    return [issue.code for issue in draft.issues]


def titles(draft: PlanDraft) -> list[str]:
    return [item.title for item in draft.items]


def saved(book: Any) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def sheet_of(*rows: tuple[Any, ...], title: str = "Plan", book: Any = None) -> Any:
    if book is None:
        book = openpyxl.Workbook()
        book.remove(book.active)
    sheet = book.create_sheet(title)
    for row in rows:
        sheet.append(row)
    return sheet


# --- Excel ------------------------------------------------------------------------------------------------------------


def seed_workbook(*, content_column: bool) -> bytes:
    sheet = sheet_of(("5. november 2020",), (l.TITLE,), ())
    heads = ("Indsats", "Beskrivelse", "Forankring", "Status") if content_column else l.HEADINGS
    sheet.append(heads)
    for row in l.seed_rows():
        if isinstance(row, l.Heading):
            sheet.append((row.text,))
            sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=len(heads))
        elif content_column:
            sheet.append((row.title, row.content, row.owners, row.status))
        else:
            bold = TextBlock(InlineFont(b=True), row.title)
            sheet.append((CellRichText(bold, f"\n{row.content}"), row.owners, row.status))
    return saved(sheet.parent)


@pytest.mark.parametrize("content_column", [True, False])
def test_the_plan_of_2020_as_a_workbook(content_column: bool) -> None:
    draft = read(seed_workbook(content_column=content_column), "plan.xlsx")
    assert_is_the_plan(draft)
    assert (draft.title, draft.as_of, draft.source_format) == (l.TITLE, "2020-11-05", "xlsx")
    assert codes(draft) == []


def test_an_owner_merged_down_over_several_rows() -> None:
    sheet = sheet_of(l.HEADINGS, ("Etik", "Sundhedsstyregruppen", "I gang"), ("Data", None, "I gang"))
    sheet.merge_cells("B2:B3")
    assert [item.owners for item in read(saved(sheet.parent), "p.xlsx").items] == [("Sundhedsstyregruppen",)] * 2


def test_a_hidden_sheet_is_left_out_by_name() -> None:
    sheet = sheet_of(l.HEADINGS, NOTHING_BUT)
    other = sheet_of(l.HEADINGS, ("Hemmeligt", "Sundhedsstyregruppen", "I gang"), title="Kladde", book=sheet.parent)
    other.sheet_state = "hidden"
    draft = read(saved(sheet.parent), "p.xlsx")
    assert titles(draft) == ["Akutteams"]
    assert [(issue.code, issue.values) for issue in draft.issues] == [("hidden_sheet_left_out", {"sheet": "Kladde"})]


def test_sheets_with_the_same_headings_are_one_plan() -> None:
    """A sheet for each track: the sheet's name is the heading."""
    sheet = sheet_of(l.HEADINGS, NOTHING_BUT, title="Akut")
    sheet_of(l.HEADINGS, ("Etik", "Sundhedsstyregruppen", "I gang"), title="Data", book=sheet.parent)
    draft = read(saved(sheet.parent), "p.xlsx")
    assert [(item.section, item.title) for item in draft.items] == [("Akut", "Akutteams"), ("Data", "Etik")]
    assert [(item.place.sheet, item.place.row) for item in draft.items] == [("Akut", 2), ("Data", 2)]
    (issue,) = draft.issues
    assert (issue.code, issue.values["tables"]) == ("tables_joined", "Akut, Data")


def test_dates_are_read_as_dates_and_numbers_as_people_write_them() -> None:
    sheet = sheet_of(
        ("Nr.", "Indsats", "Ansvarlig", "Frist", "Status"),
        (1, "Etik", "Sundhedsstyregruppen", date(2021, 6, 30), "I gang"),
        (2.0, "Data", "Sundhedsstyregruppen", datetime(2021, 12, 1), "I gang"),  # noqa: DTZ001
        (3, "Andel", "Sundhedsstyregruppen", None, 1.5),
    )
    items = read(saved(sheet.parent), "p.xlsx").items
    assert [item.number for item in items] == [1, 2, 3]
    assert [item.guesses["planned"].value for item in items[:2]] == ["30. juni 2021", "1. december 2021"]
    assert items[2].status_text == "1,5"


def with_formula(value: str | None) -> bytes:
    """openpyxl writes formulas without values, as many programs do; the value is put in by hand."""
    import zipfile

    content = saved(sheet_of(l.HEADINGS, ("Akutteams", "Sundhedsstyregruppen", '="I "&"gang"')).parent)
    if value is None:
        return content
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            part = old.read(name).decode()
            if name.endswith("sheet1.xml"):
                assert "<v></v>" in part or "<v />" in part or "<v/>" in part
                for empty in ("<v></v>", "<v />", "<v/>"):
                    part = part.replace(empty, f"<v>{value}</v>")
                part = part.replace('<c r="C2">', '<c r="C2" t="str">')
            new.writestr(name, part)
    return target.getvalue()


def test_a_formula_gives_the_value_that_was_stored() -> None:
    assert read(with_formula("I gang"), "p.xlsx").items[0].status_text == "I gang"


def test_a_formula_without_a_value_is_refused_with_its_cell() -> None:
    with pytest.raises(FileRefused) as caught:
        read(with_formula(None), "p.xlsx")
    assert (caught.value.code, caught.value.values) == ("formula_without_value", {"sheet": "Plan", "cell": "C2"})


# --- CSV --------------------------------------------------------------------------------------------------------------


def seed_csv(mark: str) -> str:
    target = io.StringIO()
    writer = csv.writer(target, delimiter=mark)
    writer.writerow(("Spor", "Delspor", "Indsats", "Beskrivelse", "Forankring", "Status"))
    section = sub = ""
    for row in l.seed_rows():
        if isinstance(row, l.Heading):
            section, sub = (row.text, "") if row.text[0].isdigit() else (section, row.text)
        else:
            writer.writerow((section, sub, row.title, row.content, row.owners, row.status))
    return target.getvalue()


@pytest.mark.parametrize("mark", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "utf-16"])
def test_the_plan_of_2020_as_csv(mark: str, encoding: str) -> None:
    """Line breaks stand inside quotation marks; list marks of Word are no letters of Windows-1252."""
    draft = read(seed_csv(mark).encode(encoding), "plan.csv")
    assert_is_the_plan(draft)
    assert draft.source_format == "csv"
    assert not [issue for issue in draft.issues if issue.severity == ERROR]


def test_excel_may_name_the_mark_in_the_first_line() -> None:
    assert titles(read(b"sep=,\r\nIndsats,Ansvarlig,Status\r\nEtik; data,Udvalget,I gang\r\n", "p.csv")) == [
        "Etik; data"
    ]


# --- Pasted text ------------------------------------------------------------------------------------------------------


def test_a_table_copied_from_word_or_excel() -> None:
    assert_is_the_plan(paste(seed_csv("\t")))


def test_a_table_in_markdown() -> None:
    lines = [f"# {l.TITLE}", "", "5. november 2020", "", "| Spor | Delspor | Indsats | Indhold | Forankring | Status |"]
    lines.append("|---|:--|---|---|---|--:|")
    section = sub = ""
    for row in l.seed_rows():
        if isinstance(row, l.Heading):
            section, sub = (row.text, "") if row.text[0].isdigit() else (section, row.text)
        else:
            cells = (section, sub, f"**{row.title}**", row.content, row.owners, row.status)
            lines.append("| " + " | ".join(cell.replace("\n", "<br>") for cell in cells) + " |")
    draft = paste("\n".join(lines))
    assert_is_the_plan(draft)
    assert (draft.title, draft.as_of, draft.source_format) == (l.TITLE, "2020-11-05", "text")


def test_bars_and_stars_of_markdown() -> None:
    draft = paste("| **Indsats** | Ansvarlig | Status |\n|---|---|---|\n| Enten \\| eller | Udvalget | I gang |\n")
    assert titles(draft) == ["Enten | eller"]


def test_text_without_columns_is_a_guess_and_says_so() -> None:
    text = (
        "Indhold Forankring Status\n\n1. Data\n\nEtik og data\nVi taler sammen.\n\nSundhedsstyregruppen\n\n"
        "Udsat til 2021.\n"
    )
    draft = paste(text)
    assert [(item.section, item.title, item.status_text) for item in draft.items] == [
        ("Data", "Etik og data", "Udsat til 2021.")
    ]
    assert "text_layout_guessed" in codes(draft)


# --- PDF --------------------------------------------------------------------------------------------------------------


def pdf_of(body: str) -> bytes:
    import weasyprint

    style = "<style>table{border-collapse:collapse} td,th{border:1px solid;padding:4px;vertical-align:top}</style>"
    return bytes(weasyprint.HTML(string=f"{style}{body}").write_pdf())


def seed_html(style: str = "") -> str:
    rows = ["<tr>" + "".join(f"<th>{heading}</th>" for heading in l.HEADINGS) + "</tr>"]
    for row in l.seed_rows():
        if isinstance(row, l.Heading):
            rows.append(f'<tr><td colspan="3"><b>{row.text}</b></td></tr>')
        else:
            content = row.content.replace("\n", "<br>")
            status = "".join(f"<p>{line}</p>" for line in row.status.split("\n") if line)
            owners = row.owners.replace("\n", "<br>")
            rows.append(f"<tr><td><b>{row.title}</b><br>{content}</td><td>{owners}</td><td>{status}</td></tr>")
    return f"<style>{style}</style><p>5. november 2020</p><h1>{l.TITLE}</h1><table>{''.join(rows)}</table>"


@pytest.mark.slow
def test_the_plan_of_2020_as_pdf_is_read_as_well_as_it_goes() -> None:
    """Titles, owners, states and dates come out; lines of prose may be broken elsewhere, and that is said."""
    draft = read(pdf_of(seed_html("tr{break-inside:avoid}")), "plan.pdf")
    items = [row for row in l.seed_rows() if isinstance(row, l.Item)]
    assert "pdf_best_effort" in codes(draft)
    assert titles(draft) == [item.title for item in items]
    assert [tuple(guess.value for guess in item.owner_guesses) for item in draft.items] == [one.slugs for one in items]
    for found, expected in zip(draft.items, l.EXPECTED, strict=True):
        values = {key: guess.value for key, guess in found.guesses.items()}
        assert values == {key: value for key, value in expected.items() if key not in ("steps", "flags")}


@pytest.mark.slow
def test_a_row_that_goes_on_over_the_page_is_still_a_row() -> None:
    draft = read(pdf_of(seed_html()), "plan.pdf")
    assert {row.title for row in l.seed_rows() if isinstance(row, l.Item)} <= set(titles(draft))
    assert "text_outside" not in codes(draft)


def test_a_pdf_names_the_page_of_each_row() -> None:
    row = "<tr><td>Akutteams {0}</td><td>Sundhedsstyregruppen</td><td>I gang</td></tr>"
    head = "<tr><th>Indsats</th><th>Ansvarlig</th><th>Status</th></tr>"
    draft = read(
        pdf_of(f'<table>{head}{row.format(1)}</table><table style="break-before:page">{head}{row.format(2)}</table>'),
        "plan.pdf",
    )
    assert [(item.title, item.place.page) for item in draft.items] == [("Akutteams 1", 1), ("Akutteams 2", 2)]
