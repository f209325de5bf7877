"""The settings of the worker and beat processes that the tests of faults start: the real ones, and a clock of the test's."""

import os
from pathlib import Path
from typing import Any

from celery.signals import task_prerun

from sundhedsaftale.settings import *  # noqa: F403
from tests.faults.clock import follow

EMAIL_TIMEOUT = 5

_clock = follow(Path(os.environ["FAULTS_CLOCK"]))


@task_prerun.connect(weak=False)
def _look_at_the_clock(**_: Any) -> None:
    """A task that was sent after the clock was set sees it set."""
    _clock.look()
