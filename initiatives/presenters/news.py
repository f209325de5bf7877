"""News in words: what is followed and where it stands, and one sentence for each line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from initiatives.calculations import news
from initiatives.calculations.news import NewsLine, Thing
from initiatives.models import Comment, Follow, Mention, State
from initiatives.presenters.initiatives import full_goal_name
from initiatives.presenters.personal_news import PersonalNews, followed_thing
from sundhedsaftale.lib.danish import format_date


@dataclass(frozen=True)
class FollowedView:
    kind: str  # "Goal", "Area" ... in the reader's language
    title: str
    note: str  # the plan of an item, else ""
    url: str
    unfollow_url: str


@dataclass(frozen=True)
class NewsView:
    """One followed thing with the sentences of its lines, each with its day; the newest first."""

    title: str
    kind: str
    url: str
    lines: list[tuple[str, str]]


@dataclass(frozen=True)
class MentionView:
    pk: int
    who: str
    title: str
    note: str
    url: str  # of the comment itself
    words: str
    when: str


def followed_view(row: Follow) -> FollowedView:
    name, _pk = followed_thing(row)
    if row.goal is not None:
        return _view(name, full_goal_name(row.goal), "", [row.goal.slug])
    if row.area is not None:
        return _view(name, row.area.official_name or row.area.name, "", [row.area.code])
    if row.plan is not None:
        return _view(name, row.plan.short_title or row.plan.title, "", [row.plan.slug])
    if row.item is not None:
        plan = row.item.plan
        title = f"{row.item.number}. {row.item.title}"
        return _view(name, title, plan.short_title or plan.title, [plan.slug, row.item.number])
    assert row.initiative is not None  # nosec B101
    return _view(name, row.initiative.title, "", [row.initiative.slug])


def _view(name: str, title: str, note: str, place: list[Any]) -> FollowedView:
    return FollowedView(kind_word(name), title, note, reverse(name, args=place), reverse(f"follow_{name}", args=place))


def kind_word(name: str) -> str:
    words = {
        "goal": _("Goal"), "area": _("Area"), "plan": _("Plan"), "item": _("Item"), "initiative": _("Initiative"),
    }  # fmt: skip
    return words[name]


def news_views(personal: PersonalNews) -> list[NewsView]:
    """The thing with the newest line first."""
    found: dict[Thing, list[tuple[str, str]]] = {}
    for line in personal.lines:
        found.setdefault(line.thing, []).append((news_sentence(line), moment_text(line.at)))
    views = ((followed_view(personal.follows[thing]), lines) for thing, lines in found.items())
    return [NewsView(view.title, view.kind, view.url, lines) for view, lines in views]


def moment_text(at: Any) -> str:
    return format_date(timezone.localtime(at).date(), get_language() or "da")


def news_sentence(line: NewsLine) -> str:
    """One sentence that can stand beside the name of what it is about."""
    kind = line.thing[0]
    if kind in ("item", "initiative"):
        return _about_itself(line)
    if line.count == 1 and line.title:
        return _("%(title)s: %(what)s") % {"title": line.title, "what": _one(line)}
    return _several(line, line.thing)


def _about_itself(line: NewsLine) -> str:
    if line.kind == news.COMMENT:
        return ngettext("%(count)d new comment.", "%(count)d new comments.", line.count) % {"count": line.count}
    text = _one(line)
    return text[:1].upper() + text[1:]


def _one(line: NewsLine) -> str:
    state = str(State(line.detail).label) if line.detail else ""
    return {
        news.STATUS: _("new status (%(state)s).") % {"state": state.lower()},
        news.DATE: _("new date (%(state)s).") % {"state": state.lower()},
        news.POSTPONED: _("moved (%(state)s).") % {"state": state.lower()},
        news.CLOSED: _("now %(state)s.") % {"state": state.lower()},
        news.DECISION: _("a meeting has decided on it."),
        news.ADDED: _("new in the plan."),
        news.LINKED: _("linked to a goal or an indicator."),
        news.UNLINKED: _("a link to a goal or an indicator was removed."),
        news.INITIATIVE: _("what is written about the initiative has been changed."),
        news.LOGGED: _("a new initiative here."),
    }[line.kind]


def _several(line: NewsLine, thing: Thing) -> str:
    count = line.count
    texts = {
        news.STATUS: ngettext("%(count)d item has a new status.", "%(count)d items have a new status.", count),
        news.DATE: ngettext("%(count)d item has a new date.", "%(count)d items have a new date.", count),
        news.POSTPONED: ngettext("%(count)d item was moved.", "%(count)d items were moved.", count),
        news.CLOSED: ngettext("%(count)d item was closed.", "%(count)d items were closed.", count),
        news.DECISION: ngettext(
            "A meeting has decided on %(count)d item.", "Meetings have decided on %(count)d items.", count
        ),
        news.FROZEN: ngettext(
            "The plan was frozen for a meeting.", "The plan was frozen for meetings %(count)d times.", count
        ),
        news.ADDED: ngettext("%(count)d new item.", "%(count)d new items.", count),
        news.LINKED: ngettext("%(count)d new link to it.", "%(count)d new links to it.", count)
        if thing[0] == "goal"
        else ngettext(
            "%(count)d new link to goals or indicators.", "%(count)d new links to goals or indicators.", count
        ),
        news.UNLINKED: ngettext("%(count)d link was removed.", "%(count)d links were removed.", count),
        news.LOGGED: ngettext("%(count)d new initiative here.", "%(count)d new initiatives here.", count),
        news.FIGURES: ngettext("%(count)d new figure.", "%(count)d new figures.", count),
        news.CORRECTED: ngettext("%(count)d figure was corrected.", "%(count)d figures were corrected.", count),
        news.LIGHT: ngettext("%(count)d light has turned.", "%(count)d lights have turned.", count),
    }
    return texts[line.kind] % {"count": count}


def mention_view(mention: Mention) -> MentionView:
    comment = mention.comment
    title, note = comment_place(comment)
    return MentionView(
        pk=mention.pk,
        who=str(comment.by.name or _("Without a name")),
        title=title,
        note=note,
        url=comment_url(comment),
        words=comment.text,
        when=moment_text(comment.created_at),
    )


def comment_place(comment: Comment) -> tuple[str, str]:
    """(what it stands on, the plan it belongs to)"""
    if comment.item is not None:
        plan = comment.item.plan
        return f"{comment.item.number}. {comment.item.title}", plan.short_title or plan.title
    assert comment.initiative is not None  # nosec B101
    return comment.initiative.title, ""


def comment_url(comment: Comment) -> str:
    if comment.item is not None:
        url = reverse("item_comments", args=[comment.item.plan.slug, comment.item.number])
    else:
        assert comment.initiative is not None  # nosec B101
        url = reverse("initiative_comments", args=[comment.initiative.slug])
    return f"{url}#kommentar-{comment.pk}"
