"""Asking for an annex: made once, by one; fetched by everybody; a dead maker is followed by another."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from indicators.actions.versions import current_version
from initiatives import tasks
from initiatives.actions import annexes
from initiatives.actions.annexes import CLAIM_LIMIT, make_annex, request_annex, store_template
from initiatives.models import AnnexFile, AnnexState, AnnexTemplate, Role, Snapshot
from initiatives.presenters.annex import annex_links, annex_progress, ascii_name, file_name
from tests.conftest import ROOT, worker_environment
from tests.initiatives import small_world as world
from tests.initiatives import snapshot_world as frozen
from tests.initiatives.letters import letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def snapshot() -> Snapshot:
    made = frozen.snapshot()
    frozen.item(made, 1)
    return made


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What was put into the queue."""
    rows: list[int] = []
    monkeypatch.setattr(tasks.make_annex_file, "delay_on_commit", rows.append)
    return rows


def url(snapshot: Snapshot, format_: str, name: str = "annex_file") -> str:
    return reverse(name, args=[snapshot.pk, format_])


def row_of(snapshot: Snapshot, **fields: Any) -> AnnexFile:
    values = {"format": "pdf", "requested_at": timezone.now(), **fields}
    return AnnexFile.objects.create(snapshot=snapshot, **values)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


# --- The actions ------------------------------------------------------------------------------------------------------


def test_asking_twice_gives_one_row(snapshot: Snapshot) -> None:
    first = request_annex(snapshot=snapshot, format="xlsx", by=None)
    assert request_annex(snapshot=snapshot, format="xlsx", by=world.user()) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        row_of(snapshot, format="xlsx")


def test_a_file_is_made_once(snapshot: Snapshot) -> None:
    row = request_annex(snapshot=snapshot, format="xlsx", by=None)
    made = make_annex(row.pk)
    assert made is not None
    assert (made.state, made.progress, len(made.sha256)) == (AnnexState.READY, 100, 64)
    assert make_annex(row.pk) is None
    assert request_annex(snapshot=snapshot, format="xlsx", by=None).state == AnnexState.READY
    assert make_annex(row.pk + 1000) is None


def test_making_a_file_leaves_kept_pages_alone_and_a_letter_does_not(snapshot: Snapshot) -> None:
    before = current_version()
    make_annex(request_annex(snapshot=snapshot, format="docx", by=None).pk)
    assert current_version() == before
    store_template(body=snapshot.meeting.body, name="brev.docx", content=letter(), by=None)
    assert current_version() == before + 1
    assert all(getattr(action, "changes_pages", False) for action in (annexes.store_template, annexes.retire_template))


def test_somebody_elses_claim_is_left_alone_until_it_is_dead(snapshot: Snapshot) -> None:
    now = timezone.now()
    row = row_of(
        snapshot, format="xlsx", state=AnnexState.WORKING, claimed_at=now - CLAIM_LIMIT + timedelta(seconds=20)
    )
    assert make_annex(row.pk) is None
    assert request_annex(snapshot=snapshot, format="xlsx", by=None).state == AnnexState.WORKING
    AnnexFile.objects.update(claimed_at=now - CLAIM_LIMIT - timedelta(seconds=1))
    made = make_annex(row.pk)
    assert made is not None
    assert made.state == AnnexState.READY


def test_a_dead_claim_is_given_back_when_somebody_asks_again(snapshot: Snapshot) -> None:
    row = row_of(snapshot, state=AnnexState.WORKING, claimed_at=timezone.now() - CLAIM_LIMIT * 2, progress=35)
    again = request_annex(snapshot=snapshot, format="pdf", by=None)
    assert (again.pk, again.state, again.progress, again.claimed_at) == (row.pk, AnnexState.WAITING, 0, None)


def test_a_failure_is_stored_with_a_sentence_and_may_be_tried_again(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **options: Any) -> bytes:
        raise RuntimeError("the printer is on fire")

    with monkeypatch.context() as patch:
        patch.setattr(annexes, "render_xlsx", fail)
        row = make_annex(request_annex(snapshot=snapshot, format="xlsx", by=None).pk)
    assert row is not None
    assert row.state == AnnexState.FAILED
    assert row.error
    assert "fire" not in row.error
    assert row.content is None
    again = request_annex(snapshot=snapshot, format="xlsx", by=None)
    assert (again.state, again.error) == (AnnexState.WAITING, "")
    made = make_annex(again.pk)
    assert made is not None
    assert made.state == AnnexState.READY


