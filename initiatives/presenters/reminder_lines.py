"""Reminders in words: the lines of a mail, as they are true on the day it is read for.

Titles and dates only. What a status says, and which state it is in, is read on the page: a mail lies in other people's
systems for years.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from initiatives.calculations.reminder_rules import MISSING, NO_FIGURES, NO_NEWS, UNDATED
from initiatives.models import Role
from initiatives.presenters.wording import day_text, language, period_text
from initiatives.reminding.subjects import Part, Subject, Thing
from sundhedsaftale.lib.danish import format_date, format_number, join_words

#: (item, meeting or None) -> the address of a page on which whoever gets the mail answers for it, "" for none.
AnswerUrl = Callable[[int, int | None], str]
MOST_PARTS = 20
NAMED_INDICATORS = 3


@dataclass(frozen=True)
class PartLine:
    """One item that is to be answered for a meeting."""

    title: str
    url: str
    answer_url: str = ""


@dataclass(frozen=True)
class MailLine:
    """One thing in a mail. `deadline` is a whole sentence; `late` says whether it has passed, `soon` whether it will.

    asks: it is answered with a status of one's own. why: a sentence for those who are told about what others have not
    done, else "". answer_url: "" when there is none. more: how many parts are not listed, in words.
    """

    title: str
    plan: str
    url: str
    deadline: str
    late: bool
    soon: bool = True
    asks: bool = False
    why: str = ""
    answer_url: str = ""
    parts: tuple[PartLine, ...] = ()
    more: str = ""


@dataclass(frozen=True)
class Said:
    """What a line is made of: the thing, and what is said about it to whom."""

    subject: Subject
    kind: str
    due_on: date
    role: str
    parts: tuple[Part, ...] = ()


def deadline_sentence(deadline: date, *, today: date, words: str = "") -> str:
    """How far away the last day is. `words`: the period as promised, when it is wider than a day."""
    days = (deadline - today).days
    language = get_language() or "da"
    day = format_date(deadline, language)
    values = {"day": f"{words} ({day})" if words else day, "count": format_number(abs(days), 0, language)}
    if days < 0:
        text = ngettext(
            "The deadline has passed: %(day)s, %(count)s day ago.",
            "The deadline has passed: %(day)s, %(count)s days ago.",
            abs(days),
        )
    elif days == 0:
        text = _("The deadline is today, %(day)s.")
    elif days == 1:
        text = _("The deadline is tomorrow, %(day)s.")
    else:
        text = _("The deadline is in %(count)s days, %(day)s.")
    return text % values


def no_answer_url(item: int, meeting: int | None) -> str:
    return ""


def mail_lines(
    said: Iterable[Said], *, site_url: str, today: date, answer_url: AnswerUrl = no_answer_url
) -> list[MailLine]:
    """In the order given; figures that are missing make one line. The words are those of today."""
    rows = list(said)
    lines = [_line(one, site_url, today, answer_url) for one in rows if one.kind != NO_FIGURES]
    figures = [one for one in rows if one.kind == NO_FIGURES]
    return lines + ([_figures_line(figures, site_url)] if figures else [])


def _line(said: Said, site_url: str, today: date, answer_url: AnswerUrl) -> MailLine:
    if said.subject.about == "meeting":
        return _meeting_line(said, site_url, today, answer_url)
    subject, thing = said.subject, said.subject.thing
    dated = said.kind not in (UNDATED, NO_NEWS)
    return MailLine(
        title=_("Milestone: %(title)s") % {"title": thing.title} if subject.about == "milestone" else thing.title,
        plan=thing.place,
        url=_address(thing, site_url),
        deadline=deadline_sentence(said.due_on, today=today, words=_wider_than_a_day(subject))
        if dated
        else _since(said),
        late=dated and said.due_on < today,
        soon=dated and said.due_on >= today,
        asks=subject.about == "item" and said.role in ("", Role.DEPUTY),
        why=_why(said.role),
        # A chair is told, and does not answer for the body that was asked.
        answer_url="" if said.role == Role.CHAIR else _answer(thing, answer_url),
    )


def _since(said: Said) -> str:
    day = day_text(said.subject.since)
    if said.kind == UNDATED:
        return _("There is no date. The latest status is from %(day)s.") % {"day": day}
    return _("Nothing new has been written since %(day)s.") % {"day": day}


def _meeting_line(said: Said, site_url: str, today: date, answer_url: AnswerUrl) -> MailLine:
    thing, missing = said.subject.thing, said.kind == MISSING
    meeting = _("%(body)s, meeting %(day)s") % {"body": thing.place, "day": day_text(said.subject.since)}
    count = len(said.parts)
    if missing:
        awaits = ngettext("%(count)s item has not been answered.", "%(count)s items have not been answered.", count)
    else:
        awaits = ngettext("%(count)s item awaits your words.", "%(count)s items await your words.", count)
    shown = said.parts[:MOST_PARTS]
    left = count - len(shown)
    return MailLine(
        title=_("Who has not answered for the meeting") if missing else _("Texts for the meeting"),
        plan=meeting,
        url=_address(thing, site_url),
        deadline=f"{deadline_sentence(said.due_on, today=today)} {awaits % {'count': format_number(count, 0, language())}}",
        late=said.due_on < today,
        soon=said.due_on >= today,
        asks=not missing,
        why="" if missing else _why(said.role),
        parts=tuple(_part(part, said, site_url, answer_url) for part in shown),
        more=ngettext("and %(count)s more", "and %(count)s more", left) % {"count": left} if left else "",
    )


def _part(part: Part, said: Said, site_url: str, answer_url: AnswerUrl) -> PartLine:
    thing = part.thing
    if said.kind != MISSING:
        return PartLine(thing.title, _address(thing, site_url), _answer(thing, answer_url, said.subject.pk))
    owners = join_words(part.owners, language()) or _("nobody carries it")
    return PartLine(f"{thing.title} ({owners})", _address(thing, site_url))


def _figures_line(said: list[Said], site_url: str) -> MailLine:
    names = [one.subject.thing.title for one in said]
    left = len(names) - NAMED_INDICATORS
    more = [ngettext("%(count)s more", "%(count)s more", left) % {"count": left}] if left > 0 else []
    return MailLine(
        title=_("New figures have not come"),
        plan=join_words([*names[:NAMED_INDICATORS], *more], language()),
        url=site_url + reverse("data"),
        deadline=_("They were expected by %(day)s.") % {"day": day_text(min(one.due_on for one in said))},
        late=False,
        soon=False,
    )


def _why(role: str) -> str:
    words = {
        Role.SECRETARY.value: _("You get this as secretary: nobody has written a status since the deadline."),
        Role.CHAIR.value: _("You get this as chair: nobody has written a status since the deadline."),
        Role.DEPUTY.value: _("You get this as deputy for somebody who is away."),
    }
    return words.get(role, "")


def _answer(thing: Thing, answer_url: AnswerUrl, meeting: int | None = None) -> str:
    return "" if thing.item is None else answer_url(thing.item, meeting)


def _address(thing: Thing, site_url: str) -> str:
    name, arguments = thing.address
    return site_url + reverse(name, args=arguments)


def _wider_than_a_day(subject: Subject) -> str:
    period = subject.period
    return "" if period is None or period.first_day == period.last_day else period_text(period)


def mail_subject(lines: list[MailLine]) -> str:
    late = sum(line.late for line in lines)
    if late:
        return ngettext(
            "The deadline has passed for %(count)d item", "The deadline has passed for %(count)d items", late
        ) % {"count": late}
    soon = sum(line.soon for line in lines)
    if soon:
        return ngettext("%(count)d item is due soon", "%(count)d items are due soon", soon) % {"count": soon}
    return ngettext("%(count)d thing awaits news", "%(count)d things await news", len(lines)) % {"count": len(lines)}


def mail_intro(lines: list[MailLine]) -> str:
    count = len(lines)
    if all(line.asks for line in lines):
        return ngettext(
            "This awaits your status. If nothing is new, one press of »Unchanged« is enough.",
            "These await your status. Where nothing is new, one press of »Unchanged« is enough.",
            count,
        )
    return ngettext("This awaits you.", "These await you.", count)
