"""manage.py migrate: Django's own, and then the triggers that guard what is frozen.

Every way to a new schema goes through this command: deployment, a test database with or without migrations, and a way
back. An application's command comes before Django's of the same name.
"""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from initiatives.frozen import install_triggers


class Command(migrate.Command):
    help = f"{migrate.Command.help} Then sets up the triggers that guard frozen meetings."

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Before and after: the system check that comes first would otherwise refuse to mend what it complains of."""
        connection = connections[options["database"]]
        if not self._only_looks(options):
            install_triggers(connection)
        try:
            return super().execute(*args, **options)
        finally:
            if not self._only_looks(options):
                install_triggers(connection)

    @staticmethod
    def _only_looks(options: dict[str, Any]) -> bool:
        return bool(options.get("plan") or options.get("check_unapplied"))
