"""Roles in bodies: given, dated, ended. Never deleted, and never a body without a secretary that nobody has been told of."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from indicators.actions.versions import changes_pages
from initiatives.actions.plans import save_signed
from initiatives.calculations.secretaries import Period, first_day_without
from initiatives.models import Body, Membership, Role
from initiatives.presenters.wording import day_text

FURTHEST = timedelta(days=20 * 366)  # a date further off is a slip of the finger


class MembershipConflict(Exception):
    """Somebody changed the role after the form was opened. `current` is theirs; nothing of ours was stored."""

    def __init__(self, current: Membership) -> None:
        super().__init__("the role was changed meanwhile")
        self.current = current


def stamp_of(membership: Membership) -> str:
    """What a form was opened on."""
    return f"{membership.valid_from or ''}/{membership.valid_to or ''}"


@changes_pages
def add_member(
    *, body: Body, user: Any, role: str, by: Any, today: date, valid_from: date, valid_to: date | None = None
) -> Membership:
    """Give somebody a role. Raises ValidationError keyed by field (user, role, valid_from, valid_to)."""
    body = _lock(body)
    if not user.is_active:
        raise ValidationError({"user": [_("%(who)s's account is closed. Reopen it first.") % {"who": user}]})
    check_dates(body, role, valid_from, valid_to, today=today)
    membership = Membership(body=body, user=user, role=role, valid_from=valid_from, valid_to=valid_to)
    _refuse_twice(membership)
    save_signed(membership, by)
    return membership


@changes_pages
def change_dates(
    *,
    membership: Membership,
    valid_from: date | None,
    valid_to: date | None,
    by: Any,
    today: date,
    opened_on: str | None = None,
    confirmed: bool = False,
) -> Membership:
    """Move the first and last day of a role; both days count.

    opened_on: the stamp the form was opened on; MembershipConflict when it has been changed since. confirmed: the body
    may be without a secretary. A secretary who would be the last cannot end their own role. Raises ValidationError.
    """
    body = _lock(membership.body)
    membership = Membership.objects.select_related("user", "body").get(pk=membership.pk)
    if opened_on is not None and opened_on != stamp_of(membership):
        raise MembershipConflict(membership)
    check_dates(body, membership.role, valid_from, valid_to, today=today, begun=membership.valid_from)
    if (valid_from, valid_to) == (membership.valid_from, membership.valid_to):
        return membership
    if membership.role == Role.SECRETARY:
        _keep_a_secretary(membership, (valid_from, valid_to), by=by, today=today, confirmed=confirmed)
    membership.valid_from, membership.valid_to = valid_from, valid_to
    _refuse_twice(membership)
    save_signed(membership, by)
    return membership


@changes_pages
def end_role(
    *,
    membership: Membership,
    last_day: date,
    by: Any,
    today: date,
    opened_on: str | None = None,
    confirmed: bool = False,
) -> Membership:
    """The role counts through its last day. One that had not begun by then is called off: it counts on no day.

    Raises like `change_dates`.
    """
    return change_dates(
        membership=membership,
        valid_from=membership.valid_from,
        valid_to=last_day,
        by=by,
        today=today,
        opened_on=opened_on,
        confirmed=confirmed,
    )


def leave_everything(*, user: Any, last_day: date, by: Any, why: str = "") -> list[Membership]:
    """Every role that counts after that day ends on it; one that has not begun never does. Nobody is asked.

    A step inside an action, which counts the data version up last: a row that others wait for must not be held meanwhile.
    """
    open_roles = standing_roles(user, last_day).select_related("body")
    Body.objects.select_for_update(no_key=True).filter(pk__in=open_roles.values("body")).order_by("pk").count()
    ended = list(open_roles.order_by("pk"))
    for membership in ended:
        membership.valid_to = last_day
        save_signed(membership, by, why=why)
    return ended


def standing_roles(user: Any, day: date) -> QuerySet[Membership]:
    """Roles that count on some day after it."""
    called_off = Q(valid_from__isnull=False, valid_to__lt=F("valid_from"))
    return (
        Membership.objects.filter(user=user).filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day)).exclude(called_off)
    )


def bodies_left_without_secretary(user: Any, *, today: date) -> list[Body]:
    """The bodies that have no secretary, at once or later, when this person leaves everything. In Danish order."""
    found = []
    own = standing_roles(user, today - timedelta(days=1)).filter(role=Role.SECRETARY)
    for body in Body.objects.filter(pk__in=own.values("body")):
        before, others = _secretaries(body), _secretaries(body, without_user=user)
        if first_day_without(before, others, first=today + timedelta(days=1), last=body.valid_to) is not None:
            found.append(body)
    return found


def check_dates(
    body: Body, role: str, valid_from: date | None, valid_to: date | None, *, today: date, begun: date | None = None
) -> None:
    """Raises ValidationError keyed by field. begun: the first day the role has now; an end before it calls it off."""
    errors: dict[str, list[str]] = {}
    if role not in Role.values:
        errors["role"] = [_("Choose a role.")]
    if valid_from is not None and abs(valid_from - today) > FURTHEST:
        errors["valid_from"] = [_("That is more than 20 years from today. Check the year.")]
    if valid_to is not None and abs(valid_to - today) > FURTHEST:
        errors["valid_to"] = [_("That is more than 20 years from today. Check the year.")]
    elif valid_from is not None and valid_to is not None and valid_to < valid_from and valid_from != begun:
        errors["valid_to"] = [_("The role must begin before it ends.")]
    if body.valid_to is not None and valid_from is not None and valid_from > body.valid_to:
        words = {"body": body.name, "day": day_text(body.valid_to)}
        errors.setdefault("valid_from", []).append(_("%(body)s ends on %(day)s.") % words)
    if errors:
        raise ValidationError(errors)


def _lock(body: Body) -> Body:
    """One change of a body's roles at a time: of two who end each other, the second is told."""
    return Body.objects.select_for_update(no_key=True).get(pk=body.pk)


