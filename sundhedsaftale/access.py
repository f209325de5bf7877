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

from django.utils.translation import gettext_lazy as _

from sundhedsaftale.access_people import PEOPLE, SIGNING_IN
from sundhedsaftale.access_words import (
    ALL,
    OF_ANY,
    OF_MEETING,
    OF_PLAN,
    SECRETARIAT,
    STATUS_WRITERS,
    Deed,
    Thing,
    Who,
    names,
)

__all__ = ["DEEDS", "TABLE", "Deed", "Thing", "Who", "every_deed", "methods_of"]

TABLE: tuple[Thing, ...] = (
    Thing(
        _("Goals, figures and areas"),
        (
            Deed(
                _("Read the overview, goals, indicators, areas, the coverage map and how it is all made"),
                ALL,
                reads=names(
                    "overview goal_list goal indicator area_list area area_lists coverage method access accessibility"
                    " indicator_ranking indicator_map indicator_curves goal_curves"
                ),
            ),
            Deed(
                _("Fetch the tables as files, and follow new and corrected figures in a feed"),
                ALL,
                reads=names(
                    "goal_list_file goal_file indicator_file indicator_all area_file coverage_file data_file edition_file"
                    " figure_feed indicator_feed"
                ),
            ),
            Deed(_("Choose the area the pages show first"), ALL, writes=names("area_choose")),
            Deed(
                _("Set a local target for an indicator and an area"),
                (Who.SECRETARY, Who.STEWARD, Who.ADMINISTRATOR),
                of=OF_ANY,
                reads=names("target_create"),
                writes=names("target_create"),
            ),
            Deed(
                _("Change and withdraw a local target"),
                (Who.SECRETARY, Who.STEWARD, Who.ADMINISTRATOR),
                of=_("the body that decided it"),
                reads=names("target_edit target_withdraw"),
                writes=names("target_edit target_withdraw"),
            ),
            Deed(
                _("See where figures come from, and what was refused"),
                ALL,
                reads=names("data data_runs data_run checksum"),
            ),
            Deed(_("Fetch figures"), (Who.STEWARD, Who.ADMINISTRATOR), writes=names("data_fetch")),
            Deed(
                _("Hand over a file of figures, and say what its columns hold"),
                (Who.STEWARD, Who.ADMINISTRATOR),
                reads=names("table_start table_upload"),
                writes=names("table_start table_upload table_send"),
            ),
            Deed(
                _("Paste a report's tables, and say what holds for all of them"),
                (Who.STEWARD, Who.ADMINISTRATOR),
                reads=names("paste_start paste_preview"),
                writes=names("paste_start paste_preview paste_send"),
            ),
            Deed(
                _("Hand over how many live where"),
                (Who.STEWARD, Who.ADMINISTRATOR),
                reads=names("populations"),
                writes=names("populations"),
            ),
            Deed(
                _("Say which area an unknown name means"),
                (Who.STEWARD, Who.ADMINISTRATOR),
                reads=names("unknown_names"),
                writes=names("unknown_name_map"),
            ),
            Deed(
                _("Store a file that waits or turn it down, roll an edition back and bring it back"),
                (Who.STEWARD, Who.ADMINISTRATOR),
                reads=names("data_run_approve data_run_reject data_roll_back data_bring_back"),
                writes=names("data_run_approve data_run_reject data_roll_back data_bring_back"),
            ),
        ),
    ),
    Thing(
        _("Plans and their items"),
        (
            Deed(
                _("Read plans, items, timelines, delays and what has changed"),
                ALL,
                reads=names(
                    "plan_list plan item status_panel plan_timeline plan_timeline_svg plan_delays delay_list plan_changes"
                ),
            ),
            Deed(_("Make a plan"), SECRETARIAT, of=OF_ANY, reads=names("plan_create"), writes=names("plan_create")),
            Deed(
                _("Change, order, close and reopen a plan with its headings, items and milestones"),
                SECRETARIAT,
                of=OF_PLAN,
                reads=names(
                    "plan_manage plan_edit plan_close track_create track_edit track_close item_create item_edit item_close"
                    " milestone_create milestone_edit"
                ),
                writes=names(
                    "plan_edit plan_close plan_reopen track_create track_edit track_move track_close track_reopen"
                    " item_create item_edit item_move item_close item_reopen"
                    " milestone_create milestone_edit milestone_reach"
                ),
            ),
            Deed(
                _("Link an item to goals and indicators"),
                SECRETARIAT,
                of=OF_PLAN,
                reads=names("link_create link_remove"),
                writes=names("link_create link_remove"),
            ),
            Deed(
                _("Write the status of an item"),
                STATUS_WRITERS,
                of=OF_PLAN,
                reads=names("status_edit"),
                writes=names("status_edit status_read status_unchanged"),
            ),
            Deed(
                _("Hand a plan on to its successors"),
                SECRETARIAT,
                of=OF_PLAN,
                reads=names("carry_over carry_over_item carry_over_summary"),
                writes=names(
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
                reads=names("plan_import_start"),
                writes=names("plan_import_start"),
            ),
            Deed(
                _("See, correct, confirm and throw away what was read from a file"),
                SECRETARIAT,
                of=_("the body it was handed over for"),
                hidden=True,
                reads=names("plan_upload plan_import plan_import_row plan_import_row_edit"),
                writes=names(
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
                reads=names("meeting_list meeting snapshot snapshot_list annex_text annex_file annex_status"),
            ),
            Deed(
                _("Fetch a meeting or a deadline for one's own calendar"),
                ALL,
                reads=names("meeting_file item_deadline_file"),
            ),
            Deed(_("Ask for an annex to be made as a file"), ALL, writes=names("annex_make")),
            Deed(
                _("Register a body's meetings"),
                SECRETARIAT,
                of=OF_ANY,
                reads=names("meeting_create meeting_year"),
                writes=names("meeting_create meeting_year"),
            ),
            Deed(
                _("Move and cancel a meeting, and say how meetings are prepared"),
                SECRETARIAT,
                of=OF_MEETING,
                reads=names("meeting_edit meeting_cancel meeting_rules"),
                writes=names("meeting_edit meeting_cancel meeting_rules"),
            ),
            Deed(
                _("Write statuses for a meeting"),
                STATUS_WRITERS,
                of=OF_PLAN,
                reads=names("status_grid"),
                writes=names("status_grid status_grid_read meeting_unchanged"),
            ),
            Deed(
                _("Record what a meeting decided"),
                (Who.SECRETARY, Who.CHAIR, Who.ADMINISTRATOR),
                of=OF_MEETING,
                reads=names("meeting_decisions"),
                writes=names("meeting_decisions"),
            ),
            Deed(
                _("Approve what is to be frozen"),
                (Who.CHAIR,),
                of=OF_MEETING,
                reads=names("plan_approve"),
                writes=names("plan_approve"),
            ),
            Deed(
                _("Freeze a plan for a meeting"),
                SECRETARIAT,
                of=OF_MEETING,
                reads=names("plan_freeze"),
                writes=names("plan_freeze"),
            ),
            Deed(
                _("See and change the letter document of a body's annexes"),
                SECRETARIAT,
                of=_("that body"),
                reads=names("letterhead letterhead_download"),
                writes=names("letterhead letterhead_retire"),
            ),
        ),
    ),
    Thing(
        _("Initiatives"),
        (
            Deed(_("Read initiatives"), ALL, reads=names("initiative_list initiative")),
            Deed(
                _("Log an initiative"),
                (Who.SECRETARY, Who.LEAD, Who.DEPUTY, Who.ADMINISTRATOR),
                of=OF_ANY,
                reads=names("initiative_create"),
                writes=names("initiative_create"),
            ),
            Deed(
                _("Change an initiative, and link it to goals and indicators"),
                (Who.SECRETARY, Who.LEAD, Who.DEPUTY, Who.ADMINISTRATOR),
                of=_("the body whose initiative it is"),
                reads=names("initiative_edit"),
                writes=names("initiative_edit initiative_link_add initiative_link_remove"),
            ),
        ),
    ),
    *PEOPLE,
    SIGNING_IN,
    Thing(
        _("Data for machines"),
        (
            Deed(
                _("Fetch goals, figures, plans, items and initiatives; nothing can be changed"),
                ALL,
                reads=(
                    *(
                        f"api-{name}-{kind}"
                        for name in names(
                            "framework goal indicator area observation assessment source edition body plan item"
                            " initiative target"
                        )
                        for kind in ("list", "detail")
                    ),
                    *names("api-footnote-list api-replaced-list api-computed-list api-ranking-list api-distance-list"),
                    "api-schema",
                    "api-docs",
                ),
            ),
            Deed(_("Ask whether the site is running"), ALL, reads=names("health_live health_ready")),
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
