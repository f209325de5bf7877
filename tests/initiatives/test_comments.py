"""Comments between colleagues: who reads, who writes, who is named, and that they stay out of all that is official."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives.actions.comments import LONGEST, add_comment, see_mentions, withdraw_comment
from initiatives.models import Comment, Mention, Role
from initiatives.permissions_talk import readable_comments, user_can_read_comments, user_can_write_comment
from initiatives.presenters.mine import waiting_count
from tests.initiatives import small_world as world

pytestmark = pytest.mark.django_db

CPR = "Borger 010190-1237 har svaret."


@pytest.fixture
def place() -> Any:
    """A plan of one body with an item another body carries, and an initiative of the second."""

    class Place:
        body, owner, other = world.body("Udvalget"), world.body("Styregruppen"), world.body("Andre")
        secretary, lead, reader = (world.user(f"{name}@example.dk") for name in ("sekretaer", "leder", "laeser"))
        stranger, coordinator = world.user("fremmed@example.dk"), world.user("tovholder@example.dk")

    world.member(Place.secretary, Place.body)
    world.member(Place.lead, Place.owner, Role.LEAD)
    world.member(Place.reader, Place.body, Role.READER)
    world.member(Place.stranger, Place.other)
    item = world.item(world.plan(Place.body), owners=(Place.owner,), coordinator=Place.coordinator)
    Place.item = item  # type: ignore[attr-defined]
    Place.initiative = world.initiative(Place.owner)  # type: ignore[attr-defined]
    return Place


def say(thing: Any, by: Any, text: str = "Hej.", **fields: Any) -> Any:
    return add_comment(thing=thing, text=text, by=by, now=timezone.now(), today=timezone.localdate(), **fields)


def item_url(place: Any) -> str:
    return reverse("item_comments", args=[place.item.plan.slug, place.item.number])


def initiative_url(place: Any) -> str:
    return reverse("initiative_comments", args=[place.initiative.slug])


# --- Who --------------------------------------------------------------------------------------------------------------

WHO = ("secretary", "lead", "reader", "stranger", "coordinator")
MAY = {  # (reads, writes) on the item and on the initiative
    "secretary": ((True, True), (False, False)),
    "lead": ((True, True), (True, True)),
    "reader": ((True, False), (False, False)),
    "stranger": ((False, False), (False, False)),
    "coordinator": ((True, True), (False, False)),
}


@pytest.mark.parametrize("who", WHO)
def test_who_reads_and_who_writes(place: Any, client: Client, who: str) -> None:
    person, today = getattr(place, who), timezone.localdate()
    client.force_login(person)
    for thing, url, (reads, writes) in zip(
        (place.item, place.initiative), (item_url(place), initiative_url(place)), MAY[who], strict=True
    ):
        said = say(thing, place.lead, "Ord for få.").comment
        assert user_can_read_comments(person, thing, today=today) is reads
        assert user_can_write_comment(person, thing, today=today) is writes
        found = Comment.objects.filter(readable_comments(person, today=today), pk=said.pk)
        assert found.exists() is reads  # the condition on comments and the question for one say the same
        answer = client.get(url)
        assert answer.status_code == (200 if reads else 403)
        assert ("Ord for få." in answer.content.decode()) is reads
        part = client.get(url, headers={"HX-Request": "true"})
        assert part.status_code == 200
        assert ("Ord for få." in part.content.decode()) is reads
        before = thing.comments.count()
        assert client.post(url, {"text": "Nyt."}).status_code == (302 if writes else 403)
        assert thing.comments.count() == before + writes


def test_somebody_who_runs_the_site_reads_and_writes_everywhere(place: Any) -> None:
    boss, today = world.user(is_superuser=True), timezone.localdate()
    assert user_can_write_comment(boss, place.item, today=today)
    boss.is_active = False
    assert not user_can_read_comments(boss, place.item, today=today)


@pytest.mark.parametrize(("first", "last", "may"), [(0, 0, True), (1, None, False), (None, -1, False)])
def test_a_role_counts_on_its_days(place: Any, first: int | None, last: int | None, may: bool) -> None:
    today, who = timezone.localdate(), world.user()
    days = [None if number is None else today + timedelta(days=number) for number in (first, last)]
    world.member(who, place.body, Role.MEMBER, valid_from=days[0], valid_to=days[1])
    assert user_can_read_comments(who, place.item, today=today) is may


def test_a_visitor_is_asked_to_sign_in_and_may_not_post(place: Any, client: Client) -> None:
    for url in (item_url(place), initiative_url(place)):
        assert client.get(url)["Location"] == f"/konto/login/?next={url}"
        assert client.post(url, {"text": "Nyt."}).status_code == 403
    assert not Comment.objects.exists()


def test_a_refusal_names_who_can(place: Any, client: Client) -> None:
    client.force_login(place.stranger)
    assert "Udvalget" in client.get(item_url(place)).content.decode()
    assert client.get(reverse("item_comments", args=[place.item.plan.slug, 99])).status_code == 404


# --- Writing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "   \n", "x" * (LONGEST + 1), CPR])
def test_what_cannot_be_stored_is_refused_and_nothing_is_lost(place: Any, client: Client, text: str) -> None:
    client.force_login(place.lead)
    answer = client.post(item_url(place), {"text": text, "mention": place.secretary.pk})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert text.strip() in page
    assert f'value="{place.secretary.pk}" selected' in page
    assert (Comment.objects.count(), Mention.objects.count()) == (0, 0)


def test_the_colleagues_named_are_told_once_each(place: Any) -> None:
    text = "@leder og @sekretaer: se her, @leder. Også @tovholder og @fremmed"
    said = say(place.item, place.secretary, text, also=[place.reader.pk, place.lead.pk])
    named = set(said.comment.mentions.values_list("person__name", flat=True))
    assert named == {"leder", "tovholder", "laeser"}  # not oneself, and nobody who cannot read it
    assert said.unknown == ("@fremmed",)


@pytest.mark.parametrize("who", ["stranger", "nobody", "inactive"])
def test_somebody_who_cannot_read_it_cannot_be_named(place: Any, client: Client, who: str) -> None:
    gone = world.user(is_active=False)
    world.member(gone, place.body)
    key = {"stranger": place.stranger.pk, "nobody": 10**6, "inactive": gone.pk}[who]
    with pytest.raises(ValidationError) as refused:
        say(place.item, place.lead, "Hej", also=[key])
    assert set(refused.value.message_dict) == {"mention"}
    client.force_login(place.lead)
    assert client.post(item_url(place), {"text": "Hej", "mention": key}).status_code == 422
    assert not Comment.objects.exists()


def test_the_page_says_when_a_name_was_nobodys(place: Any, client: Client) -> None:
    client.force_login(place.lead)
    answer = client.post(item_url(place), {"text": "@Findesikke hej"}, headers={"HX-Request": "true"})
    assert "@Findesikke" in answer.context["notice"]


def test_an_answer_has_seen_what_it_answers(place: Any) -> None:
    say(place.item, place.secretary, "@leder?")
    say(place.initiative, place.lead, "Noget andet.")
    assert Mention.objects.filter(seen_at=None).count() == 1
    say(place.item, place.lead, "Ja.")
    assert not Mention.objects.filter(seen_at=None).exists()


def test_only_whoever_wrote_it_withdraws_it_and_the_words_are_gone_from_the_page(place: Any, client: Client) -> None:
    said = say(place.item, place.lead, "En fejl, @sekretaer.").comment
    url = f"{item_url(place)}{said.pk}/traek-tilbage/"
    for person, status in ((place.secretary, 403), (place.stranger, 403), (place.lead, 302)):
        client.force_login(person)
        assert client.post(url).status_code == status
    said.refresh_from_db()
    assert (said.withdrawn_by, said.text) == (place.lead, "En fejl, @sekretaer.")
    page = client.get(item_url(place)).content.decode()
    assert "En fejl" not in page
    assert not withdraw_comment(comment=said, by=place.lead, now=timezone.now())
    assert waiting_count(place.secretary, timezone.localdate()) == 0


def test_a_comment_is_withdrawn_where_it_stands_only(place: Any, client: Client) -> None:
    said = say(place.item, place.lead).comment
    client.force_login(place.lead)
    assert client.post(f"{initiative_url(place)}{said.pk}/traek-tilbage/").status_code == 404
    assert client.get(f"{item_url(place)}{said.pk}/traek-tilbage/").status_code == 405


def test_words_are_shown_as_written_and_never_as_markup(place: Any, client: Client) -> None:
    say(place.item, place.lead, "<b>ikke fed</b>\n@sekretaer")
    client.force_login(place.secretary)
    page = client.get(item_url(place)).content.decode()
    assert "&lt;b&gt;ikke fed&lt;/b&gt;" in page
    assert "<b>@sekretaer</b>" in page


def test_two_of_one_name_can_be_told_apart(place: Any) -> None:
    twins = [world.user(f"tvilling{n}@example.dk") for n in (1, 2)]
    for twin in twins:
        twin.name = "Kim Bøg"
        twin.save()
        world.member(twin, place.body)
    assert say(place.item, place.lead, "@Kim Bøg").unknown == ("@Kim",)
    named = say(place.item, place.lead, "@Kim Bøg (tvilling2@example.dk) ring").comment.mentions.get()
    assert named.person == twins[1]


# --- Seen -------------------------------------------------------------------------------------------------------------


def test_a_mention_is_counted_until_it_is_seen(place: Any, client: Client, django_assert_num_queries: Any) -> None:
    today = timezone.localdate()
    for _ in range(2):
        say(place.item, place.secretary, "@leder?")
    with django_assert_num_queries(1):
        assert waiting_count(place.lead, today) == 2
    client.force_login(place.stranger)
    first, second = Mention.objects.order_by("pk")
    assert client.post(reverse("mention_open", args=[first.pk])).status_code == 404  # somebody else's
    client.force_login(place.lead)
    client.get(reverse("mine_news"))
    assert waiting_count(place.lead, today) == 2  # looking changes nothing
    answer = client.post(reverse("mention_open", args=[first.pk]))
    assert answer["Location"] == f"{item_url(place)}#kommentar-{first.comment_id}"
    assert waiting_count(place.lead, today) == 1
    client.post(reverse("mentions_seen"))
    assert waiting_count(place.lead, today) == 0
    second.refresh_from_db()
    assert second.seen_at is not None


def test_a_mention_written_after_the_page_was_made_is_not_marked_with_the_rest(place: Any) -> None:
    made = timezone.now()
    say(place.item, place.secretary, "@leder?")
    assert see_mentions(by=place.lead, now=made) == 0
    assert see_mentions(by=place.lead, now=timezone.now()) == 1


def test_somebody_who_has_left_is_no_longer_told(place: Any, client: Client) -> None:
    say(place.item, place.secretary, "@leder: fortroligt")
    place.lead.memberships.update(valid_to=timezone.localdate() - timedelta(days=1))
    assert waiting_count(place.lead, timezone.localdate()) == 0
    client.force_login(place.lead)
    assert "fortroligt" not in client.get(reverse("mine_news")).content.decode()


# --- Kept apart -------------------------------------------------------------------------------------------------------


def test_a_comment_is_no_part_of_anything_official(place: Any, client: Client) -> None:
    secret = "Ordlyd-der-kun-er-en-kommentar"
    say(place.item, place.lead, secret)
    say(place.initiative, place.lead, secret)
    slug = place.item.plan.slug
    client.force_login(place.secretary)
    pages = (
        reverse("item", args=[slug, place.item.number]),
        reverse("plan", args=[slug]),
        reverse("plan_changes", args=[slug]),
        reverse("initiative", args=[place.initiative.slug]),
        f"/api/v1/items/?plan={slug}",
        "/api/v1/initiatives/",
    )
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert secret not in answer.content.decode(), page


def test_a_kept_page_holds_neither_comments_nor_what_somebody_follows(place: Any, settings: Any) -> None:
    settings.KEEP_PAGES = True
    say(place.item, place.lead, "Kun for kolleger")
    url = reverse("item", args=[place.item.plan.slug, place.item.number])
    reader = Client()
    reader.force_login(place.lead)
    reader.post(reverse("follow_item", args=[place.item.plan.slug, place.item.number]), {"follow": "1"})
    assert 'hx-trigger="load"' in reader.get(url).content.decode()
    first, second = Client().get(url).content.decode(), Client().get(url).content.decode()
    for page in (first, second):
        assert "Kun for kolleger" not in page
        assert 'hx-trigger="load"' not in page
        assert page.count('id="foelg"') == page.count('id="kommentarer"') == 1
    assert "1 kommentar" not in first


def test_questions_do_not_grow_with_comments(place: Any, client: Client, django_assert_max_num_queries: Any) -> None:
    world.area("082", "Region Midtjylland", "region", inside=world.area("000", "Hele landet", "country"))
    client.force_login(place.secretary)
    with django_assert_max_num_queries(12) as few:
        client.get(item_url(place))
    for number in range(25):
        who = world.user()
        world.member(who, place.body)
        say(place.item, place.lead, f"@{who.name} nummer {number}")
    with django_assert_max_num_queries(12) as many:
        page = client.get(item_url(place))
    assert len(many) <= len(few) + 1  # the mentions of the comments
    assert len(page.context["talk"].earlier) == 15


def test_frozen_rows_and_the_canonical_form_know_no_comments() -> None:
    from initiatives.calculations.frozen_record import SCHEMA

    assert "comment" not in json.dumps(SCHEMA, default=str).lower()
