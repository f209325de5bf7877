"""The cells of one item read: title, owners, and what the status seems to say. Every guess keeps the words behind it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from initiatives.calculations import states
from initiatives.calculations.plan_draft import (
    ERROR,
    NOTE,
    WARNING,
    DraftIssue,
    DraftItem,
    DraftMilestone,
    Guess,
    Place,
)
from initiatives.calculations.plan_grid import Line, cell_text
from initiatives.calculations.plan_left_out import (
    CELL_NOT_READ,
    NUMBERS_NOT_KEPT,
    cut,
    lost_words,
    number_not_kept,
    says_something,
)
from initiatives.calculations.plan_owners import BodyNames, name_key, split_owners
from initiatives.calculations.plan_rows import RawItem
from initiatives.calculations.plan_titles import TitleParts, join_lines, split_number, split_title
from initiatives.calculations.status_reader import read_status
from initiatives.calculations.status_reading import GUESS, LIKELY, SURE, StatusReading
from sundhedsaftale.lib.periods import FoundPeriod, PeriodError, find_periods

TITLE_MISSING = "title_missing"
TITLE_GUESSED = "title_guessed"  # title
OWNER_MISSING = "owner_missing"
STATUS_EMPTY = "status_empty"
UNREADABLE_PERIOD = "unreadable_period"  # words, reason, and the reason's own values
DUPLICATE_TITLE = "duplicate_title"  # title
DUPLICATE_NUMBER = "duplicate_number"  # number
DUPLICATE_KEY = "duplicate_key"  # key
NUMBERS_COUNTED = "numbers_counted"

#: The paragraphs in which an annex of ours prints state and dates; they are no part of the words somebody wrote.
STATE_STYLES = ("sa tilstand", "sundhedsaftale tilstand")
_STATE_NAMES = {
    "planlagt": states.PLANNED, "i gang": states.IN_PROGRESS, "forsinket": states.DELAYED, "udsat": states.POSTPONED,
    "på standby": states.ON_HOLD, "afsluttet": states.COMPLETED, "i drift": states.IN_OPERATION,
    "opgivet": states.CANCELLED, "planned": states.PLANNED, "in progress": states.IN_PROGRESS,
    "delayed": states.DELAYED, "postponed": states.POSTPONED, "on hold": states.ON_HOLD,
    "completed": states.COMPLETED, "in operation": states.IN_OPERATION, "given up": states.CANCELLED,
}  # fmt: skip
_NO_NEW_DATE = ("uden ny dato", "no new date", "-", "–", "")
_STATE_LINE = {"uden ny dato": "new_date", "ny dato": "new_date", "lovet til": "planned", "årsag": "cause"}


def read_items(
    raws: Sequence[RawItem], names: BodyNames, *, has_status: bool
) -> tuple[list[DraftItem], list[DraftIssue]]:
    """The items with their issues, in the order of the file. has_status: the table has a column for it."""
    issues: list[DraftIssue] = []
    items: list[DraftItem] = []
    numbers: list[int | None] = []
    for raw in raws:
        number, item = _read_item(raw, names, issues, has_status=has_status)
        numbers.append(number)
        items.append(item)
    odd = number_not_kept([raw.number for raw in raws])
    if odd:
        issues.append(DraftIssue(NUMBERS_NOT_KEPT, NOTE, raws[0].place, {"words": cut(odd)}))
    items = _numbered(items, numbers, issues)
    _report_duplicates(items, issues)
    return _with_keys_once(items, issues), issues


def _read_item(
    raw: RawItem, names: BodyNames, issues: list[DraftIssue], *, has_status: bool
) -> tuple[int | None, DraftItem]:
    parts = _title_parts(raw)
    if not parts.title:
        issues.append(DraftIssue(TITLE_MISSING, ERROR, raw.place))
    elif not parts.sure:
        issues.append(DraftIssue(TITLE_GUESSED, WARNING, raw.place, {"title": parts.title}))
    written = split_owners([line.text for line in raw.owners if not _is_state_line(line)], names)
    owners, owner_guesses = _matched(written, names, raw.place, issues)
    words = cell_text([line for line in raw.status if not _is_state_line(line)])
    if not words and not has_status:
        words = cell_text(raw.timing)
    if not words and not any(_is_state_line(line) for line in raw.status):
        issues.append(DraftIssue(STATUS_EMPTY, WARNING, raw.place))
    reading = read_status(words, today=names.day)
    guesses = _guesses(raw, reading, words, issues)
    milestones = _milestones(raw, reading, words, issues)
    timing = raw.timing if has_status else []  # without a column for it, the times are the status
    for lost in lost_words(timing, raw.milestones, guesses, milestones):
        issues.append(_not_read(lost, raw.place))
    item = DraftItem(
        number=0,
        title=parts.title,
        section_number=raw.section_number,
        section=raw.section,
        sub_section=raw.sub_section,
        content=parts.content,
        owners=owners,
        owner_guesses=owner_guesses,
        status_text=words,
        guesses=guesses,
        milestones=milestones,
        flags=reading.flags,
        key=raw.key,
        place=raw.place,
    )
    return parts.number, item


def _title_parts(raw: RawItem) -> TitleParts:
    written = raw.number.strip().rstrip(".")
    if raw.has_title_column:
        number, title = split_number(join_lines([line.text for line in raw.head]))
        parts = TitleParts(title, cell_text(raw.content), number)
    else:
        parts = split_title(raw.head)
        more = cell_text(raw.content)
        if more:
            parts = replace(parts, content=f"{parts.content}\n{more}".strip())
    return replace(parts, number=int(written)) if written.isascii() and written.isdigit() else parts


def _matched(
    owners: Sequence[str], names: BodyNames, place: Place, issues: list[DraftIssue]
) -> tuple[tuple[str, ...], tuple[Guess, ...]]:
    """Each owner beside the body it names; a body written twice stands once."""
    if not owners:
        issues.append(DraftIssue(OWNER_MISSING, ERROR, place))
    kept: list[tuple[str, Guess]] = []
    for owner in owners:
        guess, issue = names.match(owner, place)
        if guess.value and any(guess.value == other.value for _, other in kept):
            continue
        kept.append((owner, guess))
        if issue is not None:
            issues.append(issue)
    return tuple(owner for owner, _ in kept), tuple(guess for _, guess in kept)


def _is_state_line(line: Line) -> bool:
    return line.style.casefold() in STATE_STYLES


def _guesses(raw: RawItem, reading: StatusReading, words: str, issues: list[DraftIssue]) -> dict[str, Guess]:
    values = {"state": reading.state, "cause": reading.cause}
    guesses: dict[str, Guess] = {}
    for key, source in reading.sources(words).items():
        if not key.startswith("milestones."):
            value = values.get(key) or source.words
            guesses[key] = Guess(value, source.words, source.confidence, source.start, source.end)
    for read in reading.unreadable:
        if read.error is not None:
            issues.append(_unreadable(read.words, read.error, raw.place))
    _add_from_columns(raw, guesses, issues)
    for line in raw.status:
        if _is_state_line(line):
            _take_state_line(line.text, guesses)
    return guesses


def _take_state_line(text: str, guesses: dict[str, Guess]) -> None:
    """ "Tilstand: Udsat – ny dato 2021 – årsag COVID-19", as an annex of ours prints it: what was confirmed, not guessed."""
    parts = " ".join(text.split()).split(" – ")
    label, _, state = parts[0].partition(": ")
    if label.casefold() not in ("tilstand", "state"):
        return
    values = {"state": stated_state(state)}
    for part in parts[1:]:
        for words, key in _STATE_LINE.items():
            if part.casefold().startswith(words):
                values[key] = part[len(words) :].strip()
    _take_confirmed(values, guesses)


def _take_confirmed(values: dict[str, str], guesses: dict[str, Guess]) -> None:
    """Values an annex of ours prints win over what the prose says; "uden ny dato" takes the prose's date away."""
    for key, words in values.items():
        value = cause_code(words) if key == "cause" else words
        if key == "new_date" and words.casefold() in _NO_NEW_DATE:
            guesses.pop("new_date", None)
        elif value:
            guesses[key] = Guess(value, words, SURE)


