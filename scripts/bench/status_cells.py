"""How long the status reader takes for a cell: prints the median of seven runs over 1,400 cells, none of them twice.

The mix is that of real plans: short cells ("I gang."), cells of one to four sentences, the long ones of about 600
letters, and every seventh with lines broken as a PDF breaks them. One process, one thread, caches emptied before each run.
What is remembered from cell to cell within a run: the wordings of periods ("2. kvartal 2021"; of some 3,400 in these
cells 1,500 are met for the first time) and what single words before a statement name. No sentence is.
"""

from __future__ import annotations

import gc
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from initiatives.calculations.status_reader import read_status  # noqa: E402

MONTHS = (
    *("januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november"),
    "december",
)
PERIODS = (
    *("{q}. kvartal {y}", "{q}. kvartal {y}", "{q}. kvartal {y}", "Q{q} {y}", "{y}K{q}", "{q}. kvt. {y}", "{m} {y}"),
    *("{d}. {m} {y}", "{d}.{n}.{y}", "primo {y}", "medio {y}", "ultimo {y}", "efteråret {y}", "foråret {y}", "{y}"),
    *("uge {w} {y}", "{h}. halvår {y}", "udgangen af {y}"),
)
CAUSES = (
    *("COVID-19", "COVID-19", "manglende bemanding", "den nye økonomiaftale", "ny lovgivning", "it-leverandøren"),
    *("overenskomstkonflikten", "den kommende sundhedsreform"),
)
PLACES = ("Horsensklyngen", "Randersklyngen", "Midtklyngen", "Vestklyngen", "Aarhusklyngen", "almen praksis")
SHORT = (
    *(
        "I gang i {place}.",
        "Afsluttet {p}.",
        "Planlagt til {p}.",
        "I drift siden {p}.",
        "Udsat til {p}.",
        "Løbende {n}.",
    ),
    *("Ikke påbegyndt, start {p}.", "Igangsættes {p}.", "Opgivet pga. {cause}.", "Afventer {cause} ({p})."),
)
SENTENCES = (
    "Planlagt igangsat i {p}, men udsat pga. {cause}.",
    "Genoptages i {p}.",
    "Temadrøftelser i {p}.",
    "Der er udviklet en model for spredning i {place} i {p}.",
    "Modellen behandles på møde i styregruppen den {d}. {m} {y}.",
    "Der nedsættes en analysegruppe med fokus på borgere med {d} eller flere indlæggelser.",
    "Forsinket pga. {cause}, men arbejdet i {place} fortsætter.",
    "Aftalen trådte i kraft den {d}. {m} {y}.",
    "Evaluering forventes færdig i {p}.",
    "Sat på standby i {m} {y} grundet {cause}.",
    "Status udarbejdes til {p}.",
    "Samarbejdsaftalen er godkendt i {p} af alle {d} kommuner.",
    "Indsatsen følger planen, og der er afholdt {n} workshops i {place}.",
    "Kommunerne i {place} ønsker en fælles indgang for borgere, der henvender sig akut eller planlagt.",
    "Erfaringerne fra {place} viser, at {d} pct. af borgerne oplever et bedre forløb (Projekt Tværspor, {m} {y}).",
    "Det er aftalt, at sygeplejersker og praktiserende læger mødes om de borgere, som har flest kontakter.",
)


def filled(text: str, draw: random.Random) -> str:
    numbers = {"q": draw.randint(1, 4), "y": draw.randint(2018, 2028), "d": draw.randint(1, 28)}
    numbers |= {"n": draw.randint(1, 12), "w": draw.randint(1, 52), "h": draw.randint(1, 2)}
    words = {"m": draw.choice(MONTHS), "cause": draw.choice(CAUSES), "place": draw.choice(PLACES)}
    period = draw.choice(PERIODS).format(**numbers, **words)
    return text.format(p=period, **numbers, **words)


def narrow_column(text: str) -> str:
    lines, line = [], ""
    for word in text.split():
        if len(line) + len(word) > 42:
            lines.append(line)
            line = ""
        line += word + " "
    return "\n".join([*lines, line])


def one_cell(draw: random.Random, number: int) -> str:
    if number % 4 == 0:
        return filled(draw.choice(SHORT), draw)
    wanted = 600 if number % 10 == 1 else draw.randint(60, 330)
    text = ""
    while len(text) < wanted:
        text += filled(draw.choice(SENTENCES), draw) + ("\n\n" if draw.random() < 0.2 else " ")
    return narrow_column(text) if number % 7 == 0 else text.strip()


def cells(count: int) -> list[str]:
    draw, found = random.Random(4), dict[str, None]()  # the same cells every time, nothing secret
    while len(found) < count:
        found[one_cell(draw, len(found))] = None
    return list(found)


def caches() -> list[Callable[[], None]]:
    ours = [module for name, module in sys.modules.items() if name.startswith(("initiatives.", "sundhedsaftale."))]
    return [value.cache_clear for module in ours for value in vars(module).values() if hasattr(value, "cache_clear")]


def main() -> None:
    texts = cells(1_400)
    seconds = []
    for _ in range(7):
        for clear in caches():
            clear()
        gc.collect()
        begun = time.process_time()
        for text in texts:
            read_status(text)
        seconds.append((time.process_time() - begun) / len(texts))
    begun = time.process_time()
    for text in texts:
        read_status(text)
    again = len(texts) / (time.process_time() - begun)
    mean = statistics.fmean(map(len, texts))
    print(f"CELLS {statistics.median(seconds) * 1e6:.1f} {1 / statistics.median(seconds):.0f} {mean:.0f} {again:.0f}")


if __name__ == "__main__":
    main()
