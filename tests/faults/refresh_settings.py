"""The settings of workers that fetch figures in tests of faults: the real ones, and pauses that a test can wait for."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import httpx
from celery.signals import task_prerun

from indicators.calculations import retries
from sundhedsaftale.settings import *  # noqa: F403

#: The one of which a worker expects a quick answer; of all others it is as patient as ever.
IMPATIENT = "statbank_hisbr"

# As long between themselves as the real ones of 1, 4 and 16 minutes: each longer than the one before.
retries.FIRST, retries.FACTOR = timedelta(seconds=0.2), 2


@task_prerun.connect(weak=False)
def _patience(args: Any = (), **_: Any) -> None:
    seconds = 0.5 if IMPATIENT in (args or ()) else 60.0
    import_module("indicators.refresh.network").TIMEOUT = httpx.Timeout(seconds)
