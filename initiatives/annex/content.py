"""What the annex prints, from frozen rows: plain values, the same for Word, PDF, Excel and the text of the agenda item."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.utils import timezone

from initiatives.annex import words
from initiatives.annex.lights import LightGroup, LightRow, by_goal, light_rows
from initiatives.models import Snapshot, SnapshotItem, SnapshotLight, SnapshotRedaction

#: What no XML file may hold, and code points that are no characters; a word processor would call the file damaged.
_UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")
_FOR_EVER = "Det kan ikke ændres; en rettelse er en ny version."
_LINE_END = re.compile(r"\r\n?|\n")


@dataclass(frozen=True, slots=True)
class HeadingRow:
    """A row over all three columns: a heading of the plan, or with `sub` one under it."""

    text: str
    sub: bool = False


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item. Each of content, owners and status is a list of paragraphs; an empty one is an empty line.

    state_lines stand under the words of the status and are ours, not the owner's. changed: the columns that are not as
    they were in the annex before, in the order of the table; `new` when the item was not there.
    """

    number: int
    key: str
    section: str
    sub_section: str
    title: str
    content: tuple[str, ...]
    owners: tuple[str, ...]
    status: tuple[str, ...]
    state: str
    undated: bool
    state_lines: tuple[str, ...]
    promised: str
    new_date: str
    cause: str
    milestones: tuple[str, ...]
    decision: str
    changed: tuple[str, ...] = ()
    new: bool = False

    @property
    def heading(self) -> str:
        return f"{self.number}. {self.title}"

    @property
    def state_word(self) -> str:
        return words.STATES[self.state]

    @property
    def content_blocks(self) -> tuple[str, ...]:
        return blocks(self.content)

    @property
    def status_blocks(self) -> tuple[str, ...]:
        return blocks(self.status)

    @property
    def no_owner(self) -> str:
        """Why the owners are blank; "" when they are not."""
        return "" if self.owners else words.NO_OWNER

    @property
    def owners_parted(self) -> tuple[str, ...]:
        """With a soft hyphen where a long name may be parted at the end of a line."""
        return tuple(words.LONG_WORD_ENDING.sub("\u00ad", owner) for owner in self.owners)

    @property
    def content_changed(self) -> bool:
        return words.CONTENT in self.changed

    @property
    def owners_changed(self) -> bool:
        return words.ANCHORING in self.changed

    @property
    def status_changed(self) -> bool:
        return words.STATUS in self.changed


@dataclass(frozen=True, slots=True)
class AnnexContent:
    """Everything an annex says. `rows`: headings and items in the order of the plan. `facts`: one line each."""

    title: str
    kind: str
    body: str
    meeting: str
    case_number: str
    version: int
    frozen_at: datetime
    meeting_day: date
    item_name: str
    item_name_plural: str
    facts: tuple[str, ...]
    description: tuple[str, ...]
    answer: str
    change_sentence: str  # what is not as at the meeting before; "" when there was none
    change_note: str  # the same, and how it is marked
    rows: tuple[HeadingRow | ItemRow, ...]
    lights: tuple[LightGroup, ...]
    all_lights: tuple[LightRow, ...]
    lights_note: str
    redactions: tuple[str, ...]
    content_hash: str

    @property
    def items(self) -> tuple[ItemRow, ...]:
        return tuple(row for row in self.rows if isinstance(row, ItemRow))

    @property
    def about(self) -> tuple[str, ...]:
        """How the annex came to be, printed last."""
        frozen = timezone.localtime(self.frozen_at, timezone.get_default_timezone())
        return (
            f"Bilaget er dannet af det, der blev fastfrosset {words.day(frozen.date())} kl. {frozen:%H.%M}. {_FOR_EVER}",
            f"Kontrolsum (SHA-256): {self.content_hash}",
        )

    @property
    def footer(self) -> str:
        """The line at the foot of each page, before the page number."""
        case = f"Sagsnr. {self.case_number}" if self.case_number else ""
        return " · ".join(filter(None, (case, self.meeting, f"Version {self.version}")))

    @property
    def short_hash(self) -> str:
        return f"Kontrolsum {self.content_hash[:16]}"


