"""Who may do what: the one table, address by address.

A row is a deed in plain words, who may do it, and the addresses it is done at: `reads` are opened (GET), `writes` are
sent to (POST). Every address of the site stands here once for each of the two; one that does not is answered as if it
were not there (`sundhedsaftale.middleware.DeclaredAddresses`), and so is a method that is not declared. The page
/om/adgang/ prints the table, and tests/project/test_permission_matrix.py tries every address as everybody. The checks
themselves stand in the apps' permissions and are made by the views.

Somebody who may not is told who can. Where a deed is `hidden`, they may not know that the thing exists either: they get
the same page as for an address that leads nowhere. Whoever is not signed in and opens a page for people who are is
asked to sign in.
"""

from __future__ import annotations

from collections.abc import Iterator
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


def _names(words: str) -> tuple[str, ...]:
    return tuple(words.split())


ALL = (Who.EVERYONE,)
SIGNED_IN = (Who.SIGNED_IN,)
SECRETARIAT = (Who.SECRETARY, Who.ADMINISTRATOR)
STATUS_WRITERS = (Who.SECRETARY, Who.OWNER, Who.COORDINATOR, Who.ADMINISTRATOR)
OF_PLAN = _("the body whose plan it is")
OF_MEETING = _("the body that meets")
OF_ANY = _("the body it is done for")

