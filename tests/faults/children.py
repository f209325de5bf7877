"""A refresh in a process of its own that a test can kill, and the points in storing where it is worth doing so."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.conftest import ROOT, worker_environment
from tests.indicators.world import edit

#: name -> (table, deed, when): at a row that is neither the first nor the last of its statement, where there are several.
POINTS = {
    "the edition is made": ("indicators_edition", "INSERT", "true"),
    "an old figure no longer counts": ("indicators_observation", "UPDATE", "NOT NEW.is_current"),
    "half of the figures are in": ("indicators_observation", "INSERT", "NEW.period = '2020'"),
    "half of the lights are in": ("indicators_assessment", "INSERT", "NEW.level_light = 'red'"),
    "only the run is left to close": ("indicators_refreshrun", "UPDATE", "NEW.state = 'stored'"),
}


class Child:
    """A refresh in a process of its own. more: variables of its environment."""

    def __init__(self, folder: Path, name: str = "nationale_maal", more: Mapping[str, str] | None = None) -> None:
        command = [sys.executable, "-m", "tests.faults.refresh_once", name, str(folder)]
        environment = {**worker_environment(), **(more or {})}
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def ending(self) -> str:
        said = self.process.communicate(timeout=60)[0]
        return next((line for line in said.splitlines() if line.startswith("ended: ")), said)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()


def change_figures(folder: Path) -> None:
    """The file of the small catalogue has one other figure now and two more years."""
    path = folder / "figures.csv"
    lines = path.read_text().splitlines(keepends=True)
    more = [line.replace(",2023,", f",{year},") for year in (2020, 2021) for line in lines[2:5]]
    path.write_text("".join([*lines, *more]))
    edit(folder, "figures.csv", 'genindlaeggelser,081,2023,,10.7,"10,7"', 'genindlaeggelser,081,2023,,13.3,"13,3"')
