"""What was written anew, word by word: which words stand, which are gone and which have come.

White space never counts as a change: the same words on other lines are the same words.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher

SAME, REMOVED, ADDED = "same", "removed", "added"

#: A few small words that happen to stand on both sides of a rewritten sentence only chop it up.
TINY_WORDS, TINY_LETTERS = 2, 8
#: Beyond this many words in each text only what stands before and after the changed part is looked for.
MOST_WORDS = 1500


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that belong together, parted by single spaces. kind: same, removed or added."""

    kind: str
    text: str


@dataclass(slots=True)
class _Block:
    """Words on both sides, or a change: what was removed and what came instead."""

    same: list[str]
    removed: list[str]
    added: list[str]

    @property
    def is_change(self) -> bool:
        return not self.same

    @property
    def is_tiny(self) -> bool:
        return len(self.same) <= TINY_WORDS and sum(map(len, self.same)) <= TINY_LETTERS


def word_diff(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces in reading order, the removed before the added. Without the removed they are the new text, without the
    added the old one, both with single spaces between words."""
    before, after = old.split(), new.split()
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    middle = _compare(before[head : len(before) - tail], after[head : len(after) - tail])
    blocks = [_Block(before[:head], [], []), *middle, _Block(before[len(before) - tail :], [], [])]
    return _pieces(_merged([block for block in blocks if block.same or block.removed or block.added]))


def has_changed(old: str, new: str) -> bool:
    return old.split() != new.split()


def _common(one: list[str], other: list[str]) -> int:
    """How many words both begin with."""
    count = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        count += 1
    return count


def _compare(before: list[str], after: list[str]) -> list[_Block]:
    if not before or not after or min(len(before), len(after)) > MOST_WORDS:
        return [_Block([], before, after)]
    blocks = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        blocks.append(_Block(before[i1:i2], [], []) if tag == "equal" else _Block([], before[i1:i2], after[j1:j2]))
    return blocks


def _merged(blocks: list[_Block]) -> list[_Block]:
    """A tiny match between two changes becomes part of them; changes side by side become one."""
    found: list[_Block] = []
    for place, given in enumerate(blocks):
        inside = 0 < place < len(blocks) - 1
        chopped = inside and given.is_tiny and found[-1].is_change and blocks[place + 1].is_change
        block = _Block([], given.same, given.same) if chopped and not given.is_change else given
        if found and found[-1].is_change and block.is_change:
            found[-1] = _Block([], found[-1].removed + block.removed, found[-1].added + block.added)
        else:
            found.append(block)
    return found


def _pieces(blocks: list[_Block]) -> tuple[Piece, ...]:
    rows = [
        (kind, words)
        for block in blocks
        for kind, words in ((SAME, block.same), (REMOVED, block.removed), (ADDED, block.added))
    ]
    return tuple(Piece(kind, " ".join(words)) for kind, words in rows if words)
