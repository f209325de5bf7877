"""The words the table of who may do what is written in: roles, deeds and things."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Who(TextChoices):
    """Roles are those of the body the thing belongs to, on the day they are asked about."""

    EVERYONE = "everyone", _("Everybody")
    LINK = "link", _("Whoever has the link from the mail")
    SIGNED_IN = "signed_in", _("Everybody who is signed in")
    ONESELF = "oneself", _("The person it belongs to")
    SECRETARY = "secretary", _("Secretary")
    CHAIR = "chair", _("Chair")
    LEAD = "lead", _("Lead")
    MEMBER = "member", _("Member")
    DEPUTY = "deputy", _("Deputy")
    READER = "reader", _("Reader")
    OWNER = "owner", _("Those who answer for the item: secretary, chair, lead and deputy of the bodies that carry it")
    COORDINATOR = "coordinator", _("Coordinator of the item")
    STEWARD = "steward", _("Data steward")
    ADMINISTRATOR = "administrator", _("Administrator of the site")


@dataclass(frozen=True)
class Deed:
    """`sign_in_first`: whoever is not signed in is asked to sign in also when they send something."""

    what: Text
    who: tuple[Who, ...]
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    of: Text = ""  # whose roles count
    hidden: bool = False
    sign_in_first: bool = False

    @property
    def is_public(self) -> bool:
        return Who.EVERYONE in self.who

    def asks_to_sign_in(self, method: str) -> bool:
        """What somebody who is not signed in is answered with; otherwise they are refused like everybody else."""
        if self.is_public or Who.LINK in self.who:
            return False
        personal = Who.SIGNED_IN in self.who or (Who.ONESELF in self.who and not self.hidden)
        return method == "GET" or self.sign_in_first or personal


@dataclass(frozen=True)
class Thing:
    name: Text
    deeds: tuple[Deed, ...]


def names(words: str) -> tuple[str, ...]:
    return tuple(words.split())


ALL = (Who.EVERYONE,)
SIGNED_IN = (Who.SIGNED_IN,)
SECRETARIAT = (Who.SECRETARY, Who.ADMINISTRATOR)
STATUS_WRITERS = (Who.SECRETARY, Who.OWNER, Who.COORDINATOR, Who.ADMINISTRATOR)
OF_PLAN = _("the body whose plan it is")
OF_MEETING = _("the body that meets")
OF_ANY = _("the body it is done for")