def stated_state(words: str) -> str:
    """The state a cell or line names and nothing else: "Udsat"; "" when it names none."""
    return _STATE_NAMES.get(" ".join(words.split()).casefold(), "")


@lru_cache(maxsize=64)
def cause_code(name: str) -> str:
    """The cause the status reader knows under the name; "" for one it does not."""
    return read_status(f"Udsat pga. {name}").cause or ""


def _add_from_columns(raw: RawItem, guesses: dict[str, Guess], issues: list[DraftIssue]) -> None:
    """Columns of their own: a state, a new date or a cause is what somebody decided; a plan of times fills gaps only."""
    timing = cell_text(raw.timing)
    for found in find_periods(timing):
        if found.error is not None:
            issues.append(_unreadable(found.words, found.error, raw.place))
        elif "planned" not in guesses and found.period is not None and found.period.is_dated:
            guesses["planned"] = Guess(found.words, found.words, LIKELY)
    values = {"state": stated_state(raw.extra.get("state", "")), "cause": raw.extra.get("cause", "")}
    new_date = raw.extra.get("new_date")
    if new_date or (raw.key and new_date is not None):  # in an annex of ours an empty cell says that there is none
        found_new = find_periods(new_date)
        values["new_date"] = found_new[0].words if found_new else ""
        issues += [_unreadable(one.words, one.error, raw.place) for one in found_new if one.error is not None]
        for line in new_date.splitlines():
            is_read = bool(values["new_date"]) and values["new_date"] in line
            if not is_read and line.strip().casefold() not in _NO_NEW_DATE:
                issues.append(_not_read(line, raw.place))
    for key, understood in (("state", values["state"]), ("cause", cause_code(values["cause"]))):
        if says_something(raw.extra.get(key, "")) and not understood:
            issues.append(_not_read(raw.extra[key], raw.place))
    _take_confirmed(values, guesses)


