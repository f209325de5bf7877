"""What the reader made of a status, as one sentence that ends in a question."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from initiatives.calculations import status_reading as r
from initiatives.calculations.states import ON_HOLD, POSTPONED
from initiatives.calculations.status_reading import ReadPeriod, StatusReading
from initiatives.models import State
from initiatives.presenters.marked_words import Piece, pieces_of
from initiatives.presenters.wording import period_text

#: The longest title of a milestone in the sentence; the lines below it give the whole.
_TITLE = 60
_REST_OF_WORD = re.compile(r"\w*(?:-\w+)*")


def reading_sentence(reading: StatusReading, cause: str) -> str:
    """cause: the name of the cause in the reader's language, "" for none."""
    parts = [*_facts(reading, cause), *_flags(reading)]
    return _("Read as: %(parts)s – is that right?") % {"parts": ", ".join(parts)}


def reading_pieces(text: str, reading: StatusReading) -> tuple[Piece, ...]:
    """The words as they were typed. What could not be read is marked as a guess is."""
    spans = [(read.start, read.end, r.GUESS) for read in reading.unreadable]
    for name, source in reading.sources(text).items():
        # A cause is known by the beginning of its word: "COVID-19" is marked whole.
        rest = _REST_OF_WORD.match(text, source.end) if name == "cause" else None
        spans.append((source.start, rest.end() if rest else source.end, source.confidence))
    return pieces_of(text, spans)


def when_text(read: ReadPeriod) -> str:
    return period_text(read.period) if read.period is not None else read.words


def _facts(reading: StatusReading, cause: str) -> Iterator[str]:
    if reading.state:
        label = str(State(reading.state).label)
        yield label[:1].lower() + label[1:]
    else:
        yield _("no state")
    paused = reading.state in (POSTPONED, ON_HOLD)
    dated: tuple[tuple[ReadPeriod | None, str], ...] = (
        (reading.planned, _("promised for %(when)s")),
        (reading.started, pgettext("reading", "started %(when)s")),
        (reading.since, pgettext("reading", "since %(when)s")),
        (reading.new_date, _("resumes %(when)s") if paused else _("new date %(when)s")),
    )
    for read, words in dated:
        if read is not None:
            yield words % {"when": when_text(read)}
    if cause:
        yield pgettext("reading", "cause %(cause)s") % {"cause": cause}
    for step in reading.milestones:
        title = step.title if len(step.title) <= _TITLE else step.title[:_TITLE].rsplit(" ", 1)[0] + " …"
        when = when_text(step.when)
        yield _("milestone »%(title)s« %(when)s") % {"title": title, "when": when} if title else when


def _flags(reading: StatusReading) -> Iterator[str]:
    for read in reading.unreadable:
        yield _("»%(words)s« cannot be read as a date") % {"words": read.words}
    for flag, words in _FLAG_WORDS.items():
        if flag in reading.flags:
            yield words()


#: In the order they are said. What has a sentence part of its own above ("no state", dates that cannot be read) is not here.
_FLAG_WORDS: dict[str, Callable[[], str]] = {
    r.POSTPONED_WITHOUT_DATE: lambda: _("without a new date"),
    r.ON_HOLD_WITHOUT_DATE: lambda: _("without a new date"),
    r.PROMISE_WITHOUT_DATE: lambda: _("promised without a date"),
    r.AWAITS_REFORM: lambda: _("awaits a reform"),
    r.YEAR_MISSING: lambda: _("a date lacks its year"),
    r.YEAR_ASSUMED: lambda: _("the year is assumed"),
    r.SUB_TRACKS: lambda: _("several sub-tracks"),
    r.GROUP_TO_BE_SET_UP: lambda: _("a group is to be set up"),
}