def annex_content(
    snapshot: Snapshot,
    items: Sequence[SnapshotItem],
    lights: Sequence[SnapshotLight],
    redactions: Iterable[SnapshotRedaction],
    previous: Snapshot | None = None,
    previous_items: Iterable[SnapshotItem] = (),
) -> AnnexContent:
    """previous: the snapshot the changes are counted from, None when this is the first of its plan."""
    before = {item.key: item for item in previous_items} if previous else None
    rows = tuple(_rows(items, before))
    found = [row for row in rows if isinstance(row, ItemRow)]
    changes, marked = _change_sentence(snapshot, found, previous, before), any(item.changed for item in found)
    own = light_rows(light for light in lights if light.area_code == snapshot.area_code)
    return AnnexContent(
        title=clean(snapshot.plan_title),
        kind=clean(snapshot.plan_kind),
        body=clean(snapshot.body_name),
        meeting=_meeting(snapshot),
        case_number=clean(snapshot.case_number),
        version=snapshot.version,
        frozen_at=snapshot.frozen_at,
        meeting_day=snapshot.meeting_day,
        item_name=clean(snapshot.item_name) or "punkt",
        item_name_plural=clean(snapshot.item_name_plural) or "punkter",
        facts=tuple(_facts(snapshot)),
        description=tuple(line for line in lines(snapshot.description) if line),
        answer=_answer(snapshot, found),
        change_sentence=changes,
        change_note=f"{changes} Ændrede celler er mærket »{words.CHANGED}« og har en streg i kanten."
        if marked
        else changes,
        rows=rows,
        lights=by_goal(own),
        all_lights=light_rows(lights),
        lights_note=_lights_note(snapshot, len(own), len(lights)),
        redactions=tuple(_redaction(row) for row in redactions),
        content_hash=snapshot.content_hash,
    )


def clean(text: str) -> str:
    """The text without characters that cannot stand in a file."""
    return _UNPRINTABLE.sub("", text)


def lines(text: str) -> tuple[str, ...]:
    """The text's own lines, empty ones among them; () for no text. Joined by line feeds they are the text again."""
    return tuple(_LINE_END.split(clean(text))) if text else ()


def blocks(text: Iterable[str]) -> tuple[str, ...]:
    """Lines that stand together as one text with line feeds; where a line was empty, a new one begins."""
    grouped = ("\n".join(group) for filled, group in groupby(text, key=lambda line: bool(line.strip())) if filled)
    return tuple(grouped)


def _rows(items: Sequence[SnapshotItem], before: dict[str, SnapshotItem] | None) -> Iterable[HeadingRow | ItemRow]:
    for (number, title), group in groupby(items, key=lambda item: (item.track_number, item.track_title)):
        section = clean(f"{number}. {title}" if number else title)
        yield HeadingRow(section)
        for sub_title, inner in groupby(group, key=lambda item: item.sub_title):
            if sub_title:
                yield HeadingRow(clean(sub_title), sub=True)
            for item in inner:
                yield _item_row(item, section, before)


def _item_row(item: SnapshotItem, section: str, before: dict[str, SnapshotItem] | None) -> ItemRow:
    old = before.get(item.key) if before is not None else None
    new = before is not None and old is None
    changed = words.COLUMNS if new else _changed(item, old) if old is not None else ()
    due = clean(item.due[0]) if item.due else ""
    promised = [clean(period[0]) for period in item.promised]
    return ItemRow(
        number=item.number,
        key=clean(item.key),
        section=section,
        sub_section=clean(item.sub_title),
        title=clean(item.title),
        content=lines(item.content),
        owners=tuple(clean(owner) for owner in item.owners),
        status=lines(item.words),
        state=item.state,
        undated=item.undated,
        state_lines=tuple(_state_lines(item, changed, new=new, due=due)),
        promised="; ".join(promised),
        new_date="" if due in promised else due,
        cause=clean(item.cause_name),
        milestones=tuple(_milestone(row) for row in item.milestones),
        decision=clean(item.decision),
        changed=changed,
        new=new,
    )


def _changed(item: SnapshotItem, old: SnapshotItem) -> tuple[str, ...]:
    """The columns in which something a reader can see is not as it was."""
    pairs = (
        (words.CONTENT, ("number", "title", "content")),
        (words.ANCHORING, ("owners",)),
        (words.STATUS, ("words", "state", "undated", "due", "cause_name", "decision")),
    )
    return tuple(column for column, names in pairs if any(getattr(item, name) != getattr(old, name) for name in names))


def _state_lines(item: SnapshotItem, changed: tuple[str, ...], *, new: bool, due: str) -> Iterable[str]:
    line = f"Tilstand: {words.STATES[item.state]}"
    if item.undated:
        line += " – uden ny dato"
    elif due:
        line += f" – {'ny dato' if item.state in words.STOPPED else 'lovet til'} {due}"
    if item.cause_name:
        line += f" – årsag {clean(item.cause_name)}"
    yield line
    if item.on_behalf_of:
        yield f"Svaret af sekretariatet på vegne af {clean(item.on_behalf_of)}"
    if item.decision:
        yield "Beslutning: " + " ".join(clean(item.decision).split())
    if new:
        yield words.NEW
    elif changed:
        yield f"{words.CHANGED}: {words.joined(column.lower() for column in changed)}"


