"""Small words that plan pages share: periods, slips and counts in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from initiatives.models import PlanKind
from sundhedsaftale.lib.danish import format_date, number_word
from sundhedsaftale.lib.periods import Period, format_period, quarters_between

# A slip counted from or to one of these may be that many quarters shorter: the last day is only the latest possible.
WIDER_THAN_A_QUARTER = ("year", "half_year", "season", "range", "part")
DAYS_IN_A_QUARTER = 92


@dataclass(frozen=True, slots=True)
class Cell:
    """Either words, or why there are none."""

    text: str = ""
    blank: str = ""


def language() -> str:
    return get_language() or "da"


def is_danish() -> bool:
    return not language().startswith("en")


def period_text(period: Period | None) -> str:
    """The period printed in full, "" for none."""
    return _printed(period, language()) if period is not None else ""


@lru_cache(maxsize=4096)
def _printed(period: Period, language_code: str) -> str:
    """A plan names the same few quarters again and again."""
    return format_period(period, language=language_code)


def day_text(day: date | None) -> str:
    return format_date(day, language())


def slip_in_quarters(before: Period | None, after: Period | None) -> int | None:
    """Quarters between the last days; None when one of the periods has none."""
    if before is None or after is None or before.last_day is None or after.last_day is None:
        return None
    return quarters_between(before.last_day, after.last_day)


def slip_text(before: Period | None, after: Period | None) -> str:
    """ "4 quarters", "up to 7 quarters" when the new period is a long one, "" when nothing was moved later."""
    quarters = slip_in_quarters(before, after)
    if quarters is None or quarters < 0 or before is None or after is None or before.last_day == after.last_day:
        return ""
    if quarters == 0:
        return _("within the quarter")
    words = ngettext("%(count)d quarter", "%(count)d quarters", quarters) % {"count": quarters}
    return _("up to %(slip)s") % {"slip": words} if is_wide(after) else words


def is_wide(period: Period) -> bool:
    if period.precision not in WIDER_THAN_A_QUARTER or period.first_day is None or period.last_day is None:
        return False
    return (period.last_day - period.first_day).days > DAYS_IN_A_QUARTER


def items_word(kind: PlanKind) -> str:
    """What the rows of such a plan are called, in the plural. The Danish word is data; English has one word for all."""
    return kind.item_name_plural if is_danish() and kind.item_name_plural else _("items")


def item_word(kind: PlanKind) -> str:
    return kind.item_name if is_danish() and kind.item_name else _("item")


def count_word(number: int, kind: PlanKind) -> str:
    """The number in words. Danish "one" agrees with the noun: ét punkt, én anbefaling; the gender is not stored."""
    return number_word(number, language(), neuter=kind.item_name.endswith(("punkt", "mål", "projekt", "initiativ")))


def sentence(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]
