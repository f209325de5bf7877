"""Files handed over in the browser: refused with one sentence, or kept, described once and given to a worker."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from indicators import tasks
from indicators.actions.table_uploads import KEPT, keep_upload
from indicators.models import DataSource, Observation, RefreshRun, RunState, TableMapping, TableUpload
from indicators.refresh import running
from sundhedsaftale.lib import packages
from tests.factories import make_steward, make_user
from tests.indicators import workbooks
from tests.indicators.first_files import looked_at

TEXT = "Område;2023;2024\nHele landet;11,0;10,9\nNordjylland;10,7;10,2\n"
CPR = "010190-1234"
FIELDS = {
    "layout": "wide_periods", "decimal_mark": ",", "skip": "0", "indicator": "genindlaeggelser",
    "role_0": "area", "role_1": "value", "role_2": "value",
}  # fmt: skip


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    found: list[Any] = []
    monkeypatch.setattr(tasks.refresh_source, "delay_on_commit", lambda *args: found.append(args))
    return found


@pytest.fixture
def steward(loaded: Path, client: Client, settings: Any, tmp_path: Path, sent: list[Any]) -> Client:
    settings.VAR_DIR = tmp_path / "var"
    client.force_login(make_steward())
    return client


def hand_over(client: Client, data: bytes = TEXT.encode(), name: str = "tal.csv", **more: Any) -> Any:
    file = SimpleUploadedFile(name, data)
    return client.post("/data/indlaes/", {"title": "Talgrundlag", "publisher": "Ministeriet", "file": file, **more})


def test_from_a_file_to_figures_and_the_next_one_with_one_press(
    steward: Client, sent: list[Any], loaded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = hand_over(steward)
    upload = TableUpload.objects.get()
    address = f"/data/indlaes/{upload.token}/"
    assert answer.url == address
    page = steward.get(address).content.decode()
    assert "Nordjylland" in page
    assert 'class="sa-mark sa-mark--guess"' in page
    assert "UTF-8" in page
    assert address in steward.get("/data/indlaes/").content.decode()
    assert steward.post(address, FIELDS).url.startswith("/data/?bedt=talgrundlag&siden=")
    assert sent == [("talgrundlag", steward.get("/data/").wsgi_request.user.pk, 1, upload.pk)]
    real = running.refresh_source
    monkeypatch.setattr(running, "refresh_source", lambda *args, **more: real(*args, folder=loaded, **more))
    tasks.refresh_source(*sent.pop())
    run = RefreshRun.objects.latest("pk")
    assert (run.state, run.rows_new) == (RunState.WAITING, 4)
    assert looked_at(run, loaded).state == RunState.STORED
    assert f"/data/koersler/{run.pk}/" in steward.get(address).content.decode()

    source = DataSource.objects.get(name="talgrundlag")
    hand_over(steward, TEXT.replace("10,2", "10,3").encode(), source=source.pk)
    newer = TableUpload.objects.latest("pk")
    page = steward.get(f"/data/indlaes/{newer.token}/").content.decode()
    assert f"/data/indlaes/{newer.token}/send/" in page
    assert "sa-mark--guess" not in page
    steward.post(f"/data/indlaes/{newer.token}/send/")
    tasks.refresh_source(*sent.pop())
    assert RefreshRun.objects.latest("pk").rows_changed == 1


def refused(answer: Any) -> str:
    assert answer.status_code == 422
    assert not TableUpload.objects.exists()
    assert not DataSource.objects.filter(name="talgrundlag").exists()
    return str(answer.content.decode())


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (TEXT.encode(), f"tal {CPR}.csv"),
        (TEXT.replace("Nordjylland", CPR).encode(), "tal.csv"),
        (b"", "tal.csv"),
        (b"\x00\x01", "tal.csv"),
        (TEXT.encode(), "tal.pdf"),
        (b"x" * 10_000_001, "tal.csv"),
        (workbooks.with_formula(1.0), "tal.xlsx"),
        (workbooks.with_part("xl/vbaProject.bin", b"x"), "tal.xlsx"),
        (packages.OLE_HEADER + b"\0" * 600, "tal.xlsx"),
        (b"PK\x03\x04broken", "tal.xlsx"),
    ],
    ids=["cpr in name", "cpr", "empty", "binary", "pdf", "large", "formula", "macros", "old", "broken"],
)
def test_bad_files_are_refused_with_one_sentence_and_kept_nowhere(
    steward: Client, settings: Any, data: bytes, name: str
) -> None:
    page = refused(hand_over(steward, data, name))
    assert page.count('class="sa-err"') == 1
    assert CPR not in page
    assert not (settings.VAR_DIR / "uploads").exists()


@pytest.mark.slow
def test_a_bomb_is_not_opened(steward: Client) -> None:
    refused(hand_over(steward, workbooks.with_part("xl/media/bomb.bin", b"\0" * (101 * 2**20)), "tal.xlsx"))


def test_a_source_or_a_name_is_needed_and_a_name_once_only(steward: Client) -> None:
    assert 'id="id_title_error"' in refused(hand_over(steward, title=""))
    assert 'id="id_published_on_error"' in refused(hand_over(steward, published_on="i går"))
    hand_over(steward)
    assert hand_over(steward).status_code == 422
    assert DataSource.objects.filter(name="talgrundlag").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"indicator": ""},
        {"role_0": ""},
        {"role_0": "area", "role_1": "area"},
        {"unit": "dage"},
        {"period": "i fjor"},
        {"area": "Atlantis"},
        {"blank_reason": f"Spørg {CPR}"},
        {"skip": "-1"},
        {"layout": "paa tvaers"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_does_not_say_enough_is_not_saved(steward: Client, sent: list[Any], wrong: dict[str, str]) -> None:
    hand_over(steward)
    answer = steward.post(f"/data/indlaes/{TableUpload.objects.get().token}/", {**FIELDS, **wrong})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert TableMapping.objects.get().layout == {}
    assert sent == []


def test_a_sheet_is_chosen_and_another_table_is_guessed_anew(steward: Client, sent: list[Any]) -> None:
    def more(book: Any) -> None:
        book.create_sheet("Bilag & mere").append(["Kommune", "År", "Tal"])

    hand_over(steward, workbooks.workbook(more=more), "tal.xlsx")
    address = f"/data/indlaes/{TableUpload.objects.get().token}/"
    assert "?ark=Bilag+%26+mere" in steward.get(address).content.decode()
    assert "Kommune" in steward.get(address, {"ark": "Bilag & mere"}).content.decode()
    assert steward.get(address, {"ark": "Findes ikke"}).status_code == 200
    steward.post(address, FIELDS)
    hand_over(steward, b"Sted;2023\nHele landet;1,0\n", "ny.csv", source=DataSource.objects.get(name="talgrundlag").pk)
    newer = TableUpload.objects.latest("pk")
    sent.clear()
    assert "sa-mark--guess" in steward.get(f"/data/indlaes/{newer.token}/").content.decode()
    assert steward.post(f"/data/indlaes/{newer.token}/send/").url == f"/data/indlaes/{newer.token}/"
    assert sent == []


def test_a_file_that_could_not_be_taken_waits_again(steward: Client, sent: list[Any]) -> None:
    hand_over(steward)
    upload = TableUpload.objects.get()
    steward.post(f"/data/indlaes/{upload.token}/", FIELDS)
    now = timezone.now()
    RefreshRun.objects.create(source=upload.source, started_at=now, heartbeat_at=now, state=RunState.RUNNING)
    tasks.refresh_source(*sent.pop())
    upload.refresh_from_db()
    assert upload.sent_at is None


def test_only_stewards(loaded: Path, client: Client, settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path / "var"
    source = DataSource.objects.get(name="nationale_maal")
    upload = keep_upload(source=source, data=b"x", ending=".csv", now=timezone.now(), by=None)
    for user in (None, make_user()):
        if user:
            client.force_login(user)
        for path in ("/data/indlaes/", f"/data/indlaes/{upload.token}/"):
            answer = client.get(path)
            assert answer.status_code == (403 if user else answer.status_code)
            assert b"id_file" not in answer.content
        assert client.post(f"/data/indlaes/{upload.token}/send/").status_code in (302, 403)
        assert "/data/indlaes/" not in client.get("/data/").content.decode()
    assert TableUpload.objects.get().sent_at is None


def test_old_files_are_thrown_away_and_a_file_is_one_upload(
    loaded: Path, settings: Any, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    settings.VAR_DIR, now = tmp_path / "var", timezone.now()
    source = DataSource.objects.get(name="nationale_maal")
    old = keep_upload(source=source, data=b"x", ending=".csv", now=now - KEPT - timedelta(days=1), by=None)
    assert (settings.VAR_DIR / old.file).read_bytes() == b"x"
    with django_capture_on_commit_callbacks(execute=True):
        first = keep_upload(source=source, data=b"y", ending=".csv", now=now, by=None)
        again = keep_upload(source=source, data=b"y", ending=".csv", now=now, by=None)
    assert (first.pk, TableUpload.objects.count()) == (again.pk, 1)
    assert not (settings.VAR_DIR / old.file).exists()
    assert Observation.objects.filter(edition__source__reader="tabular").count() == 0


def chosen(page: str) -> list[str]:
    """The encodings offered, the one shown marked with a star, and "guess" where it is one."""
    nav = page.partition('aria-label="Filens tegnsæt"')[2].partition("</nav>")[0]
    found = [
        f"{mark and '*'}{name}" for mark, name in re.findall(r'<a href="[^"]+"( aria-current="page")?>([^<]+)', nav)
    ]
    return [*found, *(["guess"] if "sa-mark--guess" in nav else [])]


@pytest.mark.parametrize(
    ("encoding", "offered"),
    [
        ("utf-8", ["*UTF-8", "Windows-1252", "guess"]),
        ("utf-8-sig", ["*UTF-8 med BOM", "Windows-1252", "guess"]),
        ("windows-1252", ["*Windows-1252", "guess"]),
        ("utf-16", ["*UTF-16", "guess"]),
    ],
)
def test_the_encoding_is_a_guess_that_can_be_changed_and_is_kept(
    steward: Client, sent: list[Any], encoding: str, offered: list[str]
) -> None:
    hand_over(steward, TEXT.encode(encoding))
    address = f"/data/indlaes/{TableUpload.objects.get().token}/"
    page = steward.get(address).content.decode()
    assert chosen(page) == offered
    assert "Område" in page
    (action,) = re.findall(r'class="sa-tablemap" method="post" action="([^"]+)"', page)
    steward.post(action, FIELDS)
    assert TableMapping.objects.get().layout["encoding"] == encoding.removesuffix("-sig")
    assert chosen(steward.get(address).content.decode()) == offered[:-1]


def test_the_run_reads_in_the_encoding_that_was_chosen(
    steward: Client, sent: list[Any], loaded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chosen wrongly, against what the file seems to be: the run does as told, knows no name, and refuses."""
    text = TEXT.replace("Nordjylland", "Læsø")
    hand_over(steward, text.encode())
    upload = TableUpload.objects.get()
    address = f"/data/indlaes/{upload.token}/?tegn=windows-1252"
    page = steward.get(address).content.decode()
    assert chosen(page) == ["UTF-8", "*Windows-1252"]
    assert "LÃ¦sÃ¸" in page
    steward.post(address, FIELDS)
    run = real_run(sent, loaded, monkeypatch)
    assert (run.state, run.rejected.get().code) == (RunState.REFUSED, "unknown_area_name")
    # The next file is written in what it says it is: the page guesses anew and does not offer to read it as it is.
    hand_over(steward, text.replace("10,2", "10,3").encode(), source=DataSource.objects.get(name="talgrundlag").pk)
    page = steward.get(f"/data/indlaes/{TableUpload.objects.latest('pk').token}/").content.decode()
    assert chosen(page) == ["*UTF-8", "Windows-1252", "guess"]
    assert "/send/" not in page


