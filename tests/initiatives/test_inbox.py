"""What I follow, and what is new to me: on the page of its own, once, and only mine."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from indicators.actions.assessments import assess
from indicators.models import Area, Edition, Flag, Observation
from initiatives.actions.comments import add_comment
from initiatives.actions.follows import choose_mail_rhythm, follow, see_news, unfollow
from initiatives.actions.initiatives import log_initiative, update_initiative
from initiatives.actions.links import add_link, remove_link
from initiatives.actions.plans import add_item
from initiatives.actions.status import StatusDraft, keep_status, record_status
from initiatives.models import Decision, DelayCause, Follow, Meeting, Role, Snapshot
from initiatives.presenters.inbox import InboxPage, inbox_page
from sundhedsaftale.models import User
from tests.initiatives import small_world as world

pytestmark = pytest.mark.django_db


@pytest.fixture
def me() -> Any:
    return world.user("mig@example.dk", date_joined=timezone.now() - timedelta(days=30))


@pytest.fixture
def other() -> Any:
    return world.user("anden@example.dk")


@pytest.fixture
def plan() -> Any:
    return world.plan(world.body("Udvalget", area=world.area("791", "Viborg")))


def starts(who: Any, *things: Any) -> None:
    for thing in things:
        follow(thing=thing, by=who, now=timezone.now())


def page(who: Any) -> InboxPage:
    who = User.objects.get(pk=who.pk)
    return inbox_page(who, now=timezone.now())


def told(who: Any) -> dict[str, list[str]]:
    return {view.title: sorted(text for text, _when in view.lines) for view in page(who).lines}


def write(item: Any, state: str = "in_progress", *, by: Any = None, **fields: Any) -> None:
    cause, _made = DelayCause.objects.get_or_create(
        code="bemanding", defaults={"name": "Bemanding", "name_en": "Staff"}
    )
    record_status(
        item=item,
        draft=StatusDraft(state=state, text="Ord om punktet.", cause=cause, **fields),
        opened_on=item.statuses.count(),
        as_of=timezone.localdate(),
        by=by,
    )


# --- Following --------------------------------------------------------------------------------------------------------


def things(plan: Any) -> dict[str, tuple[Any, str]]:
    item, goal, initiative = world.item(plan), world.goal(), world.initiative(plan.body)
    return {
        "goal": (goal, reverse("follow_goal", args=[goal.slug])),
        "area": (plan.body.area, reverse("follow_area", args=[plan.body.area.code])),
        "plan": (plan, reverse("follow_plan", args=[plan.slug])),
        "item": (item, reverse("follow_item", args=[plan.slug, item.number])),
        "initiative": (initiative, reverse("follow_initiative", args=[initiative.slug])),
    }


@pytest.mark.parametrize("kind", ["goal", "area", "plan", "item", "initiative"])
def test_each_kind_is_followed_and_unfollowed_once(client: Client, me: Any, plan: Any, kind: str) -> None:
    thing, url = things(plan)[kind]
    client.force_login(me)
    assert client.get(url).context["following"] is False
    assert not Follow.objects.exists()  # looking changes nothing
    for _ in range(2):
        answer = client.post(url, {"follow": "1"})
        assert answer.status_code == 302
        assert list(Follow.objects.values_list("person", kind)) == [(me.pk, thing.pk)]
    assert client.get(answer["Location"]).status_code == 200
    assert client.get(url, headers={"HX-Request": "true"}).context["following"] is True
    answer = client.post(url, {"follow": "0"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.context["following"]) == (200, False)
    assert not Follow.objects.exists()
    assert not unfollow(thing=thing, by=me)


def test_a_follow_is_of_one_thing_and_stands_once(me: Any, plan: Any) -> None:
    now = timezone.now()
    Follow.objects.create(person=me, plan=plan, created_at=now)
    for fields in ({"plan": plan}, {"plan": plan, "goal": world.goal()}, {}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Follow.objects.create(person=me, created_at=now, **fields)


def test_a_visitor_is_asked_who_they_are(client: Client, plan: Any) -> None:
    for _thing, url in things(plan).values():
        assert client.get(url)["Location"] == f"/konto/login/?next={url}"
        assert client.post(url, {"follow": "1"})["Location"] == f"/konto/login/?next={url}"
    assert client.get(reverse("follow_plan", args=["findes-ikke"])).status_code == 302
    client.force_login(world.user())
    assert client.get(reverse("follow_plan", args=["findes-ikke"])).status_code == 404


def test_the_list_of_what_i_follow_is_mine_and_lets_go(client: Client, me: Any, other: Any, plan: Any) -> None:
    starts(me, *(thing for thing, _url in things(plan).values()))
    starts(other, world.plan(plan.body))
    client.force_login(me)
    follows = client.get(reverse("mine_news")).context["inbox"].follows
    assert len(follows) == 5
    answer = client.post(follows[0].unfollow_url, {"follow": "0", "page": "mine"})
    assert answer["Location"] == f"{reverse('mine_news')}#foelger"
    assert Follow.objects.filter(person=me).count() == 4
    assert Follow.objects.filter(person=other).count() == 1


# --- What is told -----------------------------------------------------------------------------------------------------


def test_what_happens_to_an_item_is_told_by_kind(me: Any, other: Any, plan: Any) -> None:
    item = world.item(plan, due=timezone.localdate() + timedelta(days=400))
    starts(me, item)
    write(item, by=other)
    later = f"{timezone.localdate().year + 3}"
    write(item, "postponed", by=other, due=later)
    sooner = f"{timezone.localdate().year + 2}"
    write(item, "in_progress", by=other, due=sooner)
    write(item, "completed", by=other)
    meeting = Meeting.objects.create(body=plan.body, day="2026-11-05", hand_in="2026-10-22", dispatch="2026-10-29")
    Decision.objects.create(
        meeting=meeting, item=item, text="Udvalget besluttede.", recorded_at=timezone.now(), by=other
    )
    link = add_link(thing=item, target=world.goal(), reason="Fordi.", by=other)
    remove_link(link=link, reason="Ikke mere.", by=other)
    assert told(me) == {
        f"{item.number}. {item.title}": sorted(
            [
                "Ny status (i gang).",
                "Rykket (udsat).",
                "Ny dato (i gang).",
                "Nu afsluttet.",
                "Et møde har besluttet noget om det.",
                "Koblet til et mål eller en indikator.",
                "En kobling til et mål eller en indikator er fjernet.",
            ]
        )
    }


def test_an_answer_of_unchanged_and_ones_own_words_are_no_news(me: Any, other: Any, plan: Any) -> None:
    item = world.item(plan)
    starts(me, item)
    keep_status(item=item, opened_on=1, as_of=timezone.localdate(), by=other)
    write(item, by=me)
    assert told(me) == {}


def test_what_happens_in_a_plan_is_counted(me: Any, other: Any, plan: Any) -> None:
    items = [world.item(plan) for _ in range(3)]
    starts(me, plan)
    for item in items:
        write(item, by=other)
    write(items[0], by=other)
    write(items[1], "completed", by=other)
    meeting = Meeting.objects.create(body=plan.body, day="2026-11-05", hand_in="2026-10-22", dispatch="2026-10-29")
    Snapshot.objects.create(
        meeting=meeting, plan=plan, version=1, frozen_at=timezone.now(), by=other, content_hash="x", plan_title="t",
        plan_kind="k", item_name="p", item_name_plural="p", body_name="b", meeting_day="2026-11-05",
    )  # fmt: skip
    add_item(track=plan.tracks.get(), title="Et nyt løfte", owners=[plan.body], today=timezone.localdate(), by=other)
    assert told(me) == {
        plan.title: sorted(
            [
                "3 punkter har fået ny status.",
                f"{items[1].number}. {items[1].title}: nu afsluttet.",
                "Planen er frosset til et møde.",
                "4. Et nyt løfte: nyt i planen.",
            ]
        )
    }


def test_an_initiative_and_its_area_and_goal(me: Any, other: Any, plan: Any) -> None:
    area, goal = plan.body.area, world.goal()
    starts(me, area, goal)
    made = log_initiative(title="Nyt her", body=plan.body, target_group="Alle", what="Noget.", goal=goal, by=other)
    starts(me, made)
    update_initiative(initiative=made, by=other, result="Det gik godt.")
    assert told(me) == {
        "Viborg": ["Nyt her: et nyt initiativ her."],
        _goal_title(goal): ["Nyt her: koblet til et mål eller en indikator."],
        "Nyt her": ["Det, der står om initiativet, er ændret."],
    }


def _goal_title(goal: Any) -> str:
    from initiatives.presenters.initiatives import full_goal_name

    return full_goal_name(goal)


@pytest.mark.parametrize(("role", "hears"), [(Role.READER, True), (None, False)])
def test_comments_are_told_to_those_who_may_read_them(
    me: Any, other: Any, plan: Any, role: str | None, hears: bool
) -> None:
    item = world.item(plan)
    world.member(other, plan.body)
    if role:
        world.member(me, plan.body, role)
    starts(me, item, plan)
    for _ in range(2):
        add_comment(thing=item, text="Ord.", by=other, now=timezone.now(), today=timezone.localdate())
    title = f"{item.number}. {item.title}"
    assert told(me) == ({title: ["2 nye kommentarer."]} if hears else {})


# --- Figures ----------------------------------------------------------------------------------------------------------


def figures_of(indicator: Any, area: Area, year: int, value: float, edition: Edition, **fields: Any) -> Observation:
    from sundhedsaftale.lib.periods import observation_period

    days = observation_period(str(year))
    return Observation.objects.create(
        indicator=indicator, area=area, period=str(year), period_start=days.first_day, period_end=days.last_day,
        value=value, edition=edition, **fields,
    )  # fmt: skip


def edition(name: str, received_at: datetime) -> Edition:
    from indicators.models import DataSource

    source, _made = DataSource.objects.get_or_create(name="kilde", defaults={"title": "Kilde", "reader": "x"})
    return Edition.objects.create(source=source, slug=name, title=name, fingerprint=name, received_at=received_at)


def test_figures_that_arrive_are_corrected_and_turn_a_light(me: Any) -> None:
    from tests import factories as make

    country, viborg = make.make_area("000", "country", "Hele landet"), make.make_area("791", "municipality", "Viborg")
    goal = world.goal()
    indicator = make.make_indicator("rygere", goal=goal)
    long_ago, now = timezone.now() - timedelta(days=20), timezone.now()
    old = edition("gammel", long_ago)
    for area, value in ((country, 10), (viborg, 20)):
        figures_of(indicator, area, 2022, value, old)
        figures_of(indicator, area, 2023, value, old)
    assess(indicator_ids=[indicator.pk])
    Follow.objects.create(person=me, area=viborg, created_at=now - timedelta(days=5))
    Follow.objects.create(person=me, goal=goal, created_at=now - timedelta(days=5))
    assert told(me) == {}  # from before they followed
    fresh = edition("ny", now - timedelta(hours=1))
    Observation.objects.filter(area=viborg, period="2023").update(is_current=False)
    figures_of(indicator, viborg, 2023, 5, fresh, flag=Flag.CORRECTED)
    figures_of(indicator, country, 2024, 10, fresh)
    figures_of(indicator, viborg, 2024, 5, fresh)
    assess(indicator_ids=[indicator.pk])
    found = told(me)
    assert found["Viborg"] == sorted(["1 nyt tal.", "1 tal er rettet.", "1 lys er skiftet."])
    assert found[_goal_title(goal)] == ["1 nyt tal."]  # the country's; Viborg's stands under Viborg


# --- Since when -------------------------------------------------------------------------------------------------------


def test_what_is_marked_as_seen_is_not_told_again(client: Client, me: Any, other: Any, plan: Any) -> None:
    item = world.item(plan)
    starts(me, plan)
    write(item, by=other)
    client.force_login(me)
    shown = client.get(reverse("mine_news")).context["inbox"]
    assert len(shown.lines) == 1
    assert len(client.get(reverse("mine_news")).context["inbox"].lines) == 1  # looking changes nothing
    write(world.item(plan), by=other)  # after the page was made
    assert client.post(reverse("news_seen"), {"until": shown.until}).status_code == 302
    after = page(me)
    assert [text for view in after.lines for text, _when in view.lines if "ny status" in text]
    client.post(reverse("news_seen"), {"until": after.until})
    after = page(me)
    assert after.lines == []
    assert after.nothing.startswith("Intet nyt siden ")


@pytest.mark.parametrize("until", ["", "i går", "2026-11-02T10:00", "2999-01-01T00:00+00:00"])
def test_a_moment_that_cannot_be_is_now(client: Client, me: Any, until: str) -> None:
    client.force_login(me)
    client.post(reverse("news_seen"), {"until": until})
    me.refresh_from_db()
    assert abs((me.news_seen_at - timezone.now()).total_seconds()) < 60


def test_what_has_been_seen_never_moves_back(me: Any) -> None:
    now = timezone.now()
    see_news(by=me, until=now, now=now)
    see_news(by=me, until=now - timedelta(days=3), now=now)
    assert me.news_seen_at == now


def test_an_empty_page_says_why(client: Client, me: Any) -> None:
    client.force_login(me)
    words = client.get(reverse("mine_news")).content.decode()
    assert "Du følger intet endnu" in words
    assert "Ingen har nævnt dig" in words
    starts(me, world.plan(world.body()))
    assert "Intet nyt siden" in client.get(reverse("mine_news")).content.decode()


def test_the_news_region_stands_on_my_page_and_comes_by_itself(client: Client, me: Any) -> None:
    client.force_login(me)
    words = client.get(reverse("mine")).content.decode()
    assert 'hx-get="/mine/nyt/"' in words
    assert 'href="/mine/nyt/"' in words
    part = client.get(reverse("mine_news"), headers={"HX-Request": "true"})
    assert "HX-Request" in part["Vary"]
    assert "<html" not in part.content.decode()


def test_a_visitor_has_no_inbox(client: Client) -> None:
    for name in ("mine_news", "mail_rhythm"):
        assert client.get(reverse(name)).status_code == 302
    for url in (reverse("news_seen"), reverse("mentions_seen"), reverse("mention_open", args=[1])):
        assert client.post(url)["Location"].startswith("/konto/login/")


def test_my_page_and_its_news_ask_at_most_twelve_times(
    client: Client, me: Any, other: Any, plan: Any, django_assert_max_num_queries: Any
) -> None:
    world.area("082", "Region Midtjylland", "region", inside=world.area("000", "Hele landet", "country"))
    world.member(me, plan.body)
    world.member(other, plan.body)
    client.force_login(me)
    for number in range(12):
        item = world.item(plan, due=timezone.localdate() + timedelta(days=number), owners=(plan.body,))
        starts(me, item, world.initiative(plan.body), world.goal(number + 1), world.plan(plan.body))
        write(item, by=other)
        add_comment(thing=item, text="@mig", by=other, now=timezone.now(), today=timezone.localdate())
    starts(me, plan.body.area, plan)
    for url in (reverse("mine"), reverse("mine_news"), reverse("mail_rhythm")):
        with django_assert_max_num_queries(12, info=url):
            assert client.get(url).status_code == 200


# --- How often --------------------------------------------------------------------------------------------------------


def test_a_rhythm_is_chosen_and_remembered_from_when(client: Client, me: Any) -> None:
    client.force_login(me)
    assert client.post(reverse("mail_rhythm"), {"rhythm": "weekly"})["Location"] == reverse("mine")
    me.refresh_from_db()
    assert me.mail_rhythm == "weekly"
    since = me.mail_rhythm_since
    choose_mail_rhythm(by=me, rhythm="weekly", now=timezone.now())
    assert me.mail_rhythm_since == since  # the same choice again is no new beginning
    for wrong in ("", "hourly"):
        assert client.post(reverse("mail_rhythm"), {"rhythm": wrong}).status_code == 422
    me.refresh_from_db()
    assert me.mail_rhythm == "weekly"