def test_one_whose_claim_was_taken_over_stores_nothing(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    row = request_annex(snapshot=snapshot, format="xlsx", by=None)

    def slow(*args: Any, **options: Any) -> bytes:
        AnnexFile.objects.filter(pk=row.pk).update(claimed_at=timezone.now() + timedelta(seconds=1))  # the other
        return b"too late"

    monkeypatch.setattr(annexes, "render_xlsx", slow)
    late = make_annex(row.pk)
    assert late is not None
    assert (late.state, late.content) == (AnnexState.WORKING, None)


def test_a_new_letter_gives_a_new_word_file_and_leaves_the_others(snapshot: Snapshot) -> None:
    old = request_annex(snapshot=snapshot, format="docx", by=None)
    pdf = request_annex(snapshot=snapshot, format="pdf", by=None)
    store_template(body=snapshot.meeting.body, name="brev.docx", content=letter("Vores brev", "[BILAG]"), by=None)
    new = request_annex(snapshot=snapshot, format="docx", by=None)
    assert new.pk != old.pk
    assert request_annex(snapshot=snapshot, format="pdf", by=None) == pdf
    made = make_annex(new.pk)
    assert made is not None
    from io import BytesIO

    assert docx.Document(BytesIO(bytes(made.content or b""))).paragraphs[0].text == "Vores brev"


# --- The doors --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", ["docx", "xlsx"])
def test_anybody_fetches_word_and_excel_at_once(client: Client, snapshot: Snapshot, format_: str) -> None:
    answer = client.get(url(snapshot, format_))
    assert answer.status_code == 200
    assert answer.content.startswith(b"PK")
    name = f"bilag-handleplan-2020-11-05-v1.{format_}"
    assert answer["Content-Disposition"] == f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert client.get(url(snapshot, format_)).content == answer.content
    assert AnnexFile.objects.count() == 1


def test_a_danish_name_is_given_both_ways() -> None:
    made = frozen.snapshot(plan_kind="Årsplan for børn")
    assert file_name(made, "pdf") == "bilag-årsplan-for-børn-2020-11-05-v1.pdf"
    assert ascii_name(file_name(made, "pdf")) == "bilag-aarsplan-for-boern-2020-11-05-v1.pdf"


def test_a_pdf_is_asked_for_by_button_and_followed(client: Client, snapshot: Snapshot, asked: list[int]) -> None:
    first = client.get(url(snapshot, "pdf"))
    assert first["Location"] == url(snapshot, "pdf", "annex_status")
    assert not AnnexFile.objects.exists()  # looking changes nothing
    page = text_of(client.get(first["Location"]))
    assert url(snapshot, "pdf", "annex_make") in page
    assert "<progress" not in page

    posted = client.post(url(snapshot, "pdf", "annex_make"))
    row = AnnexFile.objects.get()
    assert (posted["Location"], asked) == (first["Location"], [row.pk])
    waiting = text_of(client.get(first["Location"]))
    assert '<progress max="100" value="0"' in waiting
    assert 'hx-trigger="every 1s"' in waiting
    assert f'href="{url(snapshot, "pdf", "annex_status")}"' in waiting  # without JavaScript

    tasks.make_annex_file(row.pk)
    region = text_of(client.get(first["Location"], headers={"HX-Request": "true"}))
    assert region.startswith("<div")
    assert "hx-trigger" not in region
    assert url(snapshot, "pdf") in region
    assert client.get(url(snapshot, "pdf")).content.startswith(b"%PDF")
    assert client.post(url(snapshot, "pdf", "annex_make"))["Location"] == url(snapshot, "pdf")
    assert len(asked) == 1


def test_the_region_comes_back_to_htmx(client: Client, snapshot: Snapshot, asked: list[int]) -> None:
    answer = client.post(url(snapshot, "pdf", "annex_make"), headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert "HX-Request" in answer["Vary"]
    assert text_of(answer).startswith("<div")


def test_a_queue_that_does_not_answer_is_said(
    client: Client, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kombu.exceptions import OperationalError

    def fail(*args: Any) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.make_annex_file, "delay_on_commit", fail)
    answer = client.post(url(snapshot, "pdf", "annex_make"), follow=True)
    assert b"sa-note" in answer.content


@pytest.mark.parametrize(
    ("fields", "poll", "button", "percent"),
    [
        ({"state": "waiting", "age": 1}, True, False, 0),
        ({"state": "waiting", "age": 90}, False, True, 0),
        ({"state": "working", "age": 1, "progress": 35}, True, False, 35),
        ({"state": "working", "age": 299, "progress": 90}, True, False, 90),
        ({"state": "working", "age": 301, "progress": 90}, False, True, 90),
        ({"state": "failed", "age": 1, "error": "Det gik galt."}, False, True, -1),
    ],
)
def test_how_far_it_has_come(
    snapshot: Snapshot, fields: dict[str, Any], poll: bool, button: bool, percent: int
) -> None:
    now = timezone.now()
    then = now - timedelta(seconds=fields.pop("age"))
    row = row_of(snapshot, requested_at=then, claimed_at=then, **fields)
    found = annex_progress(snapshot, "pdf", row, now=now)
    assert (found.poll, bool(found.make_url), found.percent) == (poll, button, percent)
    assert found.say


def test_the_steps_have_words_of_their_own(snapshot: Snapshot) -> None:
    now = timezone.now()
    row = row_of(snapshot, state="working", claimed_at=now)
    said = set()
    for percent in (annexes.GATHERING, annexes.RENDERING, annexes.STORING):
        row.progress = percent
        said.add(annex_progress(snapshot, "pdf", row, now=now).say)
    assert len(said) == 3


def test_a_word_file_somebody_is_making_is_waited_for(client: Client, snapshot: Snapshot) -> None:
    row_of(snapshot, format="docx", state="working", claimed_at=timezone.now())
    assert client.get(url(snapshot, "docx"))["Location"] == url(snapshot, "docx", "annex_status")


@pytest.mark.parametrize("path", ["/fastfrosset/999999/bilag/docx/", "/fastfrosset/999999/bilag/tekst/"])
def test_what_there_is_not(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_only_the_three_formats_and_the_right_methods(client: Client, snapshot: Snapshot) -> None:
    assert client.get(url(snapshot, "exe")).status_code == 404
    assert client.get(url(snapshot, "pdf", "annex_make")).status_code == 405
    assert client.post(url(snapshot, "pdf")).status_code == 405


def test_the_agenda_text_can_be_copied_by_hand(client: Client, snapshot: Snapshot) -> None:
    page = text_of(client.get(reverse("annex_text", args=[snapshot.pk])))
    assert "Det indstilles, at Sundhedskoordinationsudvalget" in page
    assert 'id="agenda"' in page
    assert "hidden>" in page  # the button is shown by the script
    assert url(snapshot, "docx") in page


def test_the_text_page_asks_few_questions(client: Client, django_assert_max_num_queries: Any) -> None:
    made = frozen.large(60)
    with django_assert_max_num_queries(12):
        client.get(reverse("annex_text", args=[made.pk]))


def test_the_links_ask_no_question(snapshot: Snapshot, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        links = annex_links(snapshot)
    assert links.pdf_url == url(snapshot, "pdf", "annex_make")


# --- The letter document ----------------------------------------------------------------------------------------------


@pytest.fixture
def page(snapshot: Snapshot) -> str:
    return reverse("letterhead", args=[snapshot.meeting.body.slug])


@pytest.fixture
def secretary(client: Client, snapshot: Snapshot) -> Any:
    who = world.user()
    world.member(who, snapshot.meeting.body)
    client.force_login(who)
    return who


def upload(data: bytes, name: str = "brev.docx") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, data)}


def test_the_secretariat_uploads_sees_fetches_and_goes_back(client: Client, secretary: Any, page: str) -> None:
    data = letter("Vores brev", "[BILAG]")
    assert "[SAGSNUMMER]" in text_of(client.get(page))
    assert client.post(page, upload(data))["Location"] == page
    stored = AnnexTemplate.objects.get()
    assert (stored.by, stored.name) == (secretary, "brev.docx")
    assert "brev.docx" in text_of(client.get(page))
    fetched = client.get(page + "hent/")
    assert fetched.content == data
    assert "attachment" in fetched["Content-Disposition"]
    client.post(page + "standard/")
    assert "brev.docx" not in text_of(client.get(page))
    assert client.get(page + "hent/").status_code == 404


@pytest.mark.parametrize("data", [b"", b"no word file", b"x" * (2 * 1024 * 1024 + 1)])
def test_a_bad_upload_is_told_and_stores_nothing(client: Client, secretary: Any, page: str, data: bytes) -> None:
    answer = client.post(page, upload(data))
    assert answer.status_code == 422
    assert "sa-errsum" in text_of(answer)
    assert not AnnexTemplate.objects.exists()


def test_a_cpr_number_is_refused_and_not_shown(client: Client, secretary: Any, page: str) -> None:
    answer = client.post(page, upload(letter("Vedr. 010190-1234")))
    assert answer.status_code == 422
    assert "010190" not in text_of(answer)


@pytest.mark.parametrize("role", [None, Role.CHAIR, Role.LEAD, Role.MEMBER, Role.READER, "secretary elsewhere"])
def test_nobody_else_may(client: Client, snapshot: Snapshot, page: str, role: str | None) -> None:
    who = world.user()
    if role == "secretary elsewhere":
        world.member(who, world.body("Et andet udvalg"))
    elif role:
        world.member(who, snapshot.meeting.body, role=role)
    client.force_login(who)
    assert client.get(page).status_code == 403
    assert client.post(page, upload(letter())).status_code == 403
    assert client.get(page + "hent/").status_code == 403
    assert client.post(page + "standard/").status_code == 403
    assert not AnnexTemplate.objects.exists()


def test_somebody_unknown_is_asked_to_sign_in(client: Client, page: str) -> None:
    assert client.get(page)["Location"].startswith("/konto/login/")
    assert client.post(page, upload(letter())).status_code == 403
    assert client.post(page + "standard/").status_code == 403


# --- The command ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("format_", "start"), [("docx", b"PK"), ("xlsx", b"PK"), ("pdf", b"%PDF")])
def test_the_command_writes_what_the_page_gives(
    client: Client, snapshot: Snapshot, tmp_path: Path, format_: str, start: bytes
) -> None:
    target = tmp_path / f"bilag.{format_}"
    out = StringIO()
    call_command("annex", str(snapshot.pk), format=format_, out=target, stdout=out)
    assert target.read_bytes().startswith(start)
    assert AnnexFile.objects.get().sha256 in out.getvalue()
    assert client.get(url(snapshot, format_)).content == target.read_bytes()


def test_the_latest_of_a_plan(snapshot: Snapshot, tmp_path: Path) -> None:
    second = frozen.snapshot(snapshot.plan, snapshot.meeting, version=2, note="Rettet.")
    call_command("annex", f"latest:{snapshot.plan.slug}", format="xlsx", out=tmp_path / "a", stdout=StringIO())
    assert AnnexFile.objects.get().snapshot == second


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("17", "There is no snapshot '17'"),
        ("abc", "There is no snapshot 'abc'"),
        ("9" * 40, "There is no snapshot"),
        ("latest:findes-ikke", "There is no plan 'findes-ikke'"),
    ],
)
def test_the_command_says_what_is_missing(name: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=says):
        call_command("annex", name, format="docx", out=tmp_path / "a")
    assert not (tmp_path / "a").exists()


