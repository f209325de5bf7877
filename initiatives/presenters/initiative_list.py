"""The filter over the initiatives: what was asked for, what that leaves, and what else could be asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from indicators.models import Area, AreaMembership, Goal
from initiatives.models import Body, Contribution, Initiative
from initiatives.presenters.evidence import ladder
from initiatives.presenters.initiatives import (
    InitiativeCard,
    full_goal_name,
    initiative_cards,
    list_answer,
    with_card_data,
)
from sundhedsaftale.lib.danish import sort_key

PAGE_SIZE = 24
COUNTRY = "000"
KIND_PREFIX = "kind:"
ENDED = "ended"


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    selected: bool = False


@dataclass(frozen=True)
class ChoiceGroup:
    label: str  # "" for choices outside any group
    choices: list[Choice]


@dataclass(frozen=True)
class Filters:
    """As they stand in the address, "" when not given."""

    area: str = ""
    goal: str = ""
    step: str = ""  # "0".."5", "2+" and up, or "ended"
    who: str = ""  # a body's slug, or "kind:" and a kind's code
    words: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> Filters:
        area = query.get("omraade", "").strip()
        return cls(
            area="" if area == COUNTRY else area,
            goal=query.get("maal", "").strip(),
            step=query.get("trin", "").strip(),
            who=query.get("hvem", "").strip(),
            words=query.get("q", "").strip()[:200],
        )

    def query_string(self, **more: object) -> str:
        names = {"omraade": self.area, "maal": self.goal, "trin": self.step, "hvem": self.who, "q": self.words}
        return urlencode({name: value for name, value in {**names, **more}.items() if value})


@dataclass(frozen=True)
class InitiativeList:
    filters: Filters
    answer: str
    shown: str
    cards: list[InitiativeCard]
    page: Page[int]
    previous_url: str
    next_url: str
    unknown: list[str] = field(default_factory=list)  # what was asked for and does not exist


def matching(filters: Filters) -> QuerySet[Initiative]:
    """The initiatives that fit. A word is found in any text, whatever its case, also æ, ø and å on SQLite."""
    found = Initiative.objects.all()
    if filters.area:
        inside = AreaMembership.objects.filter(container__code=filters.area).values("member_id")
        through = Initiative.areas.through.objects
        found = found.filter(
            Q(pk__in=through.filter(area__code=filters.area).values("initiative_id"))
            | Q(pk__in=through.filter(area__in=inside).values("initiative_id"))
        )
    if filters.goal:
        links = Contribution.objects.active().filter(
            Q(goal__slug=filters.goal) | Q(indicator__goal__slug=filters.goal), initiative__isnull=False
        )
        found = found.filter(pk__in=links.values("initiative_id"))
    if filters.who.startswith(KIND_PREFIX):
        found = found.filter(body__kind_id=filters.who.removeprefix(KIND_PREFIX))
    elif filters.who:
        found = found.filter(body__slug=filters.who)
    found = _on_step(found, filters.step)
    for word in filters.words.split():
        found = found.filter(_has_word(word))
    return found


def _on_step(found: QuerySet[Initiative], step: str) -> QuerySet[Initiative]:
    if step == ENDED:
        return found.filter(ended_without_effect=True)
    if step in STEPS_AND_UP:
        return found.filter(evidence_step__gte=int(step[0]))
    if step in STEPS:
        return found.filter(evidence_step=int(step))
    return found


STEPS = ("0", "1", "2", "3", "4", "5")
STEPS_AND_UP = ("2+", "3+")
SEARCHED = ("title", "what", "target_group", "partners", "result", "body__name")


def _has_word(word: str) -> Q:
    query = Q()
    # SQLite folds only A-Z: "ældre" would not find "Ældre" without the other spellings.
    for spelling in {word, word.lower(), word.upper(), word.capitalize()}:
        for name in SEARCHED:
            query |= Q(**{f"{name}__icontains": spelling})
    return query


def initiative_list(filters: Filters, *, page_number: str, path: str) -> InitiativeList:
    """The page of cards that was asked for. A page number out of range gives the nearest page."""
    # Sorted here and not by the database: the two databases do not agree on where å goes.
    rows = list(matching(filters).order_by("pk").values_list("pk", "title", "evidence_step"))
    ordered = [pk for pk, _title, _step in sorted(rows, key=lambda row: sort_key(row[1]))]
    page = Paginator(ordered, PAGE_SIZE).get_page(page_number)
    on_page = {initiative.pk: initiative for initiative in with_card_data(Initiative.objects.filter(pk__in=list(page)))}
    shown = _("Shows %(first)s–%(last)s of %(total)s initiatives") % {
        "first": page.start_index(),
        "last": page.end_index(),
        "total": len(rows),
    }
    return InitiativeList(
        filters=filters,
        answer=list_answer(total=len(rows), without_result=sum(step == 0 for _pk, _title, step in rows)),
        shown=shown if rows else "",
        cards=initiative_cards(on_page[pk] for pk in page),
        page=page,
        previous_url=f"{path}?{filters.query_string(side=page.number - 1)}" if page.has_previous() else "",
        next_url=f"{path}?{filters.query_string(side=page.number + 1)}" if page.has_next() else "",
    )


@dataclass(frozen=True)
class FilterChoices:
    areas: list[ChoiceGroup]
    goals: list[ChoiceGroup]
    steps: list[ChoiceGroup]
    bodies: list[ChoiceGroup]
    unknown: list[str]


def filter_choices(filters: Filters) -> FilterChoices:
    """What can be chosen: only what some initiative has, with how many. Four queries."""
    groups = {
        "areas": _area_groups(filters.area),
        "goals": _goal_groups(filters.goal),
        "steps": [ChoiceGroup("", _step_choices(filters.step))],
        "bodies": _body_groups(filters.who),
    }
    asked = {"areas": filters.area, "goals": filters.goal, "steps": filters.step, "bodies": filters.who}
    unknown = [
        value
        for name, value in asked.items()
        if value and not any(choice.selected for group in groups[name] for choice in group.choices)
    ]
    return FilterChoices(**groups, unknown=unknown)


def _area_groups(selected: str) -> list[ChoiceGroup]:
    areas = (
        Area.objects.filter(
            Q(pk__in=Initiative.areas.through.objects.values("area_id"))
            | Q(
                pk__in=AreaMembership.objects.filter(
                    member__in=Initiative.areas.through.objects.values("area_id")
                ).values("container_id")
            )
            | Q(code=selected)
        )
        .exclude(code=COUNTRY)
        .select_related("kind")
    )
    return _grouped((area.kind.name_plural, Choice(area.code, area.name, area.code == selected)) for area in areas)


def _goal_groups(selected: str) -> list[ChoiceGroup]:
    counts: dict[int, set[int]] = {}
    links = Contribution.objects.active().filter(initiative__isnull=False)
    for goal, through, initiative in links.values_list("goal_id", "indicator__goal_id", "initiative_id"):
        counts.setdefault(goal or through, set()).add(initiative)
    goals = Goal.objects.filter(Q(pk__in=counts) | Q(slug=selected)).select_related("framework")
    return _grouped(
        (
            goal.framework.name,
            Choice(goal.slug, f"{full_goal_name(goal)} ({len(counts.get(goal.pk, ()))})", goal.slug == selected),
        )
        for goal in goals
    )


def _step_choices(selected: str) -> list[Choice]:
    words = {str(step.step): _("Step %(step)s: %(word)s") % {"step": step.step, "word": step.word} for step in ladder()}
    words |= {step: _("Step %(step)s and up") % {"step": step[0]} for step in STEPS_AND_UP}
    words[ENDED] = _("Ended without effect")
    return [Choice(value, word, value == selected) for value, word in words.items()]


def _body_groups(selected: str) -> list[ChoiceGroup]:
    bodies = (
        Body.objects.filter(Q(initiatives__isnull=False) | Q(slug=selected))
        .annotate(number=Count("initiatives", distinct=True))
        .select_related("kind")
        .order_by("kind__position", "kind_id", "sort_key")
    )
    groups: dict[str, ChoiceGroup] = {}
    for body in bodies:
        kind = f"{KIND_PREFIX}{body.kind_id}"
        everyone = Choice(kind, _("All: %(kind)s") % {"kind": body.kind.name_plural}, kind == selected)
        group = groups.setdefault(body.kind_id, ChoiceGroup(body.kind.name_plural, [everyone]))
        group.choices.append(Choice(body.slug, f"{body.name} ({body.number})", body.slug == selected))
    return list(groups.values())


def _grouped(rows: object) -> list[ChoiceGroup]:
    groups: dict[str, ChoiceGroup] = {}
    for label, choice in rows:  # type: ignore[attr-defined]
        groups.setdefault(label, ChoiceGroup(label, [])).choices.append(choice)
    return list(groups.values())
