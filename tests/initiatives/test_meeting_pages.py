"""Meetings at their doors: the list, the page with its checklist, the forms, the year's plan, the decisions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from initiatives.actions.meetings import cancel_meeting, record_decision, register_meeting
from initiatives.models import Body, Decision, Meeting, Role, StatusUpdate
from initiatives.presenters.meeting_changes import changes_links
from initiatives.presenters.meetings import deadline_sentence
from tests.initiatives import small_world as world
from tests.initiatives.changes_world import freeze
from tests.initiatives.large_plan import large_plan
from tests.initiatives.meeting_world import Scene

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def scene(client: Client) -> Scene:
    return Scene(client)


def text(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ")


def page(scene: Scene, url: str, who: Any = None) -> str:
    if who is not None:
        scene.client.force_login(who)
    answer = scene.client.get(url)
    assert answer.status_code == 200
    return text(answer)


# --- The sentence about a deadline ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("deadline", "meeting", "days", "says"),
    [
        (date(2020, 10, 22), date(2020, 11, 5), 14, "Texts: Thursday 22 October 2020 (14 days before)"),
        (date(2020, 11, 4), date(2020, 11, 5), 1, "Texts: Wednesday 4 November 2020 (1 day before)"),
        # Counted to Easter Monday, and back over the holidays.
        (date(2027, 3, 24), date(2027, 4, 5), 7, "Texts: Wednesday 24 March 2027 (7 days before, moved back to a working day)"),
        (date(2020, 10, 20), date(2020, 11, 5), 14, "Texts: Tuesday 20 October 2020 (16 days before, set by hand)"),
        (date(2020, 11, 5), date(2020, 11, 5), 0, "Texts: Thursday 5 November 2020 (the day of the meeting)"),
    ],
)  # fmt: skip
def test_a_deadline_says_how_it_was_counted(deadline: date, meeting: date, days: int, says: str) -> None:
    with translation.override("en"):
        found = deadline_sentence("Texts", deadline, meeting_day=meeting, days=days)
    assert found.replace("\u00a0", " ") == says


# --- The list ---------------------------------------------------------------------------------------------------------


def test_the_list_shows_what_comes_first_and_what_is_past_below(scene: Scene) -> None:
    other = world.body("Et andet udvalg")
    later = register_meeting(body=other, day=scene.meeting.day + timedelta(days=1), title="Temamøde", by=None)
    scene.held()
    cancel_meeting(meeting=later, reason="Ingen sager.", by=None)
    html = page(scene, "/moeder/")
    assert html.index("Coming meetings") < html.index("Temamøde") < html.index("Past meetings")
    assert "Ingen sager." in html
    assert "The next meeting is" in html
    only = page(scene, f"/moeder/?udvalg={other.slug}")
    assert "Et andet udvalg has no coming meeting here." in only  # a cancelled one is not coming
    assert scene.url("meeting") not in only
    assert "No body with that name" in page(scene, "/moeder/?udvalg=findes-ikke")


def test_an_empty_list_says_why(client: Client) -> None:
    client.cookies["sprog"] = "en"
    assert "No coming meeting is registered." in text(client.get("/moeder/"))


def test_the_list_is_paged_and_asks_a_fixed_number_of_times(scene: Scene, django_assert_max_num_queries: Any) -> None:
    for days in range(1, 70):
        register_meeting(body=scene.body, day=scene.today - timedelta(days=days), by=None)
    with django_assert_max_num_queries(12):
        html = page(scene, "/moeder/?side=3")
    assert "Page 3 of 3" in html
    assert page(scene, "/moeder/?side=snart")


def test_the_menu_leads_to_the_meetings(scene: Scene) -> None:
    assert '<a href="/moeder/" aria-current="page">' in page(scene, "/moeder/")
    assert '<a href="/moeder/" aria-current="true">' in page(scene, scene.url("meeting"))


# --- The page ---------------------------------------------------------------------------------------------------------


def test_the_page_says_how_many_have_answered_and_by_when(scene: Scene) -> None:
    html = page(scene, scene.url("meeting"))
    assert "0 of 3 items have a status." in html
    assert "3 are missing. The deadline is" in html
    assert html.count(">Missing") == 3
    assert "uaendret" not in html  # a reader is offered nothing to press
    assert scene.grid not in html
    scene.client.force_login(scene.secretary)
    scene.client.post(scene.grid, {**scene.row(scene.own, "I gang."), **scene.row(scene.theirs, unchanged="1")})
    html = page(scene, scene.url("meeting"))
    assert "2 of 3 items have a status." in html
    assert html.count("<h4>") == 3  # the committee, the cluster, and nobody
    assert "The plan names no body for it." in html


@pytest.mark.parametrize(
    ("days", "says"), [(21, "The deadline is"), (3, "The deadline was"), (-1, "3 were never answered.")]
)
def test_what_is_missing_is_said_as_the_calendar_has_it(scene: Scene, days: int, says: str) -> None:
    Meeting.objects.update(day=scene.today + timedelta(days=days), hand_in=scene.today + timedelta(days=days - 14),
                           dispatch=scene.today + timedelta(days=days - 7))  # fmt: skip
    assert says in page(scene, scene.url("meeting"))


def test_a_status_written_elsewhere_since_the_previous_meeting_counts(scene: Scene) -> None:
    scene.held()
    before = StatusUpdate.objects.create(
        item=scene.own, sequence=2, state="in_progress", text="Før.", recorded_at=world.at(scene.today),
        as_of=scene.today - timedelta(days=1),
    )  # fmt: skip
    assert "0 of 3 items" in page(scene, scene.url("meeting"))
    StatusUpdate.objects.create(
        item=scene.own, sequence=3, state="in_progress", text="Siden.", recorded_at=before.recorded_at,
        as_of=scene.today,
    )  # fmt: skip
    assert "1 of 3 items" in page(scene, scene.url("meeting"))


def test_closed_items_are_not_asked(scene: Scene) -> None:
    scene.own.statuses.update(state="completed")
    html = page(scene, scene.url("meeting"))
    assert "0 of 2 items" in html
    assert "1 item is closed and not asked." in html


def test_a_cancelled_meeting_says_so_and_offers_nothing(scene: Scene) -> None:
    cancel_meeting(meeting=scene.meeting, reason="Ingen sager.", by=scene.secretary)
    html = page(scene, scene.url("meeting"), scene.secretary)
    assert "The meeting is cancelled." in html
    assert "Ingen sager." in html
    assert scene.url("meeting_edit") not in html
    assert scene.grid not in html


def test_a_body_without_a_plan_says_so(scene: Scene) -> None:
    meeting = register_meeting(body=scene.cluster, day=scene.today, by=None)
    assert "The body has no plan in force" in page(scene, scene.url("meeting", meeting=meeting))


def test_unchanged_is_one_click_and_brings_back_checklist_and_sentence(scene: Scene) -> None:
    scene.client.force_login(scene.secretary)
    url = scene.url("meeting_unchanged", scene.plan.slug, scene.theirs.number)
    answer = scene.client.post(url, {"opened_on": "1"}, headers=HTMX)
    html = text(answer)
    assert answer.status_code == 200
    assert "HX-Request" in answer["Vary"]
    assert 'id="tjekliste"' in html
    assert 'id="moede-svar" hx-swap-oob="true"' in html
    assert "1 of 3 items" in html
    status = scene.theirs.statuses.get(sequence=2)
    assert (status.unchanged, status.meeting, status.on_behalf_of) == (True, scene.meeting, scene.cluster)
    late = scene.client.post(url, {"opened_on": "1"}, headers=HTMX)
    assert late.status_code == 409
    assert "wrote a status in the meantime" in text(late)
    assert scene.theirs.statuses.count() == 2
    assert scene.client.post(url, {"opened_on": "2"}).status_code == 302  # without JavaScript


def test_unchanged_is_refused_where_it_does_not_belong(scene: Scene) -> None:
    url = scene.url("meeting_unchanged", scene.plan.slug, scene.theirs.number)
    for who, code in ((None, 403), (scene.reader, 403), (scene.chair, 403), (scene.lead, 302)):
        if who is not None:
            scene.client.force_login(who)
        assert scene.client.post(url, {"opened_on": "1"}).status_code == code
    nothing = scene.url("meeting_unchanged", scene.plan.slug, scene.empty.number)
    scene.client.force_login(scene.secretary)
    assert scene.client.post(nothing, {"opened_on": "0"}, headers=HTMX).status_code == 422
    stranger = world.item(world.plan(scene.cluster), owners=(scene.body,))
    elsewhere = scene.url("meeting_unchanged", stranger.plan.slug, stranger.number)
    assert scene.client.post(elsewhere, {"opened_on": "1"}).status_code == 404


def test_the_editor_opened_from_a_meeting_writes_for_it_and_comes_back(scene: Scene) -> None:
    scene.client.force_login(scene.secretary)
    html = page(scene, scene.url("meeting"))
    url = reverse("status_edit", args=[scene.plan.slug, scene.theirs.number])
    opened = f"{url}?page=meeting&amp;meeting={scene.meeting.pk}"
    assert opened in html
    editor = page(scene, opened.replace("&amp;", "&"))
    assert "Written for: Meeting" in editor
    assert "It will be marked: written by the secretariat on behalf of Klyngen." in editor
    fields = {"text": "Nyt.", "state": "in_progress", "opened_on": "1", "page": "meeting", "meeting": scene.meeting.pk}
    answer = scene.client.post(url, fields, headers=HTMX)
    assert answer["HX-Redirect"].startswith(scene.url("meeting"))
    status = scene.theirs.statuses.get(sequence=2)
    assert (status.meeting, status.on_behalf_of) == (scene.meeting, scene.cluster)
    again = scene.client.post(url, {**fields, "opened_on": "2", "meeting": "99999"})
    assert again.status_code == 302
    assert scene.theirs.statuses.get(sequence=3).meeting is None
    history = page(scene, reverse("item", args=[scene.plan.slug, scene.theirs.number]))
    assert "on behalf of Klyngen" in history


@pytest.mark.parametrize("signed_in", [True, False])
def test_200_items_on_the_checklist(client: Client, signed_in: bool, django_assert_max_num_queries: Any) -> None:
    plan = large_plan()
    plan.as_of = None
    plan.save()
    who = world.user()
    world.member(who, plan.body, Role.SECRETARY)
    meeting = register_meeting(body=plan.body, day=date(2026, 11, 5), by=None)
    for item in plan.items.all()[:30]:
        Decision.objects.create(meeting=meeting, item=item, text="Tiltrådt.", recorded_at=world.at(meeting.day))
    if signed_in:
        client.force_login(who)
    # Whoever is signed in is asked for by session, name, roles, tasks and area, and may freeze the plan.
    with django_assert_max_num_queries(18 if signed_in else 13):
        answer = client.get(reverse("meeting", args=[meeting.pk]))
    assert answer.content.decode().count('class="sa-answerrow"') == 200


def test_a_meeting_leads_to_what_changed_since_the_one_before(django_assert_num_queries: Any) -> None:
    plan = large_plan()
    earlier = freeze(plan, date(2026, 3, 2))
    meeting = register_meeting(body=plan.body, day=date(2026, 11, 5), by=None)
    url = reverse("plan_changes", args=[plan.slug])
    with django_assert_num_queries(1):
        link = changes_links(meeting, [plan], today=date(2026, 11, 1))[plan.pk]
    assert link.url == f"{url}?fra=v{earlier.pk}&til=nu"
    with translation.override("en"):
        assert changes_links(meeting, [plan], today=date(2026, 11, 1))[plan.pk].text.endswith("2\xa0March 2026")
    held = changes_links(meeting, [plan], today=date(2026, 12, 1))[plan.pk]
    assert held.url == f"{url}?fra=v{earlier.pk}&til=2026-11-05"
    freeze(plan, meeting.day)
    newest = freeze(plan, meeting.day, version=2)
    frozen = changes_links(meeting, [plan], today=date(2026, 12, 1))[plan.pk]
    assert frozen.url == f"{url}?fra=v{earlier.pk}&til=v{newest.pk}"
    first = changes_links(earlier.meeting, [plan], today=date(2026, 12, 1))[plan.pk]
    assert first.url == f"{url}?til=v{earlier.pk}", "nothing was frozen before the first"


# --- The forms --------------------------------------------------------------------------------------------------------


def test_a_meeting_is_registered_with_the_dates_counted(scene: Scene) -> None:
    scene.client.force_login(scene.secretary)
    assert "Register the meeting" in page(scene, f"/moeder/nyt/?udvalg={scene.body.slug}")
    answer = scene.client.post("/moeder/nyt/", {"body": scene.body.pk, "day": "2027-02-04", "title": "Temamøde"})
    meeting = Meeting.objects.get(title="Temamøde")
    assert answer["Location"] == scene.url("meeting", meeting=meeting)
    assert (meeting.hand_in, meeting.dispatch, meeting.by) == (date(2027, 1, 21), date(2027, 1, 28), scene.secretary)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"day": ""}, "This field is required"),
        ({"day": "2027-02-31"}, "valid date"),
        ({"day": "2027-02-04", "hand_in": "2027-02-03"}, "Texts are handed in before papers are sent out."),
        ({"day": "2027-02-04", "title": "010190-1234"}, "CPR"),
    ],
)
def test_a_meeting_that_makes_no_sense_comes_back_with_its_words(
    scene: Scene, fields: dict[str, str], says: str
) -> None:
    scene.client.force_login(scene.secretary)
    answer = scene.client.post("/moeder/nyt/", {"body": scene.body.pk, "case_number": "1-30-72-27", **fields})
    assert answer.status_code == 422
    assert says in text(answer)
    assert "1-30-72-27" in text(answer)
    assert Meeting.objects.count() == 1


def test_moving_cancelling_and_the_rule_have_their_pages(scene: Scene) -> None:
    scene.client.force_login(scene.secretary)
    edit = scene.url("meeting_edit")
    assert scene.meeting.hand_in.isoformat() in page(scene, edit)
    day = scene.meeting.day + timedelta(days=7)
    kept = {"hand_in": scene.meeting.hand_in, "dispatch": scene.meeting.dispatch}
    assert scene.client.post(edit, {"day": day, "title": "Temamøde", **kept}).status_code == 302
    scene.meeting.refresh_from_db()
    assert (scene.meeting.day, scene.meeting.title) == (day, "Temamøde")
    rules = reverse("meeting_rules", args=[scene.body.slug])
    page(scene, rules)
    assert scene.client.post(rules, {"hand_in_days": 5, "dispatch_days": 6}).status_code == 422
    fields = {"hand_in_days": 10, "dispatch_days": 3, "needs_approval": "on"}
    assert scene.client.post(rules, fields).status_code == 302
    assert Body.objects.values_list("hand_in_days", "dispatch_days", "needs_approval").get(pk=scene.body.pk) == (
        10, 3, True,
    )  # fmt: skip
    cancel = scene.url("meeting_cancel")
    page(scene, cancel)
    assert scene.client.post(cancel, {"reason": ""}).status_code == 422
    assert scene.client.post(cancel, {"reason": "Ingen sager."}).status_code == 302
    scene.meeting.refresh_from_db()
    assert scene.meeting.cancelled_reason == "Ingen sager."


def test_who_may_not_is_told_who_can(scene: Scene) -> None:
    places = [scene.url("meeting_edit"), scene.url("meeting_cancel"), reverse("meeting_rules", args=[scene.body.slug])]
    for url in (*places, "/moeder/nyt/", "/moeder/aarsplan/"):
        assert scene.client.get(url).status_code == 302  # asked who they are
    for who in (scene.reader, scene.chair, scene.lead):
        scene.client.force_login(who)
        for url in places:
            for answer in (scene.client.get(url), scene.client.post(url, {})):
                assert answer.status_code == 403
                assert "Only the secretariat of Udvalget can register and change its meetings." in text(answer)
        for url in ("/moeder/nyt/", "/moeder/aarsplan/"):
            assert scene.client.get(url).status_code == 403
    scene.client.force_login(scene.secretary)
    foreign = {"body": scene.cluster.pk, "day": "2027-02-04", "text": "4. februar 2027"}
    for url in ("/moeder/nyt/", "/moeder/aarsplan/"):
        refused = scene.client.post(url, foreign)
        assert refused.status_code == 403
        assert "Only the secretariat of Klyngen" in text(refused)
    assert Meeting.objects.count() == 1


# --- The year's plan --------------------------------------------------------------------------------------------------

YEAR = "Dato;Titel;Sagsnr\n4. februar 2027;Temamøde;1-30-72-27\n15.4.2027\n"


def year(scene: Scene, words: str = YEAR, **fields: Any) -> Any:
    scene.client.force_login(scene.secretary)
    return scene.client.post("/moeder/aarsplan/", {"body": scene.body.pk, "text": words, **fields})


def fingerprint(answer: Any) -> str:
    return str(answer.context["preview"].fingerprint)


def test_a_year_is_shown_first_and_registered_when_confirmed(scene: Scene) -> None:
    preview = year(scene)
    assert Meeting.objects.count() == 1
    assert "2 new meetings" in text(preview)
    assert "Thursday 4 February 2027" in text(preview)
    assert "21 January 2027" in text(preview)
    assert year(scene, confirm=fingerprint(preview)).status_code == 302
    made = Meeting.objects.exclude(pk=scene.meeting.pk)
    assert dict(made.values_list("day", "title")) == {date(2027, 2, 4): "Temamøde", date(2027, 4, 15): ""}
    again = year(scene)
    assert text(again).count("Already registered, left as it is") == 2
    assert year(scene, confirm=fingerprint(again)).status_code == 302
    assert Meeting.objects.count() == 3


def test_a_plan_edited_after_the_preview_is_shown_again_first(scene: Scene) -> None:
    confirm = fingerprint(year(scene))
    answer = year(scene, YEAR + "3. juni 2027\n", confirm=confirm)
    assert answer.status_code == 200
    assert "3 new meetings" in text(answer)
    assert Meeting.objects.count() == 1


def test_bad_lines_are_named_and_nothing_is_registered(scene: Scene) -> None:
    Body.objects.filter(pk=scene.body.pk).update(valid_to=date(2027, 12, 31))
    words = "4. februar 2027\n31. februar 2027\n5. kvartal 2027\n4. februar\n4.2.2027\n1. marts 2028\n"
    answer = year(scene, words)
    html = text(answer)
    assert answer.status_code == 422
    for line, why in (
        (2, "That month has no such day"),
        (3, "A year has four quarters"),
        (4, "The year is missing"),
        (5, "The date stands there twice"),
        (6, "Udvalget does not exist on that day"),
    ):
        assert f"Line {line}: {why}" in html
    assert 'name="confirm"' not in html
    assert "31. februar 2027" in html  # still in the field, to be mended
    assert year(scene, words, confirm=fingerprint(answer)).status_code == 422
    assert Meeting.objects.count() == 1


def test_a_cpr_number_in_the_plan_is_refused_by_its_line(scene: Scene) -> None:
    answer = year(scene, "4. februar 2027\n15.4.2027;Om 010190-1234")
    assert answer.status_code == 422
    assert "Line 2: The text holds a CPR number." in text(answer)
    assert year(scene, "4. februar 2027;Om 010190-1234", confirm=fingerprint(answer)).status_code == 422
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_file_in_any_of_the_usual_encodings(scene: Scene, encoding: str) -> None:
    file = SimpleUploadedFile("årsplan.csv", "4. februar 2027;Møde på Ærø\n".encode(encoding))
    assert "Møde på Ærø" in text(year(scene, "", file=file))


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"PK\x03\x04\x00\x00", "This is not a text file."), (b"1.1.2027\n" * 8000, "larger than 64 kB"),
     (b"\n", "Paste the dates, or choose a file."), (b"\x81\x8d", "The letters of the file cannot be read.")],
)  # fmt: skip
def test_a_file_that_is_no_plan(scene: Scene, content: bytes, says: str) -> None:
    answer = year(scene, "", file=SimpleUploadedFile("plan.csv", content))
    assert answer.status_code == 422
    assert says in text(answer)


def test_nothing_pasted(scene: Scene) -> None:
    assert "Paste the dates, or choose a file." in text(year(scene, " "))
    assert "No date was found." in text(year(scene, "Dato;Titel"))
    assert "more than 200 lines" in text(year(scene, "x\n" * 201))


# --- Decisions --------------------------------------------------------------------------------------------------------


def decide(scene: Scene, meeting: Meeting, *rows: tuple[Any, str, str], who: Any = None) -> Any:
    scene.client.force_login(who or scene.secretary)
    fields = {}
    for item, words, opened in rows:
        fields |= {f"b{item.pk}": words, f"b{item.pk}-opened": opened}
    return scene.client.post(scene.url("meeting_decisions", meeting=meeting), fields)


def test_decisions_are_written_in_one_form_and_shown_at_the_items(scene: Scene) -> None:
    meeting = scene.held()
    page(scene, scene.url("meeting_decisions", meeting=meeting), scene.chair)
    answer = decide(scene, meeting, (scene.own, "Tiltrådt.\r\nMed tak.", ""), (scene.theirs, "", ""), who=scene.chair)
    assert answer.status_code == 302
    assert Decision.objects.get().text == "Tiltrådt.\nMed tak."
    assert text(scene.client.get(scene.url("meeting", meeting=meeting))).count("Med tak.") == 2
    decide(scene, meeting, (scene.own, "Tiltrådt.\r\nMed tak.", "Tiltrådt.\r\nMed tak."))
    assert Decision.history.count() == 1  # type: ignore[attr-defined]


def test_a_decision_is_not_emptied_and_everything_typed_comes_back(scene: Scene) -> None:
    meeting = scene.held()
    record_decision(meeting=meeting, item=scene.own, text="Tiltrådt.", by=scene.chair)
    answer = decide(scene, meeting, (scene.own, "", "Tiltrådt."), (scene.theirs, "Udsat til næste møde.", ""))
    assert answer.status_code == 422
    assert "Write what was decided." in text(answer)
    assert "Udsat til næste møde." in text(answer)
    assert Decision.objects.count() == 1


def test_two_who_word_the_same_decision(scene: Scene) -> None:
    meeting = scene.held()
    record_decision(meeting=meeting, item=scene.own, text="Tiltrådt.", by=scene.chair)
    answer = decide(scene, meeting, (scene.own, "Udsat.", ""), (scene.theirs, "Taget til efterretning.", ""))
    html = text(answer)
    assert answer.status_code == 409
    assert "»Tiltrådt.«" in html
    assert ">Udsat.</textarea>" in html
    assert f'name="b{scene.own.pk}-opened" value="Tiltrådt."' in html
    assert Decision.objects.count() == 1
    assert decide(scene, meeting, (scene.own, "Udsat.", "Tiltrådt.")).status_code == 302
    assert Decision.objects.get().text == "Udsat."


def test_decisions_wait_for_the_meeting_and_are_the_chairs_and_the_secretariats(scene: Scene) -> None:
    meeting = scene.held()
    url = scene.url("meeting_decisions", meeting=meeting)
    assert scene.client.get(url).status_code == 302
    for who in (scene.reader, scene.lead):
        scene.client.force_login(who)
        for answer in (scene.client.get(url), scene.client.post(url, {f"b{scene.own.pk}": "Tiltrådt."})):
            assert answer.status_code == 403
            assert "Only the chair and the secretariat of Udvalget" in text(answer)
    scene.client.force_login(scene.chair)
    early = scene.url("meeting_decisions")
    assert scene.client.post(early, {f"b{scene.own.pk}": "Tiltrådt."})["Location"] == scene.url("meeting")
    assert not Decision.objects.exists()
