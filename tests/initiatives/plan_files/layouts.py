"""The plan of 5 November 2020 laid out as Word tables the way people lay them out, and small tools to build others.

Titles, owners and status words are the public document's; the content is retold, as in the catalogue.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import docx
import yaml
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from initiatives.calculations.plan_owners import KnownBody

CATALOGUE = Path(__file__).resolve().parents[3] / "initiatives" / "catalogue"
AS_OF = date(2020, 11, 5)
HEADINGS = ("Indhold", "Forankring", "Status")
TITLE = "Handleplan – bedre brug af de samlede ressourcer med særlig fokus på (gen)indlæggelser"
# As the document writes them: broken over two lines, and once without the ending.
WRITTEN = {
    "sundhedskoordinationsudvalg-midtjylland": "Sundhedskoordinations-\nudvalget",
    "praksisplanudvalget-midtjylland": "Praksisplanudvalget",
    "sundhedsstyregruppen-midtjylland": "Sundhedsstyregruppen",
}


@dataclass(frozen=True)
class Item:
    title: str
    content: str
    owners: str
    status: str
    slugs: tuple[str, ...]


@dataclass(frozen=True)
class Heading:
    text: str


def seed_rows() -> list[Heading | Item]:
    """The rows of the plan in order: numbered headings, one sub-heading, seven items."""
    plan = yaml.safe_load((CATALOGUE / "plans" / "handleplan-2020.yaml").read_text(encoding="utf-8"))
    rows: list[Heading | Item] = []
    for track in plan["tracks"]:
        rows.append(Heading(f"{track['number']}. {track['title']}"))
        rows += [_item(item) for item in track.get("items", [])]
        for sub in track.get("sub_tracks", []):
            rows.append(Heading(sub["title"]))
            rows += [_item(item) for item in sub["items"]]
    return rows


def _item(item: dict[str, Any]) -> Item:
    owners = "\n".join(WRITTEN[slug] for slug in item["owners"])
    return Item(item["title"], item["content"], owners, item["status"]["words"], tuple(item["owners"]))


@cache
def catalogue_bodies() -> tuple[KnownBody, ...]:
    rows = yaml.safe_load((CATALOGUE / "bodies.yaml").read_text(encoding="utf-8"))
    return tuple(
        KnownBody(
            slug=row["slug"],
            name=row["name"],
            aliases=tuple(row["aliases"]),
            valid_from=row["valid_from"],
            valid_to=row["valid_to"],
            area=row["area"] or "",
            near=row["area"] == "082",
        )
        for row in rows
    )


#: The answers of the reference table for the seven items, by the keys of the status reader.
EXPECTED: list[dict[str, Any]] = [
    {"state": "postponed", "planned": "primo 2020", "cause": "covid_19", "new_date": "2021", "steps": ["januar 2021"],
     "flags": ["sub_tracks"]},
    {"state": "postponed", "planned": "2. kvartal 2020", "cause": "covid_19", "new_date": "2. kvartal 2021",
     "flags": ["group_to_be_set_up"]},
    {"state": "in_progress", "steps": ["20. november 2020"]},
    {"state": "delayed", "started": "3. kvartal 2020", "cause": "covid_19",
     "steps": ["2. kvartal 2021"]},
    {"state": "in_progress", "started": "1. september 2019", "steps": ["1. kvartal 2021"]},
    {"state": "on_hold", "started": "November 2019", "since": "marts 2020", "cause": "covid_19",
     "new_date": "1. kvartal 2021"},
    {"state": "postponed", "planned": "2. kvartal 2020", "cause": "covid_19",
     "flags": ["promise_without_date", "postponed_without_date", "awaits_reform"]},
]  # fmt: skip


def saved(document: Any) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def new_document() -> Any:
    document = docx.Document()
    document.add_paragraph("5. november 2020")
    document.add_paragraph(TITLE)
    return document


def put(cell: Any, text: str, *, bold: bool = False, paragraphs: bool = True) -> None:
    """The text into a cell: a paragraph a line, or one paragraph with line breaks."""
    parts = text.split("\n") if paragraphs else [text]
    for place, part in enumerate(parts):
        paragraph = cell.paragraphs[0] if place == 0 and not cell.text else cell.add_paragraph()
        run = paragraph.add_run(part)
        run.bold = bold or None


def add_table(document: Any, headings: Sequence[str], *, bold: bool = True) -> Any:
    table = document.add_table(rows=1 if headings else 0, cols=len(headings) or 3)
    for place, heading in enumerate(headings):
        put(table.rows[0].cells[place], heading, bold=bold)
    return table


def add_row(table: Any, *texts: str) -> Any:
    row = table.add_row()
    for cell, text in zip(row.cells, texts, strict=False):
        put(cell, text)
    return row


def add_heading_row(table: Any, text: str, *, merged: bool = True, bold: bool = True) -> None:
    row = table.add_row()
    cell = row.cells[0].merge(row.cells[-1]) if merged else row.cells[0]
    put(cell, text, bold=bold)


def tracked(paragraph: Any, kind: str, text: str) -> None:
    """An insertion ("ins") or a deletion ("del") somebody has not accepted yet."""
    change = OxmlElement(f"w:{kind}")
    change.set(qn("w:id"), "1")
    change.set(qn("w:author"), "Sekretariatet")
    run = OxmlElement("w:r")
    words = OxmlElement("w:delText" if kind == "del" else "w:t")
    words.text = text
    words.set(qn("xml:space"), "preserve")
    run.append(words)
    change.append(run)
    paragraph._p.append(change)


# --- The plan in different layouts ------------------------------------------------------------------------------------


def bold_title() -> bytes:
    document = new_document()
    table = add_table(document, HEADINGS)
    for row in seed_rows():
        if isinstance(row, Heading):
            add_heading_row(table, row.text)
            continue
        cells = table.add_row().cells
        put(cells[0], row.title, bold=True)
        put(cells[0], row.content)
        put(cells[1], row.owners)
        put(cells[2], row.status)
    return saved(document)


def plain_first_line() -> bytes:
    document = new_document()
    table = add_table(document, HEADINGS, bold=False)
    for row in seed_rows():
        if isinstance(row, Heading):
            add_heading_row(table, row.text, bold=False)
        else:
            add_row(table, f"{row.title}\n{row.content}", row.owners, row.status)
    return saved(document)


def line_breaks_in_one_paragraph() -> bytes:
    document = new_document()
    table = add_table(document, HEADINGS)
    for row in seed_rows():
        if isinstance(row, Heading):
            add_heading_row(table, row.text)
            continue
        cells = table.add_row().cells
        put(cells[0], f"{row.title}\n\n{row.content}", paragraphs=False)
        put(cells[1], row.owners, paragraphs=False)
        put(cells[2], row.status, paragraphs=False)
    return saved(document)


def four_columns() -> bytes:
    """ "Indhold" over a title column and a content column, as in the original."""
    document = new_document()
    table = document.add_table(rows=1, cols=4)
    cells = table.rows[0].cells
    put(cells[0].merge(cells[1]), "Indhold")
    put(cells[2], "Forankring")
    put(cells[3], "Status")
    for row in seed_rows():
        if isinstance(row, Heading):
            add_heading_row(table, row.text)
        else:
            add_row(table, row.title, row.content, row.owners, row.status)
    return saved(document)


def four_named_columns_in_another_order() -> bytes:
    document = new_document()
    table = add_table(document, ("Status pr. 5. november 2020", "Ansvarlig", "Indsats", "Beskrivelse"))
    for row in seed_rows():
        if isinstance(row, Heading):
            add_heading_row(table, row.text)
        else:
            add_row(table, row.status, row.owners, row.title, row.content)
    return saved(document)


def headings_not_merged() -> bytes:
    document = new_document()
    table = add_table(document, HEADINGS)
    for row in seed_rows():
        if isinstance(row, Heading):
            add_heading_row(table, row.text, merged=False)
            continue
        cells = table.add_row().cells
        put(cells[0], row.title, bold=True)
        put(cells[0], row.content)
        put(cells[1], row.owners)
        put(cells[2], row.status)
    return saved(document)


def one_table_a_heading() -> bytes:
    """Headings as paragraphs between tables, the headings of the columns repeated in each."""
    document = new_document()
    table = None
    for row in seed_rows():
        if isinstance(row, Heading):
            document.add_heading(row.text, level=2 if row.text[0].isdigit() else 3)
            table = None
            continue
        table = table or add_table(document, HEADINGS)
        add_row(table, f"{row.title}\n{row.content}", row.owners, row.status)
    return saved(document)


def split_over_pages() -> bytes:
    """Somebody split the table at the page breaks: two more tables, one with the headings repeated and one without."""
    document = new_document()
    table = add_table(document, HEADINGS)
    for row in seed_rows():
        if isinstance(row, Heading):
            add_heading_row(table, row.text)
            continue
        if row.title.startswith("Fælles Sundhedsvisitationer"):
            document.add_page_break()
            table = add_table(document, HEADINGS)
        if row.title.startswith("Det rette tilbud"):
            document.add_paragraph("")
            table = add_table(document, ())
        add_row(table, f"{row.title}\n{row.content}", row.owners, row.status)
    return saved(document)


def without_headings() -> bytes:
    document = new_document()
    table = add_table(document, ())
    for row in seed_rows():
        if isinstance(row, Heading):
            add_heading_row(table, row.text)
        else:
            add_row(table, f"{row.title}\n{row.content}", row.owners, row.status)
    return saved(document)


def title_over_two_bold_lines() -> bytes:
    document = new_document()
    table = add_table(document, HEADINGS)
    for row in seed_rows():
        if isinstance(row, Heading):
            add_heading_row(table, row.text)
            continue
        cells = table.add_row().cells
        words = row.title.split()
        put(cells[0], " ".join(words[:3]) + "\n" + " ".join(words[3:]) if len(words) > 4 else row.title, bold=True)
        put(cells[0], "\n" + row.content)
        put(cells[1], row.owners.replace("-\n", "\u00ad"))
        put(cells[2], row.status)
    return saved(document)


def item_over_several_rows() -> bytes:
    """Each item's title and owners are merged downwards; its status has a row for each line."""
    document = new_document()
    table = add_table(document, HEADINGS)
    for row in seed_rows():
        if isinstance(row, Heading):
            add_heading_row(table, row.text)
            continue
        first = add_row(table, f"{row.title}\n{row.content}", row.owners)
        lines = [line for line in row.status.split("\n") if line]
        last = first
        for place, line in enumerate(lines):
            last = first if place == 0 else table.add_row()
            put(last.cells[2], line)
        for column in (0, 1):
            if last is not first:
                first.cells[column].merge(last.cells[column])
    return saved(document)


