"""What changed in a plan since last meeting: one page with the answer first, and the short form other pages show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from initiatives.calculations import changes as rules
from initiatives.calculations.changes import ItemChange, LightChanges, PlanChanges
from initiatives.calculations.word_diff import Piece, word_diff
from initiatives.models import Plan, Snapshot
from initiatives.presenters.change_choices import Choices, side_choices
from initiatives.presenters.change_lights import LightSection, light_section
from initiatives.presenters.change_sides import (
    NOW,
    LiveRows,
    Side,
    UnknownSideError,
    day_side,
    items_of,
    lights_of,
    newest_frozen,
    read_side,
    snapshot_side,
    standing_now,
    versions_of,
)
from initiatives.presenters.facts import ItemFacts
from initiatives.presenters.items import ItemUrls
from initiatives.presenters.states import StateView, state_view
from initiatives.presenters.wording import (
    count_word,
    day_text,
    is_danish,
    item_word,
    items_word,
    language,
    period_text,
    sentence,
    slip_text,
)
from sundhedsaftale.lib.danish import join_words

IN_SUMMARY = 5

HEADINGS: dict[str, str | Promise] = {
    rules.MOVED_AGAIN: gettext_lazy("Postponed"),
    rules.HELD_UP: gettext_lazy("Held up"),
    rules.GIVEN_UP: gettext_lazy("Given up"),
    rules.GONE: gettext_lazy("Taken out of the plan"),
    rules.NOT_UPDATED: gettext_lazy("Not updated"),
    rules.NEW_DATE: gettext_lazy("Another date"),
    rules.OTHER_STATE: gettext_lazy("Another state"),
    rules.STARTED: gettext_lazy("Under way"),
    rules.FINISHED: gettext_lazy("Finished"),
    rules.REACHED: gettext_lazy("Milestone reached"),
    rules.NEW_ITEM: gettext_lazy("New in the plan"),
    rules.REWORDED: gettext_lazy("Only new words"),
    rules.OTHER_OWNERS: gettext_lazy("Other owners"),
    rules.RETITLED: gettext_lazy("Another title"),
}
#: What the answer tells, in this order; the rest stands in the groups below it.
TOLD = (
    rules.STARTED, rules.FINISHED, rules.MOVED_AGAIN, rules.HELD_UP, rules.GIVEN_UP, rules.GONE, rules.NEW_ITEM,
    rules.NOT_UPDATED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One item on one line. url: "" when it no longer has a page. diff: the words, () when they stand as before."""

    number: int
    title: str
    url: str
    was: StateView | None
    now: StateView | None
    facts: tuple[str, ...]
    diff: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    code: str
    heading: str
    lines: tuple[ChangeLine, ...]


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """blank: why there is nothing to compare; then groups and lights are empty."""

    title: str
    kicker: str
    plan_url: str
    lead: str
    rest: str
    sides: str
    groups: tuple[ChangeGroup, ...]
    lights: LightSection | None
    notes: tuple[str, ...]
    has_diff: bool
    blank: str
    choices: Choices


@dataclass(frozen=True, slots=True)
class ChangesSummary:
    """The short form for the front page and the meeting. blank: why there is nothing to tell."""

    lead: str
    lines: tuple[ChangeLine, ...]
    more: int
    url: str
    blank: str


@dataclass(frozen=True, slots=True)
class _Compared:
    sides: tuple[Side, Side]
    changes: PlanChanges
    lights: LightChanges | None


def changes_page(
    plan: Plan, before: str, after: str, *, today: date, versions: list[Snapshot] | None = None
) -> ChangesPage:
    """Everything the page prints, in at most eight queries, one fewer when the caller has the versions.

    before, after: as in the address, "" for the usual sides.
    """
    snapshots, live = versions_of(plan) if versions is None else versions, LiveRows.of(plan)
    error, compared = "", None
    try:
        sides = _sides(before, after, snapshots, live, today=today)
        if sides is not None:
            changes = rules.compare_items(*items_of(sides, live, today=today))
            lights = lights_of(sides)
            compared = _Compared(sides, changes, rules.compare_lights(*lights) if lights else None)
    except UnknownSideError as refused:
        error = str(refused)
    choices = side_choices(snapshots, live, compared.sides if compared else None, (before, after), error, today=today)
    return _page(plan, compared, choices)


