"""The pages of an import: who may, what a bad file is answered with, the preview beside the original, rows in place."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from initiatives.actions.plan_imports import confirm_import, correct_import, discard_import
from initiatives.calculations import plan_items, plan_left_out, plan_owners, plan_rows, plan_table
from initiatives.calculations.plan_draft import DraftIssue, Place
from initiatives.calculations.plan_review import Corrections
from initiatives.models import Body, Plan, PlanImport
from initiatives.plan_files import docx, pdf, text_layout, xlsx
from initiatives.plan_files.preview import load_preview
from initiatives.presenters.import_rows import marked_pieces
from initiatives.presenters.import_wording import issue_text, place_text
from tests.initiatives import import_world as files
from tests.initiatives import small_world as world
from tests.initiatives.import_world import DAY, GOING, POSTPONED, row

pytestmark = pytest.mark.django_db
START = "/planer/indlaes/"
HTMX = {"HX-Request": "true"}
TABLE = f"Indhold\tForankring\tStatus\nEtik og data. Dilemmaer.\tUdvalget\t{POSTPONED}\nAkutteams.\tUkendt gruppe\t{GOING}\n"


def text_of(answer: Any) -> str:
    text = answer.content.decode()
    return text[text.index("<main") : text.index("</main>")]


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies["sprog"] = "en"
    return client


@pytest.fixture
def body() -> Body:
    files.causes()
    files.kind()
    return world.body("Udvalget", slug="udvalget")


@pytest.fixture
def secretary(english: Client, body: Body) -> Any:
    who = world.user("sekretaer@example.dk")
    world.member(who, body)
    english.force_login(who)
    return who


@pytest.fixture
def draft(body: Body, secretary: Any) -> PlanImport:
    return files.start(
        body,
        row(1, "Etik og data", POSTPONED, owners=(body,), content="Dilemmaer <b>."),
        row(2, "Akutteams", "Udsat. Genoptages i foråret.", owners=("Ukendt gruppe",)),
        by=secretary,
    )


def url(source: PlanImport, *more: Any, name: str = "plan_import") -> str:
    return reverse(name, args=[source.token, *more])


def fields(body: Body, **more: Any) -> dict[str, Any]:
    return {
        "goes_to": f"new:{body.pk}",
        "kind": "handleplan",
        "title": "Planen",
        "as_of": "2020-11-05",
        "text": TABLE,
        **more,
    }


def row_fields(**more: Any) -> dict[str, Any]:
    return {
        "revision": 1, "title": "Akutteams", "content": "", "owners": ["udvalget"], "state": "postponed", "planned": "",
        "new_date": "2. kvartal 2021", "started": "", "since": "", "cause": "other", "section_number": "",
        "section": "Brug af data", "sub_section": "", **more,
    }  # fmt: skip


# --- Handing over -----------------------------------------------------------------------------------------------------


def test_pasted_text_becomes_a_preview(english: Client, body: Body, secretary: Any) -> None:
    answer = english.post(START, fields(body))
    source = PlanImport.objects.get()
    assert answer.status_code == 302
    assert answer.url == url(source)  # type: ignore[attr-defined]
    assert (source.title, source.as_of, source.by, source.plan) == ("Planen", DAY, secretary, None)
    assert Plan.objects.count() == 0
    page = text_of(english.get(START))
    assert "Planen" in page
    assert url(source) in page


def test_a_file_becomes_a_preview(english: Client, body: Body, secretary: Any) -> None:
    file = SimpleUploadedFile("plan.txt", TABLE.encode(), content_type="text/plain")
    assert english.post(START, fields(body, text="", file=file)).status_code == 302
    assert PlanImport.objects.get().filename == "plan.txt"


def test_a_newer_version_keeps_title_and_kind_of_the_plan(english: Client, body: Body, secretary: Any) -> None:
    plan = world.plan(body)
    english.post(START, fields(body, goes_to=f"plan:{plan.pk}", title="Ligegyldig"))
    source = PlanImport.objects.get()
    assert (source.plan, source.title, source.kind) == (plan, plan.title, plan.kind)
    assert f'value="plan:{plan.pk}" selected' in text_of(english.get(f"{START}?plan={plan.pk}"))


def test_a_bad_text_comes_back_with_one_sentence_and_every_word(english: Client, body: Body, secretary: Any) -> None:
    answer = english.post(START, fields(body, text="Ingen tabel her.", title="Min plan"))
    assert answer.status_code == 422
    page = text_of(answer)
    assert "Ingen tabel her." in page
    assert 'value="Min plan"' in page
    assert PlanImport.objects.count() == 0


def test_a_cpr_number_is_refused_and_is_nowhere_in_the_answer(english: Client, body: Body, secretary: Any) -> None:
    answer = english.post(START, fields(body, text=TABLE + "Ring til 010190-1234\tUdvalget\tI gang"))
    assert answer.status_code == 422
    assert "010190" not in answer.content.decode()
    assert "CPR" in text_of(answer)
    assert 'value="Planen"' in text_of(answer)
    assert PlanImport.objects.count() == 0


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"text": ""}, "Choose a file, or paste the table below."),
        ({"title": ""}, "Write a title."),
        ({"goes_to": ""}, "Choose a new plan or one you have."),
        ({"as_of": "31-02-2020"}, "Enter a valid date."),
    ],
)
def test_what_is_missing_is_said(english: Client, body: Body, secretary: Any, more: Any, said: str) -> None:
    answer = english.post(START, fields(body, **more))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert PlanImport.objects.count() == 0


def test_a_file_and_a_text_are_one_too_many(english: Client, body: Body, secretary: Any) -> None:
    answer = english.post(START, fields(body, file=SimpleUploadedFile("plan.txt", b"x")))
    assert "both a file and pasted text" in text_of(answer)


def test_a_huge_file_is_answered_and_the_rest_of_the_form_is_kept(english: Client, body: Body, secretary: Any) -> None:
    file = SimpleUploadedFile("stor.docx", b"x" * 10_000_001)
    answer = english.post(START, fields(body, text="", file=file, title="Min plan"))
    assert answer.status_code == 422
    assert "larger than 10 MB" in text_of(answer)
    assert 'value="Min plan"' in text_of(answer)
    file = SimpleUploadedFile("tom.docx", b"")
    assert english.post(START, fields(body, text="", file=file)).status_code == 422


# --- Who may ----------------------------------------------------------------------------------------------------------


def test_only_the_secretariat_and_others_are_told_who(
    english: Client, body: Body, secretary: Any, draft: PlanImport
) -> None:
    mine, plan = world.body("Andet forum"), world.plan(body)
    other = world.user()
    world.member(other, mine)
    english.force_login(other)
    posts = [
        url(draft, name="plan_import_confirm"),
        url(draft, name="plan_import_discard"),
        *(url(draft, 1, name=f"plan_import_row_{name}") for name in ("edit", "seen", "drop")),
        url(draft, "etik", name="plan_import_vanished"),
    ]
    gets = [url(draft), url(draft, 1, name="plan_import_row_edit"), url(draft, 1, name="plan_import_row")]
    answers = [english.post(address, {"revision": 1}) for address in posts] + [english.get(address) for address in gets]
    for answer in answers:  # a draft is nobody else's business, not even that it is there
        assert answer.status_code == 404
        assert "Udvalget" not in answer.content.decode()
    for answer in (english.post(START, fields(body)), english.post(START, fields(body, goes_to=f"plan:{plan.pk}"))):
        assert answer.status_code == 403
        assert "Only the secretariat of Udvalget" in answer.content.decode()
    assert url(draft) not in text_of(english.get(START))
    draft.refresh_from_db()
    assert (draft.state, draft.revision) == ("draft", 1)


def test_somebody_who_is_no_secretary_may_not_begin(english: Client, body: Body) -> None:
    english.force_login(world.user())
    assert english.get(START).status_code == 403
    assert "Read a plan from Word" not in text_of(english.get("/planer/"))


def test_nobody_is_asked_to_sign_in(client: Client, body: Body, draft: PlanImport) -> None:
    client.logout()
    for address in (
        START,
        url(draft),
        url(draft, 1, name="plan_import_row"),
        url(draft, 1, name="plan_import_row_edit"),
    ):
        answer = client.get(address)
        assert answer.status_code == 302
        assert "/konto/login/" in answer.url  # type: ignore[attr-defined]
    assert client.post(START, fields(body)).status_code == 403
    assert client.post(url(draft, name="plan_import_confirm")).status_code == 404


def test_what_is_not_there(english: Client, secretary: Any, draft: PlanImport) -> None:
    assert english.get(reverse("plan_import", args=[uuid4()])).status_code == 404
    assert english.get(f"{START}noget/").status_code == 404
    for number in (0, 3):
        assert english.get(url(draft, number, name="plan_import_row_edit")).status_code == 404
        assert english.post(url(draft, number, name="plan_import_row_seen"), {"revision": 1}).status_code == 404
    assert english.get(url(draft, name="plan_import_confirm")).status_code == 405


def test_a_colleague_of_the_secretariat_finds_the_draft(english: Client, body: Body, draft: PlanImport) -> None:
    colleague = world.user()
    world.member(colleague, body)
    english.force_login(colleague)
    assert "A colleague's" in text_of(english.get(START))
    assert english.get(url(draft)).status_code == 200


# --- The preview ------------------------------------------------------------------------------------------------------


def test_the_original_stands_beside_what_was_read(english: Client, draft: PlanImport) -> None:
    page = text_of(english.get(url(draft)))
    assert '<mark class="sa-mark sa-mark--sure">' in page
    assert "Dilemmaer &lt;b&gt;." in page
    assert "table 1, row 3" in page
    assert "»Ukendt gruppe« is no body we know." in page
    assert '<mark class="sa-mark sa-mark--guess">foråret</mark>' in page
    assert "Guessed: »foråret«" in page
    assert "First 2 things must be mended." in page
    assert "Confirm and make the plan" not in page
    assert "»Handleplan« is made for Udvalget with 2 items, 2 statuses." in page.replace(" and ", ", ")


def test_only_what_needs_a_look_is_unfolded_or_shown_alone(english: Client, draft: PlanImport) -> None:
    page = text_of(english.get(url(draft)))
    assert re.search(r'id="raekke-1"><details><summary', page)
    assert re.search(r'id="raekke-2"><details open><summary', page)
    page = text_of(english.get(f"{url(draft)}?vis=mangler"))
    assert 'id="raekke-2"' in page
    assert 'id="raekke-1"' not in page


def test_marks_cover_the_words_and_keep_every_letter() -> None:
    item = row(1, "Etik", POSTPONED)
    pieces = marked_pieces(item)
    assert "".join(piece.text for piece in pieces) == POSTPONED
    assert [piece.text for piece in pieces if piece.mark] == [
        guess.words for guess in sorted(item.guesses.values(), key=lambda one: one.start)
    ]


@pytest.mark.parametrize("version", [False, True])
def test_the_preview_asks_as_many_questions_for_two_hundred_rows(
    english: Client, body: Body, secretary: Any, version: bool, django_assert_max_num_queries: Any
) -> None:
    rows = [row(n, f"Punkt {n}", POSTPONED if n % 2 else GOING, owners=(body,)) for n in range(1, 201)]
    source = files.start(body, *rows, by=secretary)
    if version:
        plan = confirm_import(plan_import=source, revision=1, by=secretary)
        source = files.start(body, *rows, by=secretary, plan=plan, sha256="c" * 64)
    english.get(url(source))
    with django_assert_max_num_queries(18 if version else 13):  # five of them for the frame of an empty world
        answer = english.get(url(source))
    assert text_of(answer).count('<article class="sa-imp') == 200


def issues_of_readers() -> list[str]:
    """What the modules that read files name as constants and give as issues."""
    refused = {plan_table.NO_TABLE, plan_table.TABLES_EQUAL}
    return [
        value
        for module in (plan_items, plan_left_out, plan_owners, plan_rows, plan_table, docx, pdf, text_layout, xlsx)
        for name, value in vars(module).items()
        if re.fullmatch("[A-Z]+(_[A-Z]+)+", name)
        and re.fullmatch("[a-z]+(_[a-z]+)+", str(value))
        and value not in refused
    ]


@translation.override("en")
def test_every_code_has_a_sentence() -> None:
    known = [
        "title_missing", "title_too_long", "heading_too_long", "owner_missing", "owner_unknown", "owner_not_valid",
        "owner_ambiguous", "state_missing", "cause_missing", "cause_unknown", "same_date", "status_empty",
        "duplicate_title", "header_guessed", "tables_joined", "pdf_best_effort", "tracked_changes", "text_outside",
        "match_guess", "already_imported", "period_unreadable", "unreadable_period", *issues_of_readers(),
    ]  # fmt: skip
    sentences = {issue_text(DraftIssue(code, "error")) for code in known}
    assert issue_text(DraftIssue("noget_nyt", "error")) not in sentences
    assert len(sentences) == len(set(known)) - 1  # a period that cannot be read has two codes
    assert issue_text(DraftIssue("noget_nyt", "note"))
    assert place_text(Place(sheet="Ark1", row=5)) == "sheet »Ark1«, row 5"
    assert place_text(Place(table=2, row=5, page=3)) == "page 3, table 2, row 5"
    assert place_text(Place()) == ""


# --- Rows in place ----------------------------------------------------------------------------------------------------


def test_a_row_is_corrected_in_place(english: Client, draft: PlanImport) -> None:
    editor = english.get(url(draft, 2, name="plan_import_row_edit"), headers=HTMX)
    assert editor["Vary"].count("HX-Request") == 1
    assert "<html" not in editor.content.decode()
    answer = english.post(url(draft, 2, name="plan_import_row_edit"), row_fields(), headers=HTMX)
    region = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="raekke-2"' in region
    assert 'id="import-top" hx-swap-oob="true"' in region
    assert 'name="page_revision" value="2"' in region
    assert "Confirm and make the plan" in region
    found = load_preview(PlanImport.objects.get()).review.rows[1]
    assert (found.owners, found.values["cause"], found.values["new_date"]) == (
        ("udvalget",),
        "other",
        "2. kvartal 2021",
    )
    assert set(found.edit) == {"seen", "owners", "cause", "new_date"}  # only what was changed


def test_the_same_without_javascript(english: Client, draft: PlanImport) -> None:
    page = text_of(english.get(url(draft, 2, name="plan_import_row_edit")))
    assert 'name="revision" value="1"' in page
    answer = english.post(url(draft, 2, name="plan_import_row_edit"), row_fields())
    assert answer.url == f"{url(draft)}#raekke-2"  # type: ignore[attr-defined]
    assert english.get(url(draft, 2, name="plan_import_row")).url == f"{url(draft)}#raekke-2"  # type: ignore[attr-defined]


def test_saving_without_a_change_only_says_it_was_seen(english: Client, draft: PlanImport) -> None:
    row_one = load_preview(draft).review.rows[0]
    said = {**row_fields(), **row_one.values, "title": row_one.title, "content": "Dilemmaer <b>.", "milestones": []}
    english.post(url(draft, 1, name="plan_import_row_edit"), said)
    draft.refresh_from_db()
    assert draft.draft["edits"]["0"] == {"seen": True}


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_word_that_cannot_be_read_comes_back_in_its_field(english: Client, draft: PlanImport, headers: Any) -> None:
    answer = english.post(
        url(draft, 2, name="plan_import_row_edit"), row_fields(new_date="5. kvartal 2021"), headers=headers
    )
    assert answer.status_code == 422
    assert 'value="5. kvartal 2021"' in answer.content.decode()
    assert "four quarters" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.revision == 1


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_two_people_in_one_preview(english: Client, draft: PlanImport, headers: Any) -> None:
    other = world.user("kollega@example.dk")
    correct_import(plan_import=draft, revision=1, corrections=Corrections(rows={0: {"title": "Andet"}}), by=other)
    answer = english.post(url(draft, 2, name="plan_import_row_edit"), row_fields(title="Mine ord"), headers=headers)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert f"{other} corrected something in the meantime" in text
    assert 'value="Mine ord"' in text
    assert 'name="revision" value="2"' in text
    again = english.post(
        url(draft, 2, name="plan_import_row_edit"), row_fields(title="Mine ord", revision=2), headers=headers
    )
    assert again.status_code in (200, 302)
    assert load_preview(PlanImport.objects.get()).review.rows[1].title == "Mine ord"


def test_right_as_it_is_and_left_out(english: Client, draft: PlanImport) -> None:
    english.post(url(draft, 1, name="plan_import_row_seen"), {"revision": 1})
    answer = english.post(url(draft, 2, name="plan_import_row_drop"), {"page_revision": 2, "drop": "1"}, headers=HTMX)
    assert "Nothing of it is stored" in answer.content.decode()
    found = load_preview(PlanImport.objects.get()).review.rows
    assert (found[0].seen, found[1].outcome) == (True, "dropped")
    english.post(url(draft, 2, name="plan_import_row_drop"), {"page_revision": 3, "drop": "0"}, headers=HTMX)
    assert load_preview(PlanImport.objects.get()).review.rows[1].outcome == "new"
    late = english.post(url(draft, 1, name="plan_import_row_seen"), {"revision": 1}, headers=HTMX)
    assert late.status_code == 409


def test_suggestions_stand_unticked(english: Client, body: Body, secretary: Any) -> None:
    world.indicator("akutte-genindlaeggelser")
    source = files.start(body, row(1, "Akutte genindlæggelser", GOING, owners=(body,)), by=secretary)
    assert "1 goal or indicator is suggested" in text_of(english.get(url(source)))
    editor = english.get(url(source, 1, name="plan_import_row_edit"), headers=HTMX).content.decode()
    tick = re.search(r'<input[^>]*name="links"[^>]*>', editor)
    assert tick is not None
    assert "checked" not in tick[0]


# --- The end ----------------------------------------------------------------------------------------------------------


def test_confirmed_and_confirmed_again(english: Client, draft: PlanImport, secretary: Any) -> None:
    english.post(url(draft, 2, name="plan_import_row_edit"), row_fields())
    for _ in range(2):
        answer = english.post(url(draft, name="plan_import_confirm"), {"revision": 2, "stamp": ""})
        assert answer.url == reverse("plan", args=[Plan.objects.get().slug])  # type: ignore[attr-defined]
    assert english.get(url(draft)).url == answer.url  # type: ignore[attr-defined]
    late = english.get(url(draft, 1, name="plan_import_row_edit"), headers=HTMX)
    assert late["HX-Redirect"] == answer.url  # type: ignore[attr-defined]
    assert f"was confirmed by {secretary}" in text_of(english.get("/planer/"))


@pytest.mark.parametrize(("revision", "status"), [(1, 422), (7, 409)])
def test_confirm_while_something_is_wrong_shows_the_preview(
    english: Client, draft: PlanImport, revision: int, status: int
) -> None:
    answer = english.post(url(draft, name="plan_import_confirm"), {"revision": revision})
    assert answer.status_code == status
    assert 'id="raekke-2"' in text_of(answer)
    assert Plan.objects.count() == 0


def test_thrown_away(english: Client, draft: PlanImport, secretary: Any) -> None:
    assert english.post(url(draft, name="plan_import_discard")).url == START  # type: ignore[attr-defined]
    assert english.post(url(draft, name="plan_import_discard")).status_code == 302
    assert english.get(url(draft)).url == START  # type: ignore[attr-defined]
    assert "was thrown away by" in text_of(english.get(START))
    assert url(draft) not in text_of(english.get(START))


def test_vanished_items_are_closed_only_with_a_tick_and_a_reason(english: Client, body: Body, secretary: Any) -> None:
    first = files.start(body, row(1, "Etik", owners=(body,)), row(2, "Akutteams", owners=(body,)), by=secretary)
    plan = confirm_import(plan_import=first, revision=1, by=secretary)
    source = files.start(body, row(1, "Etik", owners=(body,)), by=secretary, plan=plan, sha256="c" * 64)
    address = url(source, "akutteams", name="plan_import_vanished")
    assert "In the plan, but not in the file" in text_of(english.get(url(source)))
    english.post(address, {"revision": 1, "close": "on", "reason": " "})
    assert "Write why it is closed." in text_of(english.get(url(source)))
    english.post(address, {"revision": 1, "reason": "Uden kryds."})
    assert "Nothing in the plan is changed." in text_of(english.get(url(source)))
    english.post(address, {"revision": 2, "close": "on", "reason": "Slut."})
    page = text_of(english.get(url(source)))
    assert "gets 1 closed item." in page
    english.post(address, {"revision": 1, "reason": ""})
    assert "corrected something in the meantime" in text_of(english.get(url(source)))
    english.post(url(source, name="plan_import_confirm"), {"revision": 3})
    assert plan.items.get(key="akutteams").closed_reason == "Slut."
    discard_import(plan_import=files.start(body, row(1, "Etik"), by=secretary, sha256="d" * 64), by=secretary)


def test_a_plan_that_changed_meanwhile_shows_the_preview_again(english: Client, body: Body, secretary: Any) -> None:
    plan = confirm_import(
        plan_import=files.start(body, row(1, "Etik", owners=(body,)), by=secretary), revision=1, by=secretary
    )
    source = files.start(body, row(1, "Etik", GOING, owners=(body,)), by=secretary, plan=plan, sha256="c" * 64)
    answer = english.post(url(source, name="plan_import_confirm"), {"revision": 1, "stamp": "0-0"})
    assert answer.status_code == 409
    assert "The plan has been changed in the meantime." in text_of(answer)
