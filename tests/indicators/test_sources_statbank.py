"""Figures from a statbank: what is sent, what a table may not change unseen, and every way the other end can fail."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command
from django.utils import timezone, translation

from indicators.actions.catalogue import load_catalogue
from indicators.models import DataSource, Observation, RefreshRun, RunState, TableInfo
from indicators.presenters.table_notes import table_notes
from indicators.refresh import network
from indicators.refresh.reading import NotReadable, TryAgain, keep_raw
from indicators.refresh.refusals import refusal_sentence
from indicators.refresh.running import refresh_source
from indicators.refresh.sources import statbank
from indicators.refresh.tables import texts
from tests.indicators.first_files import looked_at
from tests.indicators.statbank_world import statbank_world
from tests.indicators.world import edit
from tests.statbank_server import BankTable, Statbank

pytestmark = pytest.mark.slow

NAME = "statbank_genind"
DEFINITION = "sources/statbank_genind.yaml"


@pytest.fixture
def bank(db: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Statbank]:
    with statbank_world(tmp_path / "catalogue", settings, monkeypatch) as found:
        yield found


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    return tmp_path / "catalogue"


@pytest.fixture
def table(bank: Statbank) -> BankTable:
    return bank.tables["GENIND"]


def source() -> DataSource:
    return DataSource.objects.get(name=NAME)


def fetched(catalogue: Path) -> RefreshRun:
    return looked_at(refresh_source(NAME, folder=catalogue), catalogue)


def figures() -> dict[tuple[str, str], Observation]:
    rows = Observation.objects.filter(edition__source__name=NAME, is_current=True).select_related("area", "edition")
    return {(row.area.code, row.period): row for row in rows}


def through() -> None:
    content = statbank.fetch(source())
    statbank.read(keep_raw(source(), content, now=timezone.now()).path, source())


def refused(why: type[Exception] = NotReadable) -> tuple[str, str]:
    """The code and the details with which fetching and reading fails."""
    with pytest.raises(why) as caught:
        through()
    return caught.value.code, caught.value.details  # type: ignore[attr-defined]


# --- The way through --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format_", ["BULK", "CSV", "JSONSTAT"])
@pytest.mark.parametrize("language", ["da", "en"])
def test_the_same_figures_in_every_format_and_language(
    bank: Statbank, catalogue: Path, format_: str, language: str
) -> None:
    edit(catalogue, DEFINITION, "format: BULK", f"format: {format_}")
    edit(catalogue, DEFINITION, "language: da", f"language: {language}")
    run = fetched(catalogue)
    assert (run.state, run.rows_read, run.rows_new) == (RunState.STORED, 8, 8), run.message
    found = figures()
    assert found["000", "2021"].value == Decimal("10.0")
    assert (found["791", "2022"].value, found["791", "2022"].method) == (Decimal("13.1"), "statbank")
    printed = "13,1" if language == "da" and format_ != "JSONSTAT" else ""
    assert found["791", "2022"].printed == printed
    assert (Path(django_settings.VAR_DIR) / run.raw_file).suffix == (".json" if format_ == "JSONSTAT" else ".csv")


def test_every_variable_is_sent_with_every_code(bank: Statbank, catalogue: Path) -> None:
    fetched(catalogue)
    assert [path for path, _ in bank.asked] == ["/v1/tableinfo", "/v1/data"]
    assert bank.asked[1][1] == {
        "table": "GENIND",
        "format": "BULK",
        "lang": "da",
        "valuePresentation": "Code",
        "variables": [
            {"code": "OMRÅDE", "values": ["000", "081", "082", "791"]},
            {"code": "KØN", "values": ["TOT"]},
            {"code": "Tid", "values": ["2021", "2022"]},
        ],
    }


def test_the_same_again_stops_and_keeps_one_description(bank: Statbank, catalogue: Path) -> None:
    fetched(catalogue)
    assert fetched(catalogue).state == RunState.UNCHANGED
    kept = TableInfo.objects.get()
    assert (kept.accepted, kept.troubles, kept.news, kept.content["unit"]) == (True, [], [], "Procent")
    assert "example.dk" not in str(kept.content)  # nor who answers the telephone there


def test_a_corrected_cell_is_a_new_version(bank: Statbank, table: BankTable, catalogue: Path) -> None:
    fetched(catalogue)
    table.cells["081", "TOT", "2022"] = "9.9"
    run = fetched(catalogue)
    assert (run.state, run.rows_changed, run.rows_new) == (RunState.STORED, 1, 0)
    assert (figures()["081", "2022"].value, figures()["081", "2022"].flag) == (Decimal("9.9"), "corrected")


@pytest.mark.parametrize("period", ["2025", "2025K1", "2025M01", "2025H1", "2020:2024"])
def test_every_kind_of_period(bank: Statbank, table: BankTable, catalogue: Path, period: str) -> None:
    table.variables["Tid"] = {period: period}
    table.cells = {(area, "TOT", period): "5.0" for area in table.variables["OMRÅDE"]}
    assert fetched(catalogue).state == RunState.STORED
    assert {period for _, period in figures()} == {period}


def test_from_and_leave_out_are_not_asked_for(bank: Statbank, catalogue: Path) -> None:
    text = (catalogue / DEFINITION).read_text()
    text = text.replace("      values: all\n    - code: KØN", '      leave_out: ["791"]\n    - code: KØN')
    (catalogue / DEFINITION).write_text(text.replace("is: period\n      values: all", 'is: period\n      from: "2022"'))
    fetched(catalogue)
    asked = {one["code"]: one["values"] for one in bank.asked[1][1]["variables"]}
    assert (asked["OMRÅDE"], asked["Tid"]) == (["000", "081", "082"], ["2022"])


def test_a_table_that_begins_before_our_periods_is_asked_from_where_the_definition_says(
    bank: Statbank, table: BankTable, catalogue: Path
) -> None:
    """HISB7 begins with 1840:1849. A code that is no period at all is asked for still, and refused with its place."""
    table.variables["Tid"] = {code: code for code in ("1840:1849", "1899", "2021", "2022", "foraar")}
    text = (catalogue / DEFINITION).read_text()
    (catalogue / DEFINITION).write_text(text.replace("is: period\n      values: all", 'is: period\n      from: "2022"'))
    fetched(catalogue)
    asked = {one["code"]: one["values"] for one in bank.asked[1][1]["variables"]}
    assert asked["Tid"] == ["2022", "foraar"]


# --- What is not there ------------------------------------------------------------------------------------------------


def test_two_dots_are_a_blank_with_a_reason(bank: Statbank, table: BankTable, catalogue: Path) -> None:
    table.cells["791", "TOT", "2021"] = ".."
    fetched(catalogue)
    cell = figures()["791", "2021"]
    assert (cell.value, cell.flag, ".." in cell.reason) == (None, "not_published", True)


@pytest.mark.parametrize("stands_for", ["0", None])
def test_a_row_left_out_of_a_stream_is_neither_gone_nor_nought(
    bank: Statbank, table: BankTable, catalogue: Path, stands_for: str | None
) -> None:
    table.suppressed = stands_for
    del table.cells["791", "TOT", "2021"]
    run = fetched(catalogue)
    assert (run.state, run.rows_read, run.rows_vanished) == (RunState.STORED, 8, 0)
    cell = figures()["791", "2021"]
    assert (cell.value, cell.flag, bool(cell.reason)) == (None, "suppressed", True)
    assert ("»0«" in cell.reason) is (stands_for == "0")
    figures_before = len(figures())
    table.cells["791", "TOT", "2021"] = "0"
    assert fetched(catalogue).rows_changed == 1  # a proven nought is another thing
    assert (figures()["791", "2021"].value, len(figures())) == (Decimal(0), figures_before)


def test_an_answer_that_is_not_streamed_must_be_whole(
    bank: Statbank, catalogue: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(catalogue, DEFINITION, "format: BULK", "format: CSV")
    whole = statbank.ask

    def short(url: str, **more: Any) -> Any:
        answer = whole(url, **more)
        if not url.endswith("/data"):
            return answer
        return network.Answer(200, "text/csv", answer.body[: answer.body.rstrip().rfind(b"\n") + 1])

    monkeypatch.setattr(statbank, "ask", short)
    assert refused()[0] == "cut_off"


# --- What a table may not change unseen -------------------------------------------------------------------------------


def change_area_text(table: BankTable) -> None:
    table.variables["OMRÅDE"]["081"] = "Region Nord og Midt"


def rename_code(table: BankTable) -> None:
    table.variables["OMRÅDE"] = {
        ("1" + code if code == "791" else code): text for code, text in table.variables["OMRÅDE"].items()
    }


def rename_variable(table: BankTable) -> None:
    table.variables = {("BOPOMR" if name == "OMRÅDE" else name): codes for name, codes in table.variables.items()}


def drop_variable(table: BankTable) -> None:
    table.variables = {name: codes for name, codes in table.variables.items() if name != "KØN"}


def add_variable(table: BankTable) -> None:
    table.variables = {"ALDER": {"TOT": "I alt", "80": "80 år"}, **table.variables}


def drop_total(table: BankTable) -> None:
    del table.variables["KØN"]["TOT"]


def drop_period(table: BankTable) -> None:
    del table.variables["Tid"]["2021"]


def change_unit(table: BankTable) -> None:
    table.unit = "Promille"


CHANGES = [
    (change_area_text, "code_renamed", "OMRÅDE: 081"),
    (rename_code, "code_gone", "OMRÅDE: 791"),
    (rename_variable, "variable_gone", "OMRÅDE"),
    (drop_variable, "variable_gone", "KØN"),
    (add_variable, "variable_new", "ALDER"),
    (drop_total, "code_unknown", "KØN: TOT"),
    (drop_period, "code_gone", "Tid: 2021"),
    (change_unit, "table_other_unit", "Procent"),
]


@pytest.mark.parametrize(("change", "code", "names"), CHANGES, ids=[change.__name__ for change, _, _ in CHANGES])
def test_a_changed_table_is_refused_before_any_figure(
    bank: Statbank, table: BankTable, catalogue: Path, change: Any, code: str, names: str
) -> None:
    fetched(catalogue)
    before = figures()
    change(table)
    table.cells = dict.fromkeys(table.cells, "99")
    asked = len(bank.asked)
    run = fetched(catalogue)
    assert run.state in (RunState.FAILED, RunState.REFUSED)
    assert [path for path, _ in bank.asked[asked:]] == ["/v1/tableinfo"]  # the figures were not even asked for
    assert figures() == before
    assert refused() == (code, names)
    assert names in refusal_sentence(code, names)
    kept = TableInfo.objects.order_by("-pk")[0]
    assert (kept.accepted, [code, names] in kept.troubles) == (False, True)
    assert TableInfo.objects.count() == 2
    assert refused() == (code, names)  # and it stays refused: the last accepted table is what it is held against


def test_a_change_somebody_has_looked_at_is_let_through(bank: Statbank, table: BankTable, catalogue: Path) -> None:
    fetched(catalogue)
    change_area_text(table)
    assert refused()[0] == "code_renamed"
    edit(catalogue, DEFINITION, "is: area\n", 'is: area\n      accept: ["081"]\n')
    assert fetched(catalogue).state == RunState.UNCHANGED
    edit(catalogue, DEFINITION, '      accept: ["081"]\n', "")
    assert fetched(catalogue).state == RunState.UNCHANGED  # the new name is the known one now


def test_codes_nobody_asks_for_may_come_and_go(bank: Statbank, table: BankTable, catalogue: Path) -> None:
    fetched(catalogue)
    del table.variables["KØN"]["M"]
    table.variables["KØN"]["X"] = "Uoplyst"
    assert fetched(catalogue).state == RunState.UNCHANGED


def test_new_codes_are_told_and_fetched(bank: Statbank, table: BankTable, catalogue: Path) -> None:
    fetched(catalogue)
    table.variables["Tid"]["2023"] = "2023"
    table.cells |= {(area, "TOT", "2023"): "7.0" for area in table.variables["OMRÅDE"]}
    assert (run := fetched(catalogue)).state == RunState.STORED
    assert run.rows_new == 4
    assert TableInfo.objects.order_by("-pk")[0].news == [["code_new", "Tid: 2023"]]


def test_what_is_new_and_what_is_wrong_is_told(
    bank: Statbank, table: BankTable, catalogue: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fetched(catalogue)
    assert table_notes([source()]) == {}
    table.variables["Tid"] = {"2022": "2022", "2023": "2023"}
    with pytest.raises(CommandError, match=f"Not stored: {NAME}"):
        call_command("refresh", NAME)
    (notes,) = table_notes([source()]).values()
    assert len(notes) == 2
    assert "Tid: 2021" in notes[0]
    assert "Tid: 2023" in notes[1]
    assert all(f"  {note}" in capsys.readouterr().out for note in notes[:1])


def test_a_closed_table_is_told_once(bank: Statbank, table: BankTable, catalogue: Path) -> None:
    fetched(catalogue)
    table.active = False
    assert fetched(catalogue).state == RunState.UNCHANGED
    with translation.override("en"):
        assert list(table_notes([source()]).values()) == [
            ("The table is closed: the source brings no more figures in it.",)
        ]
    table.updated = "2026-03-01T08:00:00"
    fetched(catalogue)
    assert table_notes([source()]) == {}


def test_a_code_that_is_no_area_of_ours_refuses_the_file(bank: Statbank, table: BankTable, catalogue: Path) -> None:
    table.variables["OMRÅDE"]["11"] = "Byen København"
    table.cells |= {("11", "TOT", period): "7.0" for period in table.variables["Tid"]}
    run = fetched(catalogue)
    assert run.state == RunState.REFUSED
    assert {row.code for row in run.rejected.all()} == {"unknown_area"}
    assert figures() == {}


# --- The other end fails ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "why", "code"),
    [
        ("500", TryAgain, "source_in_trouble"),
        ("429", TryAgain, "source_in_trouble"),
        ("cut", TryAgain, "cut_off"),
        ("cut in chunks", TryAgain, "cut_off"),
        ("no length", TryAgain, "cut_off"),
        ("hang up", TryAgain, "cut_off"),
        ("empty", TryAgain, "cut_off"),
        ("nonsense", TryAgain, "cut_off"),
        ("html", NotReadable, "wrong_type"),
        ("redirect inside", NotReadable, "redirected"),
        ("column", NotReadable, "columns_changed"),
        ("REQUEST-LIMIT", NotReadable, "too_many_cells"),
        ("TABLE-NOT-FOUND", NotReadable, "table_unknown"),
        ("SOMETHING-NEW", NotReadable, "statbank_error"),
        ("bad code; <b>", NotReadable, "statbank_error"),
    ],
)
def test_every_fault_of_the_figures(
    bank: Statbank, catalogue: Path, fault: str, why: type[Exception], code: str
) -> None:
    bank.fault = fault
    found = refused(why)
    assert found[0] == code
    assert "<" not in found[1]
    run = fetched(catalogue)
    assert run.state in (RunState.FAILED, RunState.REFUSED)
    assert Observation.objects.count() == 0
    bank.fault = ""
    assert fetched(catalogue).state == RunState.STORED  # nothing of it hangs on


@pytest.mark.parametrize(
    ("fault", "why", "code"),
    [
        ("503", TryAgain, "source_in_trouble"),
        ("cut", TryAgain, "cut_off"),
        ("html", NotReadable, "wrong_type"),
        ("nonsense", NotReadable, "answer_not_understood"),
        ("TABLE-NOT-FOUND", NotReadable, "table_unknown"),
    ],
)
def test_every_fault_of_the_description(bank: Statbank, fault: str, why: type[Exception], code: str) -> None:
    bank.info_fault = fault
    assert refused(why)[0] == code
    assert TableInfo.objects.count() == 0


def test_a_time_out_may_be_over_in_a_minute(bank: Statbank, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "TIMEOUT", httpx.Timeout(0.2))
    bank.fault = "slow"
    assert refused(TryAgain)[0] == "timed_out"


def test_the_table_is_not_there(bank: Statbank) -> None:
    del bank.tables["GENIND"]
    assert refused() == ("table_unknown", "GENIND")


def test_a_million_cells_and_one(bank: Statbank, table: BankTable, catalogue: Path, settings: Any) -> None:
    """101 x 9901 cells. Not asked for in a format that is capped; and when the statbank itself says so, it is the same."""
    table.variables["OMRÅDE"] = {f"{number:03}": str(number) for number in range(101)}
    table.variables["Tid"] = {f"{1000 + number // 12}M{number % 12 + 1:02}": "" for number in range(9901)}
    table.cells = {}
    edit(catalogue, DEFINITION, "format: BULK", "format: CSV")
    assert refused() == ("too_many_cells", "1000001")
    assert [path for path, _ in bank.asked] == ["/v1/tableinfo"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(statbank, "MOST_CELLS", 2_000_000)
        assert refused() == ("too_many_cells", "1000001")
    assert [path for path, _ in bank.asked][-1] == "/v1/data"
    edit(catalogue, DEFINITION, "format: CSV", "format: BULK")
    assert statbank.fetch(source()).data.startswith(b"\xef\xbb\xbfOMR")  # no cap on a stream
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(statbank, "MOST_STREAMED", 1_000_000)
        assert refused() == ("too_much_at_once", "1000001")


# --- What is kept -----------------------------------------------------------------------------------------------------


def test_a_cpr_number_is_found_however_it_is_written() -> None:
    body = b'{"dataset": {"label": "Ring til \\u0030\\u0031\\u0030\\u0031\\u0038\\u0030-1234"}}'
    with pytest.raises(NotReadable) as caught:
        keep_raw(DataSource(name="x", reader="statbank"), statbank.Content(body, ".json"), now=timezone.now())
    assert caught.value.code == "cpr"
    assert list(texts(b"\xef\xbb\xbfTID;INDHOLD\r\n")) == ["TID;INDHOLD\r\n"]


def test_a_description_with_a_cpr_number_is_kept_nowhere(bank: Statbank, table: BankTable) -> None:
    table.variables["OMRÅDE"]["000"] = "Ring til 010180-1234"
    assert refused() == ("cpr", "")
    assert TableInfo.objects.count() == 0


def test_a_body_handed_in_needs_a_description_first(bank: Statbank, catalogue: Path, tmp_path: Path) -> None:
    body = tmp_path / "body.csv"
    body.write_bytes("\ufeffOMRÅDE;KØN;TID;INDHOLD\r\n000;TOT;2021;10,0\r\n".encode())
    run = looked_at(refresh_source(NAME, path=body, folder=catalogue), catalogue)
    assert (run.state, run.rejected.get().code) == (RunState.REFUSED, "no_table_info")
    statbank.fetch(source())
    run = looked_at(refresh_source(NAME, path=body, folder=catalogue), catalogue)
    assert (run.state, run.rows_new) == (RunState.STORED, 8)


def test_an_undated_edition_does_not_take_the_place_of_the_report(
    bank: Statbank, table: BankTable, catalogue: Path
) -> None:
    """The report has 2023 for Nordjylland; the statbank's other number stands beside it, findable, and is not the one."""
    table.variables["Tid"]["2023"] = "2023"
    table.cells |= {(area, "TOT", "2023"): "77" for area in table.variables["OMRÅDE"]}
    for order in (("nationale_maal", NAME), (NAME, "nationale_maal")):
        for name in order:
            looked_at(refresh_source(name, folder=catalogue), catalogue)
        rows = Observation.objects.filter(area__code="081", period="2023", indicator__code="genindlaeggelser")
        assert {(row.value, row.is_current) for row in rows} == {(Decimal("10.7"), True), (Decimal(77), False)}


