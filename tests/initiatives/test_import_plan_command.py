"""manage.py import_plan: what it prints, what it stores, and that it stores a file once."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from initiatives.models import ActionItem, BodyAlias, Plan, PlanImport, StatusUpdate
from tests.initiatives import import_world, small_world
from tests.initiatives.plan_files import bad_files as b
from tests.initiatives.plan_files import layouts as l

SKU = "Sundhedskoordinationsudvalget i Region Midtjylland"
TITLE = ("--title", "Handleplan 2020")
KEYS = {
    "number", "section", "title", "content", "owners", "status_text", "state", "planned", "new_date", "cause",
    "milestones", "flags",
}  # fmt: skip


@pytest.fixture(autouse=True)
def bodies(db: None) -> None:
    """The three owners of the plan of 2020, with the ways their names are written."""
    wanted = set(l.WRITTEN)
    for known in l.catalogue_bodies():
        if known.slug in wanted:
            made = small_world.body(known.name, slug=known.slug, valid_from=known.valid_from, valid_to=known.valid_to)
            BodyAlias.objects.bulk_create(BodyAlias(body=made, alias=alias) for alias in known.aliases)
    import_world.causes()
    import_world.kind()


@pytest.fixture(autouse=True)
def danish() -> Iterator[None]:
    """The words of places are compared, and a test before may have left another language behind."""
    with translation.override("da"):
        yield


@pytest.fixture
def plan_file(tmp_path: Path) -> str:
    return write(tmp_path / "handleplan.docx", l.bold_title())


def write(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    return str(path)


def run(*arguments: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("import_plan", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def stored() -> tuple[int, int, int, int]:
    return (
        Plan.objects.count(), ActionItem.objects.count(), StatusUpdate.objects.count(), PlanImport.objects.count()
    )  # fmt: skip


def test_the_items_and_issues_as_json(plan_file: str) -> None:
    out, _err = run(plan_file, "--body", SKU, *TITLE, "--dry-run", "--json")
    read = json.loads(out)
    assert list(read) == ["items", "issues"]
    assert all(set(item) >= KEYS for item in read["items"])
    assert all({"table", "row"} <= set(issue) for issue in read["issues"])
    assert [item["number"] for item in read["items"]] == [1, 2, 3, 4, 5, 6, 7]
    assert [item["state"] for item in read["items"]] == [expected["state"] for expected in l.EXPECTED]
    assert [item["new_date"] for item in read["items"]] == [expected.get("new_date") for expected in l.EXPECTED]
    assert [item["cause"] for item in read["items"]] == [expected.get("cause") for expected in l.EXPECTED]
    assert read["items"][4]["owners"] == ["Praksisplanudvalget i Region Midtjylland", SKU]
    assert read["items"][2]["milestones"][0]["date"] == "20. november 2020"
    assert read["items"][2]["sub_section"] == "Effektiv spredning af viden og indsatser"
    assert read["items"][6]["flags"] == ["promise_without_date", "postponed_without_date", "awaits_reform"]
    assert stored() == (0, 0, 0, 0)


def test_issues_name_table_and_row(tmp_path: Path) -> None:
    content = "Indsats;Ansvarlig;Status\nAkutteams;Ukendt gruppe;Udsat til 31. februar 2021\n"
    out, _err = run(write(tmp_path / "p.csv", content.encode()), "--body", SKU, *TITLE, "--dry-run", "--json")
    found = {issue["code"]: (issue["table"], issue["row"]) for issue in json.loads(out)["issues"]}
    assert found == {"owner_unknown": (1, 2), "unreadable_period": (1, 2)}


def test_storing_makes_the_plan_with_its_statuses(plan_file: str) -> None:
    _out, err = run(plan_file, "--body", SKU, *TITLE)
    plan = Plan.objects.get()
    assert f"Stored as /planer/{plan.slug}/." in err
    assert (plan.title, plan.body.name) == ("Handleplan 2020", SKU)
    items = ActionItem.objects.filter(plan=plan).order_by("number")
    assert [item.title for item in items] == [row.title for row in l.seed_rows() if isinstance(row, l.Item)]
    statuses = StatusUpdate.objects.filter(item__plan=plan).order_by("item__number")
    assert [status.state for status in statuses] == [expected["state"] for expected in l.EXPECTED]
    assert {status.as_of for status in statuses} == {date(2020, 11, 5)}


def test_a_second_run_says_where_the_plan_is_and_stores_nothing(plan_file: str) -> None:
    run(plan_file, "--body", SKU, *TITLE)
    before = stored()
    plan = Plan.objects.get()
    _out, err = run(plan_file, "--body", SKU, *TITLE)
    assert f"imported before, as /planer/{plan.slug}/. Nothing is stored" in err
    assert stored() == before
    run(plan_file, "--body", SKU, "--title", "Den samme igen", "--again")
    assert Plan.objects.count() == 2


def test_a_newer_version_changes_the_plan_it_names(plan_file: str, tmp_path: Path) -> None:
    run(plan_file, "--body", SKU, *TITLE)
    plan = Plan.objects.get()
    import docx

    document = docx.Document(plan_file)
    cell = document.tables[0].rows[-1].cells[2]
    for paragraph in cell.paragraphs:
        paragraph.text = ""
    cell.paragraphs[0].text = "Afsluttet."
    newer = write(tmp_path / "ny.docx", l.saved(document))
    arguments = (newer, "--body", SKU, *TITLE, "--plan", plan.slug, "--as-of", "2021-02-01")
    run(*arguments)
    assert Plan.objects.get() == plan
    assert ActionItem.objects.filter(plan=plan).count() == 7
    current = StatusUpdate.objects.current().get(item__plan=plan, item__number=7)
    assert (current.state, current.as_of) == ("completed", date(2021, 2, 1))
    before = stored()
    _out, err = run(*arguments)
    assert "Nothing is stored" in err
    assert stored() == before


@pytest.mark.parametrize(
    "what", ["encrypted", "entities", "no table", "three tables", "cpr in a cell", "cpr in the name"]
)
def test_a_refused_file_is_an_error_that_stores_nothing(what: str, tmp_path: Path) -> None:
    filename, make, _code, words = b.BAD[what]
    with pytest.raises(CommandError) as caught:
        run(write(tmp_path / filename, make()), "--body", SKU, *TITLE)
    assert words in str(caught.value)
    assert b.NUMBER not in str(caught.value)
    assert stored() == (0, 0, 0, 0)


def test_what_must_be_mended_first_is_told_with_its_place(tmp_path: Path) -> None:
    content = "Indsats;Ansvarlig;Status\nEtik;Sundhedsstyregruppen;I gang\nAkutteams;Ukendt gruppe;I gang\n"
    with pytest.raises(CommandError, match=r"Nothing is stored[\s\S]*tabel 1, række 3: .*Ukendt gruppe"):
        run(write(tmp_path / "p.csv", content.encode()), "--body", SKU, *TITLE)
    assert stored() == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--body", "Findes ikke"), "names no body"),
        (("--body", SKU, "--kind", "ukendt"), "no kind of plan 'ukendt'"),
        (("--body", SKU, "--plan", "ukendt"), "no plan 'ukendt'"),
    ],
)
def test_names_that_name_nothing(plan_file: str, more: tuple[str, ...], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run(plan_file, *more, *TITLE)
    assert stored() == (0, 0, 0, 0)


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(CommandError, match="cannot be read"):
        run("findes-ikke.docx", "--body", SKU, *TITLE)
