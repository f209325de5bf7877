"""Where words with given beginnings stand in a text: the quick first look that rules most of a text out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

_LATIN = [chr(code).lower() for code in range(256)]
_SMALL = "".join(_LATIN).encode("latin-1")
# Letters, digits and "_" stay, as in the regular expressions' \w; all else becomes a space.
_ONLY_WORDS = "".join(sign if sign.isalnum() or sign == "_" else " " for sign in _LATIN).encode("latin-1")


class Lowered(NamedTuple):
    """A text made ready to be read: each place in `small` and, one to the left, in `words` is the same in the text.

    `words` holds the words in small letters with blanks for all that is no word, a blank at either end, in Latin-1:
    bytes are looked through in a fraction of the time. Letters outside Latin-1 are blanks there, so a word in it may
    be part of a longer one: it only says where to look closely. `is_latin`: the text has no such letter or sign.
    """

    small: str
    words: bytes
    is_latin: bool


def lowered(text: str) -> Lowered:
    try:
        latin = text.encode("latin-1")
    except UnicodeEncodeError:
        small = text.lower()
        if len(small) != len(text):
            # A few foreign capitals become two characters; they are in no Danish word and stay as they are.
            small = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
        return Lowered(small, b" %b " % small.encode("latin-1", "replace").translate(_ONLY_WORDS), is_latin=False)
    return Lowered(latin.translate(_SMALL).decode("latin-1"), b" %b " % latin.translate(_ONLY_WORDS), is_latin=True)


def finder(words: Iterable[str], only_before: Mapping[str, str] | None = None) -> re.Pattern[bytes]:
    """A pattern that finds the words, and all that begins with a digit, in `Lowered.words`.

    "igang*" stands for all words that begin so, "uge#" for "uge" and for "uge34"; `only_before` has the pattern of what
    must come after a word. A match begins one before the word, which is where the word stands in the text, and ends
    where it has been told from the others.
    The words share their beginnings, letter by letter: a word that is none of them mostly fails at its first letter.
    """
    tree: _Tree = {}
    for word in words:
        branch = tree
        bare = word.rstrip("*#")
        for letter in bare:
            branch = branch.setdefault(letter, {})
        end = _ENDS[word[len(bare) :]]
        branch[f"(?= +(?:{only_before[word]}) )" if only_before and word in only_before else end] = {}
    return re.compile(rf" (?:\d|{_pattern(tree)})".encode("latin-1"))


_Tree = dict[str, "_Tree"]
# No letter, so that they sort before letters.
_ENDS = {"": "(?= )", "#": r"(?= |[^ ]*\d )", "*": "(?=)"}


def _pattern(tree: _Tree) -> str:
    # Backwards, for what ends here comes after what goes on: "i" is not found where "ikke" stands.
    branches = [sign + _pattern(tree[sign]) if tree[sign] else sign for sign in sorted(tree, reverse=True)]
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