def test_a_group_of_its_own_leaves_the_reports_lights_as_they_were(
    bank: Statbank, table: BankTable, catalogue: Path
) -> None:
    """The way life expectancy is shipped: also last year's figure of the bank is no "last year" to the report's."""
    refresh_source("nationale_maal", folder=catalogue)
    report = Observation.objects.filter(edition__slug="maal-2024")
    fields = ("pk", "is_current", "assessment__level_light", "assessment__development_reason")
    before = sorted(report.values_list(*fields))
    groups = "  cadence: yearly\n  breakdowns: [{code: bank, name: Statbank}]\n"
    head, _, tail = (catalogue / "indicators.yaml").read_text().partition("  cadence: yearly\n")
    (catalogue / "indicators.yaml").write_text(head + groups + tail)
    edit(catalogue, DEFINITION, "  unit: pct.", "  breakdown: bank\n  unit: pct.")
    load_catalogue(by=None, folder=catalogue)
    table.variables["Tid"]["2023"] = "2023"
    table.cells |= {(area, "TOT", "2023"): "77" for area in table.variables["OMRÅDE"]}
    assert fetched(catalogue).rows_new == 12
    assert sorted(report.values_list(*fields)) == before
    assert Observation.objects.filter(breakdown="bank", is_current=True).count() == 12