def tracked_changes() -> bytes:
    """Every status was rewritten with changes on, and a row that was taken out still stands there, struck."""
    document = new_document()
    table = add_table(document, HEADINGS)
    for row in seed_rows():
        if isinstance(row, Heading):
            add_heading_row(table, row.text)
            continue
        cells = add_row(table, f"{row.title}\n{row.content}", row.owners).cells
        for place, line in enumerate(row.status.split("\n")):
            paragraph = cells[2].paragraphs[0] if place == 0 else cells[2].add_paragraph()
            tracked(paragraph, "del", "Afsluttet i 2019.")
            tracked(paragraph, "ins", line)
    gone = add_row(table, "Et punkt, der udgik", "Sundhedsstyregruppen", "Opgivet.")
    mark = OxmlElement("w:del")
    mark.set(qn("w:id"), "9")
    gone._tr.get_or_add_trPr().append(mark)
    return saved(document)


def lists_in_cells() -> bytes:
    """The list marks are Word's own, and half of a list is nested in a table inside the cell."""
    document = new_document()
    table = add_table(document, HEADINGS)
    for row in seed_rows():
        if isinstance(row, Heading):
            add_heading_row(table, row.text)
            continue
        cells = add_row(table, f"{row.title}\n{row.content}", row.owners).cells
        inner = None
        for place, line in enumerate(row.status.split("\n")):
            if not line.startswith("• "):
                paragraph = cells[2].paragraphs[0] if place == 0 else cells[2].add_paragraph()
                paragraph.add_run(line)
            elif inner is None:
                inner = cells[2].add_paragraph(line[2:], style="List Bullet")
            else:
                nested = cells[2].add_table(rows=1, cols=1).cell(0, 0)
                nested.paragraphs[0].text = line[2:]
                nested.paragraphs[0].style = "List Bullet"
    return saved(document)


LAYOUTS: dict[str, Callable[[], bytes]] = {
    function.__name__: function
    for function in (
        bold_title, plain_first_line, line_breaks_in_one_paragraph, four_columns, four_named_columns_in_another_order,
        headings_not_merged, one_table_a_heading, split_over_pages, without_headings, title_over_two_bold_lines,
        item_over_several_rows, tracked_changes, lists_in_cells,
    )
}  # fmt: skip
