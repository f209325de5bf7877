"""What a test asks of a database of its own, in a process of its own: python -m tests.faults.on_another_server deed folder

begin: the small catalogue and its figures are stored. go_on: how it stands is told; then two minutes have passed, and the
figures are fetched again. Each ends by telling how it stands: the tables, the runs, and whether the lights are those of the
figures.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import django


def tell() -> None:
    from indicators.actions.assessments import assess, indicators_with_figures
    from indicators.models import Observation, RefreshRun
    from tests.indicators.tables_of_figures import everything

    tables = everything()
    del tables["runs"]
    runs = RefreshRun.objects.order_by("pk").values_list("state", flat=True)
    told: dict[str, Any] = {
        "tables": tables,
        "runs": list(runs),
        "current": Observation.objects.current().count(),
        "lights written": assess(indicator_ids=indicators_with_figures()).written,
    }
    print("told: " + json.dumps(told), flush=True)


def main(deed: str, folder: str) -> None:
    django.setup()
    from django.db.models import F

    from indicators.actions.catalogue import load_catalogue
    from indicators.models import RefreshRun
    from indicators.refresh.claims import HEARTBEAT_LIMIT
    from indicators.refresh.running import refresh_source

    if deed == "begin":
        load_catalogue(by=None, folder=Path(folder))
    if deed == "go_on":
        tell()
        RefreshRun.objects.update(heartbeat_at=F("heartbeat_at") - HEARTBEAT_LIMIT)
    refresh_source("nationale_maal", folder=Path(folder))
    tell()


if __name__ == "__main__":
    main(*sys.argv[1:])
