"""A long PDF on its way to a worker: searched before it is kept, read once, forgotten when it has been read."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives import tasks
from initiatives.actions import plan_uploads
from initiatives.actions.plan_uploads import KEPT, keep_upload, read_kept_upload
from initiatives.models import Body, PlanImport, PlanUpload, Role, UploadState
from initiatives.plan_files.upload import SHORT_PDF, UploadRefused, takes_long
from tests.initiatives import import_world as files
from tests.initiatives import small_world as world

pytestmark = pytest.mark.django_db
START = "/planer/indlaes/"
ROW = "<tr><td><b>{title}</b></td><td>Samarbejdsudvalget</td><td>Udsat pga. COVID-19. Genoptages 2. kvartal 2021.</td></tr>"


@lru_cache
def pdf(pages: int, words: str = "") -> bytes:
    """A plan with an item on each page."""
    from weasyprint import HTML

    head = "<tr><th>Indhold</th><th>Forankring</th><th>Status</th></tr>"
    tables = "".join(
        f"<table>{head}{ROW.format(title=f'Punkt nummer {page}')}</table><p>{words}</p>" for page in range(1, pages + 1)
    )
    style = "<style>td,th{border:1px solid;padding:4px}table{page-break-before:always;width:100%}</style>"
    made: bytes = HTML(string=f"<html lang=da>{style}{tables}</html>").write_pdf()
    return made


@pytest.fixture
def body() -> Body:
    files.causes()
    return world.body("Samarbejdsudvalget")


@pytest.fixture
def secretary(body: Body) -> Any:
    user = world.user("sekretaer@example.dk")
    world.member(user, body, Role.SECRETARY)
    return user


def kept(body: Body, by: Any, content: bytes | None = None, **fields: Any) -> PlanUpload:
    values = {"title": "Handleplan", "as_of": None, "filename": "plan.pdf", **fields}
    return keep_upload(body=body, plan=None, kind=files.kind(), content=content or pdf(8), by=by, **values)


def test_only_a_long_pdf_takes_long() -> None:
    assert takes_long(pdf(SHORT_PDF + 2), "plan.pdf")
    assert not takes_long(pdf(2), "plan.pdf")
    assert not takes_long(b"%PDF-1.7 nothing else", "plan.pdf")  # damaged: read at once, and refused at once
    assert not takes_long(b"PK\x03\x04", "plan.docx")
    assert not takes_long(b"PK\x03\x04", "plan.pdf")


@pytest.mark.parametrize(
    ("content", "name"), [(pdf(8, "Borgeren 010190-1234"), "plan.pdf"), (pdf(8), "010190-1234.pdf")]
)
def test_a_cpr_number_is_refused_before_anything_is_kept(content: bytes, name: str) -> None:
    with pytest.raises(UploadRefused) as refused:
        takes_long(content, name)
    assert "0101" not in str(refused.value)


def test_read_by_a_worker_and_forgotten(body: Body, secretary: Any) -> None:
    seen = []
    upload = kept(body, secretary)
    tell = plan_uploads._Reader.tell

    def watched(self: Any, page: int, of: int) -> None:
        tell(self, page, of)
        seen.append(PlanUpload.objects.get().progress)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan_uploads._Reader, "tell", watched)
        read = read_kept_upload(upload.pk)
    assert read is not None
    assert (read.state, read.content, read.progress) == (UploadState.READ, None, 100)
    assert seen == sorted(seen)
    assert len(set(seen)) == 8
    draft = PlanImport.objects.get()
    assert (draft, draft.title, draft.source_format, draft.filename) == (read.result, "Handleplan", "pdf", "plan.pdf")
    assert len(draft.draft["read"]["items"]) == 8
    assert read_kept_upload(upload.pk) is None


def test_a_file_that_is_no_plan_says_so_and_is_forgotten(body: Body, secretary: Any) -> None:
    from weasyprint import HTML

    upload = kept(body, secretary, HTML(string="<p>Ingen tabel.</p>").write_pdf())
    read = read_kept_upload(upload.pk)
    assert read is not None
    assert (read.state, read.content) == (UploadState.REFUSED, None)
    assert "Indhold" in read.refusal
    assert not PlanImport.objects.exists()


def test_a_reader_that_trips_tells_and_leaks_no_words(
    body: Body, secretary: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def trip(**_: Any) -> None:
        raise RuntimeError("words of a cell")

    monkeypatch.setattr(plan_uploads, "read_into_draft", trip)
    read = read_kept_upload(kept(body, secretary).pk)
    assert read is not None
    assert (read.state, read.content) == (UploadState.REFUSED, None)
    assert "RuntimeError" in caplog.text
    assert "words of a cell" not in caplog.text + read.refusal


def test_a_dead_claim_is_taken_over_and_the_dead_one_leaves_it_alone(body: Body, secretary: Any) -> None:
    upload = kept(body, secretary)
    now = timezone.now()
    PlanUpload.objects.update(state=UploadState.READING, claimed_at=now)
    assert read_kept_upload(upload.pk) is None  # somebody is at it
    PlanUpload.objects.update(claimed_at=now - plan_uploads.CLAIM_LIMIT - timedelta(seconds=1))
    old = PlanUpload.objects.get()
    read = read_kept_upload(upload.pk)
    assert read is not None
    assert read.state == UploadState.READ
    with pytest.raises(plan_uploads._Overtaken):
        plan_uploads._Reader(old).tell(1, 8)
    plan_uploads._Reader(old).finish(state=UploadState.REFUSED, refusal="late")
    assert PlanUpload.objects.get().state == UploadState.READ


def test_the_database_keeps_bytes_only_until_they_are_read(body: Body, secretary: Any) -> None:
    kept(body, secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanUpload.objects.update(state=UploadState.REFUSED)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlanUpload.objects.update(content=None)


def test_what_nobody_fetched_is_thrown_away_with_the_next_file(body: Body, secretary: Any) -> None:
    old = kept(body, secretary)
    PlanUpload.objects.update(uploaded_at=timezone.now() - KEPT - timedelta(minutes=1))
    new = kept(body, secretary)
    assert list(PlanUpload.objects.values_list("pk", flat=True)) == [new.pk] != [old.pk]


def hand_over(client: Client, body: Body) -> Any:
    form = {"goes_to": f"new:{body.pk}", "title": "Handleplan", "kind": "handleplan", "text": "", "as_of": ""}
    return client.post(START, {**form, "file": SimpleUploadedFile("plan.pdf", pdf(8))})


def test_the_page_waits_and_goes_on_to_the_preview(
    client: Client, body: Body, secretary: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.kind()
    asked: list[int] = []
    monkeypatch.setattr(tasks.read_plan_upload, "delay_on_commit", asked.append)
    client.force_login(secretary)
    answer = hand_over(client, body)
    upload = PlanUpload.objects.get()
    page = reverse("plan_upload", args=[upload.token])
    assert (answer.status_code, answer["Location"], asked) == (302, page, [upload.pk])

    whole = client.get(page).content.decode()
    assert "<progress" in whole
    assert 'hx-trigger="every 1s"' in whole
    region = client.get(page, headers={"HX-Request": "true"})
    assert region.content.decode().startswith('<div class="sa-progress"')
    assert "HX-Request" in region["Vary"]

    # Forgotten by the queue: it may be asked for again, and nothing polls for ever.
    PlanUpload.objects.update(uploaded_at=timezone.now() - timedelta(minutes=5))
    late = client.get(page).content.decode()
    assert 'hx-trigger="every 1s"' not in late
    assert client.post(f"{page}igen/")["Location"] == page
    assert asked == [upload.pk] * 2

    read_kept_upload(upload.pk)
    preview = reverse("plan_import", args=[PlanImport.objects.get().token])
    assert client.get(page)["Location"] == preview
    assert client.get(page, headers={"HX-Request": "true"})["HX-Redirect"] == preview


def test_a_refused_file_says_why_and_offers_another(client: Client, body: Body, secretary: Any) -> None:
    upload = kept(body, secretary)
    PlanUpload.objects.update(state=UploadState.REFUSED, content=None, refusal="Filen har ingen tabel.")
    client.force_login(secretary)
    page = client.get(reverse("plan_upload", args=[upload.token])).content.decode()
    assert "Filen har ingen tabel." in page
    assert f'href="{START}"' in page
    assert "<progress" not in page


def test_only_those_who_may_import_see_it(client: Client, body: Body, secretary: Any) -> None:
    page = reverse("plan_upload", args=[kept(body, secretary).token])
    assert client.get(page).status_code == 302  # asked to sign in
    assert client.post(f"{page}igen/").status_code == 404
    client.force_login(world.user("anden@example.dk"))
    assert client.get(page).status_code == 404
    client.force_login(secretary)
    assert client.get(reverse("plan_upload", args=[uuid4()])).status_code == 404