def test_a_file_that_is_no_text_in_the_declared_encoding_is_refused(
    steward: Client, sent: list[Any], loaded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_over(steward)
    upload = TableUpload.objects.get()
    steward.post(f"/data/indlaes/{upload.token}/?tegn=utf-8", FIELDS)
    (settings.VAR_DIR / upload.file).write_bytes(TEXT.encode("windows-1252"))
    run = real_run(sent, loaded, monkeypatch)
    assert (run.state, run.rejected.get().code, run.rejected.get().details) == ("refused", "other_encoding", "UTF-8")


@pytest.mark.parametrize(
    ("heading", "guess"),
    [("Genindlæggelser, pct.", "pct."), ("Antal genindlæggelser", "antal"), ("Tabel 3", "")],
)
def test_the_unit_is_a_guess_from_the_words_above(steward: Client, heading: str, guess: str) -> None:
    hand_over(steward, f"{heading};;\n{TEXT}".encode())
    page = steward.get(f"/data/indlaes/{TableUpload.objects.get().token}/").content.decode()
    field = page.partition('for="id_unit"')[2].partition("</div></div>")[0]
    assert (f'value="{guess}"' in field) is bool(guess)
    assert ("sa-mark--guess" in page.partition('for="id_unit"')[2].partition('for="id_')[0]) is bool(guess)


def far_down(book: Any) -> None:
    book.active["C6000"] = "=SUM(B2:B3)"


def in_the_second(book: Any) -> None:
    book.create_sheet("Bilag").append(["=1+1"])


def in_a_hidden_one(book: Any) -> None:
    book.create_sheet("Regneark").append(["=1+1"])
    book["Regneark"].sheet_state = "hidden"


@pytest.mark.parametrize(
    ("more", "words"),
    [(far_down, "Cellen er C6000"), (in_the_second, "ark 2, celle A1"), (in_a_hidden_one, "")],
)
def test_a_formula_in_any_line_of_any_sheet_one_can_choose_is_refused_at_once(
    steward: Client, more: Any, words: str
) -> None:
    answer = hand_over(steward, workbooks.workbook(more=more), "tal.xlsx")
    if words:
        assert words in refused(answer)
    else:
        assert answer.status_code == 302


def test_of_a_source_whose_sheet_is_known_only_that_sheet_counts(steward: Client, sent: list[Any]) -> None:
    """A formula beside it is no hindrance, until that sheet is chosen; then the page says so and offers the others."""
    hand_over(steward, workbooks.workbook(), "tal.xlsx")
    steward.post(f"/data/indlaes/{TableUpload.objects.get().token}/?ark=Tal", FIELDS)
    source = DataSource.objects.get(name="talgrundlag").pk
    hand_over(steward, workbooks.workbook(more=in_the_second), "tal.xlsx", source=source)
    address = f"/data/indlaes/{TableUpload.objects.latest('pk').token}/"
    assert f"{address}send/" in steward.get(address).content.decode()
    page = steward.get(address, {"ark": "Bilag"}).content.decode()
    assert "ark 2, celle A1" in page
    assert f"{address}?ark=Tal" in page
    assert "sa-tablemap" not in page
    assert hand_over(steward, workbooks.workbook(more=far_down), "tal.xlsx", source=source).status_code == 422


def real_run(sent: list[Any], loaded: Path, monkeypatch: pytest.MonkeyPatch) -> RefreshRun:
    """What the worker does with what was sent."""
    with monkeypatch.context() as patch:
        real = running.refresh_source
        patch.setattr(running, "refresh_source", lambda *args, **more: real(*args, folder=loaded, **more))
        tasks.refresh_source(*sent.pop())
    return RefreshRun.objects.latest("pk")


def test_the_pages_ask_the_database_little(
    steward: Client, sent: list[Any], loaded: Path, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    """Guessed, described before, and sent: each of the ways the page looks."""
    hand_over(steward)
    with django_assert_max_num_queries(12):
        steward.get("/data/indlaes/")
    address = f"/data/indlaes/{TableUpload.objects.get().token}/"
    with django_assert_max_num_queries(12):
        steward.get(address)
    steward.post(address, FIELDS)
    real_run(sent, loaded, monkeypatch)
    with django_assert_max_num_queries(12):
        assert "/data/koersler/" in steward.get(address).content.decode()