TABLE: tuple[Thing, ...] = (
    Thing(
        _("Goals, figures and areas"),
        (
            Deed(
                _("Read the overview, goals, indicators, areas, the coverage map and how it is all made"),
                ALL,
                reads=_names("overview goal_list goal indicator area_list area coverage method access accessibility"),
            ),
            Deed(_("Choose the area the pages show first"), ALL, writes=_names("area_choose")),
            Deed(_("See where figures come from, and what was refused"), ALL, reads=_names("data data_runs")),
            Deed(_("Fetch figures"), (Who.STEWARD, Who.ADMINISTRATOR), writes=_names("data_fetch")),
        ),
    ),
    Thing(
        _("Plans and their items"),
        (
            Deed(
                _("Read plans, items, timelines, delays and what has changed"),
                ALL,
                reads=_names(
                    "plan_list plan item status_panel plan_timeline plan_timeline_svg plan_delays delay_list plan_changes"
                ),
            ),
            Deed(_("Make a plan"), SECRETARIAT, of=OF_ANY, reads=_names("plan_create"), writes=_names("plan_create")),
            Deed(
                _("Change, order, close and reopen a plan with its headings, items and milestones"),
                SECRETARIAT,
                of=OF_PLAN,
                reads=_names(
                    "plan_manage plan_edit plan_close track_create track_edit track_close item_create item_edit item_close"
                    " milestone_create milestone_edit"
                ),
                writes=_names(
                    "plan_edit plan_close plan_reopen track_create track_edit track_move track_close track_reopen"
                    " item_create item_edit item_move item_close item_reopen"
                    " milestone_create milestone_edit milestone_reach"
                ),
            ),
            Deed(
                _("Link an item to goals and indicators"),
                SECRETARIAT,
                of=OF_PLAN,
                reads=_names("link_create link_remove"),
                writes=_names("link_create link_remove"),
            ),
            Deed(
                _("Write the status of an item"),
                STATUS_WRITERS,
                of=OF_PLAN,
                reads=_names("status_edit"),
                writes=_names("status_edit status_read status_unchanged"),
            ),
            Deed(
                _("Hand a plan on to its successors"),
                SECRETARIAT,
                of=OF_PLAN,
                reads=_names("carry_over carry_over_item carry_over_summary"),
                writes=_names(
                    "carry_over_start carry_over_choices carry_over_rest carry_over_item carry_over_summary"
                    " carry_over_cancel"
                ),
            ),
        ),
    ),
    Thing(
        _("Plans from files"),
        (
            Deed(
                _("Hand over a file with a plan"),
                SECRETARIAT,
                of=OF_ANY,
                reads=_names("plan_import_start"),
                writes=_names("plan_import_start"),
            ),
            Deed(
                _("See, correct, confirm and throw away what was read from a file"),
                SECRETARIAT,
                of=_("the body it was handed over for"),
                hidden=True,
                reads=_names("plan_upload plan_import plan_import_row plan_import_row_edit"),
                writes=_names(
                    "plan_upload_again plan_import_row_edit plan_import_row_seen plan_import_row_drop"
                    " plan_import_vanished plan_import_confirm plan_import_discard"
                ),
            ),
        ),
    ),
    Thing(
        _("Meetings and frozen plans"),
        (
            Deed(
                _("Read meetings, frozen plans and their annexes, also as files"),
                ALL,
                reads=_names("meeting_list meeting snapshot snapshot_list annex_text annex_file annex_status"),
            ),
            Deed(_("Ask for an annex to be made as a file"), ALL, writes=_names("annex_make")),
            Deed(
                _("Register a body's meetings"),
                SECRETARIAT,
                of=OF_ANY,
                reads=_names("meeting_create meeting_year"),
                writes=_names("meeting_create meeting_year"),
            ),
            Deed(
                _("Move and cancel a meeting, and say how meetings are prepared"),
                SECRETARIAT,
                of=OF_MEETING,
                reads=_names("meeting_edit meeting_cancel meeting_rules"),
                writes=_names("meeting_edit meeting_cancel meeting_rules"),
            ),
            Deed(
                _("Write statuses for a meeting"),
                STATUS_WRITERS,
                of=OF_PLAN,
                reads=_names("status_grid"),
                writes=_names("status_grid status_grid_read meeting_unchanged"),
            ),
            Deed(
                _("Record what a meeting decided"),
                (Who.SECRETARY, Who.CHAIR, Who.ADMINISTRATOR),
                of=OF_MEETING,
                reads=_names("meeting_decisions"),
                writes=_names("meeting_decisions"),
            ),
            Deed(
                _("Approve what is to be frozen"),
                (Who.CHAIR,),
                of=OF_MEETING,
                reads=_names("plan_approve"),
                writes=_names("plan_approve"),
            ),
            Deed(
                _("Freeze a plan for a meeting"),
                SECRETARIAT,
                of=OF_MEETING,
                reads=_names("plan_freeze"),
                writes=_names("plan_freeze"),
            ),
            Deed(
                _("See and change the letter document of a body's annexes"),
                SECRETARIAT,
                of=_("that body"),
                reads=_names("letterhead letterhead_download"),
                writes=_names("letterhead letterhead_retire"),
            ),
        ),
    ),
    Thing(
        _("Initiatives"),
        (
            Deed(_("Read initiatives"), ALL, reads=_names("initiative_list initiative")),
            Deed(
                _("Log an initiative"),
                (Who.SECRETARY, Who.LEAD, Who.DEPUTY, Who.ADMINISTRATOR),
                of=OF_ANY,
                reads=_names("initiative_create"),
                writes=_names("initiative_create"),
            ),
            Deed(
                _("Change an initiative, and link it to goals and indicators"),
                (Who.SECRETARY, Who.LEAD, Who.DEPUTY, Who.ADMINISTRATOR),
                of=_("the body whose initiative it is"),
                reads=_names("initiative_edit"),
                writes=_names("initiative_edit initiative_link_add initiative_link_remove"),
            ),
        ),
    ),
    Thing(
        _("What is one's own"),
        (
            Deed(_("See one's own tasks"), SIGNED_IN, reads=_names("mine")),
            Deed(
                _("Pause one's own reminders"),
                SIGNED_IN,
                reads=_names("reminder_pause"),
                writes=_names("reminder_pause"),
            ),
        ),
    ),
    Thing(
        _("Reminders"),
        (
            Deed(
                _("See which reminders were sent about the items of one's bodies"),
                SECRETARIAT,
                of=_("a body"),
                reads=_names("reminder_log"),
            ),
            Deed(
                _("Send a mail again that may not have arrived"),
                SECRETARIAT,
                of=_("a body whose item it is about"),
                hidden=True,
                sign_in_first=True,
                writes=_names("reminder_resend"),
            ),
        ),
    ),
    Thing(
        _("Signing in"),
        (
            Deed(
                _("Sign in and out, choose a forgotten password anew, choose a language"),
                ALL,
                reads=_names(
                    "account_login account_logout account_inactive account_signup account_reset_password"
                    " account_reset_password_done account_reset_password_from_key account_reset_password_from_key_done"
                    " account_confirm_email account_email_verification_sent account_confirm_login_code"
                ),
                writes=_names(
                    "account_login account_logout account_signup account_reset_password account_reset_password_from_key"
                    " account_confirm_email account_confirm_login_code set_language"
                ),
            ),
            Deed(
                _("Change one's own password and mail address"),
                SIGNED_IN,
                reads=_names("account_email account_change_password account_set_password account_reauthenticate"),
                writes=_names("account_email account_change_password account_set_password account_reauthenticate"),
            ),
        ),
    ),
    Thing(
        _("Data for machines"),
        (
            Deed(
                _("Fetch goals, figures, plans, items and initiatives; nothing can be changed"),
                ALL,
                reads=(
                    *(
                        f"api-{name}-{kind}"
                        for name in _names(
                            "framework goal indicator area observation assessment body plan item initiative"
                        )
                        for kind in ("list", "detail")
                    ),
                    "api-schema",
                    "api-docs",
                ),
            ),
            Deed(_("Ask whether the site is running"), ALL, reads=_names("health_live health_ready")),
        ),
    ),
)


def every_deed() -> Iterator[Deed]:
    for thing in TABLE:
        yield from thing.deeds


#: (address, method) -> what is done there.
DEEDS: dict[tuple[str, str], Deed] = {
    **{(name, "GET"): deed for deed in every_deed() for name in deed.reads},
    **{(name, "POST"): deed for deed in every_deed() for name in deed.writes},
}


def methods_of(route: str) -> tuple[str, ...]:
    """The methods the table declares for the address; none when it is not in the table."""
    return tuple(method for method in ("GET", "POST") if (route, method) in DEEDS)
