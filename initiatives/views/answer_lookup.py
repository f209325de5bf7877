"""What a link in a mail leads to, or why it leads nowhere. Every right is looked up when the link is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from initiatives.actions.status import current_status
from initiatives.answer_links import AnswerLink, BrokenLink, address_stamp, read_token
from initiatives.models import ActionItem, Anchoring, CarryOverState, Meeting
from initiatives.permissions import check_user_can_write_status
from initiatives.presenters.answer_page import Answering
from initiatives.presenters.wording import day_text

NOT_FOUND, FORBIDDEN, GONE = 404, 403, 410


@dataclass(frozen=True)
class Refusal:
    """A page that says what is wrong and what to do. asked: only of a link that is merely too old."""

    heading: str
    text: str
    status: int
    language: str
    item_url: str = ""
    sign_in_url: str = ""
    asked: Answering | None = None


class Refused(Exception):
    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.heading)
        self.refusal = refusal


def open_link(token: str) -> Answering | Refusal:
    """Six queries at most."""
    try:
        return _find(read_token(token))
    except BrokenLink:
        return _broken()
    except Refused as refused:
        return refused.refusal


def _find(link: AnswerLink) -> Answering:
    person = get_user_model().objects.filter(pk=link.person_id, is_active=True, closed_on__isnull=True).first()
    if person is None or address_stamp(person.email) != link.address:
        raise Refused(_nobody())
    with translation.override(person.language or settings.LANGUAGE_CODE):
        return _find_item(link, person)


def _find_item(link: AnswerLink, person: Any) -> Answering:
    language = translation.get_language()
    owners = Prefetch("anchorings", Anchoring.objects.select_related("body"))
    items = ActionItem.objects.select_related("plan__body", "track").prefetch_related(owners)
    item = items.filter(pk=link.item_id).first()
    if item is None:
        raise Refused(Refusal(_("The item is no longer here"), _("It has been removed."), GONE, language))
    url = reverse("item", args=[item.plan.slug, item.number])
    try:
        check_user_can_write_status(person, item, today=timezone.localdate())
    except PermissionDenied as denied:
        heading = _("You no longer answer for this item")
        text = _("%(who_can)s Is that a mistake, ask the secretariat.") % {"who_can": denied}
        raise Refused(Refusal(heading, text, FORBIDDEN, language, item_url=url)) from denied
    over = _why_over(item)
    if over:
        raise Refused(Refusal(_("There is nothing more to answer"), over, GONE, language, item_url=url))
    meetings = Meeting.objects.filter(body=item.plan.body_id, cancelled_on__isnull=True).select_related("body")
    meeting = meetings.filter(pk=link.meeting_id).first() if link.meeting_id else None
    asked = Answering(person, item, link, meeting, current_status(item))
    if link.expired:
        edit = reverse("status_edit", args=[item.plan.slug, item.number])
        sign_in = f"{reverse('account_login')}?next={edit}"
        heading, text = _("The link has run out"), _("A link lasts 30 days. Nothing has been saved.")
        raise Refused(Refusal(heading, text, GONE, language, item_url=url, sign_in_url=sign_in, asked=asked))
    return asked


def _why_over(item: ActionItem) -> str:
    """Why nobody answers for the item any more, "" while somebody does."""
    for closed_on, reason, text in (
        (item.closed_on, item.closed_reason, _("The item was closed %(day)s.")),
        (item.track.closed_on, item.track.closed_reason, _("The part of the plan it stands in was closed %(day)s.")),
        (item.plan.closed_on, item.plan.closed_reason, _("The plan was closed %(day)s.")),
    ):
        if closed_on is not None:
            return " ".join(filter(None, (text % {"day": day_text(closed_on)}, reason)))
    handed_on = item.carry_over_choices.filter(
        carry_over__state=CarryOverState.CONFIRMED, carry_over__on__lte=timezone.localdate()
    ).select_related("carry_over")
    choice = handed_on.first()
    if choice is None:
        return ""
    text = _("It was handed on %(day)s. Its page says to whom, and the new owners are asked.")
    return text % {"day": day_text(choice.carry_over.on)}


def _broken() -> Refusal:
    return Refusal(
        heading=_("The link is not whole"),
        text=_(
            "Some mail programs break a long link over two lines. Copy the whole address from the mail into the browser, "
            "or sign in and answer there."
        ),
        status=NOT_FOUND,
        language=translation.get_language(),
        sign_in_url=f"{reverse('account_login')}?next={reverse('mine')}",
    )


def _nobody() -> Refusal:
    """The same for whoever was closed, deactivated or has another address: the holder of the link is told no more."""
    return Refusal(
        heading=_("The link is no longer in use"),
        text=_(
            "It belonged to a user who is closed here or has another mail address now. "
            "Sign in with your own account, or write to the secretariat that sent the mail."
        ),
        status=FORBIDDEN,
        language=translation.get_language(),
        sign_in_url=f"{reverse('account_login')}?next={reverse('mine')}",
    )
