"""Goals and indicators whose words stand in the words of an item. A suggestion for a person, never a link by itself."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SUGGESTIONS = 3  # more would be a list to skim, and nobody would read it
ENOUGH = 0.4  # of what the target's words weigh together
SHORTEST = 4  # letters a word must have to tell anything

_WORD = re.compile(r"[a-zæøåéöäü]+")
_IN_BRACKETS = re.compile(r"\((\w{1,5})\)(?=\w)")  # "(gen)indlæggelser" is both words
_ENDINGS = (
    "ernes", "erens", "enes", "erne", "eren", "erer", "ende", "heds", "hed", "ens", "ets", "ene", "ers", "en", "et",
    "er", "es", "e", "s", "r", "t",
)  # fmt: skip
#: Words that stand in every plan, and so point at nothing.
_EMPTY = frozenset((
    "alle", "andel", "andre", "antal", "blandt", "bedre", "borger", "borgere", "borgerne", "brug", "bruge",
    "danmark", "dansk", "eller", "flere", "færre", "fælles", "forbedret", "god", "gode", "gennem", "gennemsnitlig",
    "have", "hvor", "indenfor", "indsats", "indsatser", "inden", "kommune", "kommuner", "kvalitet", "landet", "med",
    "mellem", "mere", "mindst", "mindre", "måned", "måneder", "målt", "måles", "nationale", "over", "patient",
    "patienter", "patienterne", "pct", "region", "regioner", "regionen", "samme", "samt", "særlig", "særligt",
    "skal", "sundhed", "sundhedsvæsen", "sundhedsvæsenet", "styrket", "større", "tværs", "under", "uden", "ved",
    "være", "årige", "år", "efter", "sammenhængende", "forløb", "forløbet", "aftale", "samarbejde", "øget", "høj",
    "højere",
))  # fmt: skip


@dataclass(frozen=True)
class LinkTarget:
    """A goal or an indicator. code: "goal:<slug>" or "indicator:<code>", as the form of links has it."""

    code: str
    name: str
    words: str = ""  # more words that name the same thing


@dataclass(frozen=True)
class LinkSuggestion:
    """score: the share, between 0 and 1, of the target's words that stand in the text. words: as the text has them."""

    code: str
    name: str
    score: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class _Weighed:
    target: LinkTarget
    stems: frozenset[str]
    weight: float


class LinkSuggester:
    """Made once for all rows of an import: a word that many targets share weighs less than one only a single has."""

    def __init__(self, targets: Iterable[LinkTarget]) -> None:
        stems = [(target, frozenset(_stems(f"{target.name} {target.words}"))) for target in targets]
        shared = Counter(stem for _target, own in stems for stem in own)
        self.weights = {stem: math.log((len(stems) + 1) / count) + 0.1 for stem, count in shared.items()}
        self.targets = [_Weighed(target, own, sum(self.weights[stem] for stem in own)) for target, own in stems if own]

    def suggest(self, text: str) -> tuple[LinkSuggestion, ...]:
        """At most three, best first."""
        found = _stems(text)
        known = {stem for stem in found if stem in self.weights}
        scored = []
        for weighed in self.targets:
            common = known & weighed.stems
            if not common:
                continue
            score = sum(self.weights[stem] for stem in common) / weighed.weight
            if score >= ENOUGH:
                words = tuple(sorted({found[stem] for stem in common}))
                scored.append(LinkSuggestion(weighed.target.code, weighed.target.name, round(score, 2), words))
        return tuple(sorted(scored, key=lambda one: (-one.score, -len(one.words), one.code))[:SUGGESTIONS])


def suggest_links(text: str, targets: Sequence[LinkTarget]) -> tuple[LinkSuggestion, ...]:
    return LinkSuggester(targets).suggest(text)


def _stems(text: str) -> dict[str, str]:
    """The stems of the telling words, each with the word it was first met as."""
    low = text.lower().replace("\u00ad", "")
    low = " ".join((_IN_BRACKETS.sub(r"\1", low), _IN_BRACKETS.sub("", low)))
    found: dict[str, str] = {}
    for word in _WORD.findall(low):
        if len(word) >= SHORTEST and word not in _EMPTY:
            found.setdefault(_stem(word), word)
    return found


def _stem(word: str) -> str:
    stem = word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
            stem = word[: -len(ending)]
            break
    return stem[:-1] if stem[-1] == stem[-2] else stem  # "brud", "bruddet"
