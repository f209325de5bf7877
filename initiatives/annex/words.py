"""The fixed words of the annex. Danish and not translated: a file must be the same for every reader, today and later."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from sundhedsaftale.lib.danish import format_date, join_words, number_word
from sundhedsaftale.lib.periods import PeriodError, observation_period_label

CONTENT, ANCHORING, STATUS = COLUMNS = ("Indhold", "Forankring", "Status")
LIGHT_COLUMNS = ("Indikator", "Periode", "Værdi", "Udvikling", "Niveau")
CHANGED = "Ændret"
NEW = "Nyt punkt"
NO_STATUS = "Ingen status endnu"
NO_OWNER = "Ingen forankring angivet"

STATES = {
    "planned": "Planlagt",
    "in_progress": "I gang",
    "delayed": "Forsinket",
    "postponed": "Udsat",
    "on_hold": "På standby",
    "completed": "Afsluttet",
    "in_operation": "I drift",
    "cancelled": "Opgivet",
    "": NO_STATUS,
}
#: The states inside a sentence: "to er udsat".
STATES_IN_TEXT = {**{code: word[0].lower() + word[1:] for code, word in STATES.items()}, "": "uden status"}
#: States in which the item is not on its way, so that a date it has is a new one.
STOPPED = ("postponed", "on_hold")
LATE = ("delayed", *STOPPED)

DEVELOPMENT = {"green": "Går frem", "yellow": "Uændret", "red": "Går tilbage"}
LEVEL = {"green": "Bedre end landet", "yellow": "Som landet", "red": "Dårligere end landet"}
NO_LIGHT = {
    "suppressed": "Kan ikke vises",
    "not_measured": "Måles ikke her",
    "no_number": "Intet tal",
    "not_updated": "Ikke opdateret",
    "method_break": "Sammenlignes ikke",
    "not_comparable": "Sammenlignes ikke",
    "comparator_other_kind": "Sammenlignes ikke",
    "comparator_missing": "Intet landstal",
    "previous_missing": "Tidligere tal mangler",
    "cannot_compute": "Kan ikke beregnes",
    "is_comparator": "De andre sammenlignes hermed",
    "computed": "Intet lys",  # never frozen: only what a source gave is
}
NO_LIGHT_ELSE = "Intet lys"
ROUNDING = "kan afvige pga. afrunding"
#: "Sundhedskoordinations|udvalget": a narrow column would otherwise break it anywhere.
LONG_WORD_ENDING = re.compile(
    r"(?<=\w{8})(?=(?:udvalg|styregruppe|gruppe|råd|kommune|klynge|sekretariat|samarbejde|forening)\w{0,5}\b)",
    re.IGNORECASE,
)


def day(value: date | None) -> str:
    return format_date(value, "da")


def in_words(number: int, *, neuter: bool = True) -> str:
    return number_word(number, "da", neuter=neuter)


def joined(words: Iterable[str]) -> str:
    return join_words(words, "da")


def period_label(code: str) -> str:
    """The period of a figure in words; a code nobody knows stands as it is."""
    try:
        return observation_period_label(code, "da")
    except PeriodError:
        return code


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
