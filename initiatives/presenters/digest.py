"""The news of a digest, for the mail it goes out with: read once for all the mails at hand, worded for each.

A mail tells titles and kinds, never the words of a comment.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from initiatives.calculations.digest_days import EACH
from initiatives.calculations.news import told_from
from initiatives.models import Digest, ReminderMail
from initiatives.presenters.news import comment_place, comment_url, news_views
from initiatives.presenters.personal_news import Asked, PersonalNews, load_news


@dataclass(frozen=True)
class DigestLine:
    title: str
    texts: list[str]
    url: str


@dataclass(frozen=True)
class DigestView:
    """What emails/_digest.txt and .html print."""

    mentions: list[DigestLine]
    changes: list[DigestLine]

    @property
    def subject(self) -> str:
        parts = []
        if self.mentions:
            count = len(self.mentions)
            parts.append(ngettext("%(count)d mention of you", "%(count)d mentions of you", count) % {"count": count})
        if self.changes:
            count = sum(len(line.texts) for line in self.changes)
            parts.append(
                ngettext("%(count)d change you follow", "%(count)d changes you follow", count) % {"count": count}
            )
        return _(" and ").join(parts)


def asked_of(digest: Digest) -> Asked:
    """What the person is told in it now: they may have chosen another rhythm, or seen the news, since it was queued."""
    person = digest.person
    changes = None
    if person.mail_rhythm != EACH:
        changes = told_from(
            digest.since, rhythm_since=person.mail_rhythm_since, seen_at=person.news_seen_at, until=digest.until
        )
    return Asked(digest.since, changes, digest.until)


def digest_sections(mails: Iterable[ReminderMail], *, today: date) -> dict[int, PersonalNews]:
    """The news of each mail that has a digest, by the mail's key. One query when none has; else about nine, however
    many mails: so whoever sends many asks once for all of them."""
    digests = list(Digest.objects.filter(mail__in=[mail.pk for mail in mails]).select_related("person"))
    if not digests:
        return {}
    people = get_user_model()._default_manager.filter(pk__in=[digest.person_id for digest in digests])
    asked = {digest.person_id: asked_of(digest) for digest in digests}
    found = load_news(asked, people, today=today)
    return {digest.mail_id: found[digest.person_id] for digest in digests if found.get(digest.person_id)}


def digest_view(personal: PersonalNews | None, *, site_url: str) -> DigestView | None:
    """In the language that is active; None when there is nothing to tell."""
    if not personal:
        return None
    mentions = []
    for mention in personal.mentions:
        title, plan = comment_place(mention.comment)
        who = str(mention.comment.by.name or _("Without a name"))
        text = _("%(who)s mentions you in a comment.") % {"who": who}
        mentions.append(
            DigestLine(f"{title} ({plan})" if plan else title, [text], site_url + comment_url(mention.comment))
        )
    changes = [
        DigestLine(view.title, [text for text, _when in view.lines], site_url + view.url)
        for view in news_views(personal)
    ]
    return DigestView(mentions, changes)
