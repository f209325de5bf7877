"""The report's tables as pasted text: the shipped figures come out of them exactly, and every trap is told."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from indicators.actions.catalogue import load_catalogue
from indicators.actions.catalogue.reading import FOLDER
from indicators.calculations.figure_rows import IndicatorFacts
from indicators.calculations.report_names import Earlier, ReportFacts, ReportIndicator, Sheet, indicator_key
from indicators.calculations.report_tables import Choice, ReadReport, Reasons, read_periods, read_report
from indicators.calculations.report_text import squeezed, text_lines
from indicators.calculations.table_mapping import Names, area_key
from indicators.models import Area, AreaMembership, DataSource, Observation, RejectedRow, TableMapping, UnknownName
from indicators.presenters.report_traps import trap_sentence
from indicators.refresh.reasons import reason_sentence
from indicators.refresh.report_facts import report_facts, report_reasons
from indicators.refresh.report_traps import ORDER, kind_sentence
from indicators.refresh.running import refresh_source
from tests.indicators.first_files import looked_at

REASONS = Reasons("aldrig", "uden tal", "regel: %(rule)s", "siger ikke hvorfor", "rettet fra %(value)s i %(edition)s")
AREAS = {"000": "Hele landet", "081": "Nordjylland", "082": "Midtjylland", "615": "Horsens", "820": "Vesthimmerlands"}
KINDS = {"000": "country", "081": "region", "082": "region", "615": "municipality", "820": "municipality"}
SPELLINGS = {"REGION NORDJYLLAND": "081", "REGION MIDTJYLLAND": "082", "HORSSENS": "615", "Vesthimmerland": "820"}


def sheets(period: str = "2023", decimals: int = 1, municipal: str = "2023") -> dict[str, Sheet]:
    own = Sheet(decimals, "", period)
    return {"country": own, "region": own, "municipality": Sheet(1, "", municipal)}


INDICATORS = {
    one.code: one
    for one in (
        ReportIndicator(
            "genindlaeg", "Akutte genindlæggelser, pct.", "pct.", "Forløb", sheets(), "Under 20 vises ikke."
        ),
        ReportIndicator("kroner", "Sygehusaktivitet, kr.", "kr.", "Forløb", sheets(decimals=0)),
        ReportIndicator("rygere", "Daglige rygere, pct.", "pct.", "Leveår", sheets(municipal="2021")),
        ReportIndicator("levetid", "Middellevetid, år", "år", "Leveår", sheets()),
        ReportIndicator("ophold", "Færdigbehandlingsdage, dage", "dage", "Forløb", sheets()),
    )
}
FACTS = ReportFacts(
    names=Names(
        areas={
            **{area_key(name): code for code, name in AREAS.items()},
            **{area_key(k): v for k, v in SPELLINGS.items()},
        },
        indicators={},
        facts={code: IndicatorFacts(one.unit, frozenset(one.sheets), frozenset()) for code, one in INDICATORS.items()},
        area_names=tuple(AREAS.values()),
    ),
    indicators=INDICATORS,
    printed={indicator_key(one.name): code for code, one in INDICATORS.items()},
    goals={squeezed(goal): goal for goal in ("Forløb", "Leveår")},
    kinds=KINDS,
    area_names=AREAS,
    usual="2023",
    aliases=frozenset({area_key("HORSSENS"), area_key("Vesthimmerland")}),
    regions_of={"615": frozenset({"082"}), "820": frozenset({"081"})},
)
TOP = "| MÅL | INDIKATORER | HELE LANDET | NORDJYLLAND |\n|--|--|--|--|\n"


def read(text: str, *, period: str = "2023", facts: ReportFacts = FACTS, **choice: object) -> ReadReport:
    return read_report(text, Choice(period, **choice), facts, REASONS)  # type: ignore[arg-type]


def values(found: ReadReport) -> dict[tuple[str, str, str], str]:
    return {key: one.row.cells.get("value", one.row.cells["flag"]) for key, one in found.figures.items()}


def told(found: ReadReport, code: str) -> list[tuple[int, int, tuple[str, ...]]]:
    return [(trap.line, trap.column, trap.names) for trap in found.traps if trap.code == code]


def refused(found: ReadReport) -> list[tuple[int, str, str]]:
    return [(one.line, one.column, one.code) for one in found.rejected]


# --- Each trap --------------------------------------------------------------------------------------------------------


def test_a_full_stop_parts_thousands() -> None:
    found = read(f"{TOP}| FORLØB | Sygehusaktivitet, kr. ³ | ● 2.032 | ● 1.924 |")
    assert values(found) == {("kroner", "000", "2023"): "2032", ("kroner", "081", "2023"): "1924"}
    assert told(found, "thousands") == [(3, 3, ("2.032", "2032")), (3, 4, ("1.924", "1924"))]
    assert told(found, "notes") == [(3, 2, ("3",))]
    assert len(told(found, "light_lost")) == 2
    assert found.rows[0].cells["footnotes"] == "3"


@pytest.mark.parametrize("written", ["9.3", "1.5", "12.34"])
def test_a_decimal_point_is_refused_and_not_read_as_thousands(written: str) -> None:
    found = read(f"{TOP}| FORLØB | Akutte genindlæggelser, pct. | {written} | 1,0 |")
    assert refused(found) == [(3, "3", "other_decimal_mark")]
    assert list(values(found)) == [("genindlaeg", "081", "2023")]


def test_a_blank_is_no_zero_and_a_zero_is_no_blank() -> None:
    text = "| REGION MIDTJYLLAND | Akutte genindlæggelser, pct. ¹⁶ | Færdigbehandlingsdage, dage |\n| HORSENS | | 0,0 |"
    found = read(text)
    assert values(found) == {("genindlaeg", "615", "2023"): "suppressed", ("ophold", "615", "2023"): "0.0"}
    assert found.rows[0].cells["reason"] == "regel: Under 20 vises ikke."
    assert told(found, "blank") == [(2, 2, ("suppressed",))]
    assert told(found, "zero") == [(2, 3, ("0,0",))]


def test_a_blank_without_a_rule_says_that_nothing_says_why() -> None:
    found = read("| REGION MIDTJYLLAND | Daglige rygere, pct. |\n| HORSENS | - |")
    assert found.rows[0].cells["flag"] == "not_published"
    assert found.rows[0].cells["reason"] == "siger ikke hvorfor"


def test_a_row_without_any_figure_is_told() -> None:
    found = read(f"{TOP}| FORLØB | Sygehusaktivitet, kr. | | |")
    assert set(values(found).values()) == {"not_published"}
    assert told(found, "row_without_figures") == [(3, 2, ("Sygehusaktivitet, kr.",))]


def test_periods_differ_from_row_to_row() -> None:
    found = read(
        f"{TOP}| FORLØB | Akutte genindlæggelser, pct. (marts 2024) | 1,0 | 1,1 |\n"
        "| | Færdigbehandlingsdage, dage (2020-2022) | 2,0 | 2,1 |\n| | Sygehusaktivitet, kr. | 3 | 4 |"
    )
    assert {key[::2] for key in values(found)} == {
        *(("genindlaeg", "2024M03"), ("ophold", "2020:2022"), ("kroner", "2023"))
    }
    assert [names for _, _, names in told(found, "own_period")] == [
        ("Akutte genindlæggelser, pct.", "2024M03"),
        ("Færdigbehandlingsdage, dage", "2020:2022"),
    ]


def test_one_indicator_is_of_two_periods_in_the_two_tables() -> None:
    text = f"{TOP}| LEVEÅR | Daglige rygere, pct. | 11,7 | 11,6 |\n\n| REGION MIDTJYLLAND | Daglige rygere, pct. |\n"
    found = read(text + "| HORSENS | 13,3 |\n| HELE LANDET | 13,9 |")
    assert values(found)["rygere", "000", "2023"] == "11.7"
    assert values(found)["rygere", "000", "2021"] == "13.9"
    assert values(found)["rygere", "615", "2021"] == "13.3"
    assert told(found, "period_of_catalogue") == [(6, 2, ("Daglige rygere, pct.", "2021"))]


def test_in_another_year_such_a_row_is_refused_until_its_period_is_said() -> None:
    text = "| REGION MIDTJYLLAND | Daglige rygere, pct. |\n| HORSENS | 13,3 |"
    assert refused(read(text, period="2025")) == [(2, "2", "period_unclear")]
    periods, wrong = read_periods("Daglige rygere, pct., kommuner = 2025\nukendt = 2025\nkroner = engang", FACTS)
    assert (periods, wrong) == ({("rygere", "municipalities"): "2025"}, [2, 3])
    assert values(read(text, period="2024", periods=periods)) == {("rygere", "615", "2025"): "13.3"}


def test_the_country_stands_in_both_tables_and_must_be_the_same() -> None:
    regions = f"{TOP}| FORLØB | Akutte genindlæggelser, pct. ¹ | 11 | 10,7 |\n\n"
    below = "| REGION MIDTJYLLAND | Akutte genindlæggelser, pct. ¹⁶ |\n| HELE LANDET | {} |\n"
    for text in (regions + below.format("11,0"), below.format("11,0") + "\n" + regions):
        found = read(text)
        row = found.figures["genindlaeg", "000", "2023"].row.cells
        assert (row["printed"], row["footnotes"], found.rejected) == ("11", "1;16", [])
        assert len(told(found, "stands_twice")) == 1
    assert told(read(regions), "fewer_decimals") == [(3, 3, ("11", "1"))]
    assert refused(read(regions + below.format("11,1"))) == [(6, "2", "stands_otherwise")]
    twice = read(f"{TOP}| FORLØB | Sygehusaktivitet, kr. | 1 | 2 |\n| | Sygehusaktivitet, kr. | 1 | 2 |")
    assert refused(twice) == [(4, "3", "stands_otherwise"), (4, "4", "stands_otherwise")]


def test_an_indicator_under_the_wrong_goal_belongs_to_its_own() -> None:
    found = read(f"{TOP}| <p>FOR- LØB</p> | Daglige rygere, pct. | 1,0 | 1,1 |\n| | Sygehusaktivitet, kr. | 3 | 4 |")
    assert told(found, "other_goal") == [(3, 2, ("Daglige rygere, pct.", "Forløb", "Leveår"))]
    assert told(found, "markup") == [(3, 1, ())]


def test_names_of_areas_are_read_by_lists_and_never_by_likeness() -> None:
    head = "| REGION MIDTJYLLAND | Færdigbehandlingsdage, dage |\n"
    assert told(read(f"{head}| HORSSENS | 1,0 |"), "alias") == [(2, 1, ("Horsens",))]
    north = read("| REGION NORDJYLLAND | Færdigbehandlingsdage, dage |\n| VESTHIMMERLANDS | 1,0 |")
    assert told(north, "genitive") == [(2, 1, ("Vesthimmerlands",))]
    unknown = read(f"{head}| HORSENNS | 1,0 |")
    assert (refused(unknown), unknown.unknown) == ([(2, "1", "unknown_area_name")], {"HORSENNS": "2"})
    assert unknown.rejected[0].details == "Horsens"
    assert refused(read(f"{head}| VESTHIMMERLANDS | 1,0 |")) == [(2, "1", "other_region")]


def test_headings_are_misspelt_parted_and_go_on() -> None:
    text = "| FORTSAT REGION MIDTJYLLAND | MIDDELLEVEETID, ÅR ²¹ | FÆRDIG- BEHANDLINGS-DAGE, DAGE |\n| HORSENS | 81,4 | 1,0 |"
    found = read(text)
    assert values(found) == {("levetid", "615", "2023"): "81.4", ("ophold", "615", "2023"): "1.0"}
    assert told(found, "continued") == [(1, 1, ("Midtjylland",))]
    assert told(found, "scanned_wrong") == [(1, 2, ("Middellevetid, år",))]
    assert told(found, "parted_word") == [(1, 3, ("Færdigbehandlingsdage, dage",))]
    near = read("| REGION MIDTJYLLAND | Færdigbehandlingsdag, dage |\n| HORSENS | 1,0 |")
    assert refused(near)[0] == (1, "2", "unknown_indicator_name")
    assert near.rejected[0].details == "Færdigbehandlingsdage, dage"


def test_a_corrected_figure_names_the_one_before() -> None:
    before = {("rygere", "000", "2023"): Earlier(Decimal("27.1"), "27,1", "Rapporten 2023")}
    text = f"{TOP}| LEVEÅR | Daglige rygere, pct. | 37,1 | 11,6 |"
    found = read(text, facts=replace(FACTS, earlier=before))
    assert told(found, "corrected") == [(3, 3, ("27,1", "37,1", "Rapporten 2023"))]
    assert found.rows[0].cells["flag"] == "corrected"
    assert found.rows[0].cells["reason"] == "rettet fra 27,1 i Rapporten 2023"
    same = replace(FACTS, earlier={("rygere", "000", "2023"): Earlier(Decimal("37.10"), "37,1", "x")})
    assert told(read(text, facts=same), "corrected") == []


def test_municipalities_that_are_left_out_are_named() -> None:
    facts = replace(FACTS, regions_of={**FACTS.regions_of, "820": frozenset({"082"})})
    found = read("| REGION MIDTJYLLAND | Færdigbehandlingsdage, dage |\n| HORSENS | 1,0 |\n\nTekst.", facts=facts)
    assert told(found, "areas_left_out") == [(1, 0, ("Vesthimmerlands",))]


def test_other_tables_and_prose_are_passed_over_and_rows_without_heading_are_not() -> None:
    text = "Forord.\n\n| FORORD | 3 |\n\n| Mål | Grønne ● | Gule ● |\n| Forløb | 1 | 2 |\n\n"
    found = read(f"{text}{TOP}| FORLØB | Sygehusaktivitet, kr. | 3 | 4 |")
    assert (len(found.figures), found.rejected) == (2, [])
    assert [told(found, code) for code in ("table_passed_over", "counts_passed_over")] == [[(3, 0, ())], [(5, 0, ())]]
    assert refused(read("| HORSENS | 1,0 |")) == [(1, "", "heading_missing")]
    assert refused(read("Kun prosa.")) == [(0, "", "no_rows")]


def test_other_ways_of_pasting() -> None:
    tabs = "MÅL\tINDIKATORER\tHELE LANDET\tNORDJYLLAND\nFORLØB\tSygehusaktivitet, kr. 3\t2.032\t1.924"
    spaces = "MÅL  INDIKATORER  HELE LANDET  NORDJYLLAND\r\nFORLØB  Sygehusaktivitet, kr.<sup>3</sup>  2.032  1.924"
    for text in (tabs, spaces):
        found = read(text)
        assert values(found) == {("kroner", "000", "2023"): "2032", ("kroner", "081", "2023"): "1924"}
        assert found.rows[0].cells["footnotes"] == "3"
    assert told(read(tabs), "plain_note") == [(2, 2, ("3",))]
    # A blank that is only a space has no place of its own: the row is refused, and never moved one column to the left.
    assert refused(read(spaces.replace("2.032", "     "))) == [(2, "", "row_width")]


@pytest.mark.parametrize(
    ("cell", "code"), [("11,7*", "not_a_figure"), ("-1,0", "negative"), ("101,0", "over_100"), ("10 %", "not_a_figure")]
)
def test_a_cell_that_cannot_be_read_is_refused_with_its_place(cell: str, code: str) -> None:
    found = read(f"{TOP}| FORLØB | Akutte genindlæggelser, pct. | 1,0 | {cell} |")
    assert refused(found) == [(3, "4", code)]
    assert cell not in str(found.rejected)


@given(st.decimals(min_value=0, max_value=99_999, places=1), st.sampled_from(["● {} ●", "{}", "**{}**", " {}  "]))
def test_a_printed_figure_is_that_figure(number: Decimal, dress: str) -> None:
    printed = f"{number:,.1f}".translate(str.maketrans(",.", ".,"))
    found = read(f"{TOP}| FORLØB | Færdigbehandlingsdage, dage | {dress.format(printed)} | 1,0 |")
    assert Decimal(values(found)["ophold", "000", "2023"]) == number


@given(st.text(alphabet="|-●¹ \t\n2.,0MÅLINDHE<p>", max_size=120))
def test_whatever_is_pasted_gives_rows_or_reasons(text: str) -> None:
    found = read(TOP + text)
    assert found.figures or found.rejected
    assert all(0 <= one.line <= text.count("\n") + 3 for one in found.rejected)
    assert [line.number for line in text_lines(text)] == sorted({line.number for line in text_lines(text)})


def test_every_trap_has_its_sentence() -> None:
    with translation.override("en"):
        assert all(kind_sentence(code) != code for code in ORDER)
        found = read(f"{TOP}| FORLØB | Sygehusaktivitet, kr. ³ | 2.032 | |")
        assert "2.032 is read as 2032." in [trap_sentence(trap) for trap in found.traps]
        assert {trap.code for trap in found.traps} <= set(ORDER)


# --- The whole edition ------------------------------------------------------------------------------------------------

CARRIED = ("value", "printed", "flag", "footnotes", "method", "carried_over")
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def shipped() -> list[dict[str, str]]:
    with (FOLDER / "observations" / "nationale_maal_2024.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def as_the_report_prints_it(rows: Iterable[dict[str, str]]) -> str:
    """The shipped figures as the report's tables: one for the regions, and one for the municipalities of each of them."""
    entries = [
        one for one in yaml.safe_load((FOLDER / "indicators.yaml").read_text()) if one["framework"] == "nationale-maal"
    ]
    cells = {(row["indicator_code"], row["area_code"], row["period"]): row["printed"] for row in rows}
    lines = ["| MÅL | INDIKATORER | HELE LANDET | NORDJYLLAND | MIDTJYLLAND | SYDDANMARK | HOVEDSTADEN | SJÆLLAND |"]
    for one in entries:
        level = {each["kind"]: each for each in one["levels"]}
        printed = [
            cells[one["code"], area, level["country"]["latest_period"]]
            for area in ("000", "081", "082", "083", "084", "085")
        ]
        lines.append(
            f"| | {_named(level['country'])} | {' | '.join(f'● {text}' if text else '' for text in printed)} |"
        )
    columns = [each for one in entries for each in one["levels"] if each["kind"] == "municipality"]
    codes = [one["code"] for one in entries if any(each["kind"] == "municipality" for each in one["levels"])]
    inside = AreaMembership.objects.filter(container__kind="region", member__kind="municipality")
    for region in Area.objects.filter(code__in=("081", "082", "083", "084", "085")).order_by("code"):
        lines += ["", f"| {region.official_name.upper()} | {' | '.join(_named(each).upper() for each in columns)} |"]
        members = list(
            inside.filter(container=region).order_by("member__sort_key").values_list("member__code", "member__name")
        )
        for area, name in [*members, *([("000", "Hele landet")] if region.code == "085" else [])]:
            found = [cells[code, area, each["latest_period"]] for code, each in zip(codes, columns, strict=True)]
            lines.append(f"| {name.upper()} | {' | '.join(found)} |")
    return "\n".join(lines)


