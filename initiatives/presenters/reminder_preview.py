"""What would be sent on a day: the mails with their lines and why, what is held back and why, who is away.

The same calculation as the outbox's, from what is known today. Nothing is written. Coming days are counted through one by
one, as if all mails on the way went out and nobody answered.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from initiatives.calculations.early_warning import CADENCE, FLOOR_DAYS
from initiatives.calculations.reminder_rules import (
    DAY_OFF,
    FLOOR,
    MISSING,
    NO_FIGURES,
    NO_NEWS,
    TELL_CHAIR,
    TELL_SECRETARY,
    UNDATED,
    WEEKLY,
    HandIn,
    come_due,
    weekly_day,
)
from initiatives.models import Body, Role
from initiatives.presenters.meetings import weekday_text
from initiatives.presenters.reminder_lines import MailLine, Said, mail_lines
from initiatives.presenters.wording import day_text
from initiatives.reminding.people import ABSENT
from initiatives.reminding.planning import Line, PlannedMail, World, load_world, people_away, simulate
from sundhedsaftale.lib.danish import sort_key
from sundhedsaftale.lib.working_days import is_working_day, next_working_day

DAYS_AHEAD = 60
MOST_MAILS = 100
DAY = "dag"


@dataclass(frozen=True)
class PreviewLine:
    """why: which rule, and in which role the person is asked."""

    line: MailLine
    why: str


@dataclass(frozen=True)
class PreviewMail:
    """held: a sentence, "" when it would be sent. others: how many lines are about other bodies, in words."""

    who: str
    lines: list[PreviewLine]
    held: str
    others: str


@dataclass(frozen=True)
class DayLink:
    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class BodyRule:
    name: str
    url: str
    text: str


@dataclass(frozen=True)
class Preview:
    """unread: why another day is shown than was asked for. left: how many mails are not listed, in words."""

    day: date
    day_words: str
    answer: str
    note: str
    unread: str
    first: date
    last: date
    links: list[DayLink]
    sent: list[PreviewMail]
    held: list[PreviewMail]
    left: str
    away: list[str]
    nobody: list[tuple[str, str]]
    rules: list[BodyRule]


def read_day(words: str, *, today: date) -> tuple[date, str]:
    """The day that is asked for, and "" or why it is another. Without a day it is the next working day, today included."""
    first = next_working_day(today)
    if not words:
        return first, ""
    last = today + timedelta(days=DAYS_AHEAD)
    try:
        day = date.fromisoformat(words)
    except ValueError:
        return first, _("That is no day. Shown is the next working day.")
    if not today <= day <= last:
        span = {"first": day_text(today), "last": day_text(last)}
        return first, _("Choose a day from %(first)s to %(last)s. Shown is the next working day.") % span
    return day, ""


def preview(words: str, *, today: date, bodies: Collection[int] | None) -> Preview:
    """bodies: those whose reminders the reader may see, None for all. A fixed number of queries."""
    day, unread = read_day(words, today=today)
    world = load_world(today, day)
    mails = [mail for mail in (_mail(world, each, day, bodies) for each in simulate(world, today, day)) if mail]
    mails.sort(key=lambda mail: sort_key(mail.who))
    sent, held = [mail for mail in mails if not mail.held], [mail for mail in mails if mail.held]
    left = max(0, len(sent) - MOST_MAILS) + max(0, len(held) - MOST_MAILS)
    return Preview(
        day=day,
        day_words=weekday_text(day),
        answer=_answer(len(sent), day),
        note=_("Mails already written today stand in the log.") if day == today else "",
        unread=unread,
        first=today,
        last=today + timedelta(days=DAYS_AHEAD),
        links=_links(day, today),
        sent=sent[:MOST_MAILS],
        held=held[:MOST_MAILS],
        left=ngettext("and %(count)s more", "and %(count)s more", left) % {"count": left} if left else "",
        away=_away(world, day, bodies),
        nobody=_nobody(world, day, bodies),
        rules=_rules(bodies),
    )


def _answer(count: int, day: date) -> str:
    if not is_working_day(day):
        return _("Nothing is sent on a day that is no working day.")
    if not count:
        return _("No mail would be sent.")
    return ngettext("%(count)d mail would be sent.", "%(count)d mails would be sent.", count) % {"count": count}


def _links(day: date, today: date) -> list[DayLink]:
    first = next_working_day(today)
    days = [first, next_working_day(first, include=False)]
    days += [next_working_day(first + timedelta(days=step)) for step in (7, 14, 30)]
    return [DayLink(weekday_text(one), f"{reverse('reminder_preview')}?{DAY}={one}", one == day) for one in days]


def _is_visible(line: Line, bodies: Collection[int] | None) -> bool:
    return bodies is None or not line.subject.bodies.isdisjoint(bodies)


def _mail(world: World, mail: PlannedMail, day: date, bodies: Collection[int] | None) -> PreviewMail | None:
    lines = sorted(
        (line for line in mail.lines if _is_visible(line, bodies)),
        key=lambda line: (line.due.due_on, line.subject.thing.place, line.subject.thing.number),
    )
    if not lines:
        return None
    figures = [line for line in lines if line.due.kind == NO_FIGURES]
    groups = [[line] for line in lines if line.due.kind != NO_FIGURES] + ([figures] if figures else [])
    others = len(mail.lines) - len(lines)
    return PreviewMail(
        who=_name(world, mail.person),
        lines=[_line(group, mail.person, day) for group in groups],
        held=_held(world, mail, day),
        others=ngettext("and %(count)s line about other bodies", "and %(count)s lines about other bodies", others)
        % {"count": others}
        if others
        else "",
    )


def _line(lines: list[Line], person: int, day: date) -> PreviewLine:
    said = [Said(line.subject, line.due.kind, line.due.due_on, line.role, line.parts) for line in lines]
    first = lines[0]
    words = [_rule(first), _as_what(first, person)]
    return PreviewLine(mail_lines(said, site_url="", today=day)[0], ", ".join(word for word in words if word))


def _rule(line: Line) -> str:
    days = CADENCE.get(line.due.kind)
    if days is not None and days < 0:
        return ngettext("%(count)s day before the deadline", "%(count)s days before the deadline", -days) % {
            "count": -days
        }
    if days is not None:
        return ngettext("%(count)s day after the deadline", "%(count)s days after the deadline", days) % {"count": days}
    return {
        MISSING: _("the day after texts were to be handed in"),
        UNDATED: _("no new date for a long time"),
        NO_NEWS: _("no news for a long time"),
        NO_FIGURES: _("figures that have not come"),
        TELL_SECRETARY: _("nobody has written a status since the deadline"),
        TELL_CHAIR: _("nobody has written a status since the deadline"),
    }.get(line.due.kind, "")


def _as_what(line: Line, person: int) -> str:
    if line.role:
        return _("as %(role)s") % {"role": str(Role(line.role).label).lower()}
    audiences = [part.audience for part in line.parts] if isinstance(line.subject.rule, HandIn) else []
    if any(person in one.persons for one in (line.subject.audience, *audiences)):
        return _("as data steward") if line.due.kind == NO_FIGURES else _("as coordinator")
    return _("as lead") if line.due.kind == NO_NEWS else _("for the body that carries it")


def _held(world: World, mail: PlannedMail, day: date) -> str:
    last = world.last_mail.get(mail.person)
    if mail.held == DAY_OFF:
        return _("No working day. Sent %(day)s at the earliest.") % {"day": weekday_text(next_working_day(day))}
    if mail.held == WEEKLY:
        after = weekday_text(weekly_day(day + timedelta(days=7)))
        return _("Wants one mail a week. Sent %(day)s.") % {"day": after}
    if mail.held == FLOOR and last is not None:
        after = weekday_text(next_working_day(last + timedelta(days=FLOOR_DAYS)))
        words = {"last": day_text(last), "day": after}
        return _("Got a mail on %(last)s, and there are five days between two. Sent %(day)s at the earliest.") % words
    return ""


def _away(world: World, day: date, bodies: Collection[int] | None) -> list[str]:
    """Who would have been told on the day and is away, until when, and who gets it instead."""
    found = {}
    for subject in world.subjects:
        if (bodies is None or not subject.bodies.isdisjoint(bodies)) and come_due(subject.rule, day) is not None:
            found.update(dict.fromkeys(people_away(world, subject, day)))
    rows = []
    for away in sorted(found, key=lambda one: (sort_key(_name(world, one.person)), one.until, one.deputy or 0)):
        words = {"who": _name(world, away.person), "day": day_text(away.until)}
        if away.deputy is not None:
            text = _("%(who)s is away until %(day)s. %(deputy)s gets it instead.")
            words["deputy"] = _name(world, away.deputy)
        elif away.why == ABSENT:
            text = _(
                "%(who)s is away until %(day)s, and so is the deputy. The bodies' deputies get it, if there are any."
            )
        else:
            text = _("%(who)s has paused until %(day)s. The bodies' deputies get it, if there are any.")
        rows.append(text % words)
    return list(dict.fromkeys(rows))


def _nobody(world: World, day: date, bodies: Collection[int] | None) -> list[tuple[str, str]]:
    """What has come due, and nobody can be told: title and address."""
    found: dict[tuple[str, str], None] = {}
    for subject in world.subjects:
        if subject.role or (bodies is not None and subject.bodies.isdisjoint(bodies)):
            continue
        if come_due(subject.rule, day) is None:
            continue
        if isinstance(subject.rule, HandIn):
            asked = [(part.thing, part.audience) for part in subject.parts]
        else:
            asked = [(subject.thing, subject.audience)]
        for thing, audience in asked:
            if not world.people.reach(audience, day).to:
                found[thing.title, reverse(thing.address[0], args=thing.address[1])] = None
    return list(found)[:MOST_MAILS]


def _rules(bodies: Collection[int] | None) -> list[BodyRule]:
    """When each body's secretary and chair are told, with the address where it is changed. One query."""
    rows = Body.objects.filter(plans__isnull=False).distinct() if bodies is None else Body.objects.filter(pk__in=bodies)
    return [BodyRule(body.name, reverse("reminder_rules", args=[body.slug]), telling_text(body)) for body in rows]


def telling_text(body: Body) -> str:
    secretary, chair = body.tell_secretary_days, body.tell_chair_days
    if secretary is None and chair is None:
        return _("Neither the secretary nor the chair is told.")
    if chair is None:
        return _("The secretary is told after %(days)s days, the chair never.") % {"days": secretary}
    if secretary is None:
        return _("The chair is told after %(days)s days, the secretary never.") % {"days": chair}
    words = {"days": secretary, "more": chair}
    return _("The secretary is told after %(days)s days, the chair after %(more)s.") % words


def _name(world: World, person: int) -> str:
    return world.people.persons[person].name or _("Without a name")
