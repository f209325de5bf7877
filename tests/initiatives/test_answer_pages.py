"""Answering from a mail: what a press does, what a look does not do, and what is refused with a way on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from indicators.models import DataVersion
from initiatives.actions.meetings import cancel_meeting, register_meeting
from initiatives.actions.plans import close
from initiatives.actions.status import StatusDraft, record_status
from initiatives.answer_links import answer_token
from initiatives.models import ActionItem, Role, StatusUpdate
from sundhedsaftale.lib.danish import format_date
from tests.initiatives import small_world as world
from tests.initiatives.answer_world import DUE, Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


# --- Looking ----------------------------------------------------------------------------------------------------------


def test_the_page_shows_one_item_and_three_answers(scene: Scene) -> None:
    world.item(scene.plan, owners=(scene.cluster,), title="Et andet punkt")
    answer = scene.get(scene.token())
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "1. Akutteams" in text
    assert "I gang i klyngen." in text
    assert format_date(DUE, "en") in text
    assert "Et andet punkt" not in text
    for words in ("Unchanged", "Update", "Delayed", "leder"):
        assert words in text
    assert scene.plan.slug not in text  # no way from here into the site but its front page


def test_looking_changes_nothing_however_often_and_whoever_looks(scene: Scene) -> None:
    token = scene.token()
    before = (StatusUpdate.objects.count(), DataVersion.objects.values_list("number", flat=True).first())
    for _ in range(3):
        assert scene.get(token).status_code == 200
        assert scene.client.head(reverse("answer", args=[token])).status_code == 200
        assert scene.client.options(reverse("answer", args=[token])).status_code == 204
    assert scene.client.get(reverse("answer_read", args=[token])).status_code == 405
    assert (StatusUpdate.objects.count(), DataVersion.objects.values_list("number", flat=True).first()) == before
    assert "own" not in scene.newest.text


def test_the_page_is_kept_nowhere_and_tells_nobody_where_it_is(scene: Scene, settings: Any) -> None:
    settings.KEEP_PAGES = True
    for token in (scene.token(), scene.old_token(), "broken"):
        answer = scene.get(token)
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]
        assert not answer.cookies  # a cold browser stays cold
    scene.press(scene.token(), "uaendret", opened_on="1")
    assert "Thank you" in scene.get(scene.token()).content.decode() or scene.newest.unchanged


def test_the_page_is_in_the_persons_language_and_not_the_browsers(scene: Scene) -> None:
    scene.client.cookies["sprog"] = "en"
    scene.lead.language = "da"
    scene.lead.save()
    answer = scene.get(scene.token())
    assert answer["Content-Language"] == "da"
    assert '<html lang="da">' in answer.content.decode()
    assert "Uændret" in answer.content.decode()


def test_a_page_costs_a_fixed_number_of_questions(
    scene: Scene, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    token = scene.token()
    for n in range(20):
        record_status(
            item=scene.item, draft=StatusDraft("in_progress", f"Ord {n}."), opened_on=n + 1, as_of=timezone.localdate(),
            by=scene.secretary,
        )  # fmt: skip
    with django_assert_max_num_queries(11):
        assert scene.get(token).status_code == 200


# --- Unchanged --------------------------------------------------------------------------------------------------------


def test_one_press_is_one_dated_answer_of_the_persons_own(scene: Scene) -> None:
    token = scene.token()
    answer = scene.press(token, "uaendret", opened_on="1")
    assert answer.status_code == 302
    assert answer["Location"] == reverse("answer", args=[token])
    newest = scene.newest
    assert (newest.sequence, newest.unchanged, newest.by, newest.as_of) == (2, True, scene.lead, timezone.localdate())
    assert newest.text == "I gang i klyngen."
    assert newest.due is not None
    text = scene.get(token).content.decode()
    assert "Thank you. Your answer is saved." in text
    assert 'value="uaendret"' not in text
    assert "Change the answer?" in text


def test_a_second_press_of_the_same_button_is_no_second_answer(scene: Scene) -> None:
    token = scene.token()
    for _ in range(3):
        assert scene.press(token, "uaendret", opened_on="1").status_code == 302
    assert scene.item.statuses.count() == 2


def test_the_persons_answer_is_theirs_whoever_is_signed_in(scene: Scene) -> None:
    scene.client.force_login(scene.secretary)
    scene.press(scene.token(), "uaendret", opened_on="1")
    assert scene.newest.by == scene.lead
    assert scene.newest.on_behalf_of is None
    assert "sekretaer" not in scene.get(scene.token()).content.decode()


def test_a_secretary_answers_on_behalf_of_the_owner_as_everywhere(scene: Scene) -> None:
    token = scene.token(person=scene.secretary)
    assert "Klyngen" in scene.get(token).content.decode()
    scene.press(token, "uaendret", opened_on="1")
    assert (scene.newest.by, scene.newest.on_behalf_of) == (scene.secretary, scene.cluster)


def test_an_item_without_a_status_has_nothing_to_keep(scene: Scene) -> None:
    empty = world.item(scene.plan, owners=(scene.cluster,), state=None)
    token = scene.token(item=empty)
    assert 'value="uaendret"' not in scene.get(token).content.decode()
    assert scene.press(token, "uaendret", opened_on="0").status_code == 422
    assert scene.update(token, opened_on="0", due="").status_code == 302
    assert scene.words(empty) == ["Nye ord."]


# --- Update and delayed -----------------------------------------------------------------------------------------------


def test_new_words_are_saved_as_the_status_form_saves_them(scene: Scene) -> None:
    assert scene.update(scene.token(), state="completed", due="").status_code == 302
    newest = scene.newest
    assert (newest.text, newest.state, newest.by, newest.sequence) == ("Nye ord.", "completed", scene.lead, 2)


def test_delayed_with_a_new_date_is_a_postponement_with_its_cause(scene: Scene) -> None:
    assert scene.late(scene.token(), due="4. kvartal 2027").status_code == 302
    newest = scene.newest
    assert (newest.state, newest.cause, newest.by) == ("delayed", scene.cause, scene.lead)
    assert newest.due is not None
    assert newest.due.last_day is not None
    assert newest.due.last_day.isoformat() == "2027-12-31"
    assert newest.postponement.cause == scene.cause


def test_delayed_without_a_new_date_takes_the_old_one_away(scene: Scene) -> None:
    assert scene.late(scene.token(), no_date="on").status_code == 302
    assert scene.newest.due is None
    assert scene.newest.postponement.moved_to is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, "forsinket-due"),  # neither a date nor "none yet"
        ({"due": "5. kvartal 2027"}, "forsinket-due"),
        ({"due": "2028", "no_date": "on"}, "forsinket-due"),
        ({"due": "2028", "cause": ""}, "forsinket-cause"),
        ({"due": "2028", "cause": "ukendt"}, "forsinket-cause"),
        ({"due": "2028", "text": ""}, "forsinket-text"),
        ({"due": "2028", "state": "completed"}, "forsinket-state_0"),
        ({"due": "2028", "text": "Borger 010190-1234 venter."}, "forsinket-text"),
    ],
)
def test_an_error_in_the_short_form_keeps_what_was_typed(scene: Scene, changes: dict[str, str], field: str) -> None:
    typed = {"text": "Vi mangler folk.", **changes}
    answer = scene.late(scene.token(), **typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert f'<a href="#{field}">' in text
    assert f'id="{field}"' in text
    assert 'id="forsinket" open' in text
    for words in (typed["text"], typed.get("due", "")):
        assert words in text
    assert scene.words() == ["I gang i klyngen."]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": ""}, "opdater-text"),
        ({"text": "x" * 6001}, "opdater-text"),
        ({"text": "Borger 010190-1234 venter."}, "opdater-text"),
        ({"due": "31. februar 2027"}, "opdater-due"),
        ({"due": ""}, "opdater-due"),
        ({"state": ""}, "opdater-state_0"),
        ({"state": "postponed", "due": "2028"}, "opdater-cause"),
    ],
)
def test_an_error_in_the_long_form_keeps_what_was_typed(scene: Scene, changes: dict[str, str], field: str) -> None:
    answer = scene.update(scene.token(), **changes)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert f'<a href="#{field}">' in text
    assert f'id="{field}"' in text
    assert changes.get("text", "Nye ord.") in text
    assert scene.words() == ["I gang i klyngen."]


def test_the_words_are_read_while_they_are_typed_and_nothing_is_stored(scene: Scene) -> None:
    read = scene.client.post(
        reverse("answer_read", args=[scene.token()]),
        {"text": "Udsat pga. covid-19 til 4. kvartal 2027.", "state": "in_progress"},
        headers={"HX-Request": "true"},
    )
    text = read.content.decode()
    assert read.status_code == 200
    assert 'id="laest-1"' in text
    assert "Postponed" in text
    assert "<html" not in text
    assert scene.client.post(reverse("answer_read", args=["x"]), {"text": "Udsat."}).status_code == 404
    refused = scene.client.post(reverse("answer_read", args=["x"]), {"text": "Udsat."}, headers={"HX-Request": "true"})
    assert (refused.status_code, refused.content) == (410, b"")  # no whole page inside the region
    assert scene.item.statuses.count() == 1


def test_the_reading_fills_the_fields_only_when_asked(scene: Scene) -> None:
    words = "Udsat pga. covid-19 til 4. kvartal 2027."
    again = scene.update(scene.token(), text=words, read_again="1").content.decode()
    assert 'id="opdater" open' in again
    assert 'value="in_progress" checked' in again
    used = scene.update(scene.token(), text=words, use_reading="1").content.decode()
    assert 'value="postponed" checked' in used
    assert "4. kvartal 2027" in used
    assert scene.item.statuses.count() == 1


def test_a_press_that_says_nothing_does_nothing(scene: Scene) -> None:
    assert scene.press(scene.token(), "").status_code == 422
    assert scene.press(scene.token(), "slet").status_code == 422
    assert scene.press(scene.token(), "nyt-link").status_code == 422  # the link is still good
    assert scene.item.statuses.count() == 1


# --- Meetings ---------------------------------------------------------------------------------------------------------


def test_an_answer_to_a_mail_about_a_meeting_is_tied_to_the_meeting(scene: Scene) -> None:
    meeting = register_meeting(body=scene.body, day=timezone.localdate() + timedelta(days=40), by=None)
    token = scene.token(meeting=meeting)
    assert "Deadline for texts" in scene.get(token).content.decode()
    scene.press(token, "uaendret", opened_on="1")
    assert scene.newest.meeting == meeting


def test_a_meeting_that_was_cancelled_takes_nothing_from_the_answer(scene: Scene) -> None:
    meeting = register_meeting(body=scene.body, day=timezone.localdate() + timedelta(days=40), by=None)
    token = scene.token(meeting=meeting)
    cancel_meeting(meeting=meeting, reason="Aflyst.", by=None)
    assert scene.press(token, "uaendret", opened_on="1").status_code == 302
    assert scene.newest.meeting is None


# --- Somebody else was faster -----------------------------------------------------------------------------------------


def somebody_writes(scene: Scene, words: str = "Sekretariatet skrev.") -> None:
    record_status(
        item=scene.item,
        draft=StatusDraft("in_progress", words, due="30. juni 2027"),
        opened_on=scene.item.statuses.count(),
        as_of=timezone.localdate(),
        by=scene.secretary,
    )


def test_an_answer_of_somebody_else_is_shown_and_can_be_confirmed(scene: Scene) -> None:
    token = scene.token()
    somebody_writes(scene)
    text = scene.get(token).content.decode()
    assert "sekretaer has answered since the mail was sent" in text
    assert "Sekretariatet skrev." in text
    assert scene.press(token, "uaendret", opened_on="2").status_code == 302
    assert (scene.newest.sequence, scene.newest.unchanged, scene.newest.by) == (3, True, scene.lead)


def test_words_typed_on_an_old_page_are_never_lost_and_never_saved_unseen(scene: Scene) -> None:
    token = scene.token()
    somebody_writes(scene)
    for press, shown in ((scene.update, "opdater"), (scene.late, "forsinket")):
        answer = press(token, text="Mine egne ord.", due="4. kvartal 2027")
        text = answer.content.decode()
        assert answer.status_code == 409
        assert "Sekretariatet skrev." in text
        assert "Mine egne ord." in text
        assert f'id="{shown}" open' in text
        assert 'name="opened_on" value="2"' in text
    assert scene.words() == ["I gang i klyngen.", "Sekretariatet skrev."]
    assert scene.update(token, text="Mine egne ord.", opened_on="2").status_code == 302
    assert scene.words()[-1] == "Mine egne ord."


def test_unchanged_on_an_old_page_keeps_nothing_that_was_not_seen(scene: Scene) -> None:
    token = scene.token()
    somebody_writes(scene)
    for fields in ({"opened_on": "1"}, {}, {"opened_on": "x"}):
        answer = scene.press(token, "uaendret", **fields)
        assert answer.status_code == 409
        assert "Sekretariatet skrev." in answer.content.decode()
    assert scene.item.statuses.count() == 2


def test_an_error_on_an_old_page_does_not_make_the_page_new(scene: Scene) -> None:
    """What was opened on the first status stays so until the person has seen the second beside their own words."""
    token = scene.token()
    somebody_writes(scene)
    answer = scene.update(token, state="")
    assert answer.status_code == 422
    form = answer.content.decode().split('value="opdater"')[1]
    assert 'name="opened_on" value="1"' in form.split("</form>")[0]


def test_an_own_answer_can_be_changed_while_the_link_lasts(scene: Scene) -> None:
    token = scene.token()
    scene.press(token, "uaendret", opened_on="1")
    assert scene.update(token, text="Alligevel nyt.", opened_on="2").status_code == 302
    assert scene.update(token, text="Alligevel nyt.", opened_on="2").status_code == 302  # the same press again
    assert scene.words()[1:] == ["I gang i klyngen.", "Alligevel nyt."]
    assert "Alligevel nyt." in scene.get(token).content.decode()


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_are_one_answer() -> None:
    scene, answers = Scene(), []
    token, gate = scene.token(), threading.Barrier(4)

    def press() -> None:
        gate.wait()
        client = Client(enforce_csrf_checks=True)
        answers.append(client.post(reverse("answer", args=[token]), {"svar": "uaendret", "opened_on": "1"}).status_code)
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302] * 4
    assert scene.item.statuses.count() == 2


# --- What is refused --------------------------------------------------------------------------------------------------


def refused(scene: Scene, token: str) -> tuple[int, str]:
    """The same on looking and on pressing, and nothing is stored by either."""
    statuses, before = set(), StatusUpdate.objects.count()
    for answer in (scene.get(token), scene.press(token, "uaendret", opened_on="1"), scene.update(token)):
        statuses.add(answer.status_code)
        text = answer.content.decode()
    assert StatusUpdate.objects.count() == before
    assert len(statuses) == 1
    assert "Nye ord." in text  # what was typed when the door closed is given back
    assert "What can I do?" in text or "Hvad kan jeg gøre?" in text
    return statuses.pop(), text


def test_a_broken_link_says_what_mail_programs_do(scene: Scene) -> None:
    scene.client.cookies["sprog"] = "en"
    status, text = refused(scene, scene.token()[:-4])
    assert (status, "The link is not whole" in text) == (404, True)
    assert reverse("account_login") in text


@pytest.mark.parametrize("change", [{"is_active": False}, {"closed_on": "2026-01-01"}, {"email": "ny@example.dk"}])
def test_a_person_who_is_closed_or_has_another_address(scene: Scene, change: dict[str, Any]) -> None:
    scene.client.cookies["sprog"] = "en"
    token = scene.token()
    for name, value in change.items():
        setattr(scene.lead, name, value)
    scene.lead.save()
    status, text = refused(scene, token)
    assert (status, "The link is no longer in use" in text) == (403, True)
    assert "Akutteams" not in text


def test_a_right_that_has_ended_is_asked_about_when_the_link_is_used(scene: Scene) -> None:
    token = scene.token()
    scene.membership.valid_to = timezone.localdate() - timedelta(days=1)
    scene.membership.save()
    status, text = refused(scene, token)
    assert (status, "You no longer answer for this item" in text) == (403, True)
    assert "Only the secretariat of Udvalget" in text
    scene.membership.role, scene.membership.valid_to = Role.READER, None
    scene.membership.save()
    assert refused(scene, token)[0] == 403


def test_an_item_that_is_closed_says_so_with_its_reason(scene: Scene) -> None:
    token = scene.token()
    close(thing=scene.item, reason="Lagt sammen med punkt 3.", on=timezone.localdate(), by=scene.secretary)
    status, text = refused(scene, token)
    assert (status, "There is nothing more to answer" in text) == (410, True)
    assert "Lagt sammen med punkt 3." in text
    assert reverse("item", args=[scene.plan.slug, 1]) in text


@pytest.mark.parametrize("what", ["plan", "track"])
def test_a_plan_or_a_part_of_it_that_is_closed(scene: Scene, what: str) -> None:
    token = scene.token()
    thing = getattr(scene.item, what)
    thing.closed_on, thing.closed_reason = timezone.localdate(), "Afløst."
    thing.save()
    status, text = refused(scene, token)
    assert (status, "Afløst." in text) == (410, True)


def test_an_item_that_is_gone(scene: Scene) -> None:
    gone = ActionItem(pk=scene.item.pk + 1000)
    assert refused(scene, answer_token(person=scene.lead, item=gone, sequence=0))[0] == 410


def test_a_link_that_has_run_out_offers_two_ways_on(scene: Scene) -> None:
    status, text = refused(scene, scene.old_token())
    assert (status, "The link has run out" in text) == (410, True)
    assert 'value="nyt-link"' in text
    assert f"{reverse('account_login')}?next={reverse('status_edit', args=[scene.plan.slug, 1])}" in text


def test_an_old_link_of_somebody_without_the_right_offers_none(scene: Scene) -> None:
    token = scene.old_token()
    scene.membership.delete()
    assert 'value="nyt-link"' not in refused(scene, token)[1]
