"""A report's tables pasted in the browser: refused with one sentence, or read, looked at trap by trap, and approved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from indicators import tasks
from indicators.actions.mappings import map_unknown_name
from indicators.actions.table_uploads import keep_upload
from indicators.calculations.report_headings import Trap
from indicators.calculations.report_text import LONGEST_TEXT
from indicators.models import (
    Area,
    DataSource,
    Edition,
    Observation,
    RefreshRun,
    RunState,
    TableMapping,
    TableUpload,
    UnknownName,
)
from indicators.presenters.report_traps import trap_groups
from indicators.refresh import running
from tests.factories import make_steward, make_user

CPR = "010190-1234"
REGIONS = (
    "| MÅL | INDIKATORER | HELE LANDET | NORDJYLLAND | MIDTJYLLAND |\n|--|--|--|--|--|\n"
    "| <p>BEDRE FOR- LØB</p> | Genindlæggelser inden for 30 dage, pct. ¹ | ● 11 | ● 10,7 ● | 11,5 |\n"
    "| | Overlevelse, pct. (2024) | 61 | 66 | |\n"
)
MUNICIPALITIES = (
    "| REGION MIDTJYLLAND | GENINDLÆGGELSER INDEN FOR 30 DAGE, PCT. | PSYKIATRISKE GENIND- LÆGGELSER, PCT. |\n"
    "| VIBORG | 11,1 | 0,0 |\n| LANDET | 11,0 | |\n"
)
TEXT = f"Forord.\r\n\r\n{REGIONS}\n{MUNICIPALITIES}"
FIELDS = {
    "title": "Nationale mål 2025", "publisher": "Ministeriet", "framework": "nationale-maal",
    "published_on": "2025-11", "period": "2025",
}  # fmt: skip
CHOICES = {"framework": "nationale-maal", "published_on": "2025-11", "period": "2025"}


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


def paste(client: Client, text: str = TEXT, **more: Any) -> Any:
    return client.post("/data/indsaet/", {**FIELDS, "text": text, **more})


def shown(client: Client) -> str:
    address = f"/data/indsaet/{TableUpload.objects.latest('pk').token}/"
    return str(client.get(address).content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def send(client: Client) -> Any:
    seen = shown(client).split('name="seen" value="')[1].split('"')[0]
    return client.post(f"/data/indsaet/{TableUpload.objects.latest('pk').token}/send/", {"seen": seen})


def at_work(sent: list[Any], folder: Path, monkeypatch: pytest.MonkeyPatch) -> RefreshRun:
    """What a worker does with the last press, on the small catalogue."""
    real = running.refresh_source
    with monkeypatch.context() as patch:
        patch.setattr(running, "refresh_source", lambda *args, **more: real(*args, folder=folder, **more))
        tasks.refresh_source(*sent.pop())
    return RefreshRun.objects.latest("pk")


def test_from_a_text_to_figures_that_somebody_approved(
    steward: Client, sent: list[Any], loaded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = paste(steward)
    upload = TableUpload.objects.get()
    address = f"/data/indsaet/{upload.token}/"
    assert answer.url == address
    assert address in steward.get("/data/indsaet/").content.decode()
    assert address in steward.get("/data/indlaes/").content.decode()

    page = shown(steward)
    for words in ("10,7 pct.", "Viborg", "Udgivet uden tal", "Kommunernes tabel, linje 9", "2024"):
        assert words in page
    for trap in ("stands_twice", "own_period", "alias", "blank", "zero", "light_lost", "markup", "parted_word"):
        assert f'data-trap="{trap}"' in page
    assert page.index('data-trap="stands_twice"') < page.index('data-trap="blank"'), (
        "what decides about a figure is first"
    )
    assert "linje 5, celle 3" in page

    assert send(steward).url.startswith("/data/?bedt=nationale-maal-2025&siden=")
    assert sent == [("nationale-maal-2025", steward.get("/data/").wsgi_request.user.pk, 1, upload.pk)]
    run = at_work(sent, loaded, monkeypatch)
    assert (run.state, run.rows_new) == (RunState.WAITING, 9)
    assert not Observation.objects.filter(period="2025").exists()
    assert f"/data/koersler/{run.pk}/" in shown(steward)

    asked = steward.get(f"/data/koersler/{run.pk}/godkend/").content.decode()
    seen = asked.split('name="seen" value="')[1].split('"')[0]
    steward.post(f"/data/koersler/{run.pk}/godkend/", {"seen": seen, "note": ""})
    running.publish_approved(run.pk, folder=loaded)
    assert Observation.objects.current().get(indicator__code="genindlaeggelser", area__code="081", period="2025").value
    edition = Edition.objects.get(slug="nationale-maal-2025")
    assert (edition.title, edition.published_on) == ("Nationale mål 2025", "2025-11")


def refused(answer: Any) -> str:
    assert answer.status_code == 422
    assert not TableUpload.objects.exists()
    assert not DataSource.objects.filter(reader="report_table").exists()
    return str(answer.content.decode())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Indsæt rapportens tabeller"),
        (" \r\n ", "Indsæt rapportens tabeller"),
        (f"{REGIONS}\r\n{CPR}", "Linje 6"),
        (f"{TEXT}{'x' * LONGEST_TEXT}", "400.000 tegn"),
        ("Kun prosa.\nMere prosa.", "ingen af rapportens tabeller"),
        ("| FORORD | 3 |\n| BILAG | 4 |", "ingen af rapportens tabeller"),
        ("| MÅL | INDIKATORER | HELE LANDET |", "ingen af rapportens tabeller"),
    ],
    ids=["empty", "blank", "cpr", "too long", "prose", "another table", "a heading alone"],
)
def test_bad_texts_are_refused_with_one_sentence_and_kept_nowhere(
    steward: Client, settings: Any, text: str, words: str
) -> None:
    page = refused(paste(steward, text))
    assert page.count('class="sa-err"') == 1
    assert words in page
    assert CPR not in page
    assert not (settings.VAR_DIR / "uploads").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"period": ""},
        {"period": "i fjor"},
        {"framework": ""},
        {"framework": "findes-ikke"},
        {"published_on": "i går"},
        {"periods": "Genindlæggelser = i fjor"},
        {"periods": f"Genindlæggelser = 2025\n{CPR}"},
        {"title": f"Rapport {CPR}"},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_the_text_does_not_say_must_be_said(steward: Client, wrong: dict[str, str]) -> None:
    assert f'id="id_{next(iter(wrong))}_error"' in refused(paste(steward, **wrong))


def test_a_report_is_remembered_and_its_name_is_given_once(steward: Client, sent: list[Any]) -> None:
    paste(steward, periods="Genindlæggelser, kommuner = 2024")
    report = DataSource.objects.get(reader="report_table")
    assert (report.automatic, report.edition_slug) == (False, "nationale-maal-2025")
    assert paste(steward, REGIONS).status_code == 422
    only = {"source": report.pk, "text": REGIONS}
    assert steward.post("/data/indsaet/", only).status_code == 302
    mapping = TableMapping.objects.get(source=report)
    assert mapping.layout == {
        "period": "2025", "periods": "Genindlæggelser, kommuner = 2024", "framework": "nationale-maal",
    }  # fmt: skip
    assert steward.post("/data/indsaet/", {**only, "text": MUNICIPALITIES, "period": "marts 2026"}).status_code == 302
    mapping.refresh_from_db()
    assert (mapping.layout["period"], mapping.published_on) == ("2026M03", "2025-11")
    assert TableUpload.objects.count() == 3
    assert 'value="marts 2026"' in shown(steward)


def test_each_kind_is_offered_on_its_own_page(steward: Client) -> None:
    paste(steward)
    report = DataSource.objects.get(reader="report_table")
    table = DataSource.objects.create(name="tabel", title="En tabel", reader="tabular")
    upload = keep_upload(source=table, data=b"x", ending=".csv", now=timezone.now(), by=None)
    files, texts = (steward.get(f"/data/{page}/").content.decode() for page in ("indlaes", "indsaet"))
    assert f'<option value="{table.pk}">' in files
    assert f'<option value="{report.pk}">' not in files
    assert f'<option value="{report.pk}">' in texts
    assert f'<option value="{table.pk}">' not in texts
    for page in (files, texts):
        assert f"/data/indlaes/{upload.token}/" in page
    text = TableUpload.objects.get(source=report)
    assert steward.get(f"/data/indlaes/{text.token}/").status_code == 404
    assert steward.get(f"/data/indsaet/{upload.token}/").status_code == 404
    data = steward.get("/data/").content.decode()
    assert f"/data/indsaet/?kilde={report.name}" in data
    assert f"/data/{report.name}/hent/" not in data


def test_other_choices_read_the_text_again_and_send_it_anew(
    steward: Client, sent: list[Any], loaded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paste(steward)
    address = f"/data/indsaet/{TableUpload.objects.get().token}/"
    send(steward)
    first = at_work(sent, loaded, monkeypatch)
    before = shown(steward).split('name="seen" value="')[1].split('"')[0]
    for wrong in ({"period": ""}, {"periods": "Ukendt = 2025"}, {"published_on": "x"}, {"framework": "x"}):
        assert steward.post(address, {**CHOICES, **wrong}).status_code == 422
    assert steward.post(address, {**CHOICES, "period": "2026"}).url == address
    assert "2026" in shown(steward)
    assert steward.post(f"{address}send/", {"seen": before}).url == address
    assert sent == [], "what was looked at is not what would be sent"
    send(steward)
    run = at_work(sent, loaded, monkeypatch)
    first.refresh_from_db()
    assert (run.state, first.state) == (RunState.WAITING, RunState.SUPERSEDED)
    assert run.differences.filter(period="2026").exists()


def test_a_refused_row_keeps_the_text_and_an_explained_name_mends_it(steward: Client) -> None:
    paste(steward, MUNICIPALITIES.replace("VIBORG", "VIBORRG").replace("11,1", "x"))
    page = shown(steward)
    assert "/data/ukendte-navne/" in page
    assert "Linje 2, celle 1" in page
    assert "Viborg" in page, "the nearest name is told"
    assert 'name="seen"' not in page
    unknown = UnknownName.objects.get()
    listed = steward.get("/data/ukendte-navne/").content.decode()
    assert "linje 2" in listed
    map_unknown_name(unknown=unknown, area=Area.objects.get(code="791"), now=timezone.now(), by=None)
    upload = TableUpload.objects.get()
    assert f"/data/indsaet/{upload.token}/" in steward.get("/data/ukendte-navne/").content.decode()
    page = shown(steward)
    assert "Linje 2, celle 2" in page
    assert "Linje 2, celle 1" not in page


def test_a_figure_published_before_is_a_correction_and_stands_first(steward: Client) -> None:
    paste(steward, REGIONS.replace("10,7", "12,9"), period="2023")
    page = shown(steward)
    assert page.index('data-trap="corrected"') < page.index('data-trap="own_period"')
    assert "10,7" in page.split('data-trap="corrected"')[1].split("</details>")[0]


def test_places_with_one_sentence_stand_together_and_every_place_is_named() -> None:
    traps = [Trap("light_lost", line, cell) for line in (3, 4, 5, 9) for cell in (2, 3)]
    traps += [Trap("thousands", 7, 3, ("2.032", "2032")), Trap("alias", 12, 1, ("Horsens",))]
    groups = trap_groups(traps)
    assert [(group.code, group.decides) for group in groups] == [
        ("alias", True), ("thousands", False), ("light_lost", False),
    ]  # fmt: skip
    assert groups[0].entries[0].where == "linje 12, celle 1"
    assert [(one.where, one.sentence) for one in groups[2].entries] == [("linje 3–5, 9", "")]
    assert groups[2].count == "8 steder"
    assert "2032" in groups[1].entries[0].sentence


def test_a_text_that_is_kept_no_more_says_so(steward: Client, settings: Any, sent: list[Any]) -> None:
    paste(steward)
    upload = TableUpload.objects.get()
    page = shown(steward)
    (settings.VAR_DIR / upload.file).unlink()
    assert "gemmes ikke længere" in shown(steward)
    seen = page.split('name="seen" value="')[1].split('"')[0]
    assert steward.post(f"/data/indsaet/{upload.token}/send/", {"seen": seen}).url == f"/data/indsaet/{upload.token}/"
    assert sent == []


def test_a_report_whose_period_nobody_has_said(steward: Client) -> None:
    bare = DataSource.objects.create(name="bar", title="En rapport", reader="report_table", automatic=False)
    assert (
        'id="id_period_error"' in steward.post("/data/indsaet/", {"source": bare.pk, "text": REGIONS}).content.decode()
    )
    keep_upload(source=bare, data=REGIONS.encode(), ending=".txt", now=timezone.now(), by=None)
    assert "hvilken periode" in shown(steward)
    assert 'name="seen"' not in shown(steward)


def test_only_stewards(loaded: Path, client: Client, settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR = tmp_path / "var"
    source = DataSource.objects.create(name="rapport", title="Rapport", reader="report_table", automatic=False)
    upload = keep_upload(source=source, data=TEXT.encode(), ending=".txt", now=timezone.now(), by=None)
    address = f"/data/indsaet/{upload.token}/"
    for user in (None, make_user()):
        if user:
            client.force_login(user)
        for path in ("/data/indsaet/", address):
            answer = client.get(path)
            assert answer.status_code == (403 if user else 302)
            assert client.post(path, {**FIELDS, "text": TEXT}).status_code == 403
        assert client.post(f"{address}send/").status_code == 403
        assert "/data/indsaet/" not in client.get("/data/").content.decode()
    assert TableUpload.objects.get().sent_at is None
    assert not TableMapping.objects.filter(source=source).exists()


def test_the_pages_ask_the_database_little(steward: Client, django_assert_max_num_queries: Any) -> None:
    paste(steward)
    with django_assert_max_num_queries(12):
        steward.get("/data/indsaet/")
    address = f"/data/indsaet/{TableUpload.objects.get().token}/"
    with django_assert_max_num_queries(12):
        steward.get(address)
    send(steward)
    with django_assert_max_num_queries(12):
        steward.get(address)
