"""Everything that is stored of figures, for tests that hold two ways or two moments beside each other."""

from __future__ import annotations

from typing import Any

from indicators.models import Assessment, Edition, Observation, RefreshRun, Retirement, RunDifference

NAMES = ("indicator__code", "area__code", "period", "breakdown")
SOURCE = ("edition__source__name", "edition__slug", "edition__received_at")


def everything() -> dict[str, list[str]]:
    """The tables without their keys of the database's own making, in an order that hangs on nothing but their content."""
    content = [field.attname for field in Observation._meta.fields]
    content = [name for name in content if name not in ("id", "indicator_id", "area_id", "edition_id")]
    lights = [field.attname for field in Assessment._meta.fields if not field.attname.endswith("id")]
    whose = [f"observation__{name}" for name in (*NAMES, *SOURCE)]
    others = [f"{kind}_comparator__{name}" for kind in ("level", "development") for name in (*NAMES, *SOURCE)]
    run = ("started_at", "state", "lights_changed", "reasons", "difference_fingerprint")
    counts = ("rows_new", "rows_changed", "rows_unchanged", "rows_vanished")
    change = [field.attname for field in RunDifference._meta.fields if field.attname not in ("id", "run_id")]
    tables: dict[str, Any] = {
        "figures": Observation.objects.values_list(*NAMES, *SOURCE, *content),
        "lights": Assessment.objects.values_list(*whose, *lights, *others),
        "editions": Edition.objects.values_list("source__name", "slug", "received_at", "title", "fingerprint"),
        "retired": Retirement.objects.values_list(*whose, "edition__received_at"),
        "runs": RefreshRun.objects.values_list(*run, *counts),
        "changes": RunDifference.objects.values_list("run__started_at", *change),
    }
    return {name: sorted(map(repr, rows)) for name, rows in tables.items()}
