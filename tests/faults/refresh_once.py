"""One refresh in a process of its own, so that a test can kill it: python -m tests.faults.refresh_once source folder"""

from __future__ import annotations

import sys
from pathlib import Path

import django


def main(name: str, folder: str) -> None:
    django.setup()
    from indicators.refresh.running import AlreadyRunning, refresh_source

    try:
        print("ended:", refresh_source(name, folder=Path(folder)).state, flush=True)
    except AlreadyRunning:
        print("ended: already running", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
