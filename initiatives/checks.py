"""What `manage.py check --database default` and `manage.py migrate` say of the tables of frozen meetings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import DatabaseError, connections

from initiatives.frozen import missing_triggers


def frozen_tables_are_guarded(
    app_configs: Any = None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Asked only where a database is named; a database that does not answer is somebody else's message."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        try:
            missing = missing_triggers(connections[alias])
        except DatabaseError:
            continue
        if missing:
            found.append(
                Error(
                    f"The tables of frozen meetings are not guarded: {', '.join(missing)} missing or changed.",
                    hint="Run `manage.py migrate`: it sets them up again. Then find out who took them away.",
                    id="initiatives.E001",
                )
            )
    return found
