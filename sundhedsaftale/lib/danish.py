"""Danish words, numbers and the Danish alphabet, for pages, mails and documents; English beside it.

`language` is a language code; everything that does not begin with "en" is printed in Danish.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, localcontext

NBSP = "\u00a0"
MINUS = "\u2212"

_MONTHS = {
    "da": (
        "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
        "december",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
}  # fmt: skip
_WEEKDAYS = {
    "da": ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_NUMBER_WORDS = {
    "da": ("nul", "én", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti", "elleve", "tolv"),
    "en": (
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    ),
}  # fmt: skip

# Danish letters sort after z, in this order. Letters and not signs stand for them, because a database that sorts by a
# locale passes over signs; "za" for z itself keeps z before all three.
_DANISH_LETTERS = {"z": "za", "æ": "zx", "ä": "zx", "ø": "zy", "ö": "zy", "œ": "zy", "å": "zz", "ü": "y"}
# Aa is Å in names of places and people (Aalborg, Aabenraa), also inside a word, but not across one: "Ava Andersen".
_DOUBLE_A = re.compile("aa")
_LETTERS_WITHOUT_PARTS = str.maketrans({"đ": "d", "ð": "d", "þ": "th", "ł": "l", "ß": "ss", "ı": "i"})


class NumberError(ValueError):
    """The text is not a number written in the agreed way. `reason_code`: empty, not_a_number, wrong_mark, too_long."""

    def __init__(self, reason_code: str, text: str) -> None:
        self.reason_code = reason_code
        super().__init__(reason_code)


def is_english(language: str) -> bool:
    return language.lower().startswith("en")


def _language(language: str) -> str:
    return "en" if is_english(language) else "da"


def sort_key(name: str) -> str:
    """A plain ASCII key whose byte order is the Danish alphabet: æ, ø, å last, Aa as Å, capitals as small letters.

    Stored beside the name, because the two databases have no Danish collation in common. Numbers inside a name sort
    by size ("Spor 2" before "Spor 10"). Words sort before longer words that begin with them.
    """
    text = unicodedata.normalize("NFC", name).lower().translate(_LETTERS_WITHOUT_PARTS)
    key: list[str] = []
    for character in _DOUBLE_A.sub("å", text):
        if character in _DANISH_LETTERS:
            key.append(_DANISH_LETTERS[character])
            continue
        for part in unicodedata.normalize("NFKD", character):
            if part.isascii() and part.isalnum():
                key.append(part)
            elif not unicodedata.combining(part):
                key.append(" ")
    words = " ".join("".join(key).split())
    return re.sub(r"\d+", lambda match: _sortable_number(match[0]), words)


def _sortable_number(digits: str) -> str:
    """The digits with their count in front, so that 2 sorts before 10 byte by byte."""
    digits = digits.lstrip("0") or "0"
    return f"{min(len(digits), 99):02d}{digits}"


def format_number(value: Decimal | int | float | None, decimals: int = 0, language: str = "da") -> str:
    """1.234,5 in Danish and 1,234.5 in English, with a real minus sign. None is an empty text.

    A half is rounded away from zero, as people round. Minus nothing is nothing: −0,04 with one decimal is 0,0.
    """
    if value is None:
        return ""
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    if not number.is_finite():
        raise ValueError("only finite numbers can be printed")
    with localcontext() as context:
        context.prec = max(28, number.adjusted() + decimals + 10)
        rounded = number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{rounded.copy_abs():,.{decimals}f}"
    if not is_english(language):
        text = text.translate(str.maketrans(",.", ".,"))
    return f"{MINUS}{text}" if rounded < 0 else text


def format_signed_pct(value: Decimal | int | float | None, decimals: int = 1, language: str = "da") -> str:
    """ "+3,6 pct.", "−3,6 pct.", "0,0 pct.": a change. None is an empty text."""
    if value is None:
        return ""
    text = format_number(value, decimals, language)
    is_zero = not any(character in "123456789" for character in text)
    sign = "" if is_zero or text.startswith(MINUS) else "+"
    return f"{sign}{text}{NBSP}pct."


def format_date(day: date | datetime | None, language: str = "da") -> str:
    """ "5. november 2020" or "5 November 2020", the number and the month kept together. None is an empty text."""
    if day is None:
        return ""
    month = _MONTHS[_language(language)][day.month - 1]
    return f"{day.day}{'' if is_english(language) else '.'}{NBSP}{month} {day.year}"


def format_weekday(day: date, language: str = "da") -> str:
    """ "torsdag 5. november 2020" or "Thursday 5 November 2020"."""
    return f"{_WEEKDAYS[_language(language)][day.weekday()]} {format_date(day, language)}"


def number_word(number: int, language: str = "da", *, neuter: bool = False) -> str:
    """nul..tolv in words, larger numbers in figures. One is "én" ("ét" for neuter words), not the article "en"."""
    if number == 1 and neuter and not is_english(language):
        return "ét"
    words = _NUMBER_WORDS[_language(language)]
    return words[number] if 0 <= number < len(words) else format_number(number, 0, language)


def join_words(words: Iterable[str], language: str = "da") -> str:
    """ "a, b og c"."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {'and' if is_english(language) else 'og'} {items[-1]}"


