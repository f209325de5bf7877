"""The accounts of the site for whoever runs it, one account for them, and my own profile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from initiatives.actions.memberships import bodies_left_without_secretary
from initiatives.models import ActionItem, Delegation, Membership
from initiatives.presenters.body_people import AbsenceRow, absence_row, period_sentence
from initiatives.presenters.wording import day_text
from sundhedsaftale.actions.people import STEWARD_PERMISSION
from sundhedsaftale.models import AccountChange, AccountEvent, SiteRole, User

ON_A_PAGE = 50
MOST_CHANGES = 100


@dataclass(frozen=True)
class RoleLine:
    body: str
    url: str
    role: str
    dates: str


@dataclass(frozen=True)
class PersonLine:
    name: str
    email: str  # "" when it is the name already
    url: str
    roles: tuple[str, ...]
    site_roles: tuple[str, ...]
    last_sign_in: str
    closed: str


@dataclass(frozen=True)
class PeopleList:
    answer: str
    query: str
    shown: str  # open, closed or all
    lines: tuple[PersonLine, ...]
    page_text: str
    previous_url: str
    next_url: str


@dataclass(frozen=True)
class SiteRoleLine:
    role: str
    name: str
    note: str
    held: bool


@dataclass(frozen=True)
class ItemLine:
    title: str
    url: str
    plan: str


@dataclass(frozen=True)
class ChangeLine:
    text: str
    when: str


@dataclass(frozen=True)
class PersonPage:
    pk: int
    name: str
    email: str
    answer: str
    is_open: bool
    roles: tuple[RoleLine, ...]
    site_roles: tuple[SiteRoleLine, ...]
    absences: tuple[AbsenceRow, ...]
    items: tuple[ItemLine, ...]  # that would have no coordinator
    changes: tuple[ChangeLine, ...]
    last_sign_in: str
    since: str
    url: str


@dataclass(frozen=True)
class ClosePage:
    """What becomes ownerless, before it is done."""

    items: tuple[ItemLine, ...]
    items_text: str
    bodies: tuple[str, ...]
    roles_text: str


@dataclass(frozen=True)
class ProfilePage:
    email: str
    roles: tuple[RoleLine, ...]
    former: tuple[RoleLine, ...]
    site_roles: tuple[str, ...]
    absences: tuple[AbsenceRow, ...]
    duties: tuple[AbsenceRow, ...]


# --- All of them ------------------------------------------------------------------------------------------------------


def people_list(*, query: str, shown: str, page_number: str, today: date) -> PeopleList:
    """Three queries, whatever the number of people."""
    people = _with_stewards(User.objects.all())
    if shown not in ("closed", "all"):
        shown = "open"
    if shown != "all":
        people = people.filter(is_active=shown == "open")
    for word in query.split()[:6]:
        people = people.filter(Q(name__icontains=word) | Q(email__icontains=word) | _in_body(word, today))
    current = Membership.objects.valid_on(today).select_related("body").order_by("body__sort_key", "role")
    people = people.order_by("name", "email").prefetch_related(Prefetch("memberships", current, to_attr="current"))
    page = Paginator(people, ON_A_PAGE).get_page(page_number)
    pages = page.paginator.num_pages
    return PeopleList(
        answer=_found(page.paginator.count, query),
        query=query,
        shown=shown,
        lines=tuple(_line(person) for person in page.object_list),
        page_text=_("Page %(number)s of %(pages)s") % {"number": page.number, "pages": pages} if pages > 1 else "",
        previous_url=_page_url(query, shown, page.number - 1) if page.has_previous() else "",
        next_url=_page_url(query, shown, page.number + 1) if page.has_next() else "",
    )


def _in_body(word: str, today: date) -> Q:
    return Q(pk__in=Membership.objects.valid_on(today).filter(body__name__icontains=word).values("user"))


def _with_stewards(people: QuerySet[User]) -> QuerySet[User]:
    through = User.user_permissions.through.objects
    held = through.filter(user=OuterRef("pk"), permission__codename=STEWARD_PERMISSION)
    return people.annotate(is_steward=Exists(held))


def _found(count: int, query: str) -> str:
    if not count:
        return _("Nobody matches »%(query)s«.") % {"query": query} if query else _("There is nobody here.")
    return ngettext("%(n)s person", "%(n)s people", count) % {"n": count} + "."


def _page_url(query: str, shown: str, number: int) -> str:
    asked: dict[str, str | int] = {"q": query, "vis": shown, "side": number}
    return f"{reverse('people')}?{urlencode({key: value for key, value in asked.items() if value})}"


def _line(person: Any) -> PersonLine:
    return PersonLine(
        name=str(person),
        email=person.email if person.email != str(person) else "",
        url=reverse("person", args=[person.pk]),
        roles=tuple(f"{one.body.name}: {one.get_role_display()}" for one in person.current),
        site_roles=_site_roles(person),
        last_sign_in=_last_sign_in(person),
        closed=_closed(person),
    )


def _site_roles(person: Any) -> tuple[str, ...]:
    held = ((SiteRole.ADMINISTRATOR, person.is_superuser), (SiteRole.STEWARD, person.is_steward))
    return tuple(str(role.label) for role, has in held if has)


def _last_sign_in(person: User) -> str:
    if person.last_login is None:
        return _("Never")
    return day_text(timezone.localtime(person.last_login).date())


def _closed(person: User) -> str:
    if person.is_active:
        return ""
    if person.closed_on is None:
        return _("Closed")
    return _("Closed %(day)s") % {"day": day_text(person.closed_on)}


# --- One of them ------------------------------------------------------------------------------------------------------


def person_page(pk: int, *, today: date) -> PersonPage | None:
    """Five queries; None when there is nobody by that number."""
    person: Any = _with_stewards(User.objects.filter(pk=pk)).first()
    if person is None:
        return None
    return PersonPage(
        pk=person.pk,
        name=str(person),
        email=person.email,
        answer=_closed(person) + "." if not person.is_active else _("The account is open."),
        is_open=person.is_active,
        roles=_roles(Membership.objects.filter(user=person), today),
        site_roles=_site_role_lines(person),
        absences=absences_of(person, today=today, may_end=True),
        items=coordinated_items(person, today=today),
        changes=_changes(person),
        last_sign_in=_last_sign_in(person),
        since=day_text(timezone.localtime(person.date_joined).date()),
        url=reverse("person", args=[person.pk]),
    )


def close_page(person: User, *, today: date) -> ClosePage:
    items = coordinated_items(person, today=today)
    count = Membership.objects.valid_on(today).filter(user=person).count()
    return ClosePage(
        items=items,
        items_text=ngettext("%(n)s item loses its coordinator", "%(n)s items lose their coordinator", len(items))
        % {"n": len(items)},
        bodies=tuple(body.name for body in bodies_left_without_secretary(person, today=today)),
        roles_text=ngettext("%(n)s role ends today", "%(n)s roles end today", count) % {"n": count},
    )


def coordinated_items(person: User, *, today: date) -> tuple[ItemLine, ...]:
    """The open items the person coordinates. One query."""
    items = ActionItem.objects.open(today=today).filter(coordinator=person).select_related("plan")
    return tuple(
        ItemLine(
            title=f"{item.number}. {item.title}",
            url=reverse("item", args=[item.plan.slug, item.number]),
            plan=item.plan.short_title or item.plan.title,
        )
        for item in items.order_by("plan__slug", "number")
    )


def _site_role_lines(person: Any) -> tuple[SiteRoleLine, ...]:
    notes = {
        SiteRole.STEWARD: (_("May refresh, approve and roll back figures"), person.is_steward),
        SiteRole.ADMINISTRATOR: (
            _("Opens and closes accounts, and may do everything in every body"),
            person.is_superuser,
        ),
    }
    return tuple(SiteRoleLine(role.value, str(role.label), note, held) for role, (note, held) in notes.items())


def _changes(person: User) -> tuple[ChangeLine, ...]:
    rows = AccountChange.objects.filter(person=person).select_related("by")[:MOST_CHANGES]
    return tuple(ChangeLine(_change_text(row), _moment(row.at)) for row in rows)


def _change_text(change: AccountChange) -> str:
    label = str(AccountEvent(change.what).label)
    before, after = _word(change, change.before), _word(change, change.after)
    values = f"{before} → {after}" if before and after else before or after
    who = str(change.by) if change.by else _("somebody with access to the server")
    said = f"{label}: {values}" if values else label
    return _("%(said)s, by %(who)s") % {"said": said, "who": who}


def _word(change: AccountChange, value: str) -> str:
    if change.what == AccountEvent.LANGUAGE:
        return dict(settings.LANGUAGES).get(value, value)
    if change.what in (AccountEvent.GRANTED, AccountEvent.WITHDRAWN) and value in SiteRole.values:
        return str(SiteRole(value).label)
    return value


def _moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{day_text(local.date())} {local:%H:%M}"


# --- Myself -----------------------------------------------------------------------------------------------------------


def profile_page(person: User, *, today: date) -> ProfilePage:
    """Four queries."""
    over = Q(valid_to__isnull=False, valid_to__lt=today)
    steward: Any = _with_stewards(User.objects.filter(pk=person.pk)).get()
    rows = Delegation.objects.filter(deputy=person, ended_at__isnull=True, last_day__gte=today)
    duties = rows.select_related("person", "deputy", "body").order_by("first_day", "pk")
    return ProfilePage(
        email=person.email,
        roles=_roles(Membership.objects.filter(user=person).exclude(over), today),
        former=_roles(Membership.objects.filter(over, user=person), today),
        site_roles=_site_roles(steward),
        absences=absences_of(person, today=today, may_end=True),
        duties=tuple(absence_row(one, may_end=False, today=today) for one in duties),
    )


def absences_of(person: User, *, today: date, may_end: bool) -> tuple[AbsenceRow, ...]:
    """Those that are not over. One query."""
    rows = Delegation.objects.filter(person=person, ended_at__isnull=True, last_day__gte=today)
    found = rows.select_related("person", "deputy", "body").order_by("first_day", "pk")
    return tuple(absence_row(one, may_end=may_end, today=today) for one in found)


def _roles(rows: QuerySet[Membership], today: date) -> tuple[RoleLine, ...]:
    return tuple(
        RoleLine(
            body=one.body.name,
            url=reverse("body", args=[one.body.slug]),
            role=one.get_role_display(),
            dates=period_sentence(one.valid_from, one.valid_to, today=today),
        )
        for one in rows.select_related("body").order_by("body__sort_key", "role", "valid_from")
    )