def changes_since_meeting(plan: Plan, items: Iterable[ItemFacts], *, today: date) -> ChangesSummary:
    """In short what has happened since the last meeting the plan was frozen for. One query.

    items: those that stand in the plan, as fetched for the page. Lights are left to the page of all changes.
    """
    url = reverse("plan_changes", args=[plan.slug])
    frozen = newest_frozen(plan, today=today)
    if frozen is None:
        return ChangesSummary("", (), 0, url, _("The plan has not been frozen for a meeting yet."))
    before, items_before = frozen
    changes = rules.compare_items(items_before, standing_now(items))
    groups = _groups(plan, changes)
    lines = [line for group in groups if group.code != rules.NOT_UPDATED for line in group.lines]
    lead = _answer(plan, _Compared((before, day_side(today, today=today)), changes, None))
    return ChangesSummary(lead, tuple(lines[:IN_SUMMARY]), max(0, len(lines) - IN_SUMMARY), url, "")


def _sides(
    before: str, after: str, snapshots: list[Snapshot], live: LiveRows, *, today: date
) -> tuple[Side, Side] | None:
    """The earlier side first, whichever way they were asked for. None when there is nothing before to compare with."""
    new = read_side(after or NOW, snapshots, today=today)
    if before:
        old = read_side(before, snapshots, today=today)
    else:
        found = _usual_before(new, snapshots, live, today=today)
        if found is None:
            return None
        old = found
    return (old, new) if old.order <= new.order else (new, old)


def _usual_before(new: Side, snapshots: list[Snapshot], live: LiveRows, *, today: date) -> Side | None:
    """The newest frozen version before the other side; else the day before the last on which a status was written."""
    for snapshot in snapshots:
        side = snapshot_side(snapshot)
        if side.order < new.order:
            return side
    days = [day for day in live.recorded_days if day <= new.day]
    return day_side(days[1], today=today) if len(days) > 1 else None


# --- The page ---------------------------------------------------------------------------------------------------------


def _page(plan: Plan, compared: _Compared | None, choices: Choices) -> ChangesPage:
    groups = _groups(plan, compared.changes) if compared else ()
    return ChangesPage(
        title=plan.short_title or plan.title,
        kicker=f"{plan.kind.name} · {plan.body.name}",
        plan_url=reverse("plan", args=[plan.slug]),
        lead=_answer(plan, compared)
        if compared
        else ""
        if choices.error
        else _("There is nothing to compare with yet."),
        rest=_rest(plan, compared.changes) if compared else "",
        sides=_sides_text(compared.sides) if compared else "",
        groups=groups,
        lights=light_section(compared.lights, compared.sides) if compared else None,
        notes=_notes(compared.sides) if compared else (),
        has_diff=any(line.diff for group in groups for line in group.lines),
        blank="" if compared or choices.error else _nothing_yet(),
        choices=choices,
    )


def _nothing_yet() -> str:
    return _("No meeting has been frozen, and statuses have been written on one day at most.")


def _sides_text(sides: tuple[Side, Side]) -> str:
    words = {"before": sides[0].label, "after": sides[1].label}
    return sentence(_("%(before)s compared with %(after)s") % words) + "."


def _answer(plan: Plan, compared: _Compared) -> str:
    """ "Siden mødet 5. november 2020: to punkter er kommet i gang, ét er udsat for anden gang, fire er ikke opdateret." """
    news = _news(plan, compared.changes)
    before, after = compared.sides
    words = {"before": before.label, "after": after.label, "news": join_words(news, language()) if news else ""}
    if after.is_now:
        text = _("Since %(before)s: %(news)s.") if news else _("Since %(before)s nothing has changed.")
    else:
        text = (
            _("From %(before)s to %(after)s: %(news)s.")
            if news
            else _("From %(before)s to %(after)s nothing has changed.")
        )
    return text % words


def _news(plan: Plan, changes: PlanChanges) -> list[str]:
    """The pieces of the answer; the first names what is counted."""
    pieces: list[str] = []
    for kind in TOLD:
        found = changes.of_kind(kind)
        if kind == rules.MOVED_AGAIN:
            times = Counter(change.item.times_postponed for change in found)
            for time in sorted(times):
                pieces.append(_postponed_text(_counted(plan, times[time], pieces), times[time], time))
        elif found:
            pieces.append(_told(kind, len(found)) % {"n": _counted(plan, len(found), pieces)})
    if pieces or not changes.changed:
        return pieces
    return [_("only dates, words, owners or milestones are other than they were")]


def _counted(plan: Plan, number: int, before: list[str]) -> str:
    """ "to punkter" the first time, then "to"."""
    word = count_word(number, plan.kind)
    if before:
        return word
    return f"{word} {item_word(plan.kind) if number == 1 else items_word(plan.kind)}"


def _told(kind: str, number: int) -> str:
    return {
        rules.STARTED: ngettext("%(n)s has got under way", "%(n)s have got under way", number),
        rules.FINISHED: ngettext("%(n)s is finished", "%(n)s are finished", number),
        rules.HELD_UP: ngettext("%(n)s is held up", "%(n)s are held up", number),
        rules.GIVEN_UP: ngettext("%(n)s is given up", "%(n)s are given up", number),
        rules.GONE: ngettext("%(n)s is taken out of the plan", "%(n)s are taken out of the plan", number),
        rules.NEW_ITEM: ngettext("%(n)s is new", "%(n)s are new", number),
        rules.NOT_UPDATED: ngettext("%(n)s is not updated", "%(n)s are not updated", number),
    }[kind]


