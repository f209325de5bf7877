"""One row of an import: the file's own words on the left, what was read from them on the right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from initiatives.calculations.import_checks import RowIssue, needs_a_look
from initiatives.calculations.plan_draft import ERROR, DraftIssue, DraftItem, Guess
from initiatives.calculations.plan_matching import plain
from initiatives.calculations.plan_review import (
    CHANGED,
    DROPPED,
    NEW,
    UNCHANGED,
    VALUES,
    ImportRow,
    RowMilestone,
    period_of,
)
from initiatives.calculations.states import ON_HOLD, POSTPONED
from initiatives.models import State
from initiatives.plan_files.preview import Preview
from initiatives.presenters.import_wording import (
    CHECK,
    GUESS,
    confidence_view,
    field_word,
    flag_text,
    issue_text,
    outcome_word,
    place_text,
    severity_icon,
)
from initiatives.presenters.marked_words import Piece, pieces_of
from initiatives.presenters.states import StateView, state_view
from initiatives.presenters.wording import is_danish, period_text
from sundhedsaftale.lib.danish import join_words


@dataclass(frozen=True, slots=True)
class GuessLine:
    """One answer with the words it came from and how sure it is. sure: the word for that, never only the icon."""

    label: str
    value: str
    words: str
    icon: str
    sure: str
    is_guess: bool = False


@dataclass(frozen=True, slots=True)
class ChangeLine:
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowIssueView:
    text: str
    icon: str
    is_error: bool


@dataclass(frozen=True, slots=True)
class RowView:
    """What `_import_row.html` prints. asks_match: the question whether it is the same item is not answered yet."""

    place: int
    anchor: str
    number: int
    title: str
    where: str
    outcome: str
    outcome_word: str
    state: StateView | None
    heading: str
    written_title: str
    content: str
    owners: tuple[str, ...]
    pieces: tuple[Piece, ...]
    lines: tuple[GuessLine, ...]
    changes: tuple[ChangeLine, ...]
    notes: tuple[str, ...]
    issues: tuple[RowIssueView, ...]
    links: tuple[str, ...]
    suggested: int
    attention: bool
    seen: bool
    dropped: bool
    asks_match: str
    url: str

    @property
    def can_be_right(self) -> bool:
        """Whether "this is right" is an answer: not while something must be mended."""
        return self.attention and not any(issue.is_error for issue in self.issues)


def row_view(row: ImportRow, preview: Preview, *, suggested: int, base_url: str) -> RowView:
    own = [issue for issue in preview.issues if issue.row == row.place]
    return row_view_with(row, preview, own, suggested=suggested, base_url=base_url)


def row_view_with(
    row: ImportRow, preview: Preview, issues: Sequence[RowIssue], *, suggested: int, base_url: str
) -> RowView:
    """`issues`: those of the row, for a page that has sorted them already."""
    item = row.item
    says_status = row.is_kept and (row.writes_status or bool(row.existing and row.existing.state))
    return RowView(
        place=row.place,
        anchor=f"raekke-{row.place + 1}",
        number=row.existing.number if row.existing else item.number,
        title=plain(row.title),
        where=place_text(item.place),
        outcome=row.outcome,
        outcome_word=outcome_word(row.outcome),
        state=state_view(_shown_state(row), undated=_undated(row)) if says_status else None,
        heading=_heading(item.section_number, item.section, item.sub_section),
        written_title=plain(item.title),
        content=item.content.strip(),
        owners=tuple(plain(name) for name in item.owners),
        pieces=marked_pieces(item),
        lines=tuple(_lines(row, preview)) if row.is_kept else (),
        changes=tuple(_changes(row, preview)),
        notes=_notes(row),
        issues=tuple(_issue_view(issue.issue) for issue in issues),
        links=tuple(str(link["name"]) for link in row.links),
        suggested=suggested,
        attention=row.is_kept and needs_a_look(row, issues),
        seen=row.seen,
        dropped=row.outcome == DROPPED,
        asks_match=row.existing.title if row.match_is_open and row.existing and row.is_kept else "",
        url=f"{base_url}raekker/{row.place + 1}/",
    )


def marked_pieces(item: DraftItem) -> tuple[Piece, ...]:
    """The status word for word, the words behind a guess set apart. Where two guesses share words, the first is marked."""
    guesses = [*item.guesses.values(), *(step.when for step in item.milestones)]
    return pieces_of(item.status_text, [(guess.start, guess.end, guess.confidence) for guess in guesses])


def cause_name(code: str, preview: Preview) -> str:
    cause = preview.causes.get(code)
    if cause is None:
        return code
    return str(cause.name if is_danish() else cause.name_en)


def value_text(name: str, value: str, preview: Preview) -> str:
    """A state, a cause or a period as people read it."""
    if name == "state":
        return str(State(value).label) if value in State.values else value
    if name == "cause":
        return cause_name(value, preview)
    period = period_of(value, preview.plan_import.as_of)
    return period_text(period) if period is not None else value


def _shown_state(row: ImportRow) -> str:
    state = row.values["state"] if row.writes_status or row.existing is None else row.existing.state
    return state if state in State.values else ""


def _undated(row: ImportRow) -> bool:
    if not row.writes_status and row.existing is not None:
        return row.existing.due is None and row.existing.state in (POSTPONED, ON_HOLD)
    return row.values["state"] in (POSTPONED, ON_HOLD) and not row.values["new_date"].strip()


def _heading(number: str, section: str, sub: str) -> str:
    numbered = f"{number.rstrip('.')}. {plain(section)}" if number and section else plain(section)
    return " › ".join(part for part in (numbered, plain(sub)) if part)


def _lines(row: ImportRow, preview: Preview) -> Iterable[GuessLine]:
    if row.writes_status or (row.outcome in (NEW, CHANGED) and row.values["planned"]):
        for name in VALUES:
            if row.values[name]:
                yield _value_line(name, row, preview)
        if row.writes_status and _undated(row):
            yield GuessLine(field_word("new_date"), _("None is named"), "", GUESS, _("No new date"), is_guess=True)
    if row.outcome != UNCHANGED:
        yield from _owner_lines(row, preview)
    for step in row.milestones:
        if step.is_new and (row.outcome != UNCHANGED or step.on):
            yield _milestone_line(step, preview)


def _value_line(name: str, row: ImportRow, preview: Preview) -> GuessLine:
    value = value_text(name, row.values[name], preview)
    guess = row.item.guesses.get(name)
    if guess is None and name == "new_date":
        guess = row.item.guesses.get("planned")  # a promise about an item that aimed at another date
    if name in row.edit and (guess is None or guess.value != row.values[name]):
        return GuessLine(field_word(name), value, "", CHECK, _("Corrected"))
    if guess is None or guess.value != row.values[name]:
        return GuessLine(field_word(name), value, "", CHECK, _("As in the plan today"))
    return _guess_line(field_word(name), value, guess, seen=row.seen)


def _guess_line(label: str, value: str, guess: Guess, *, seen: bool = False) -> GuessLine:
    icon, sure = confidence_view(guess.confidence)
    if seen and guess.confidence != "sure":
        icon, sure = CHECK, _("Looked at")
    return GuessLine(label, value, plain(guess.words), icon, sure, is_guess=icon == GUESS)


def _owner_lines(row: ImportRow, preview: Preview) -> Iterable[GuessLine]:
    guesses = {guess.value: guess for guess in row.item.owner_guesses if guess.value}
    for slug in row.owners:
        name = preview.bodies[slug].name if slug in preview.bodies else slug
        guess = guesses.get(slug)
        if guess is not None:
            yield _guess_line(_("Carried by"), name, guess, seen=row.seen)
        else:
            sure = _("Corrected") if "owners" in row.edit else _("As in the plan today")
            yield GuessLine(_("Carried by"), name, "", CHECK, sure)


def _milestone_line(step: RowMilestone, preview: Preview) -> GuessLine:
    period = period_of(step.when.value, preview.plan_import.as_of)
    when = period_text(period) if period else step.when.value
    value = f"{step.title}, {when}" if when else step.title
    if not step.on:
        return GuessLine(_("Milestone"), value, plain(step.when.words), "light-none", _("Left out"))
    return _guess_line(_("Milestone"), value, step.when)


def _changes(row: ImportRow, preview: Preview) -> Iterable[ChangeLine]:
    before = row.existing
    if before is None or row.outcome != CHANGED:
        return
    for name in row.changed:
        if name == "title":
            yield ChangeLine(field_word(name), before.title, plain(row.title))
        elif name == "content":
            yield ChangeLine(field_word(name), before.content, row.content.strip())
        elif name == "section":
            was = _heading("", before.section, before.sub_section)
            yield ChangeLine(field_word(name), was, _heading("", row.section, row.sub_section))
        elif name == "owners":
            names = [preview.bodies[slug].name for slug in row.owners if slug in preview.bodies]
            yield ChangeLine(field_word(name), join_words(before.owner_names), join_words(names))
        elif name == "status" and plain(row.item.status_text):
            yield ChangeLine(field_word(name), before.status_text, row.item.status_text)


def _notes(row: ImportRow) -> tuple[str, ...]:
    if not row.is_kept:
        return (_("The row is left out. Nothing of it is stored."),)
    if row.outcome == UNCHANGED:
        return (_("The file says what the plan says already."),)
    notes = [flag_text(flag) for flag in row.item.flags] if row.writes_status else []
    if not row.item.status_text.strip():
        notes.append(_("The status cell is empty: the item keeps the status it has, or gets none."))
    return tuple(note for note in notes if note)


def _issue_view(issue: DraftIssue) -> RowIssueView:
    return RowIssueView(issue_text(issue), severity_icon(issue.severity), issue.severity == ERROR)
