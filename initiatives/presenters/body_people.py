"""Who holds which role in a body: now, later and formerly; who is away; who is invited. For the body's own people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from initiatives.actions.invitations import MOST_OPEN
from initiatives.models import Body, Delegation, Invitation, InvitationMail, Membership, Role
from initiatives.presenters.wording import day_text, language
from sundhedsaftale.lib.danish import join_words, sort_key

ORDER = {role: position for position, role in enumerate(Role.values)}


@dataclass(frozen=True)
class RoleRow:
    who: str
    email: str  # "" for readers who may not see it
    role: str
    dates: str
    notes: tuple[str, ...]  # away, closed
    edit_url: str  # "" when it cannot be changed
    end_url: str
    absence_url: str


@dataclass(frozen=True)
class AbsenceRow:
    text: str
    end_url: str  # "" when the reader may not end it
    label: str  # what the button is about, for whoever does not see the row around it


@dataclass(frozen=True)
class InvitationRow:
    email: str
    name: str
    role: str
    asked: str
    mail: str
    problem: str  # what a person must decide, "" when nothing
    again_url: str
    withdraw_url: str


@dataclass(frozen=True)
class PeoplePage:
    body: str
    answer: str
    warning: str  # no secretary, "" when there is one
    now: tuple[RoleRow, ...]
    later: tuple[RoleRow, ...]
    formerly: tuple[RoleRow, ...]
    absences: tuple[AbsenceRow, ...]
    invitations: tuple[InvitationRow, ...]
    can_manage: bool
    add_url: str
    invite_url: str


def people_page(body: Body, *, viewer: Any, can_manage: bool, now: datetime) -> PeoplePage:
    """Three queries, whatever the number of people; without the invitations two."""
    today = timezone.localtime(now).date()
    memberships = list(Membership.objects.filter(body=body).select_related("user"))
    absences = _absences(body, memberships, today)
    rows = _Rows(body, absences, can_manage, today)
    held = sorted(memberships, key=lambda one: (ORDER.get(one.role, 99), sort_key(str(one.user)), one.pk))
    current = [one for one in held if _counts(one, today)]
    return PeoplePage(
        body=body.name,
        answer=_answer(current),
        warning=_warning(body, current, today),
        now=tuple(rows.row(one) for one in current),
        later=tuple(rows.row(one) for one in held if _begins_later(one, today)),
        formerly=tuple(
            rows.row(one, over=True)
            for one in sorted(held, key=lambda one: one.valid_to or date.max, reverse=True)
            if not _counts(one, today) and not _begins_later(one, today)
        ),
        absences=tuple(
            absence_row(one, may_end=_may_end(one, body, viewer, can_manage=can_manage), today=today)
            for one in absences
        ),
        invitations=_invitations(body, now) if can_manage else (),
        can_manage=can_manage,
        add_url=reverse("member_add", args=[body.slug]),
        invite_url=reverse("invitation_create", args=[body.slug]),
    )


class _Rows:
    def __init__(self, body: Body, absences: list[Delegation], can_manage: bool, today: date) -> None:
        self.body, self.can_manage, self.today = body, can_manage, today
        self.away = {one.person_id: one for one in absences if one.first_day <= today}

    def row(self, membership: Membership, *, over: bool = False) -> RoleRow:
        user, changes = membership.user, self.can_manage
        place = [self.body.slug, membership.pk]
        return RoleRow(
            who=str(user),
            email=user.email if changes and user.email != str(user) else "",
            role=membership.get_role_display(),
            dates=period_sentence(membership.valid_from, membership.valid_to, today=self.today),
            notes=tuple(self._notes(membership, over)),
            edit_url=reverse("member_dates", args=place) if changes else "",
            end_url=reverse("member_end", args=place) if changes and not over else "",
            absence_url=reverse("member_absence", args=[self.body.slug, user.pk])
            if changes and not over and user.is_active
            else "",
        )

    def _notes(self, membership: Membership, over: bool) -> list[str]:
        notes = []
        if not membership.user.is_active:
            notes.append(_("The account is closed"))
        away = self.away.get(membership.user_id)
        if away is not None and not over:
            words = {"day": day_text(away.last_day), "deputy": away.deputy}
            notes.append(_("Away until %(day)s; deputy: %(deputy)s") % words)
        return notes


def period_sentence(first: date | None, last: date | None, *, today: date) -> str:
    """ "Fra 1. marts 2026", "1. marts 2026 – 31. december 2026", "Aflyst, før den begyndte"."""
    if first is not None and last is not None and last < first:
        return _("Called off before it began")
    if first is not None and last is not None:
        return _("%(first)s to %(last)s") % {"first": day_text(first), "last": day_text(last)}
    if first is not None:
        return _("From %(day)s") % {"day": day_text(first)}
    if last is not None:
        return _("Until %(day)s") % {"day": day_text(last)}
    return _("It is not known when it began")


def absence_row(delegation: Delegation, *, may_end: bool, today: date) -> AbsenceRow:
    """The delegation comes with its person, deputy and body."""
    words = {
        "who": delegation.person,
        "deputy": delegation.deputy,
        "first": day_text(delegation.first_day),
        "last": day_text(delegation.last_day),
        "body": delegation.body.name if delegation.body else "",
    }
    if delegation.body is not None:
        text = _("%(who)s is away %(first)s to %(last)s. %(deputy)s has the roles in %(body)s meanwhile.") % words
    else:
        text = _("%(who)s is away %(first)s to %(last)s. %(deputy)s has all their roles meanwhile.") % words
    return AbsenceRow(
        text=text,
        end_url=reverse("absence_end", args=[delegation.pk]) if may_end and delegation.last_day >= today else "",
        label=str(delegation.person),
    )


def _may_end(absence: Delegation, body: Body, viewer: Any, *, can_manage: bool) -> bool:
    """The same answer as `user_can_end_absence`, for somebody who reads this page."""
    if viewer.is_superuser or absence.person_id == viewer.pk:
        return True
    return can_manage and absence.body_id == body.pk


def _counts(membership: Membership, day: date) -> bool:
    return (membership.valid_from or day) <= day <= (membership.valid_to or day)


def _begins_later(membership: Membership, day: date) -> bool:
    begins, ends = membership.valid_from, membership.valid_to
    return begins is not None and begins > day and (ends is None or ends >= begins)


def _answer(current: list[Membership]) -> str:
    people = len({one.user_id for one in current if one.user.is_active})
    if not people:
        return _("Nobody has a role here now.")
    secretaries = [str(one.user) for one in current if one.role == Role.SECRETARY and one.user.is_active]
    count = ngettext("%(n)s person has a role here now.", "%(n)s people have a role here now.", people) % {"n": people}
    if not secretaries:
        return count
    named = _("Secretary: %(who)s.") % {"who": join_words(secretaries, language())}
    return f"{count} {named}"


def _warning(body: Body, current: list[Membership], today: date) -> str:
    if any(one.role == Role.SECRETARY and one.user.is_active for one in current):
        return ""
    if body.valid_to is not None and body.valid_to < today:
        return ""
    return _("The body has no secretary: only an administrator can give out roles and register its meetings.")


def _absences(body: Body, memberships: list[Membership], today: date) -> list[Delegation]:
    people = {one.user_id for one in memberships}
    rows = Delegation.objects.filter(person__in=people, ended_at__isnull=True, last_day__gte=today)
    rows = rows.filter(Q(body__isnull=True) | Q(body=body)).select_related("person", "deputy", "body")
    return list(rows.order_by("first_day", "pk"))


def _invitations(body: Body, now: datetime) -> tuple[InvitationRow, ...]:
    open_ones = Invitation.objects.filter(body=body, accepted_at__isnull=True, withdrawn_at__isnull=True)
    return tuple(_invitation(one, body, now) for one in open_ones.select_related("by")[: MOST_OPEN * 2])


def _invitation(invitation: Invitation, body: Body, now: datetime) -> InvitationRow:
    expired = invitation.expires_at <= now
    day = day_text(timezone.localtime(invitation.expires_at).date())
    asked = {"who": invitation.by, "day": day_text(timezone.localtime(invitation.created_at).date())}
    return InvitationRow(
        email=invitation.email,
        name=invitation.name,
        role=invitation.get_role_display(),
        asked=_("%(who)s, %(day)s") % asked,
        mail=_("Ran out on %(day)s") % {"day": day} if expired else _mail(invitation, day),
        problem=_problem(invitation, expired),
        again_url=reverse("invitation_again", args=[body.slug, invitation.pk]),
        withdraw_url=reverse("invitation_withdraw", args=[body.slug, invitation.pk]),
    )


def _mail(invitation: Invitation, until: str) -> str:
    if invitation.mail_state == InvitationMail.SENT:
        return _("Sent, good until %(day)s") % {"day": until}
    if invitation.mail_state == InvitationMail.WAITING:
        return _("Waits to be sent")
    return str(InvitationMail(invitation.mail_state).label)


def _problem(invitation: Invitation, expired: bool) -> str:
    if expired:
        return ""
    if invitation.mail_state == InvitationMail.UNCERTAIN:
        return _("Nobody knows whether the mail arrived. Send it again, and an earlier link no longer works.")
    if invitation.mail_state == InvitationMail.REFUSED:
        words = _("The mail server refused the mail (%(why)s). Check the address; withdraw it if it is wrong.")
        return words % {"why": invitation.mail_error}
    if invitation.mail_state == InvitationMail.WAITING and invitation.mail_error:
        return _("The mail server does not take it just now (%(why)s). It is tried again every ten minutes.") % {
            "why": invitation.mail_error
        }
    return ""
