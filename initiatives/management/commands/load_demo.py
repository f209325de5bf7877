"""manage.py load_demo: the catalogue, the figures of every shipped source, and the demo's plans, cases and users."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from indicators.models import DataSource
from initiatives.actions.content.demo import DEMO_PASSWORD, load_demo_content
from initiatives.actions.content.reading import ContentError


class Command(BaseCommand):
    help = "Load the catalogue, the shipped figures and the demo content. Running it again changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--without-users", action="store_true", help="Leave out the demo sign-ins.")

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("load_catalogue", stdout=self.stdout, stderr=self.stderr)
        for name in DataSource.objects.exclude(file="").values_list("name", flat=True):
            call_command("refresh", name, stdout=self.stdout, stderr=self.stderr)
        try:
            counts = load_demo_content(today=timezone.localdate(), with_users=not options["without_users"])
        except ContentError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{counts['plans']} plans, {counts['initiatives']} initiatives, {counts['users']} demo users. "
            + (f"Password of every demo user: {DEMO_PASSWORD}" if counts["users"] else "")
        )