def _postponed_text(counted: str, number: int, times: int) -> str:
    words = {"n": counted, "nth": _ordinal(times)}
    if times <= 1:
        return ngettext("%(n)s is postponed", "%(n)s are postponed", number) % words
    return (
        ngettext("%(n)s is postponed for the %(nth)s time", "%(n)s are postponed for the %(nth)s time", number) % words
    )


_ORDINALS = {
    "da": ("første", "anden", "tredje", "fjerde", "femte", "sjette", "syvende", "ottende", "niende", "tiende"),
    "en": ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
}


def _ordinal(number: int) -> str:
    words = _ORDINALS["da" if is_danish() else "en"]
    return words[number - 1] if 1 <= number <= len(words) else f"{number}." if is_danish() else f"{number}th"


def _rest(plan: Plan, changes: PlanChanges) -> str:
    if not changes.confirmed:
        return ""
    words = {"n": _counted(plan, changes.confirmed, [])}
    text = ngettext(
        "%(n)s has a new answer and stands as before.", "%(n)s have new answers and stand as before.", changes.confirmed
    )
    return sentence(text % words)


def _notes(sides: tuple[Side, Side]) -> tuple[str, ...]:
    """What cannot be said of a side that was never frozen."""
    unknown = [side for side in sides if side.snapshot_id is None and not side.is_now]
    if not unknown:
        return ()
    text = _("Nobody froze the plan on %(days)s, so who the owners were and what titles and lights were is not known.")
    return (text % {"days": join_words([side.label for side in unknown], language())},)


# --- Items ------------------------------------------------------------------------------------------------------------


def _groups(plan: Plan, changes: PlanChanges) -> tuple[ChangeGroup, ...]:
    urls = ItemUrls(plan.slug)
    groups = []
    for kind in rules.KINDS:
        lines = tuple(_line(change, urls) for change in changes.led_by(kind))
        if lines:
            groups.append(ChangeGroup(kind, str(HEADINGS[kind]), lines))
    return tuple(groups)


def _line(change: ItemChange, urls: ItemUrls) -> ChangeLine:
    was, now, item = change.before, change.after, change.item
    gone = rules.GONE in change.kinds
    moved = was is not None and now is not None and not gone and was.state != now.state
    reworded = was is not None and now is not None and rules.REWORDED in change.kinds
    return ChangeLine(
        number=item.number,
        title=item.title,
        url="" if gone and now is None else urls.item(item.number),
        was=state_view(was.state, undated=was.undated) if was and moved else None,
        now=state_view(item.state, undated=item.undated) if not gone else None,
        facts=tuple(fact for kind in change.kinds for fact in _facts(kind, change)),
        diff=word_diff(was.words, now.words) if reworded and was and now else (),
    )


def _facts(kind: str, change: ItemChange) -> list[str]:
    """What the line says of one thing that happened; states and words say themselves."""
    was, now, item = change.before, change.after, change.item
    if kind == rules.GONE:
        return [item.closed_reason or _("It does not stand in the later version.")]
    if was is None or now is None:
        return [_("owners: %(names)s") % {"names": join_words(item.owners, language())}] if item.owners else []
    words = {
        "from": period_text(was.due) or _("no date"),
        "to": period_text(now.due) or _("no date"),
        "nth": _ordinal(now.times_postponed),
        "slip": slip_text(was.due, now.due),
    }
    if kind in (rules.MOVED_AGAIN, rules.NEW_DATE):
        moved = _("from %(from)s to %(to)s (%(slip)s)") if words["slip"] else _("from %(from)s to %(to)s")
        nth = [_("postponed for the %(nth)s time") % words] if kind == rules.MOVED_AGAIN else []
        return [*nth, moved % words]
    if kind == rules.NOT_UPDATED:
        text = _("last status %(day)s") if now.as_of else _("no status yet")
        return [text % {"day": day_text(now.as_of)}]
    if kind == rules.REACHED:
        return [_("milestone reached: %(title)s") % {"title": title} for title in change.reached]
    if kind == rules.OTHER_OWNERS:
        pair = {"from": join_words(was.owners or (), language()), "to": join_words(now.owners or (), language())}
        return [_("owners: %(from)s → %(to)s") % {name: text or _("nobody") for name, text in pair.items()}]
    if kind == rules.RETITLED:
        return [_("was called »%(title)s«") % {"title": was.title}]
    return []