def _milestone(row: dict[str, str]) -> str:
    reached = " (nået)" if row.get("reached_on") else ""
    return clean(f"{row['words']}: {row['title']}{reached}" if row.get("words") else f"{row['title']}{reached}")


def _meeting(snapshot: Snapshot) -> str:
    held = words.day(snapshot.meeting_day)
    return clean(f"{snapshot.meeting_title}, {held}" if snapshot.meeting_title else f"Møde {held}")


def _facts(snapshot: Snapshot) -> Iterable[str]:
    place = f", {snapshot.area_name}" if snapshot.area_name and snapshot.area_name not in snapshot.body_name else ""
    yield clean(snapshot.body_name + place)
    case = f" · Sagsnr. {snapshot.case_number}" if snapshot.case_number else ""
    yield _meeting(snapshot) + clean(case)
    if snapshot.agreement_name:
        yield clean(snapshot.agreement_name)
    if snapshot.version > 1:
        yield f"Version {snapshot.version}. Rettelse: {' '.join(clean(snapshot.note).split())}"
    elif snapshot.note:
        yield f"Note: {' '.join(clean(snapshot.note).split())}"
    if snapshot.approved_by:
        when = (
            timezone.localtime(snapshot.approved_at, timezone.get_default_timezone()) if snapshot.approved_at else None
        )
        yield clean(f"Godkendt af {snapshot.approved_by}") + (f" {words.day(when.date())}" if when else "")


def tally(items: Iterable[ItemRow]) -> list[tuple[str, int]]:
    """How many in each state that occurs, in the order of the states."""
    found = [item.state for item in items]
    return [(state, found.count(state)) for state in words.STATES if state in found]


def _answer(snapshot: Snapshot, items: list[ItemRow]) -> str:
    """ "Planen har syv punkter: to er i gang, ét er forsinket ..." """
    if not items:
        return f"Planen har ingen {snapshot.item_name_plural or 'punkter'}."
    neuter = is_neuter(snapshot.item_name)
    name = snapshot.item_name if len(items) == 1 else snapshot.item_name_plural
    counts = (
        f"{words.in_words(count, neuter=neuter)} er {words.STATES_IN_TEXT[state]}" for state, count in tally(items)
    )
    undated = sum(item.undated for item in items)
    tail = f" {words.sentence(words.in_words(undated, neuter=neuter))} har ingen ny dato." if undated else ""
    head = f"Planen har {words.in_words(len(items), neuter=neuter)} {clean(name) or 'punkter'}"
    return f"{head}: {words.joined(counts)}.{tail}"


def is_neuter(item_name: str) -> bool:
    """ét punkt, én anbefaling: the gender of the word is not stored."""
    return not item_name or item_name.endswith(("punkt", "mål", "projekt", "initiativ"))


def _change_sentence(
    snapshot: Snapshot, items: list[ItemRow], previous: Snapshot | None, before: dict[str, SnapshotItem] | None
) -> str:
    if previous is None or before is None:
        return ""
    held = words.day(previous.meeting_day)
    count = sum(bool(item.changed) for item in items)
    here = {item.key for item in items}
    gone = [f"{item.number}. {item.title}" for key, item in before.items() if clean(key) not in here]
    number = words.sentence(words.in_words(count, neuter=is_neuter(snapshot.item_name)))
    name = clean(snapshot.item_name if count == 1 else snapshot.item_name_plural) or "punkter"
    said = f"{number} {name} er ændret siden mødet {held}." if count else f"Intet er ændret siden mødet {held}."
    return f"{said} Udgået siden: {clean('; '.join(gone))}." if gone else said


def _lights_note(snapshot: Snapshot, shown: int, total: int) -> str:
    if not total:
        return ""
    if not shown:
        return f"Tallene, i alt {total}, står i Excel-udgaven af bilaget."
    if shown == total:
        return f"Tallene for {clean(snapshot.area_name)}, som de var, da bilaget blev fastfrosset."
    return f"Her står tallene for {clean(snapshot.area_name)}. Alle {total} tal står i Excel-udgaven af bilaget."


def _redaction(row: SnapshotRedaction) -> str:
    return clean(f"{row.what}: fjernet {words.day(row.removed_on)} efter beslutning af {row.decided_by}. {row.reason}")
