"""A plan's whole cycle as a secretariat lives it: Word in, statuses, frozen for a meeting, the annex out, and in again."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO, StringIO

import docx
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from initiatives.actions.content.demo import DEMO_PASSWORD
from initiatives.annex.gathering import gather
from initiatives.annex.pdf import render_pdf
from initiatives.models import Body, Meeting, Plan, PlanImport, Snapshot
from initiatives.plan_files.preview import load_preview
from tests.initiatives.plan_files import layouts

BODY = "sundhedskoordinationsudvalg-midtjylland"
START = "/planer/indlaes/"


@pytest.fixture
def secretary(db: None, client: Client) -> Client:
    call_command("load_demo", stdout=StringIO())
    assert client.login(username="sekretaer@example.dk", password=DEMO_PASSWORD)
    return client


def send(secretary: Client, content: bytes, name: str, goes_to: str, title: str = "") -> PlanImport:
    """The file is handed over on the page; the draft it became."""
    form = {"goes_to": goes_to, "title": title, "kind": "handleplan", "text": "", "as_of": ""}
    answer = secretary.post(START, {**form, "file": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, re.findall(r'class="[^"]*err[^"]*"[^>]*>([^<]+)', answer.content.decode())
    return PlanImport.objects.select_related("plan", "body", "kind").get(token=answer["Location"].split("/")[-2])


def confirm(secretary: Client, draft: PlanImport) -> Plan:
    page = secretary.get(f"{START}{draft.token}/").content.decode()
    found = re.search(r'name="stamp" value="([^"]*)"', page)
    stamp = found.group(1) if found else ""
    answer = secretary.post(f"{START}{draft.token}/bekraeft/", {"revision": draft.revision, "stamp": stamp})
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert draft.result is not None
    return draft.result


def freeze(secretary: Client, plan: Plan, **fields: str) -> Snapshot:
    meeting = Meeting.objects.get(body__slug=BODY, day=date(2020, 11, 5))
    version = plan.snapshots.count() + 1
    address = f"/moeder/{meeting.pk}/planer/{plan.slug}/frys/"
    answer = secretary.post(address, {"expected_version": version, **fields})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return plan.snapshots.get(version=version)


@pytest.mark.parametrize("layout", ["bold_title", "item_over_several_rows"])
def test_word_in_frozen_annex_out_and_in_again_changes_nothing(secretary: Client, layout: str) -> None:
    # Given the committee's plan as a table in Word
    body = Body.objects.get(slug=BODY)
    # When it is handed over and confirmed
    draft = send(secretary, getattr(layouts, layout)(), "handleplan.docx", f"new:{body.pk}", "Handleplan fra Word")
    assert load_preview(draft).errors == ()
    plan = confirm(secretary, draft)
    plan.items.get(number=5).anchorings.all().delete()  # nobody carries it: the annex says so, and it comes back so
    # Then its seven items stand with the states RULES reads from their words
    assert plan.items.count() == 7
    assert list(
        plan.items.order_by("number").values_list("statuses__state", flat=True)
    ) == ["postponed", "postponed", "in_progress", "delayed", "in_progress", "on_hold", "postponed"]  # fmt: skip

    # And when it is frozen for the meeting, and the annex fetched
    frozen = freeze(secretary, plan)
    word = secretary.get(f"/fastfrosset/{frozen.pk}/bilag/docx/")
    assert word.status_code == 200
    # Then its words are the plan's
    table = docx.Document(BytesIO(word.content)).tables[0]
    cells = "\n".join(cell.text for row in table.rows for cell in row.cells)
    assert all(item.title in cells for item in plan.items.all())

    # And when the annex comes back, as Word, Excel or PDF, it changes nothing
    excel = secretary.get(f"/fastfrosset/{frozen.pk}/bilag/xlsx/").content
    pdf = render_pdf(gather(frozen), site_name="Sundhedsaftale")  # on the page a worker makes it
    for content, name in ((word.content, "bilag.docx"), (excel, "bilag.xlsx"), (pdf, "bilag.pdf")):
        again = load_preview(send(secretary, content, name, f"plan:{plan.pk}"))
        assert {
            row.title: (row.changed, row.section, row.sub_section)
            for row in again.review.rows
            if row.outcome != "unchanged"
        } == {}, name
        assert (again.review.vanished, again.errors) == ((), ()), name

    # And the annex of the frozen meeting stays as it was, byte for byte, whatever happens to the plan
    item = plan.items.order_by("number").first()
    assert item is not None
    status = f"/planer/{plan.slug}/punkter/{item.number}/status/"
    answer = secretary.post(status, {"text": "Gennemført.", "state": "completed", "opened_on": 1})
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    assert secretary.get(f"/fastfrosset/{frozen.pk}/bilag/docx/").content == word.content
    assert frozen.items.get(number=1).state == "postponed"


@pytest.mark.parametrize(
    ("column", "words", "outcomes"),
    [
        ("Status", "Gennemført i 3. kvartal 2021.", ["changed"] + ["unchanged"] * 6),
        ("Tilstand", "Afsluttet", ["changed"] + ["unchanged"] * 6),
        ("Ny dato", "3. kvartal 2022", ["changed"] + ["unchanged"] * 6),
        ("Titel", "En anden titel", ["changed"] + ["unchanged"] * 6),
    ],
)
def test_a_cell_changed_in_the_annex_is_the_only_change(
    secretary: Client, column: str, words: str, outcomes: list[str]
) -> None:
    """Somebody edits the annex in Excel and sends it back: what they wrote comes in, and nothing else moves."""
    plan = Plan.objects.get(slug="handleplan-genindlaeggelser-2020")
    frozen = plan.snapshots.get(version=1)
    book = openpyxl.load_workbook(BytesIO(secretary.get(f"/fastfrosset/{frozen.pk}/bilag/xlsx/").content))
    sheet = book.worksheets[0]
    place = [cell.value for cell in sheet[1]].index(column) + 1
    sheet.cell(row=3, column=place).value = words
    changed = BytesIO()
    book.save(changed)
    preview = load_preview(send(secretary, changed.getvalue(), "bilag.xlsx", f"plan:{plan.pk}"))
    assert sorted(row.outcome for row in preview.review.rows) == outcomes


def test_a_state_nobody_knows_is_told(secretary: Client) -> None:
    plan = Plan.objects.get(slug="handleplan-genindlaeggelser-2020")
    frozen = plan.snapshots.get(version=1)
    book = openpyxl.load_workbook(BytesIO(secretary.get(f"/fastfrosset/{frozen.pk}/bilag/xlsx/").content))
    sheet = book.worksheets[0]
    sheet.cell(row=3, column=[cell.value for cell in sheet[1]].index("Tilstand") + 1).value = "Halvt gjort"
    changed = BytesIO()
    book.save(changed)
    preview = load_preview(send(secretary, changed.getvalue(), "bilag.xlsx", f"plan:{plan.pk}"))
    # The other sheet of the annex holds its lights; that it is no plan is told too.
    assert [(issue.row, issue.issue.code) for issue in preview.issues] == [(None, "other_table"), (1, "cell_not_read")]