_DECIMAL_FORMS = {
    ",": re.compile(r"[+-]?(?:\d+|\d{1,3}(?:[. ]\d{3})+)(?:,\d+)?", re.ASCII),
    ".": re.compile(r"[+-]?(?:\d+|\d{1,3}(?:[, ]\d{3})+)(?:\.\d+)?", re.ASCII),
}


def parse_decimal(text: str, decimal_mark: str = ",") -> Decimal:
    """A number with the given decimal mark; the other mark, or a space, may only part thousands.

    Strict, because "2.032" is two thousand and thirty-two in a Danish file: nothing is guessed. Raises NumberError.
    """
    if decimal_mark not in _DECIMAL_FORMS:
        raise ValueError("the decimal mark is a comma or a full stop")
    cleaned = text.strip().replace(MINUS, "-").replace(NBSP, " ").replace("\u202f", " ")
    if not cleaned:
        raise NumberError("empty", text)
    if len(cleaned) > 40:
        raise NumberError("too_long", text)
    if not cleaned.isascii() or not _DECIMAL_FORMS[decimal_mark].fullmatch(cleaned):
        other = "." if decimal_mark == "," else ","
        reason = "wrong_mark" if _DECIMAL_FORMS[other].fullmatch(cleaned) else "not_a_number"
        raise NumberError(reason, text)
    thousands = "." if decimal_mark == "," else ","
    return Decimal(cleaned.replace(thousands, "").replace(" ", "").replace(decimal_mark, "."))


# Endings that bodies and areas are named with and without.
_NOISE = re.compile(r"\b(?:kommune|kommunes|region|regionen|the|municipality)\b")


def normalised(name: str) -> str:
    """The name as it is compared with others: no case, accents, hyphens, soft hyphens or word for its kind."""
    text = unicodedata.normalize("NFKD", name.lower().replace("\u00ad", ""))
    text = "".join(character for character in text if not unicodedata.combining(character))
    text = text.replace("ø", "oe").replace("æ", "ae").replace("aa", "a")
    text = re.sub(r"[^a-z0-9]+", " ", _NOISE.sub(" ", text))
    return " ".join(text.split())


def nearest(name: str, candidates: Iterable[str] | Sequence[str], n: int = 3) -> list[str]:
    """The at most n candidates most like the name, best first, for "did you mean". Far-off ones are left out."""
    wanted = normalised(name)
    if not wanted:
        return []
    scored: list[tuple[float, str]] = []
    matcher = difflib.SequenceMatcher(autojunk=False)
    matcher.set_seq2(wanted)
    for candidate in dict.fromkeys(candidates):
        other = normalised(candidate)
        matcher.set_seq1(other)
        if not other or (matcher.real_quick_ratio() < 0.6 and not other.startswith(wanted)):
            continue
        score = 0.95 if other.startswith(wanted) and other != wanted else matcher.ratio()
        if score >= 0.6:
            scored.append((score, candidate))
    scored.sort(key=lambda pair: (-pair[0], sort_key(pair[1])))
    return [candidate for _, candidate in scored[:n]]
