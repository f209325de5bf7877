"""Where words with given beginnings stand in a text: the quick first look that rules most of a text out."""

from __future__ import annotations

from collections.abc import Container

# Letters, digits and "_" stay, as in the regular expressions' \w; all else becomes a space.
_ONLY_WORDS = bytes(code if chr(code).isalnum() or code == ord("_") else ord(" ") for code in range(256))
_NINE = ord("9")


def heads(words: str) -> frozenset[bytes]:
    """The words, set apart by blanks, as `words_at` wants them."""
    return frozenset(word.encode("latin-1") for word in words.split())


def words_at(text: str, wanted: Container[bytes], length: int) -> list[tuple[int, bytes]]:
    """(place, head) of the words whose first `length` letters are wanted, in order.

    A look at bytes costs a fifth of a regular expression. Letters outside Latin-1 count as spaces, so a word found
    may be part of a longer one: this only says where to look closely.
    """
    plain = _plain(text)
    found = [word for word in plain.split() if word[:length] in wanted]
    return [(place, word[:length]) for place, word in zip(_places(plain, found), found, strict=True)]


def words_or_numbers_at(text: str, wanted: Container[bytes]) -> list[int]:
    """The places of the whole words wanted, and of everything that begins or ends with a digit."""
    plain = _plain(text)
    # No letter comes before the digits in the table.
    return _places(plain, [word for word in plain.split() if word in wanted or word[0] <= _NINE or word[-1] <= _NINE])


def _plain(text: str) -> bytes:
    return b" " + text.encode("latin-1", "replace").translate(_ONLY_WORDS) + b" "


def _places(plain: bytes, words: list[bytes]) -> list[int]:
    places = []
    place = -1
    for word in words:
        # The space before the word in `plain` is where the word itself stands in the text.
        place = plain.find(b" " + word + b" ", place + 1)
        places.append(place)
    return places
