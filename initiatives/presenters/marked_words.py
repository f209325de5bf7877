"""A status word for word, with the words behind each answer of the reader set apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the status; mark: "" or how sure the answer made from it is (sure, likely, guess)."""

    text: str
    mark: str = ""


def pieces_of(text: str, spans: Iterable[tuple[int, int, str]]) -> tuple[Piece, ...]:
    """Spans are (start, end, mark) in any order. Where two share words, the first is marked."""
    pieces: list[Piece] = []
    done = 0
    for start, end, mark in sorted(spans):
        if start < done or end <= start or end > len(text):
            continue
        if start > done:
            pieces.append(Piece(text[done:start]))
        pieces.append(Piece(text[start:end], mark))
        done = end
    if done < len(text):
        pieces.append(Piece(text[done:]))
    return tuple(pieces)
