"""The annex as a workbook for whoever counts on: items, figures and where it all comes from, each cell of its own type."""

from __future__ import annotations

from datetime import UTC
from io import BytesIO
from typing import Any

from initiatives.annex.content import AnnexContent, ItemRow
from sundhedsaftale.lib.workbook import headed_sheet, number_format, plain_workbook

ITEM_COLUMNS = (
    ("Nr.", 6),
    ("Nøgle", 22),
    ("Spor", 28),
    ("Titel", 34),
    ("Indhold", 50),
    ("Forankring", 28),
    ("Tilstand", 13),
    ("Status", 50),
    ("Lovet til", 18),
    ("Ny dato", 18),
    ("Årsag", 18),
    ("Milepæle", 34),
    ("Beslutning", 30),
)
LIGHT_COLUMNS = (
    ("Mål", 30),
    ("Indikator", 40),
    ("Område", 22),
    ("Periode", 14),
    ("Værdi", 12),
    ("Enhed", 14),
    ("Hvorfor intet tal", 30),
    ("Udvikling", 22),
    ("Niveau", 22),
    ("Udgave", 34),
    ("Regel", 10),
)
UNDATED = "uden ny dato"
FIRST_ROW = 1


def render_xlsx(content: AnnexContent, *, site_name: str) -> bytes:
    """Text is always written as text, whatever it begins with: nothing in the workbook is a formula."""
    target = BytesIO()
    book = plain_workbook(target)
    frozen = content.frozen_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    book.set_properties(
        {
            "title": f"Bilag: {content.title}"[:255],
            "author": content.body,
            "created": frozen,
            "comments": content.footer,
        }
    )
    _items_sheet(book, content)
    _lights_sheet(book, content)
    _about_sheet(book, content, site_name)
    book.close()
    return target.getvalue()


def _items_sheet(book: Any, content: AnnexContent) -> None:
    sheet = headed_sheet(book, "Plan", ITEM_COLUMNS)
    top = book.add_format({"valign": "top", "text_wrap": True})
    for number, item in enumerate(content.items, FIRST_ROW):
        sheet.write_number(number, 0, item.number, top)
        for column, text in enumerate(_item_texts(item), 1):
            sheet.write_string(number, column, text, top)
    sheet.autofilter(0, 0, max(len(content.items), FIRST_ROW), len(ITEM_COLUMNS) - 1)


def _item_texts(item: ItemRow) -> tuple[str, ...]:
    """The columns after the number. A sub-heading stands on the second line of its heading, an owner on each line."""
    return (
        item.key,
        "\n".join(filter(None, (item.section, item.sub_section))),
        item.title,
        "\n".join(item.content),
        "\n".join(item.owners),
        item.state_word if item.state else "",
        "\n".join(item.status),
        item.promised,
        UNDATED if item.undated else item.new_date,
        item.cause,
        "\n".join(item.milestones),
        item.decision,
    )


def _lights_sheet(book: Any, content: AnnexContent) -> None:
    sheet = headed_sheet(book, "Lys", LIGHT_COLUMNS)
    top = book.add_format({"valign": "top", "text_wrap": True})
    formats = {
        decimals: book.add_format({"valign": "top", "num_format": number_format(decimals)})
        for decimals in sorted({light.decimals for light in content.all_lights})
    }
    for number, light in enumerate(content.all_lights, FIRST_ROW):
        texts = {0: light.goal, 1: light.indicator, 2: light.area, 3: light.period, 5: light.unit}
        texts |= {7: light.development, 8: light.level, 9: light.edition, 10: light.rule_version}
        if light.value is None:
            texts[6] = light.shown
        else:
            sheet.write_number(number, 4, float(light.value), formats[light.decimals])
        for column, text in texts.items():
            sheet.write_string(number, column, text, top)


def _about_sheet(book: Any, content: AnnexContent, site_name: str) -> None:
    sheet = book.add_worksheet("Om")
    bold = book.add_format({"bold": True, "valign": "top"})
    wrapped = book.add_format({"valign": "top", "text_wrap": True, "align": "left"})
    day = book.add_format({"num_format": "d. mmmm yyyy", "align": "left", "valign": "top"})
    sheet.set_column(0, 0, 18, bold)
    sheet.set_column(1, 1, 90, wrapped)
    rows: list[tuple[str, Any]] = [
        ("Plan", content.title),
        ("Udvalg", content.body),
        ("Møde", content.meeting_day),
        ("Sagsnummer", content.case_number),
        ("Version", content.version),
        ("Oplysninger", "\n".join(content.facts)),
        ("Ændringer", content.change_note or "Der er intet tidligere bilag at sammenligne med."),
        ("Kilde", f"{site_name}. {content.about[0]}"),
        ("Kontrolsum", content.content_hash),
        *(("Fjernet", text) for text in content.redactions),
    ]
    for number, (name, value) in enumerate(rows):
        sheet.write_string(number, 0, name, bold)
        if isinstance(value, str):
            sheet.write_string(number, 1, value, wrapped)
        elif isinstance(value, int):
            sheet.write_number(number, 1, value, wrapped)
        else:
            sheet.write_datetime(number, 1, value, day)
