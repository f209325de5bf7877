"""Everything held about one person, for the right of access (article 15 of the General Data Protection Regulation).

Every table that points at a person is looked up in the models themselves and must have a heading in HEADINGS: a new
table that nobody thought of fails a test and is left out by nobody's mistake. Secrets are not handed out, not even to
their owner: a hash or a key would only be something more to lose.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.presenters.item_page import moment_text
from sundhedsaftale.models import User

#: (model, the column that names the person) -> what the rows are.
HEADINGS: dict[tuple[str, str], str | Promise] = {
    ("sundhedsaftale.User_groups", "user"): gettext_lazy("Groups"),
    ("sundhedsaftale.User_user_permissions", "user"): gettext_lazy("Site roles"),
    ("account.EmailAddress", "user"): gettext_lazy("E-mail addresses"),
    ("socialaccount.SocialAccount", "user"): gettext_lazy("Sign-in from elsewhere"),
    ("mfa.Authenticator", "user"): gettext_lazy("Two-factor sign-in"),
    ("sundhedsaftale.AccountChange", "person"): gettext_lazy("Changes to the account"),
    ("sundhedsaftale.AccountChange", "by"): gettext_lazy("Accounts changed for others"),
    ("initiatives.FreshLink", "person"): gettext_lazy("Fresh links asked for"),
    ("initiatives.Membership", "user"): gettext_lazy("Roles in bodies"),
    ("initiatives.HistoricalMembership", "user"): gettext_lazy("Roles in bodies, changes"),
    ("initiatives.Invitation", "by"): gettext_lazy("Invitations sent"),
    ("initiatives.Invitation", "accepted_by"): gettext_lazy("Invitations accepted"),
    ("initiatives.Invitation", "withdrawn_by"): gettext_lazy("Invitations withdrawn"),
    ("initiatives.Delegation", "person"): gettext_lazy("Own absence"),
    ("initiatives.Delegation", "deputy"): gettext_lazy("Deputy for others"),
    ("initiatives.Delegation", "by"): gettext_lazy("Absence registered"),
    ("initiatives.Delegation", "ended_by"): gettext_lazy("Absence ended"),
    ("initiatives.CalendarFeed", "person"): gettext_lazy("Calendar addresses"),
    ("initiatives.Follow", "person"): gettext_lazy("What is followed"),
    ("initiatives.Comment", "by"): gettext_lazy("Comments written"),
    ("initiatives.Comment", "withdrawn_by"): gettext_lazy("Comments withdrawn"),
    ("initiatives.Mention", "person"): gettext_lazy("Mentioned in comments"),
    ("initiatives.ReminderMail", "recipient"): gettext_lazy("Mails received"),
    ("initiatives.Reminder", "recipient"): gettext_lazy("Reminders received"),
    ("initiatives.Digest", "person"): gettext_lazy("Digests received"),
    ("initiatives.ActionItem", "coordinator"): gettext_lazy("Items coordinated"),
    ("initiatives.HistoricalActionItem", "coordinator"): gettext_lazy("Items coordinated, changes"),
    ("initiatives.StatusUpdate", "by"): gettext_lazy("Statuses written"),
    ("initiatives.Schedule", "by"): gettext_lazy("Dates named"),
    ("initiatives.Contribution", "by"): gettext_lazy("Links drawn"),
    ("initiatives.Contribution", "removed_by"): gettext_lazy("Links removed"),
    ("initiatives.Initiative", "created_by"): gettext_lazy("Initiatives logged"),
    ("initiatives.HistoricalInitiative", "created_by"): gettext_lazy("Initiatives logged, changes"),
    ("initiatives.Target", "by"): gettext_lazy("Targets set"),
    ("initiatives.Target", "withdrawn_by"): gettext_lazy("Targets withdrawn"),
    ("initiatives.Meeting", "by"): gettext_lazy("Meetings registered"),
    ("initiatives.HistoricalMeeting", "by"): gettext_lazy("Meetings registered, changes"),
    ("initiatives.Decision", "by"): gettext_lazy("Decisions recorded"),
    ("initiatives.HistoricalDecision", "by"): gettext_lazy("Decisions recorded, changes"),
    ("initiatives.Approval", "by"): gettext_lazy("Approvals given"),
    ("initiatives.Snapshot", "by"): gettext_lazy("Plans frozen"),
    ("initiatives.AnnexTemplate", "by"): gettext_lazy("Letter documents uploaded"),
    ("initiatives.CarryOver", "by"): gettext_lazy("Hand-overs begun"),
    ("initiatives.CarryOver", "finished_by"): gettext_lazy("Hand-overs finished"),
    ("initiatives.HistoricalCarryOver", "by"): gettext_lazy("Hand-overs begun, changes"),
    ("initiatives.HistoricalCarryOver", "finished_by"): gettext_lazy("Hand-overs finished, changes"),
    ("initiatives.CarryOverChoice", "by"): gettext_lazy("Hand-over choices"),
    ("initiatives.HistoricalCarryOverChoice", "by"): gettext_lazy("Hand-over choices, changes"),
    ("initiatives.PlanImport", "by"): gettext_lazy("Plans read in"),
    ("initiatives.PlanImport", "finished_by"): gettext_lazy("Plans confirmed"),
    ("initiatives.PlanUpload", "by"): gettext_lazy("Files being read"),
    ("indicators.RefreshRun", "by"): gettext_lazy("Figures fetched"),
    ("indicators.RefreshRun", "decided_by"): gettext_lazy("Figures approved or turned down"),
    ("indicators.TableMapping", "changed_by"): gettext_lazy("Readings of tables described"),
    ("indicators.TableUpload", "by"): gettext_lazy("Tables handed in"),
    ("indicators.UnknownName", "mapped_by"): gettext_lazy("Names of areas explained"),
    ("initiatives.HistoricalBody", "history_user"): gettext_lazy("Bodies changed"),
    ("initiatives.HistoricalMembership", "history_user"): gettext_lazy("Roles changed for others"),
    ("initiatives.HistoricalPlan", "history_user"): gettext_lazy("Plans changed"),
    ("initiatives.HistoricalTrack", "history_user"): gettext_lazy("Headings changed"),
    ("initiatives.HistoricalActionItem", "history_user"): gettext_lazy("Items changed"),
    ("initiatives.HistoricalAnchoring", "history_user"): gettext_lazy("Owners changed"),
    ("initiatives.HistoricalMilestone", "history_user"): gettext_lazy("Milestones changed"),
    ("initiatives.HistoricalMeeting", "history_user"): gettext_lazy("Meetings changed"),
    ("initiatives.HistoricalDecision", "history_user"): gettext_lazy("Decisions changed"),
    ("initiatives.HistoricalCarryOver", "history_user"): gettext_lazy("Hand-overs changed"),
    ("initiatives.HistoricalCarryOverChoice", "history_user"): gettext_lazy("Hand-over choices changed"),
    ("initiatives.HistoricalInitiative", "history_user"): gettext_lazy("Initiatives changed"),
    ("initiatives.HistoricalTarget", "history_user"): gettext_lazy("Targets changed"),
}

#: Never handed out: secrets, and files that are their body's and not the person's.
WITHHELD = frozenset({"password", "token", "token_hash", "secret", "content", "data", "draft"})
SHEET_NAME_LENGTH = 31  # Excel's own limit


@dataclass(frozen=True, slots=True)
class Table:
    """columns: names as in the database; rows: a cell each, as text, number, moment or None."""

    label: str
    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


def tables_about(person: User) -> Iterator[Table]:
    """The account first, then every table that names the person, those without a row left out."""
    fields = [field.attname for field in User._meta.concrete_fields if field.attname not in WITHHELD]
    yield Table("account", _("Account"), tuple(fields), (tuple(getattr(person, name) for name in fields),))
    for model, column in person_relations():
        rows = _rows(model, column, person)
        if rows:
            heading = HEADINGS[model._meta.label, column]
            yield Table(f"{model._meta.label_lower}.{column}", str(heading), _columns(model), tuple(rows))


def person_relations() -> list[tuple[Any, str]]:
    """Every model with a foreign key to a person, and the column; also those without a way back from the person."""
    relations: list[Any] = list(User._meta.get_fields(include_hidden=True))
    found = [
        (relation.related_model, relation.field.name)
        for relation in relations
        if relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
    ]
    order = list(HEADINGS)
    return sorted(found, key=lambda pair: order.index((pair[0]._meta.label, pair[1])))


def _columns(model: Any) -> tuple[str, ...]:
    return tuple(field.name for field in model._meta.concrete_fields if field.name not in WITHHELD)


def _rows(model: Any, column: str, person: User) -> list[tuple[Any, ...]]:
    fields = [field for field in model._meta.concrete_fields if field.name not in WITHHELD]
    related = [field.name for field in fields if field.is_relation]
    rows = model._base_manager.filter(**{column: person}).select_related(*related).order_by("pk")
    return [tuple(_cell(row, field) for field in fields) for row in rows]


def _cell(row: Any, field: Any) -> Any:
    """A number, text or moment as it is; what it points at by its name. The names of other people are left out."""
    if not field.is_relation:
        value = getattr(row, field.attname)
        return value if isinstance(value, (str, int, float, bool, datetime)) or value is None else str(value)
    if getattr(row, field.attname) is None:
        return None
    if field.related_model is User:
        return getattr(row, field.attname)
    return str(getattr(row, field.name))


def person_package(person: User, *, now: datetime) -> bytes:
    """A zip file with a workbook for people and the same as JSON for machines."""
    tables = list(tables_about(person))
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("laes-mig.txt", _read_me(person, now).encode("utf-8-sig"))
        archive.writestr("oplysninger.xlsx", _workbook(tables))
        archive.writestr("oplysninger.json", _machine_readable(tables))
    return target.getvalue()


def _read_me(person: User, now: datetime) -> str:
    lines = [
        _("What this system holds about %(person)s, put together on %(moment)s.")
        % {"person": person.email, "moment": moment_text(now)},
        "",
        _("oplysninger.xlsx has a sheet for each kind of entry; oplysninger.json is the same for machines."),
        _("Passwords, keys and secret addresses are left out. Other people stand by their number, not by name."),
    ]
    return "\r\n".join(lines) + "\r\n"


def _workbook(tables: list[Table]) -> bytes:
    """Text is always written as text: nothing in the workbook is a formula."""
    import xlsxwriter

    target = BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, plain)
    bold = book.add_format({"bold": True})
    for number, table in enumerate(tables, start=1):
        sheet = book.add_worksheet(f"{number} {table.heading}"[:SHEET_NAME_LENGTH])
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(table.columns), 22)
        sheet.write_row(0, 0, table.columns, bold)
        for place, row in enumerate(table.rows, start=1):
            sheet.write_row(place, 0, [_for_a_sheet(cell) for cell in row])
    book.close()
    return target.getvalue()


def _for_a_sheet(cell: Any) -> Any:
    return f"{timezone.localtime(cell):%Y-%m-%d %H:%M:%S}" if isinstance(cell, datetime) else cell


def _machine_readable(tables: list[Table]) -> bytes:
    content = {table.label: [dict(zip(table.columns, row, strict=True)) for row in table.rows] for table in tables}
    return json.dumps(content, ensure_ascii=False, indent=1, default=str).encode()
