"""The frame around every page: the menu with its current entry, and the area the reader has chosen.

The area is looked up once for a request, in two queries, and kept on it: the bar under the menu and the page itself read
the same answer, so the frame costs a page nothing more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.models import Area, AreaMembership, AreaSuccession
from sundhedsaftale.lib.danish import format_date, join_words

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

    pk: int
    code: str
    name: str
    kind: str
    kind_rank: int
    valid_from: date | None
    valid_to: date | None
    confirmation: str = ""

    @property
    def url(self) -> str:
        return reverse("area", args=[self.code])


@dataclass(frozen=True)
class AreaInView:
    """An area with its neighbours on the day it is looked at, or on its own last or first day when it is not valid then."""

    code: str
    name: str
    pk: int = 0
    kind: str = "country"
    kind_name: str = ""
    kind_rank: int = 0
    short_name: str = ""
    inside: str = ""  # the municipalities, when they are few enough to name; else how many
    successor: str = ""  # what replaces the area, and when
    valid_from: date | None = None
    valid_to: date | None = None
    confirmation: str = ""
    note: str = ""
    members: tuple[AreaRef, ...] = ()
    containers: tuple[AreaRef, ...] = ()

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
    entries = (
        (_("Overview"), reverse("overview")),
        (_("Goals"), reverse("goal_list")),
        (_("Plans"), reverse("plan_list")),
        (_("Initiatives"), reverse("initiative_list")),
        (_("Data"), reverse("data")),
        (_("My tasks"), reverse("mine")),
    )
    return [NavEntry(label=label, url=url, current=_current(request.path, url)) for label, url in entries]


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


def area_query(request: HttpRequest) -> str:
    """ "?omraade=791" when the reader asked for it in this address, so that the next page shows the same; else ""."""
    code = request.GET.get("omraade", "")
    return f"?{urlencode({'omraade': code})}" if _CODE.fullmatch(code) else ""


def area_in_view(request: HttpRequest) -> AreaInView:
    """The chosen area; the whole country when nothing is chosen or what is chosen does not exist."""
    kept = getattr(request, _KEPT_ON_REQUEST, None)
    if isinstance(kept, AreaInView):
        return kept
    return keep_area(request, _look_up({chosen_area_code(request), COUNTRY}, timezone.localdate()))


def keep_area(request: HttpRequest, area: AreaInView | None) -> AreaInView:
    """Let the whole page, its frame included, speak of this area."""
    found = area or AreaInView(code=COUNTRY, name=_("The whole country"), short_name=_("The whole country"))
    setattr(request, _KEPT_ON_REQUEST, found)
    return found


def find_area(code: str, today: date) -> AreaInView | None:
    """The area with this code and its neighbours, in two queries; None when there is none."""
    return _look_up({code}, today) if _CODE.fullmatch(code) else None


def full_name(name: str, kind: str) -> str:
    """ "Region Midtjylland": regions are named with their kind in running text, the others as they are."""
    return f"Region {name}" if kind == "region" else name


def _look_up(codes: set[str], today: date) -> AreaInView | None:
    area = _with_successor(Area.objects.filter(code__in=codes)).select_related("kind").order_by("-kind__rank").first()
    if area is None:
        return None
    members, containers = _neighbours(area, _day_of(area, today))
    return AreaInView(
        code=area.code,
        name=full_name(area.name, area.kind_id),
        short_name=area.name,
        pk=area.pk,
        kind=area.kind_id,
        kind_name=kind_name(area),
        kind_rank=area.kind.rank,
        inside=_inside(area, members),
        successor=_successor_sentence(area, today),
        valid_from=area.valid_from,
        valid_to=area.valid_to,
        confirmation=area.confirmation,
        note=area.note,
        members=members,
        containers=containers,
    )


def kind_name(area: Area, *, plural: bool = False) -> str:
    """What the area is called as a kind, in the reader's language; the words are data."""
    english = (get_language() or "da").startswith("en")
    if plural:
        return area.kind.name_plural_en if english else area.kind.name_plural
    return area.kind.name_en if english else area.kind.name


def _with_successor(areas: QuerySet[Area]) -> QuerySet[Area]:
    first = AreaSuccession.objects.filter(predecessor=OuterRef("pk")).order_by("on", "pk")
    return areas.annotate(
        successor_count=Count("successions"),
        successor_name=Subquery(first.values("successor__name")[:1]),
        successor_kind=Subquery(first.values("successor__kind_id")[:1]),
        successor_on=Subquery(first.values("on")[:1]),
    )


def _day_of(area: Area, today: date) -> date:
    """The day its neighbours are read on: an area that has ended, or is yet to begin, still has the ones it had or gets."""
    if area.valid_to is not None and area.valid_to < today:
        return area.valid_to
    if area.valid_from is not None and area.valid_from > today:
        return area.valid_from
    return today


def _neighbours(area: Area, day: date) -> tuple[tuple[AreaRef, ...], tuple[AreaRef, ...]]:
    """(members, containers) valid that day, each in the order pages print them."""
    memberships = AreaMembership.objects.filter(
        Q(member=area) | Q(container=area),
        Q(valid_from__isnull=True) | Q(valid_from__lte=day),
        Q(valid_to__isnull=True) | Q(valid_to__gte=day),
    ).select_related("member__kind", "container__kind")
    members, containers = [], []
    for membership in memberships:
        if membership.container_id == area.pk:
            members.append((membership.member, membership.confirmation))
        else:
            containers.append((membership.container, membership.confirmation))
    return _refs(members), _refs(containers)


def _refs(areas: list[tuple[Area, str]]) -> tuple[AreaRef, ...]:
    ordered = sorted(areas, key=lambda pair: (pair[0].kind.rank, pair[0].sort_key))
    return tuple(
        AreaRef(
            pk=area.pk,
            code=area.code,
            name=area.name,
            kind=area.kind_id,
            kind_rank=area.kind.rank,
            valid_from=area.valid_from,
            valid_to=area.valid_to,
            confirmation=confirmation,
        )
        for area, confirmation in ordered
    )


def _inside(area: Area, members: tuple[AreaRef, ...]) -> str:
    names = [member.name for member in members if member.kind == "municipality"]
    if not names:
        return kind_name(area).lower() if area.kind_id == "municipality" else ""
    if len(names) <= NAMED_MUNICIPALITIES:
        return join_words(names, get_language() or "da")
    return ngettext("%(count)d municipality", "%(count)d municipalities", len(names)) % {"count": len(names)}


def _successor_sentence(area: Area, today: date) -> str:
    """Said before and after the change; when there are several successors they are named on the area's own page."""
    on, count = getattr(area, "successor_on", None), getattr(area, "successor_count", 0)
    if on is None or not count:
        return ""
    day = format_date(on, get_language() or "da")
    name = full_name(getattr(area, "successor_name", "") or "", getattr(area, "successor_kind", "") or "")
    if count > 1:
        return _("From %(day)s: replaced by %(count)d areas") % {"day": day, "count": count}
    if on <= today:
        return _("Since %(day)s: %(name)s") % {"day": day, "name": name}
    return _("From %(day)s: %(name)s") % {"day": day, "name": name}