def test_the_command_says_where_it_cannot_write(snapshot: Snapshot, tmp_path: Path) -> None:
    unfrozen = world.plan(snapshot.meeting.body)
    with pytest.raises(CommandError, match="has not been frozen yet"):
        call_command("annex", f"latest:{unfrozen.slug}", format="docx", out=tmp_path / "a")
    with pytest.raises(CommandError, match="does not exist"):
        call_command("annex", str(snapshot.pk), format="docx", out=tmp_path / "nowhere" / "a")
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("annex", str(snapshot.pk), format="docx", out=tmp_path)


# --- What the web process imports -------------------------------------------------------------------------------------

FETCH = """
import sys
import django
django.setup()
from django.test import Client
client = Client()
answers = [client.get(path).status_code for path in sys.argv[1:]]
print(answers, [name for name in ("weasyprint", "fontTools", "pandas") if name in sys.modules])
"""


@pytest.mark.slow
@pytest.mark.slow
def test_fetching_word_and_excel_imports_nothing_heavy(transactional_db: None) -> None:
    made = frozen.snapshot()
    frozen.item(made, 1)
    paths = [url(made, "docx"), url(made, "xlsx"), url(made, "pdf", "annex_status")]
    done = subprocess.run(
        [sys.executable, "-c", FETCH, *paths],
        cwd=ROOT,
        env={**worker_environment(), "BROKER_URL": "filesystem://"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.strip() == "[200, 200, 200] []", done.stderr[-2000:]
