"""A clock that a test sets for other processes: a file says how far it is from the real one.

`follow` makes a process live by it, with time-machine and a thread that looks at the file; a fork follows on its own.
The program itself knows nothing of this: only `tests/faults/settings.py` calls it.
"""

from __future__ import annotations

import os
import threading
import time
from datetime import datetime
from pathlib import Path

import time_machine

LOOK_EVERY = 0.02
AGREE_WITHIN = 0.002


def real_time() -> float:
    """Whatever clock this process lives by."""
    if time_machine.escape_hatch.is_travelling():
        return time_machine.escape_hatch.time.time()
    return time.time()


class Clock:
    """The test's end of it."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def set(self, moment: datetime) -> None:
        """From now on it is `moment`, and time goes on from there."""
        new = self.file.with_suffix(".new")
        new.write_text(repr(moment.timestamp() - real_time()))
        new.replace(self.file)

    def now(self) -> float:
        return real_time() + float(self.file.read_text())


class Follower:
    def __init__(self, file: Path) -> None:
        self.file = file
        self.said = ""
        self.traveller: time_machine.Coordinates | None = None

    def look(self) -> None:
        said = self.file.read_text()
        if said == self.said:
            return
        offset = float(said)
        if self.traveller is None:
            self.traveller = time_machine.travel(real_time() + offset, tick=True).start()
        # On a busy machine time passes between reading the one clock and setting the other: again, until they agree.
        while abs(time.time() - real_time() - offset) > AGREE_WITHIN:
            self.traveller.move_to(real_time() + offset)
        self.said = said

    def keep_looking(self) -> None:
        while True:
            time.sleep(LOOK_EVERY)
            self.look()

    def start(self) -> None:
        threading.Thread(target=self.keep_looking, daemon=True).start()


def follow(file: Path) -> Follower:
    follower = Follower(file)
    follower.look()
    follower.start()
    os.register_at_fork(after_in_child=follower.start)
    return follower
