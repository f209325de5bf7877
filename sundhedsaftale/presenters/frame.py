"""The frame around every page: the menu with its current entry, and the area the reader has chosen.

The area is looked up once for a request, in one query, and kept on it: the bar under the menu and the page itself read
the same answer, so the frame costs a page nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from indicators.models import Area, AreaKind, AreaMembership, AreaSuccession
from indicators.presenters.figures import kind_name
from initiatives.presenters.mine import waiting_count
from sundhedsaftale.lib.danish import format_date, join_words
from sundhedsaftale.lib.viewed import DAY, Viewed, ViewedError, read_viewed

AREA_COOKIE = "omraade"
COUNTRY = "000"
NAMED_MUNICIPALITIES = 4

_CODE = re.compile(r"[a-z0-9-]{1,60}")
_KEPT_ON_REQUEST = "_area_in_view"


@dataclass(frozen=True)
class NavEntry:
    label: str
    url: str
    current: str  # "" | "page" | "true": "true" inside the section, "page" on the entry's own page
    count: int = 0


@dataclass(frozen=True)
class AreaRef:
    """One area as it stands beside another. `confirmation` is the membership's own, not the area's."""

    area: Area  # with its kind fetched
    confirmation: str = ""

    @property
    def pk(self) -> int:
        return self.area.pk

    @property
    def code(self) -> str:
        return self.area.code

    @property
    def name(self) -> str:
        return self.area.name

    @property
    def kind(self) -> str:
        return self.area.kind_id

    @property
    def url(self) -> str:
        return reverse("area", args=[self.area.code])


@dataclass(frozen=True)
class AreaInView:
    """An area with its neighbours on the day it is looked at, or on its own last or first day when it is not valid then."""

    area: Area
    name: str
    country: Area  # what the figures are compared with; only key, code, name and kind are filled
    kind_name: str = ""
    inside: str = ""  # the municipalities, when they are few enough to name; else how many
    successor: str = ""  # what replaces the area, and when
    members: tuple[AreaRef, ...] = ()
    containers: tuple[AreaRef, ...] = ()
    memberships: tuple[AreaMembership, ...] = ()  # all of them, whatever their dates

    def members_on(self, day: date) -> tuple[AreaRef, ...]:
        """Those of another day than the one looked at."""
        return _neighbours(self.area, self.memberships, day)[0]

    @property
    def pk(self) -> int:
        return self.area.pk

    @property
    def code(self) -> str:
        return self.area.code

    @property
    def short_name(self) -> str:
        return self.area.name

    @property
    def kind(self) -> str:
        return self.area.kind_id

    @property
    def is_country(self) -> bool:
        return self.code == COUNTRY

    @property
    def municipalities(self) -> tuple[AreaRef, ...]:
        return tuple(member for member in self.members if member.kind == "municipality")

    @property
    def nearby_pks(self) -> set[int]:
        """The area itself, what it lies in and what lies in it."""
        return {self.pk, *(ref.pk for ref in self.members), *(ref.pk for ref in self.containers)}


def navigation(request: HttpRequest) -> list[NavEntry]:
    """The entries of the menu. What awaits a signed-in person costs one query more."""
    entries = (
        (_("Overview"), reverse("overview"), 0),
        (_("Goals"), reverse("goal_list"), 0),
        (_("Plans"), reverse("plan_list"), 0),
        (_("Meetings"), reverse("meeting_list"), 0),
        (_("Initiatives"), reverse("initiative_list"), 0),
        (_("Data"), reverse("data"), 0),
        (_("My tasks"), reverse("mine"), waiting_count(request.user, timezone.localdate())),
    )
    return [NavEntry(label, url, _current(request.path, url), count) for label, url, count in entries]


def _current(path: str, url: str) -> str:
    if path == url:
        return "page"
    # An indicator is read under its goal: the menu says so.
    if url == reverse("goal_list") and path.startswith("/indikatorer/"):
        return "true"
    return "true" if url != reverse("overview") and path.startswith(url) else ""


def chosen_area_code(request: HttpRequest) -> str:
    """The area asked for in the address, else the one remembered, else the whole country. Nonsense is the country."""
    code = request.GET.get("omraade") or request.COOKIES.get(AREA_COOKIE) or COUNTRY
    return code if _CODE.fullmatch(code) else COUNTRY


def viewed(request: HttpRequest) -> Viewed:
    """The day and the division the reader asked for. Raises BadRequest with a sentence for what is no day."""
    try:
        return read_viewed(request.GET, today=timezone.localdate())
    except ViewedError as error:
        raise BadRequest(viewed_refusal(error)) from error


def viewed_refusal(error: ViewedError) -> str:
    if error.field == DAY:
        return _("The day in the address is no day. Write it as year-month-day, for example dato=2020-11-05.")
    return _("The division in the address is unknown. Write inddeling=nuvaerende or inddeling=davaerende.")


def _viewed_or_today(request: HttpRequest) -> Viewed:
    """For the frame, which also stands around the page that says the day is none."""
    try:
        return read_viewed(request.GET, today=timezone.localdate())
    except ViewedError:
        return Viewed(timezone.localdate(), timezone.localdate())


def area_query(request: HttpRequest) -> str:
    """ "?omraade=791&dato=2020-11-05" when the reader asked for it in this address, so that the next page shows the same;
    else ""."""
    code = request.GET.get(AREA_COOKIE, "")
    return _viewed_or_today(request).query(omraade=code if _CODE.fullmatch(code) else "")


def area_in_view(request: HttpRequest) -> AreaInView:
    """The chosen area; the whole country when nothing is chosen or what is chosen does not exist."""
    kept = getattr(request, _KEPT_ON_REQUEST, None)
    if isinstance(kept, AreaInView):
        return kept
    day = _viewed_or_today(request).day
    return keep_area(request, _look_up(chosen_area_code(request), day) or _look_up(COUNTRY, day))


def keep_area(request: HttpRequest, area: AreaInView | None) -> AreaInView:
    """Let the whole page, its frame included, speak of this area."""
    found = area or _empty_country()
    setattr(request, _KEPT_ON_REQUEST, found)
    return found


def find_area(code: str, today: date) -> AreaInView | None:
    """The area with this code and its neighbours, in one query; None when there is none."""
    return _look_up(code, today) if _CODE.fullmatch(code) else None


def area_on(area: AreaInView, day: date) -> AreaInView:
    """The same area with the neighbours of another day, or of its own first or last day when it is not valid then."""
    members, containers = _neighbours(area.area, area.memberships, _day_of(area.area, day))
    return replace(area, members=members, containers=containers)


def siblings_of(area: AreaInView) -> tuple[AreaRef, ...]:
    """A municipality and the others of its cluster, while they are few enough for a column each; else nothing. One query
    for a municipality, none for the others."""
    cluster = next((ref for ref in area.containers if ref.kind == "cluster"), None)
    if area.kind != "municipality" or cluster is None:
        return ()
    memberships = AreaMembership.objects.filter(container_id=cluster.pk, member__kind_id="municipality")
    found = _refs([(row.member, row.confirmation) for row in memberships.select_related("member__kind")])
    return found if len(found) <= NAMED_MUNICIPALITIES else ()


def full_name(area: Area) -> str:
    """ "Region Midtjylland": regions have their official name in running text, the others the name they go by."""
    return area.official_name or area.name if area.kind_id == "region" else area.name


def _empty_country() -> AreaInView:
    """Before the catalogue is loaded there is no area at all, and the pages still say what is missing."""
    country = _country(0, _("The whole country"))
    return AreaInView(area=country, name=country.name, country=country)


def _country(pk: int, name: str) -> Area:
    kind = AreaKind(code="country", name="Land", name_plural="Lande", name_en="Country", name_plural_en="Countries")
    return Area(pk=pk, code=COUNTRY, kind=kind, name=name)


def _look_up(code: str, today: date) -> AreaInView | None:
    """One query: the area comes with its memberships. An area that is in nothing and holds nothing is asked for alone."""
    memberships = list(
        _with_facts(AreaMembership.objects.filter(Q(member__code=code) | Q(container__code=code)), code)
        .select_related("member__kind", "container__kind")
        .annotate(shared=Exists(_elsewhere()))
        .order_by("pk")
    )
    facts: AreaMembership | Area | None = memberships[0] if memberships else None
    if facts is None:
        facts = _with_facts(Area.objects.filter(code=code), code).select_related("kind").first()
        if facts is None:
            return None
    area = facts if isinstance(facts, Area) else facts.member if facts.member.code == code else facts.container
    members, containers = _neighbours(area, memberships, _day_of(area, today))
    return AreaInView(
        area=area,
        name=full_name(area),
        country=_country(getattr(facts, "country_pk", None) or 0, getattr(facts, "country_name", None) or ""),
        kind_name=kind_name(area.kind),
        inside=_inside(area, members),
        successor=_successor_sentence(facts, today),
        members=members,
        containers=containers,
        memberships=tuple(memberships),
    )


def _with_facts(rows: QuerySet[Any], code: str) -> QuerySet[Any]:
    """What replaces the area, and the country: asked for along with the rest, so that the frame stays one query."""
    country = Area.objects.filter(code=COUNTRY)
    successions = AreaSuccession.objects.filter(predecessor__code=code).order_by("on", "pk")
    count = successions.order_by().values("predecessor").annotate(count=Count("pk")).values("count")
    return rows.annotate(
        country_pk=Subquery(country.values("pk")[:1]),
        country_name=Subquery(country.values("name")[:1]),
        successor_count=Subquery(count),
        successor_name=Subquery(successions.values("successor__name")[:1]),
        successor_official=Subquery(successions.values("successor__official_name")[:1]),
        successor_on=Subquery(successions.values("on")[:1]),
    )


def _elsewhere() -> QuerySet[AreaMembership]:
    """The same member in another area of the same kind at the same time: then nobody knows how much of it lies in which."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=Coalesce(OuterRef("valid_to"), Value(date.max)))
    not_ended = Q(valid_to__isnull=True) | Q(valid_to__gte=Coalesce(OuterRef("valid_from"), Value(date.min)))
    same = AreaMembership.objects.filter(member=OuterRef("member"), container__kind=OuterRef("container__kind"))
    return same.filter(begun, not_ended).exclude(container=OuterRef("container"))