def _named(level: dict[str, object]) -> str:
    notes = level["footnotes"]
    assert isinstance(notes, list)
    return " ".join((str(level["published_name"]), *(str(note).translate(RAISED) for note in notes)))


@pytest.mark.slow
@pytest.mark.django_db
def test_the_2024_edition_printed_and_read_again_is_the_one_we_ship() -> None:
    load_catalogue(by=None)
    refresh_source("nationale_maal")
    refresh_source("tidligere_tal")
    rows = shipped()
    facts = report_facts(framework="nationale-maal", before="2024-11")
    found = read_report(as_the_report_prints_it(rows), Choice("2023"), facts, report_reasons())
    assert found.rejected == []
    assert (found.cells, len(found.figures)) == (1680, 1669)
    ours = {key: {name: one.row.cells.get(name, "") for name in CARRIED} for key, one in found.figures.items()}
    theirs = {
        (row["indicator_code"], row["area_code"], row["period"]): {name: row[name] for name in CARRIED} for row in rows
    }
    assert ours == theirs
    counts = Counter(trap.code for trap in found.traps)
    assert (counts["stands_twice"], counts["blank"], counts["zero"], counts["corrected"]) == (11, 52, 29, 1)
    assert (counts["thousands"], counts["row_without_figures"], counts["areas_left_out"]) == (6, 1, 0)
    assert told(found, "corrected")[0][2][:2] == ("27,1", "37,1")
    assert all(one.row.cells.get("reason") for one in found.figures.values() if not one.row.cells.get("value"))


