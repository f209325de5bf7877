"""A file that is not read is refused with one sentence that names the place, and nothing of it is stored or repeated."""

from __future__ import annotations

import logging
import re
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from initiatives.models import ActionItem, Plan, PlanImport
from initiatives.plan_files.limits import MOST_BYTES, MOST_PDF_PAGES
from initiatives.plan_files.reading import read_plan_file, read_plan_text
from initiatives.plan_files.refusals import FileRefused, refusal_message
from tests.initiatives import import_world, small_world
from tests.initiatives.plan_files import bad_files as b
from tests.initiatives.plan_files import layouts as l
from tests.initiatives.plan_files.test_other_formats import pdf_of


@pytest.fixture(autouse=True)
def danish() -> Iterator[None]:
    """The words of places are compared, and a test before may have left another language behind."""
    with translation.override("da"):
        yield


def refused(content: bytes, filename: str) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        read_plan_file(content, filename, as_of=l.AS_OF, bodies=l.catalogue_bodies())
    return caught.value


def test_the_files_they_are_made_from_are_read() -> None:
    for name, content in (("plan.docx", b.good_docx()), ("plan.xlsx", b.good_xlsx())):
        draft = read_plan_file(content, name, as_of=l.AS_OF, bodies=l.catalogue_bodies())
        assert [item.title for item in draft.items] == ["Akutteams"]
    linked = b.with_relation(b.good_docx(), "hyperlink", "https://example.dk/")
    own_template = b.with_relation(linked, "attachedTemplate", "file:///C:\\Skabeloner\\brev.dotx")
    assert read_plan_file(own_template, "plan.docx", as_of=l.AS_OF, bodies=()).items


@pytest.mark.parametrize("what", b.BAD)
def test_each_has_its_own_sentence(what: str, caplog: pytest.LogCaptureFixture) -> None:
    filename, make, code, words = b.BAD[what]
    with caplog.at_level(logging.INFO):
        error = refused(make(), filename)
    assert error.code == code
    message = refusal_message(error)
    assert words in message
    assert "%" not in message
    digits = re.sub(r"\D", "", b.NUMBER)
    for said in (message, str(error), repr(error), repr(error.values), caplog.text):
        assert digits not in re.sub(r"[\s-]", "", said)
    assert error.__suppress_context__ or error.__context__ is None or digits not in repr(error.__context__)


def test_the_sentence_is_danish() -> None:
    message = refusal_message(refused(b.number_in_cell(), "plan.docx"))
    assert message.startswith("Filen indeholder et CPR-nummer")


def test_a_file_of_200_megabytes_is_refused_without_a_copy() -> None:
    content = b"PK\x03\x04" + bytes(200 * 2**20)
    tracemalloc.start()
    try:
        error = refused(content, "plan.docx")
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (error.code, error.values) == ("too_large", {"limit": str(MOST_BYTES // 2**20)})
    assert peak < 2**20


def test_ten_thousand_pages_are_refused_without_reading_them(monkeypatch: pytest.MonkeyPatch) -> None:
    from pdfminer.pdfpage import PDFPage

    made = []
    make = PDFPage.__init__

    def counted(page: Any, *arguments: Any, **options: Any) -> None:
        made.append(page)
        make(page, *arguments, **options)

    monkeypatch.setattr(PDFPage, "__init__", counted)
    assert refused(b.pdf_of_pages(10_000), "plan.pdf").code == "too_many_pages"
    assert len(made) == MOST_PDF_PAGES + 1


def test_a_number_in_a_pdf_names_its_page() -> None:
    error = refused(pdf_of(f'<p>Forside</p><p style="break-before:page">Sag {b.NUMBER}</p>'), "plan.pdf")
    assert (error.code, error.values) == ("cpr_number", {"page": "2"})


def test_pasted_text_is_searched_too() -> None:
    with pytest.raises(FileRefused, match="cpr_number"):
        read_plan_text(f"Indsats\tStatus\nAkutteams\t{b.NUMBER}\n", as_of=l.AS_OF, bodies=())
    with pytest.raises(FileRefused, match="empty"):
        read_plan_text(" \n ", as_of=l.AS_OF, bodies=())


# --- Dates that are none: no reason to refuse a file, but each is named with its row ------------------------------------


@pytest.mark.parametrize(
    ("words", "reason"), [("31. februar 2021", "day_not_in_month"), ("5. kvartal 2021", "quarter_out_of_range")]
)
def test_a_date_that_does_not_exist_is_named_with_its_row(words: str, reason: str) -> None:
    content = f"Indsats;Ansvarlig;Status\nAkutteams;Udvalget;Udsat til {words}.\n".encode()
    draft = read_plan_file(content, "plan.csv", as_of=l.AS_OF, bodies=())
    (issue,) = (issue for issue in draft.issues if issue.code == "unreadable_period")
    assert (issue.place.row, issue.values["words"], issue.values["reason"]) == (2, words, reason)
    assert "new_date" not in draft.items[0].guesses


def said(content: bytes, filename: str) -> str:
    return refusal_message(refused(content, filename)) if content.strip() else ""


# --- Through the page ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("what", b.BAD)
def test_nothing_is_stored(what: str, client: Client, db: None) -> None:
    filename, make, _code, _words = b.BAD[what]
    body = small_world.body("Sundhedsstyregruppen")
    person = small_world.user()
    small_world.member(person, body)
    client.force_login(person)
    response = client.post(
        reverse("plan_import_start"),
        {
            "goes_to": f"new:{body.pk}", "title": "Handleplan", "kind": import_world.kind().pk,
            "file": SimpleUploadedFile(filename, make()),
        },
    )  # fmt: skip
    page = response.content.decode()
    assert response.status_code == 422
    assert escape(said(make(), filename)) in page
    assert not PlanImport.objects.exists()
    assert not Plan.objects.exists()
    assert not ActionItem.objects.exists()
    assert b.NUMBER not in page
