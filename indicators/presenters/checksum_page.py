"""The page of the check-sum: the sum, where we differ and why, what the report does not explain, how each light is known."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext

from indicators.models import Edition
from indicators.presenters.checksum import CheckRow, CheckSum, check_sum


@dataclass(frozen=True)
class ChecksumPage:
    check: CheckSum
    lead: str
    edition: str
    differences: tuple[str, ...]
    unexplained: tuple[CheckRow, ...]  # goals with indicators that the report neither counts nor explains


def checksum_page() -> ChecksumPage:
    """Six queries."""
    check = check_sum()
    edition = Edition.objects.filter(slug=check.edition_slug).order_by("-received_at", "-pk").first()
    return ChecksumPage(
        check=check,
        lead=_lead(check),
        edition=edition.title if edition else "",
        differences=_differences(check),
        unexplained=tuple(row for row in check.rows if row.number == "4" and row.uncounted),
    )


def _lead(check: CheckSum) -> str:
    total = check.total
    if total is None:
        return ""
    words = {"green": total.green, "yellow": total.yellow, "red": total.red}
    words |= {"counted": total.counted, "listed": total.listed}
    return (
        gettext(
            "The report counts %(green)s green, %(yellow)s yellow and %(red)s red: %(counted)s of %(listed)s indicators."
        )
        % words
    )


def _differences(check: CheckSum) -> tuple[str, ...]:
    """Why our count is not the report's, goal by goal: colours we do not know, and colours we have more of."""
    said = []
    for row in check.rows:
        words = {"number": row.number, "known": row.ours.lit, "counted": row.counted, "unknown": row.unknown}
        pairs = (
            (row.ours.green, row.green, gettext("green")),
            (row.ours.yellow, row.yellow, gettext("yellow")),
            (row.ours.red, row.red, gettext("red")),
        )
        for mine, theirs, colour in pairs:
            if theirs is not None and mine > theirs:
                more = words | {"mine": mine, "theirs": theirs, "colour": colour}
                said.append(
                    gettext("Goal %(number)s: we have %(mine)s %(colour)s where the report counts %(theirs)s.") % more
                )
        if row.unknown:
            said.append(
                gettext("Goal %(number)s: of %(counted)s counted lights we know %(known)s; %(unknown)s are lost to us.")
                % words
            )
    return tuple(said)