# --- Through the engine -----------------------------------------------------------------------------------------------


@pytest.fixture
def pasted(loaded: Path) -> DataSource:
    source = DataSource.objects.create(
        name="indsat", title="Rapporten 2025", reader="report_table", edition_slug="indsat", automatic=False
    )
    TableMapping.objects.create(
        source=source, edition_title="Rapporten 2025", layout={"period": "2025"}, changed_at=timezone.now()
    )
    return source


def paste(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


REPORT = (
    "| MÅL | INDIKATORER | HELE LANDET | NORDJYLLAND |\n"
    "| BEDRE FORLØB | Genindlæggelser inden for 30 dage, pct. ¹ | 11 | ● 10,7 |\n"
)


def test_a_pasted_table_waits_with_its_traps_and_is_stored_as_its_edition(pasted: DataSource, tmp_path: Path) -> None:
    run = refresh_source("indsat", path=paste(tmp_path / "a.md", REPORT))
    codes = [reason["code"] for reason in run.reasons]
    assert (run.state, run.rows_new, codes[-1]) == ("waiting", 2, "not_automatic")
    assert codes[:-1] == ["trap_fewer_decimals", "trap_light_lost", "trap_notes"]
    with translation.override("en"):
        assert reason_sentence(run.reasons[1]).endswith("(line 2)")
    assert (Path(settings.VAR_DIR) / run.raw_file).read_text(encoding="utf-8") == REPORT
    assert not Observation.objects.filter(period="2025").exists()


def test_what_is_pasted_is_a_part_and_nothing_vanishes_by_it(pasted: DataSource, tmp_path: Path) -> None:
    DataSource.objects.filter(pk=pasted.pk).update(automatic=True)
    plain = REPORT.replace(" ¹", "").replace("● ", "").replace("| 11 |", "| 11,0 |")
    run = refresh_source("indsat", path=paste(tmp_path / "a.md", plain))
    assert looked_at(run, FOLDER).state == "stored"
    shorter = "\n".join(line.rsplit("|", 2)[0] + "|" for line in plain.splitlines())
    run = refresh_source("indsat", path=paste(tmp_path / "b.md", shorter))
    assert (run.state, run.rows_vanished) == ("unchanged", 0)
    assert Observation.objects.current().filter(period="2025").count() == 2


def test_a_report_pasted_in_pieces_is_not_read_by_its_own_first_piece(loaded: Path) -> None:
    """What the other publications know, and not what this one has given already, says which rows are of another period."""
    held = DataSource.objects.get(name="nationale_maal")
    assert report_facts().usual == "2023"
    assert report_facts(without=held.pk).usual == ""


def test_an_unknown_name_refuses_the_whole_and_waits_in_the_list(pasted: DataSource, tmp_path: Path) -> None:
    text = "| REGION MIDTJYLLAND | Genindlæggelser inden for 30 dage, pct. |\n| VIBORK | 1,0 |\n| VIBORG | 1,1 |\n"
    run = refresh_source("indsat", path=paste(tmp_path / "a.md", text))
    assert (run.state, RejectedRow.objects.get(run=run).place) == ("refused", "indsat:2, 1")
    assert UnknownName.objects.get().name == "VIBORK"
    assert not Observation.objects.filter(period="2025").exists()


def test_a_cpr_number_is_kept_nowhere(pasted: DataSource, tmp_path: Path) -> None:
    run = refresh_source("indsat", path=paste(tmp_path / "a.md", REPORT + "\n010203-1234\n"))
    assert (run.state, run.raw_file, RejectedRow.objects.get(run=run).code) == ("refused", "", "cpr")


def test_numbers_in_reasons_are_written_as_the_reader_writes_them() -> None:
    reason = {"code": "many_new", "count": 1669, "bound": 20, "of": 12000, "names": []}
    with translation.override("da"):
        assert "1.669" in reason_sentence(reason)
        assert "12.000" in reason_sentence(reason)
    with translation.override("en"):
        assert "1,669" in reason_sentence(reason)
