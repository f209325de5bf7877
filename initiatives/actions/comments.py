"""Comments between colleagues: written, withdrawn, and the mentions in them seen.

They stand on no public page, so no kept page grows old by them: these actions do not count the data version up.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from initiatives.actions.free_text import refuse_cpr
from initiatives.calculations.mentions import find_mentions, labels
from initiatives.models import ActionItem, Comment, Initiative, Mention
from initiatives.permissions_talk import colleagues

LONGEST = 4000


@dataclass(frozen=True)
class Said:
    """The comment; and the names after an @ that named nobody."""

    comment: Comment
    unknown: tuple[str, ...]


@transaction.atomic
def add_comment(
    *,
    thing: ActionItem | Initiative,
    text: str,
    by: Any,
    now: datetime,
    today: date,
    also: Collection[int] = (),
) -> Said:
    """Write a comment. Those named with @ in the text are mentioned, and so are `also`, by primary key.

    Raises ValidationError keyed by field (text, mention); then nothing is stored. Whoever answers on a thing has seen
    what they were mentioned in there.
    """
    refuse_cpr(text=text)
    words = text.strip()
    if not words:
        raise ValidationError({"text": [_("Write a comment.")]})
    if len(words) > LONGEST:
        raise ValidationError({"text": [_("A comment has room for %(most)d characters.") % {"most": LONGEST}]})
    names = labels(colleagues(thing, today=today).values_list("pk", "name", "email"))
    if set(also) - set(names):
        raise ValidationError({"mention": [_("Choose somebody who can read the comment.")]})
    found = find_mentions(words, names)
    place = {"item": thing} if isinstance(thing, ActionItem) else {"initiative": thing}
    comment = Comment.objects.create(text=words, created_at=now, by=by, **place)
    people = dict.fromkeys([*found.people, *also])
    people.pop(by.pk, None)
    Mention.objects.bulk_create(Mention(comment=comment, person_id=person) for person in people)
    on_it = {f"comment__{name}": value for name, value in place.items()}
    Mention.objects.filter(person=by, seen_at__isnull=True, **on_it).update(seen_at=now)
    return Said(comment, found.unknown)


def withdraw_comment(*, comment: Comment, by: Any, now: datetime) -> bool:
    """Take it off the page; the row stays, for the file of the case. False when it was withdrawn already."""
    return bool(
        Comment.objects.filter(pk=comment.pk, withdrawn_at__isnull=True).update(withdrawn_at=now, withdrawn_by=by)
    )


def see_mentions(*, by: Any, now: datetime, only: int | None = None) -> int:
    """The person has seen what they are mentioned in: all of it, or one mention. Returns how many were new."""
    mine = Mention.objects.filter(person=by, seen_at__isnull=True, comment__created_at__lte=now)
    return (mine if only is None else mine.filter(pk=only)).update(seen_at=now)