def _not_read(words: str, place: Place) -> DraftIssue:
    return DraftIssue(CELL_NOT_READ, WARNING, place, {"words": cut(words)})


def _unreadable(words: str, error: PeriodError, place: Place) -> DraftIssue:
    values = {name: str(value) for name, value in error.message_values.items()}
    return DraftIssue(UNREADABLE_PERIOD, WARNING, place, {"words": words, "reason": error.reason_code, **values})


def _milestones(
    raw: RawItem, reading: StatusReading, words: str, issues: list[DraftIssue]
) -> tuple[DraftMilestone, ...]:
    sources = reading.sources(words)
    steps = []
    for place, step in enumerate(reading.milestones):
        source = sources[f"milestones.{place}"]
        when = Guess(step.when.words, source.words, source.confidence, source.start, source.end)
        steps.append(DraftMilestone(step.title, when))
    own = []
    for line in raw.milestones:
        for found in find_periods(line.text):
            if found.error is not None:
                issues.append(_unreadable(found.words, found.error, raw.place))
            elif found.period is not None and found.period.is_dated:
                own.append(_milestone_of(line.text, found))
    if raw.key and raw.has_milestone_column:  # an annex of ours: the column holds them all
        return tuple(own)
    named = {step.when.value.casefold() for step in own}
    return (*(step for step in steps if step.when.value.casefold() not in named), *own)


def _milestone_of(text: str, found: FoundPeriod) -> DraftMilestone:
    title = " ".join(f"{text[: found.start]} {text[found.end :]}".split()).removesuffix("(nået)").strip(" :,;.–—-•()")
    assumed = found.period is not None and found.period.year_assumed
    return DraftMilestone(title, Guess(found.words, found.words, GUESS if assumed else LIKELY))


def _numbered(items: list[DraftItem], numbers: list[int | None], issues: list[DraftIssue]) -> list[DraftItem]:
    """The numbers as written; counted where there are none, and all counted when each heading begins again at 1."""
    written = [number for number in numbers if number]
    if len(set(written)) < len(written) and _begin_again(items, numbers):
        issues.append(DraftIssue(NUMBERS_COUNTED, WARNING, items[0].place))
        numbers = [None] * len(items)
        written = []
    taken = set(written)
    free = iter(number for number in range(1, len(items) + len(taken) + 1) if number not in taken)
    return [replace(item, number=number or next(free)) for item, number in zip(items, numbers, strict=True)]


def _begin_again(items: list[DraftItem], numbers: list[int | None]) -> bool:
    """Whether no number stands twice under one heading."""
    places = [(item.section, item.sub_section, number) for item, number in zip(items, numbers, strict=True) if number]
    return len(set(places)) == len(places)


def _report_duplicates(items: Sequence[DraftItem], issues: list[DraftIssue]) -> None:
    titles: Counter[str] = Counter()
    seen: Counter[int] = Counter()
    for item in items:
        titles[name_key(item.title)] += 1
        seen[item.number] += 1
        if item.title and titles[name_key(item.title)] > 1:
            issues.append(DraftIssue(DUPLICATE_TITLE, WARNING, item.place, {"title": item.title}))
        if seen[item.number] > 1:
            issues.append(DraftIssue(DUPLICATE_NUMBER, WARNING, item.place, {"number": str(item.number)}))


def _with_keys_once(items: list[DraftItem], issues: list[DraftIssue]) -> list[DraftItem]:
    seen: set[str] = set()
    kept = []
    for item in items:
        if item.key and item.key in seen:
            issues.append(DraftIssue(DUPLICATE_KEY, WARNING, item.place, {"key": item.key}))
            item = replace(item, key="")  # noqa: PLW2901
        seen.add(item.key)
        kept.append(item)
    return kept