def _refuse_twice(membership: Membership) -> None:
    """The same role twice at the same time says nothing more than once."""
    others = Membership.objects.filter(body=membership.body_id, user=membership.user_id, role=membership.role)
    others = others.exclude(pk=membership.pk).exclude(valid_to__lt=F("valid_from"))
    if membership.valid_to is not None:
        if membership.valid_from is not None and membership.valid_to < membership.valid_from:
            return  # called off
        others = others.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=membership.valid_to))
    if membership.valid_from is not None:
        others = others.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=membership.valid_from))
    if others.exists():
        raise ValidationError({"role": [_("%(who)s has that role in that period already.") % {"who": membership.user}]})


def _secretaries(body: Body, *, without: Membership | None = None, without_user: Any = None) -> list[Period]:
    rows = Membership.objects.filter(body=body, role=Role.SECRETARY, user__is_active=True)
    if without is not None:
        rows = rows.exclude(pk=without.pk)
    if without_user is not None:
        rows = rows.exclude(user=without_user)
    return list(rows.values_list("valid_from", "valid_to"))


def _keep_a_secretary(membership: Membership, period: Period, *, by: Any, today: date, confirmed: bool) -> None:
    body = membership.body
    others = _secretaries(body, without=membership)
    own = [(membership.valid_from, membership.valid_to)] if membership.user.is_active else []
    day = first_day_without([*others, *own], [*others, period], first=today, last=body.valid_to)
    if day is None:
        return
    words = {"body": body.name, "day": day_text(day)}
    if membership.user_id == getattr(by, "pk", None) and not by.is_superuser:
        raise ValidationError(
            _("You are the last secretary: %(body)s would have none from %(day)s. Give somebody else the role first.")
            % words
        )
    if not confirmed:
        raise ValidationError(
            {"confirmed": [_("%(body)s has no secretary from %(day)s. Nobody else can give out roles then.") % words]}
        )
