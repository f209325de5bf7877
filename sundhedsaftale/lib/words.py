"""Where words with given beginnings stand in a text: the quick first look that rules most of a text out."""

from __future__ import annotations

from collections.abc import Container

# Letters, digits and "_" stay, as in the regular expressions' \w; all else becomes a space.
_ONLY_WORDS = bytes(code if chr(code).isalnum() or code == ord("_") else ord(" ") for code in range(256))


def heads(words: str) -> frozenset[bytes]:
    """The words, set apart by blanks, as `words_at` wants them."""
    return frozenset(word.encode("latin-1") for word in words.split())


def words_at(text: str, wanted: Container[bytes], length: int | None = None) -> list[tuple[int, bytes]]:
    """(place, head) of the words whose first `length` letters are wanted, in order; the whole words by default.

    A look at bytes costs a fifth of a regular expression. Letters outside Latin-1 count as spaces, so a word found
    may be part of a longer one: this only says where to look closely.
    """
    plain = b" " + text.encode("latin-1", "replace").translate(_ONLY_WORDS) + b" "
    found: list[tuple[int, bytes]] = []
    place = 0
    for word in plain.split():
        head = word[:length]
        if head in wanted:
            # The space before the word in `plain` is where the word stands in `text`.
            place = plain.find(b" " + word + b" ", place)
            found.append((place, head))
            place += 1
    return found


def words_or_numbers_at(text: str, wanted: Container[bytes]) -> list[int]:
    """The places of the whole words wanted, and of everything that begins or ends with a digit."""
    plain = b" " + text.encode("latin-1", "replace").translate(_ONLY_WORDS) + b" "
    found: list[int] = []
    place = 0
    for word in plain.split():
        # No letter comes before the digits: "9" is followed by ":" in the table.
        if word[0] <= _NINE or word[-1] <= _NINE or word in wanted:
            place = plain.find(b" " + word + b" ", place)
            found.append(place)
            place += 1
    return found


_NINE = ord("9")