def _day_of(area: Area, today: date) -> date:
    """The day its neighbours are read on: an area that has ended, or is yet to begin, still has the ones it had or gets."""
    if area.valid_to is not None and area.valid_to < today:
        return area.valid_to
    if area.valid_from is not None and area.valid_from > today:
        return area.valid_from
    return today


def _neighbours(
    area: Area, memberships: Iterable[AreaMembership], day: date
) -> tuple[tuple[AreaRef, ...], tuple[AreaRef, ...]]:
    """(members, containers) valid that day, each in the order pages print them."""
    members, containers = [], []
    for membership in memberships:
        if (membership.valid_from or day) > day or (membership.valid_to or day) < day:
            continue
        if membership.container_id == area.pk:
            members.append((membership.member, membership.confirmation))
        else:
            containers.append((membership.container, membership.confirmation))
    return _refs(members), _refs(containers)


def _refs(areas: list[tuple[Area, str]]) -> tuple[AreaRef, ...]:
    ordered = sorted(areas, key=lambda pair: (pair[0].kind.rank, pair[0].sort_key))
    return tuple(AreaRef(area, confirmation) for area, confirmation in ordered)


def _inside(area: Area, members: tuple[AreaRef, ...]) -> str:
    names = [member.name for member in members if member.kind == "municipality"]
    if not names:
        return kind_name(area.kind).lower() if area.kind_id == "municipality" else ""
    if len(names) <= NAMED_MUNICIPALITIES:
        return join_words(names, get_language() or "da")
    return ngettext("%(count)d municipality", "%(count)d municipalities", len(names)) % {"count": len(names)}


def _successor_sentence(facts: AreaMembership | Area, today: date) -> str:
    """Said before and after the change; when there are several successors they are named on the area's own page."""
    on, count = getattr(facts, "successor_on", None), getattr(facts, "successor_count", 0)
    if on is None or not count:
        return ""
    day = format_date(on, get_language() or "da")
    name = getattr(facts, "successor_official", "") or getattr(facts, "successor_name", "")
    if count > 1:
        return _("From %(day)s: replaced by %(count)d areas") % {"day": day, "count": count}
    if on <= today:
        return _("Since %(day)s: %(name)s") % {"day": day, "name": name}
    return _("From %(day)s: %(name)s") % {"day": day, "name": name}
