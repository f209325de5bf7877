"""The comments on an item or an initiative, as its people see them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from initiatives.calculations.mentions import find_mentions, labels
from initiatives.models import ActionItem, Comment, Mention
from initiatives.permissions_talk import Talked, colleagues, user_can_withdraw_comment, who_talks
from sundhedsaftale.lib.danish import format_date, join_words

NEWEST = 10  # the ones before are folded


@dataclass(frozen=True)
class Part:
    text: str
    is_name: bool


@dataclass(frozen=True)
class CommentView:
    pk: int
    who: str
    when: str
    parts: list[Part]
    names: str  # who is mentioned without standing in the text, "" for nobody
    withdrawn: str  # a sentence, "" when it stands
    withdraw_url: str  # "" for whoever may not


@dataclass(frozen=True)
class CommentsPage:
    """can_read False: `refusal` says who can, and nothing else is filled in."""

    title: str
    url: str
    back_url: str
    can_read: bool
    can_write: bool
    refusal: str
    earlier: list[CommentView]
    newest: list[CommentView]

    @property
    def total(self) -> int:
        return len(self.earlier) + len(self.newest)


def place(thing: Talked) -> tuple[str, str, str]:
    """(its title, the address of its comments, its own address)"""
    if isinstance(thing, ActionItem):
        args: list[Any] = [thing.plan.slug, thing.number]
        return f"{thing.number}. {thing.title}", reverse("item_comments", args=args), reverse("item", args=args)
    args = [thing.slug]
    return thing.title, reverse("initiative_comments", args=args), reverse("initiative", args=args)


def comments_page(thing: Talked, user: Any, *, can_read: bool, can_write: bool) -> CommentsPage:
    """Two queries for whoever may read, none for others."""
    title, url, back_url = place(thing)
    rows: list[CommentView] = []
    if can_read:
        mentions = Prefetch("mentions", queryset=Mention.objects.select_related("person"))
        rows = [_comment_view(row, user, url) for row in thing.comments.select_related("by").prefetch_related(mentions)]
    return CommentsPage(
        title=title,
        url=url,
        back_url=back_url,
        can_read=can_read,
        can_write=can_write,
        refusal="" if can_read else who_talks(thing),
        earlier=rows[:-NEWEST],
        newest=rows[-NEWEST:],
    )


def names_to_mention(thing: Talked, user: Any, *, today: date) -> dict[int, str]:
    """Who can be named, as written after the @; not oneself. One query."""
    people = colleagues(thing, today=today).exclude(pk=user.pk)
    return labels(people.values_list("pk", "name", "email"))


def _comment_view(comment: Comment, user: Any, url: str) -> CommentView:
    stands = comment.withdrawn_at is None
    people = {mention.person_id: mention.person for mention in comment.mentions.all()}
    found = labels((pk, person.name, person.email) for pk, person in people.items())
    in_text = find_mentions(comment.text, found)
    others = [name for pk, name in found.items() if pk not in in_text.people]
    may = stands and user_can_withdraw_comment(user, comment)
    return CommentView(
        pk=comment.pk,
        who=str(comment.by.name or _("Without a name")),
        when=_when(comment.created_at),
        parts=_parts(comment.text, found) if stands else [],
        names=join_words(others, get_language() or "da") if stands else "",
        withdrawn=""
        if comment.withdrawn_at is None
        else _("Withdrawn %(when)s.") % {"when": _when(comment.withdrawn_at)},
        withdraw_url=f"{url}{comment.pk}/traek-tilbage/" if may else "",
    )


def _parts(text: str, names: Mapping[int, str]) -> list[Part]:
    parts, at = [], 0
    for start, end in find_mentions(text, names).spans:
        parts += [Part(text[at:start], False), Part(text[start:end], True)]
        at = end
    return [part for part in (*parts, Part(text[at:], False)) if part.text]


def _when(at: Any) -> str:
    local = timezone.localtime(at)
    return f"{format_date(local.date(), get_language() or 'da')}, {local:%H.%M}"
