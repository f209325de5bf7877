"""What happened between two moments, read from the rows that remember it: for one reader or for thousands alike.

The number of queries is the same however many follow however much. What everybody may hear comes in one UNION of rows
of one shape, figures counted in a second query, comments with who may hear of them in a third.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    F,
    IntegerField,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce

from indicators.models import Assessment, Flag, Observation, RefreshRun
from initiatives.calculations import news
from initiatives.calculations.news import Audience, Change, Thing, status_kind
from initiatives.calculations.states import CLOSED_STATES
from initiatives.models import (
    ActionItem,
    Comment,
    Contribution,
    Decision,
    Follow,
    Initiative,
    Postponement,
    Snapshot,
    StatusUpdate,
)

#: One shape for all: the rows of a UNION have the same columns in the same order.
_NUMBERS = ("n_by", "n_what", "n_item", "n_plan", "n_initiative", "n_goal", "n_area", "n_number", "n_moved")
_TEXTS = ("n_kind", "n_title", "n_state", "n_before")
_COLUMNS = ("n_at", *_NUMBERS, *_TEXTS)
_DATE, _POSTPONED = 1, 2
Within = Callable[[str], Q]  # the condition that a field lies in the days asked about
#: A run that fetches figures is over, or taken for dead, long before this.
LONGEST_RUN = timedelta(days=1)


def load_changes(follows: QuerySet[Follow], *, since: datetime, until: datetime) -> list[Change]:
    """All that happened to what these follows name. Two queries, and two more where comments are followed."""
    return [
        *_public_changes(follows, since, until),
        *_figures(follows, since, until),
        *_comments(follows, since, until),
    ]


def _rows(rows: QuerySet[Any], **columns: Any) -> QuerySet[Any]:
    """The columns that are not named are empty; each has a type, or PostgreSQL would not put them in one list."""
    filled: dict[str, Any] = {"n_at": columns.pop("n_at")}
    for name in _NUMBERS:
        filled[name] = Cast(columns.pop(name, Value(None)), BigIntegerField())
    for name in _TEXTS:
        filled[name] = Cast(columns.pop(name, Value("")), TextField())
    assert not columns  # nosec B101
    return rows.order_by().annotate(**filled).values_list(*_COLUMNS)


def _public_changes(follows: QuerySet[Follow], since: datetime, until: datetime) -> Iterator[Change]:
    """Everything but figures and comments, in one query."""

    def within(field: str) -> Q:
        return Q(**{f"{field}__gte": since, f"{field}__lt": until})

    found = [*_of_items(follows, within), *_of_plans(follows, within)]
    found += [*_of_links(follows, within), *_of_initiatives(follows, within)]
    for row in found[0].union(*found[1:], all=True):
        yield _change(dict(zip(_COLUMNS, row, strict=True)))


_ITEM = {
    "n_item": F("item_id"),
    "n_plan": F("item__plan_id"),
    "n_title": F("item__title"),
    "n_number": F("item__number"),
}


def _of_items(follows: QuerySet[Follow], within: Within) -> Iterator[QuerySet[Any]]:
    followed = Q(item__in=follows.values("item")) | Q(item__plan__in=follows.values("plan"))
    yield _statuses(StatusUpdate.objects.filter(followed & within("recorded_at"), unchanged=False))
    yield _rows(
        Decision.objects.filter(followed & within("recorded_at")),
        **_ITEM,
        n_at=F("recorded_at"),
        n_kind=Value(news.DECISION),
        n_by=F("by_id"),
        n_what=F("item_id"),
    )


def _of_plans(follows: QuerySet[Follow], within: Within) -> Iterator[QuerySet[Any]]:
    plans = follows.values("plan")
    yield _rows(
        Snapshot.objects.filter(within("frozen_at"), plan__in=plans),
        n_at=F("frozen_at"),
        n_kind=Value(news.FROZEN),
        n_by=F("by_id"),
        n_what=F("pk"),
        n_plan=F("plan_id"),
    )
    # Without n_item: for whoever follows the item itself it is not new.
    yield _rows(
        ActionItem.objects.filter(Q(plan__in=plans) | Q(plan__body__area__in=follows.values("area"))).filter(
            within("created_at")
        ),
        n_at=F("created_at"),
        n_kind=Value(news.ADDED),
        n_what=F("pk"),
        n_plan=F("plan_id"),
        n_area=F("plan__body__area_id"),
        n_title=F("title"),
        n_number=F("number"),
    )


def _of_links(follows: QuerySet[Follow], within: Within) -> Iterator[QuerySet[Any]]:
    """From an item or an initiative to a goal or one of its indicators, drawn and removed."""
    origin = Q(item__in=follows.values("item")) | Q(item__plan__in=follows.values("plan"))
    origin |= Q(initiative__in=follows.values("initiative"))
    goals = follows.values("goal")
    links = Contribution.objects.filter(origin | Q(goal__in=goals) | Q(indicator__goal__in=goals))
    link = {
        **_ITEM,
        "n_what": F("pk"),
        "n_initiative": F("initiative_id"),
        "n_goal": Coalesce("goal_id", "indicator__goal_id"),
        "n_title": Coalesce("item__title", "initiative__title"),
    }
    for kind, at, by in ((news.LINKED, "created_at", "by_id"), (news.UNLINKED, "removed_at", "removed_by_id")):
        yield _rows(links.filter(within(at)), **link, n_at=F(at), n_kind=Value(kind), n_by=F(by))


def _of_initiatives(follows: QuerySet[Follow], within: Within) -> Iterator[QuerySet[Any]]:
    history = Initiative.history.filter(id__in=follows.values("initiative"), history_type="~")
    yield _rows(
        history.filter(within("history_date")),
        n_at=F("history_date"),
        n_kind=Value(news.INITIATIVE),
        n_by=F("history_user_id"),
        n_what=F("id"),
        n_initiative=F("id"),
        n_title=F("title"),
    )
    logged = Initiative.areas.through.objects.filter(area__in=follows.values("area"))
    yield _rows(
        logged.filter(within("initiative__created_at")),
        n_at=F("initiative__created_at"),
        n_kind=Value(news.LOGGED),
        n_by=F("initiative__created_by_id"),
        n_what=F("initiative_id"),
        n_area=F("area_id"),
        n_title=F("initiative__title"),
    )


def _statuses(rows: QuerySet[StatusUpdate]) -> QuerySet[Any]:
    """With what the status before said, so that the kind of change can be told."""
    before = StatusUpdate.objects.filter(item=OuterRef("item"), sequence=OuterRef("sequence") - 1)
    moved = Postponement.objects.filter(status=OuterRef("pk"))
    rows = rows.annotate(before_due=Subquery(before.values("due_id")[:1]))
    new_date = Q(due__isnull=False, sequence__gt=1) & (Q(before_due__isnull=True) | ~Q(due_id=F("before_due")))
    kind_of_move = Case(
        When(Exists(moved), then=Value(_POSTPONED)),
        When(new_date, then=Value(_DATE)),
        default=Value(0),
        output_field=IntegerField(),
    )
    return _rows(
        rows,
        **_ITEM,
        n_at=F("recorded_at"),
        n_kind=Value(news.STATUS),
        n_by=F("by_id"),
        n_what=F("item_id"),
        n_state=F("state"),
        n_before=Coalesce(Subquery(before.values("state")[:1]), Value(""), output_field=CharField()),
        n_moved=kind_of_move,
    )


def _change(row: dict[str, Any]) -> Change:
    kind = row["n_kind"]
    if kind == news.STATUS:
        kind = status_kind(
            closed=row["n_state"] in CLOSED_STATES,
            was_closed=row["n_before"] in CLOSED_STATES,
            postponed=row["n_moved"] == _POSTPONED,
            new_date=row["n_moved"] == _DATE,
        )
    places = (
        ("item", "n_item"),
        ("initiative", "n_initiative"),
        ("plan", "n_plan"),
        ("goal", "n_goal"),
        ("area", "n_area"),
    )
    title = f"{row['n_number']}. {row['n_title']}" if row["n_number"] else row["n_title"]
    return Change(
        kind=kind,
        at=row["n_at"],
        subjects=tuple((name, row[column]) for name, column in places if row[column]),
        what=(row["n_what"], row["n_item"] is not None),
        by=row["n_by"],
        detail=row["n_state"],
        title=title,
    )


def _figures(follows: QuerySet[Follow], since: datetime, until: datetime) -> Iterator[Change]:
    """Counted in the database for each goal, area and arrival: a country's figures are thousands of rows.

    A figure arrived when its run was finished, so that no reader is told of it before it can be seen.
    """
    finished = RefreshRun.objects.filter(
        source=OuterRef("edition__source"), started_at=OuterRef("edition__received_at")
    )
    figures: Any = Observation.objects.current().whole()
    rows = (
        figures.filter(Q(indicator__goal__in=follows.values("goal")) | Q(area__in=follows.values("area")))
        .filter(edition__received_at__gte=since - LONGEST_RUN, edition__received_at__lt=until)
        .annotate(at=Coalesce(Subquery(finished.values("finished_at")[:1]), "edition__received_at"))
        .filter(at__gte=since, at__lt=until)
    )
    corrected = Q(flag=Flag.CORRECTED)
    counted = (
        _with_turns(rows)
        .order_by()
        .values("indicator__goal_id", "area_id", "at")
        .annotate(
            new=Count("pk", filter=~corrected),
            mended=Count("pk", filter=corrected),
            turns=Count("pk", filter=Q(turned=True)),
        )
    )
    for row in counted:
        subjects: tuple[Thing, ...] = (("area", row["area_id"]), ("goal", row["indicator__goal_id"]))
        for kind, count in ((news.FIGURES, row["new"]), (news.CORRECTED, row["mended"]), (news.LIGHT, row["turns"])):
            if count:
                yield Change(kind, row["at"], subjects, (*subjects, row["at"]), weight=count)


def _with_turns(rows: Any) -> Any:
    """turned: the newest light of its indicator and area is another than the one that was shown before it arrived."""
    series = {"indicator": OuterRef("indicator"), "area": OuterRef("area")}
    newer = Observation.objects.current().whole().filter(**series, period_end__gt=OuterRef("period_end"))
    before = Assessment.objects.filter(
        observation__indicator=OuterRef("indicator"),
        observation__area=OuterRef("area"),
        observation__breakdown="",
        observation__edition__received_at__lt=OuterRef("edition__received_at"),
    ).order_by("-observation__period_end", "-observation__pk")
    rows = rows.annotate(
        level_before=Subquery(before.values("level_light")[:1]),
        development_before=Subquery(before.values("development_light")[:1]),
    )
    another = Q()
    for name in ("level", "development"):
        now, then = f"assessment__{name}_light", f"{name}_before"
        another |= Q(**{f"{now}__gt": "", f"{then}__gt": ""}) & ~Q(**{now: F(then)})
    turned = Case(When(~Exists(newer) & another, then=True), default=False, output_field=BooleanField())
    return rows.annotate(turned=turned)


def _comments(follows: QuerySet[Follow], since: datetime, until: datetime) -> list[Change]:
    """Comments on followed items and initiatives. Not on all of a plan: who follows a plan wants what it says."""
    found = with_audience(
        Comment.objects.filter(created_at__gte=since, created_at__lt=until, withdrawn_at__isnull=True).filter(
            Q(item__in=follows.values("item")) | Q(initiative__in=follows.values("initiative"))
        )
    )
    return [
        Change(
            news.COMMENT,
            comment.created_at,
            (("item", comment.item_id) if comment.item_id else ("initiative", comment.initiative_id or 0),),
            (comment.pk,),
            by=comment.by_id,
            audience=audience(comment.item or comment.initiative),
        )
        for comment in found
    ]


def with_audience(comments: QuerySet[Comment]) -> QuerySet[Comment]:
    """With what says who may read them: two queries."""
    return comments.select_related("item__plan__body", "initiative__body").prefetch_related("item__anchorings")


def audience(thing: Model | None) -> Audience:
    """Who may read the comments on an item (with its plan and anchorings fetched) or an initiative."""
    if isinstance(thing, ActionItem):
        bodies = {thing.plan.body_id, *(row.body_id for row in thing.anchorings.all())}
        return Audience(frozenset(bodies), frozenset(pk for pk in (thing.coordinator_id,) if pk is not None))
    if isinstance(thing, Initiative):
        return Audience(frozenset({thing.body_id}))
    return Audience(frozenset())
