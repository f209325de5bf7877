"""Files put into the server's folder: taken once, run, and laid into done/ or refused/ with the reason beside.

A file belongs to the source it is named after, or that its folder is named after. One that is still being written is left
alone: it is taken when nothing has touched it for a while, and never under a name that a program copies under.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from django.utils.translation import gettext as _

from indicators.actions.catalogue.reading import FOLDER
from indicators.actions.mappings import READER
from indicators.models import DataSource, RefreshRun, RunState
from indicators.refresh.claims import AlreadyRunning
from indicators.refresh.grids import grid_texts
from indicators.refresh.handed_over import ENDINGS
from indicators.refresh.reading import LARGEST, NotReadable, refuse_cpr_numbers
from indicators.refresh.reasons import reason_sentence
from indicators.refresh.refusals import refusal_sentence
from indicators.refresh.running import refresh_source
from sundhedsaftale.lib.cpr import find_cpr

log = logging.getLogger(__name__)

TAKEN, DONE, REFUSED = "taken", "done", "refused"
OWN = (TAKEN, DONE, REFUSED)
#: Nothing may have touched the file for so long: neither its content nor its name.
SETTLED = timedelta(minutes=2)
#: Longer than a task may last. What is in taken/ for longer belongs to a worker that died.
ABANDONED = timedelta(hours=1)
MOST_ROWS = 20  # refused rows written beside a file
_ON_THE_WAY = (".part", ".tmp", ".filepart", ".crdownload", ".partial")
_GOOD = (RunState.STORED, RunState.UNCHANGED, RunState.WAITING)


@dataclass(frozen=True)
class Found:
    path: Path
    source: str  # the name it goes by; there may be no such source


def take_files(folder: Path, *, now: datetime, catalogue: Path = FOLDER) -> int:
    """Take every file that has settled. Returns how many were run or refused; one that must wait is left where it is."""
    for name in OWN:
        (folder / name).mkdir(parents=True, exist_ok=True)
    _lay_aside_abandoned(folder, now)
    return sum(1 for found in settled_files(folder, now=now) if _take(folder, found, now, catalogue))


def settled_files(folder: Path, *, now: datetime) -> Iterator[Found]:
    """Ordinary files of the folder and of those in it; links are not followed."""
    for entry in sorted(folder.iterdir()):
        if entry.is_symlink() or entry.name.startswith("."):
            continue
        if entry.is_file() and _has_settled(entry, now):
            yield Found(entry, entry.stem)
        elif entry.is_dir() and entry.name not in OWN:
            for inner in sorted(entry.iterdir()):
                is_plain = not inner.is_symlink() and not inner.name.startswith(".") and inner.is_file()
                if is_plain and _has_settled(inner, now):
                    yield Found(inner, entry.name)


def _has_settled(path: Path, now: datetime) -> bool:
    """st_ctime cannot be set by whoever copies: it moves with every write and with the rename at the end."""
    if path.name.lower().endswith(_ON_THE_WAY):
        return False
    try:
        facts = path.stat()
    except FileNotFoundError:
        return False
    return max(facts.st_mtime, facts.st_ctime) <= (now - SETTLED).timestamp()


def _take(folder: Path, found: Found, now: datetime, catalogue: Path) -> bool:
    """One rename decides who has it. False when somebody else has, or the source is being fetched right now."""
    size = found.path.stat().st_size if found.path.exists() else -1
    taken = _free(folder / TAKEN, f"{now:%Y%m%dT%H%M%S}{uuid4().hex[:6]}-{_shown_name(found.path)}")
    try:
        found.path.rename(taken)
    except FileNotFoundError:
        return False
    taken.touch()  # from now on it is counted how long it lies here
    if taken.stat().st_size != size:
        taken.rename(found.path)
        return False
    reason = _refusal(found, taken)
    if reason:
        _lay(folder, taken, REFUSED, reason)
        return True
    try:
        run = refresh_source(found.source, path=taken, folder=catalogue)
    except AlreadyRunning:
        taken.rename(found.path)
        return False
    except Exception:
        _lay(folder, taken, REFUSED, _("The run failed. The log says why. The figures of before stay as they are."))
        raise
    _lay(folder, taken, DONE if run.state in _GOOD else REFUSED, _words(run))
    return True


def _refusal(found: Found, taken: Path) -> str:
    """Why it is not even run; "" when it is. A file with a CPR number is kept nowhere, so it is deleted here."""
    if find_cpr(found.path.stem):
        return _("The name of the file held a CPR number. The file lies here under another name.")
    if found.path.suffix.lower() not in ENDINGS:
        return refusal_sentence("file_wrong_type")
    if not DataSource.objects.filter(name=found.source, reader=READER).exists():
        return _("No source of tables has this name. Name the file, or its folder, as the source is named.")
    if taken.stat().st_size > LARGEST:
        return _("The file is far larger than any file of figures. It was not read.")
    try:
        refuse_cpr_numbers(grid_texts(taken.read_bytes()))
    except NotReadable as error:
        if error.code in ("cpr", "cpr_in_workbook"):
            taken.unlink()
            return _("The file held a CPR number. It has been deleted here, and nothing of it is kept.")
        return refusal_sentence(error.code, error.details)
    return ""


def _words(run: RefreshRun) -> str:
    """For whoever looks into the folder: how it went, why, and where the rest stands."""
    reasons = [reason_sentence(reason) for reason in run.reasons]
    rows = [f"{row.place}: {row.reason}" for row in run.rejected.all()[:MOST_ROWS]]
    lines = (str(run.get_state_display()), run.message, *reasons, *rows, f"/data/koersler/{run.pk}/")
    return "\n".join(filter(None, lines))


def _shown_name(path: Path) -> str:
    """A name with a CPR number is not carried on."""
    return f"fil{path.suffix.lower()[:6]}" if find_cpr(path.name) else path.name


def _lay(folder: Path, taken: Path, where: str, reason: str) -> None:
    target = _free(folder / where, taken.name)
    target.with_name(f"{target.name}.txt").write_text(f"{reason}\n", encoding="utf-8")
    if taken.exists():
        taken.rename(target)


def _free(folder: Path, name: str) -> Path:
    """A path nobody has: nothing is ever written over."""
    path, count = folder / name, 1
    while path.exists() or path.with_name(f"{path.name}.txt").exists():
        count += 1
        path = folder / f"{count}-{name}"
    return path


def _lay_aside_abandoned(folder: Path, now: datetime) -> None:
    """Nobody knows how far the dead worker came, so the file is not run again by itself."""
    for path in sorted((folder / TAKEN).iterdir()):
        if path.is_file() and path.stat().st_mtime < (now - ABANDONED).timestamp():
            log.warning("A file in the folder was left by a worker that stopped.")
            _lay(folder, path, REFUSED, _("The worker stopped before the file was done. Put it into the folder again."))
