"""A reviewed import written down: headings, items, owners, statuses, milestones and links. Called in one transaction.

New rows are written in bulk with their history; statuses go through the action that writes every other status, so that
postponements are counted by the same rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from indicators.models import Goal, Indicator
from initiatives.actions.links import add_link
from initiatives.actions.milestones import add_milestone
from initiatives.actions.plans import (
    REASON_LENGTH,
    add_track,
    close,
    create_plan,
    first_free,
    slug_base,
    update_item,
    update_plan,
)
from initiatives.actions.status import StatusConflict, StatusDraft, record_first_statuses, record_status
from initiatives.calculations.plan_draft import Guess
from initiatives.calculations.plan_matching import plain, title_key
from initiatives.calculations.plan_review import CHANGED, NEW, ImportRow, RowMilestone
from initiatives.models import ActionItem, Anchoring, Body, Milestone, Plan, Schedule, ScheduleKind, StatusUpdate, Track
from initiatives.plan_files.preview import Preview
from sundhedsaftale.lib.periods import Period, parse_period

HIGHEST_NUMBER = 32_000


def write_plan(preview: Preview, *, by: Any) -> Plan:
    """Everything the review names, and nothing when it names nothing. Raises ValidationError naming the row."""
    source = preview.plan_import
    plan = source.plan
    if plan is None:
        plan = create_plan(body=source.body, kind=source.kind, title=source.title, by=by, as_of=source.as_of)
    elif preview.review.changes_nothing:
        return plan
    elif plan.as_of is None or plan.as_of < source.as_of:
        update_plan(plan=plan, by=by, as_of=source.as_of)
    _Writer(preview, plan, by).write()
    return plan


class _Writer:
    """What is needed for every row, fetched once."""

    def __init__(self, preview: Preview, plan: Plan, by: Any) -> None:
        self.preview, self.plan, self.by = preview, plan, by
        self.day = preview.plan_import.as_of
        self.now = timezone.now()
        self.tracks = _Tracks(plan, by)
        self.items = {item.key: item for item in plan.items.select_related("track")}
        for item in self.items.values():
            item.plan = plan  # with its new date: the owners of today are checked against it

    def write(self) -> None:
        rows = self.preview.review.kept
        fresh = [row for row in rows if row.outcome == NEW]
        changed = [(row, self.items[row.existing.key]) for row in rows if row.outcome == CHANGED and row.existing]
        made = list(zip(fresh, self._create_items(fresh), strict=True))
        for row, item in changed:
            with _naming(row):
                self._change_item(row, item)
        self._write_promises([*made, *changed])
        self._write_statuses([*made, *changed])
        self._write_milestones(made)
        for row, item in changed:
            for step in _steps(row):
                add_milestone(item=item, title=step.title, when=step.when.value, by=self.by, today=self.day)
        self._write_links(made)
        for gone in self.preview.review.closing:
            close(thing=self.items[gone.item.key], reason=gone.reason, on=self.day, by=self.by)

    # --- Items --------------------------------------------------------------------------------------------------------

    def _create_items(self, rows: Sequence[ImportRow]) -> list[ActionItem]:
        keys = {item.key for item in self.items.values()}
        numbers = {item.number for item in self.items.values()}
        position = max((item.position for item in self.items.values()), default=0)
        made = []
        for place, row in enumerate(rows, start=1):
            wanted = slug_base(row.item.key or row.title)
            item = ActionItem(
                plan=self.plan,
                track=self.tracks.find(row),
                key=first_free(wanted, keys),
                number=_free_number(row.item.number, numbers),
                position=position + place,
                title=plain(row.title),
                content=row.content.strip(),
            )
            item._change_reason = self._why(row)  # type: ignore[attr-defined]  # simple-history reads it
            keys.add(item.key)
            numbers.add(item.number)
            made.append(item)
        bulk_create_with_history(made, ActionItem, default_user=self.by)
        owners = [
            Anchoring(item=item, body_id=self.preview.bodies[slug].pk, position=position)
            for row, item in zip(rows, made, strict=True)
            for position, slug in enumerate(row.owners)
        ]
        bulk_create_with_history(owners, Anchoring, default_user=self.by)
        return made

    def _why(self, row: ImportRow) -> str:
        """The owner as the file has it, when somebody chose another body or none: nothing the file said is lost."""
        if "owners" in row.edit and row.item.owners:
            written = ", ".join(plain(name) for name in row.item.owners)
            return (_("Owner in the file: %(names)s") % {"names": written})[:REASON_LENGTH]
        return (_("Read from %(file)s") % {"file": self.preview.plan_import.filename or _("pasted text")})[
            :REASON_LENGTH
        ]

    def _change_item(self, row: ImportRow, item: ActionItem) -> None:
        fields: dict[str, Any] = {name: getattr(row, name) for name in ("title", "content") if name in row.changed}
        if "section" in row.changed:
            fields["track"] = self.tracks.find(row)
        owners = None
        if "owners" in row.changed and row.owners:
            found = Body.objects.in_bulk([self.preview.bodies[slug].pk for slug in row.owners])
            owners = [found[self.preview.bodies[slug].pk] for slug in row.owners]
        if fields or owners is not None:
            update_item(item=item, by=self.by, today=self.day, owners=owners, **fields)

    # --- What is said of them -----------------------------------------------------------------------------------------

    def _write_promises(self, rows: Iterable[tuple[ImportRow, ActionItem]]) -> None:
        """Promised dates of items that no status is written of; the others get theirs with the status."""
        Schedule.objects.bulk_create(
            Schedule(
                item=item,
                kind=ScheduleKind.PLANNED,
                recorded_at=self.now,
                by=self.by,
                **_columns(self._period(row.values["planned"])),
            )
            for row, item in rows
            if not row.writes_status
            and row.values["planned"].strip()
            and (row.outcome == NEW or "planned" in row.changed)
        )

    def _write_statuses(self, rows: Sequence[tuple[ImportRow, ActionItem]]) -> None:
        writing = [(row, item) for row, item in rows if row.writes_status]
        first = [(item, self._said(row)) for row, item in writing if row.outcome == NEW]
        record_first_statuses(drafts=first, as_of=self.day, by=self.by)
        later = [(row, item) for row, item in writing if row.outcome != NEW]
        newest = dict(
            StatusUpdate.objects.filter(item__in=[item.pk for _row, item in later])
            .values_list("item_id")
            .annotate(last=Max("sequence"))
            .order_by()
        )
        for row, item in later:
            with _naming(row):
                record_status(
                    item=item, draft=self._said(row), opened_on=newest.get(item.pk, 0), as_of=self.day, by=self.by
                )

    def _said(self, row: ImportRow) -> StatusDraft:
        values = row.values
        words = row.item.status_text.strip() or (row.existing.status_text if row.existing else "")
        return StatusDraft(
            state=values["state"],
            text=words,
            due=values["new_date"],
            planned=values["planned"],
            started=values["started"],
            since=values["since"],
            cause=self.preview.causes.get(values["cause"]),
        )

    def _write_milestones(self, rows: Iterable[tuple[ImportRow, ActionItem]]) -> None:
        steps = [
            Milestone(item=item, title=step.title.strip(), position=place, **_columns(self._when(step.when)))
            for row, item in rows
            for place, step in enumerate(_steps(row), start=1)
        ]
        bulk_create_with_history(steps, Milestone, default_user=self.by)

    def _when(self, guess: Guess) -> Period:
        return self._period(guess.value) if guess.value.strip() else Period("none", None, None)

    def _period(self, words: str) -> Period:
        return parse_period(words, today=self.day)

    def _write_links(self, rows: Iterable[tuple[ImportRow, ActionItem]]) -> None:
        wanted = [(link, item) for row, item in rows for link in row.links]
        if not wanted:
            return
        codes = [link["code"].partition(":")[2] for link, _item in wanted]
        targets: dict[str, Goal | Indicator] = {f"goal:{one.slug}": one for one in Goal.objects.filter(slug__in=codes)}
        targets |= {f"indicator:{one.code}": one for one in Indicator.objects.filter(code__in=codes)}
        for link, item in wanted:
            words = {"words": ", ".join(f"»{word}«" for word in link["words"]), "who": link["by"]}
            reason = _(
                "The item's text holds the words %(words)s. Suggested when the plan was read, accepted by %(who)s."
            )
            if link["code"] in targets:
                add_link(thing=item, target=targets[link["code"]], reason=reason % words, by=self.by)


class _Tracks:
    """The headings of the plan: those that stand, and those that the file brings, made when the first row needs them."""

    def __init__(self, plan: Plan, by: Any) -> None:
        self.plan, self.by = plan, by
        self.known: dict[tuple[str, str], Track] = {}
        for track in plan.tracks.filter(closed_on__isnull=True).select_related("parent"):
            above = track.parent.title if track.parent else ""
            place = (title_key(above), title_key(track.title)) if above else (title_key(track.title), "")
            self.known.setdefault(place, track)

    def find(self, row: ImportRow) -> Track:
        section, sub = plain(row.section), plain(row.sub_section)
        number = row.section_number.strip().rstrip(".")
        if not section:
            # A sub-heading without a heading is a heading; an item without one stands under the name of its kind.
            section, sub = sub or self._without_heading(), ""
        heading = self._heading((title_key(section), ""), section, number, None)
        return self._heading((title_key(section), title_key(sub)), sub, "", heading) if title_key(sub) else heading

    def _heading(self, place: tuple[str, str], title: str, number: str, parent: Track | None) -> Track:
        if place not in self.known:
            self.known[place] = add_track(plan=self.plan, title=title, number=number, parent=parent, by=self.by)
        return self.known[place]

    def _without_heading(self) -> str:
        word = self.plan.kind.item_name_plural or "punkter"
        return word[:1].upper() + word[1:]


@contextmanager
def _naming(row: ImportRow) -> Iterator[None]:
    """Errors of the actions called inside name the row of the file."""
    about = f"{row.item.number}. {plain(row.title)}"
    try:
        yield
    except StatusConflict as error:
        raise ValidationError(
            _("%(item)s: somebody wrote a status at the same moment. Nothing has been stored.") % {"item": about}
        ) from error
    except ValidationError as error:
        raise ValidationError(f"{about}: {' '.join(error.messages)}") from error


def _steps(row: ImportRow) -> list[RowMilestone]:
    return [step for step in row.milestones if step.on]


def _free_number(wanted: int, taken: set[int]) -> int:
    """The number of the file where it is free, else the next one of the plan."""
    if 1 <= wanted <= HIGHEST_NUMBER and wanted not in taken:
        return wanted
    return max(taken, default=0) + 1


def _columns(period: Period) -> dict[str, Any]:
    return {
        "words": period.words,
        "precision": period.precision,
        "first_day": period.first_day,
        "last_day": period.last_day,
    }
