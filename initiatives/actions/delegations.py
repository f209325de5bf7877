"""Absences with a deputy: registered, ended early. The person keeps their own rights, and nothing is deleted."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.actions.versions import changes_pages
from initiatives.models import Body, Delegation, Membership
from initiatives.presenters.wording import day_text

LONGEST = timedelta(days=366)


@changes_pages
def register_absence(
    *,
    person: Any,
    deputy: Any,
    first_day: date,
    last_day: date,
    by: Any,
    now: datetime,
    body: Body | None = None,
) -> Delegation:
    """For these days, both included, the deputy has the person's roles in the body, or with None in all of them.

    Raises ValidationError keyed by field (deputy, first_day, last_day, body); then nothing is stored.
    """
    # One absence of a person at a time is written: of two at once the second sees the first.
    person = get_user_model().objects.select_for_update(no_key=True).get(pk=person.pk)
    _check_days(first_day, last_day, today=timezone.localtime(now).date())
    _check_people(person, deputy, body, first_day, last_day)
    clash = _overlapping(person.delegations.all(), first_day, last_day)
    if body is not None:
        clash = clash.filter(Q(body__isnull=True) | Q(body=body))
    found = clash.select_related("deputy").first()
    if found is not None:
        words = {"first": day_text(found.first_day), "last": day_text(found.last_day), "deputy": found.deputy}
        raise ValidationError(
            {
                "first_day": [
                    _("%(deputy)s is deputy from %(first)s to %(last)s already. End that absence first.") % words
                ]
            }
        )
    return Delegation.objects.create(
        person=person, deputy=deputy, body=body, first_day=first_day, last_day=last_day, created_at=now, by=by
    )


@changes_pages
def end_absence(*, delegation: Delegation, by: Any, now: datetime) -> bool:
    """The deputy has nothing more from this moment on. False when it had ended already."""
    standing = Delegation.objects.filter(pk=delegation.pk, ended_at__isnull=True)
    return bool(standing.filter(last_day__gte=timezone.localtime(now).date()).update(ended_at=now, ended_by=by))


def end_every_absence(*, user: Any, by: Any, now: datetime) -> int:
    """Those of the person and those in which they are the deputy. How many were ended. A step inside an action."""
    standing = Delegation.objects.filter(Q(person=user) | Q(deputy=user), ended_at__isnull=True)
    return standing.filter(last_day__gte=timezone.localtime(now).date()).update(ended_at=now, ended_by=by)


def absence_of_deputy(delegation: Delegation) -> Delegation | None:
    """An absence of the deputy's own in the same days: nobody then takes over what they took over."""
    return _overlapping(delegation.deputy.delegations.all(), delegation.first_day, delegation.last_day).first()


def duties_taken_on(person: Any, first_day: date, last_day: date) -> list[Delegation]:
    """For whom the person is deputy in those days. One query."""
    taken = _overlapping(Delegation.objects.filter(deputy=person), first_day, last_day)
    return list(taken.select_related("person").order_by("first_day", "pk"))


def _overlapping(rows: Any, first_day: date, last_day: date) -> Any:
    return rows.filter(ended_at__isnull=True, first_day__lte=last_day, last_day__gte=first_day)


def _check_days(first_day: date, last_day: date, *, today: date) -> None:
    errors: dict[str, list[str]] = {}
    if first_day < today:
        errors["first_day"] = [_("Choose today or a later day: a deputy cannot have taken over before.")]
    if last_day < first_day:
        errors["last_day"] = [_("The absence must begin before it ends.")]
    elif last_day - first_day > LONGEST:
        errors["last_day"] = [_("An absence is at most a year. End the role instead, or register the rest later.")]
    if errors:
        raise ValidationError(errors)


def _check_people(person: Any, deputy: Any, body: Body | None, first_day: date, last_day: date) -> None:
    if not person.is_active:
        raise ValidationError(_("%(who)s's account is closed.") % {"who": person})
    if deputy.pk == person.pk:
        raise ValidationError({"deputy": [_("Choose somebody else as deputy.")]})
    if not deputy.is_active:
        raise ValidationError({"deputy": [_("%(who)s's account is closed. Choose another.") % {"who": deputy}]})
    own = Membership.objects.valid_on(first_day).filter(user=person)
    if body is not None:
        own = own.filter(body=body)
    if not own.exists():
        raise ValidationError({"first_day": [_("%(who)s has no role on that day.") % {"who": person}]})
    beside = Membership.objects.valid_on(first_day).filter(user=deputy, body__in=own.values("body"))
    if not beside.exists():
        words = {"deputy": deputy, "who": person}
        raise ValidationError({"deputy": [_("%(deputy)s is in none of %(who)s's bodies on the first day.") % words]})
    away = _overlapping(deputy.delegations.all(), first_day, last_day).first()
    if away is not None:
        words = {"who": deputy, "first": day_text(away.first_day), "last": day_text(away.last_day)}
        raise ValidationError({"deputy": [_("%(who)s is away from %(first)s to %(last)s. Choose another.") % words]})
