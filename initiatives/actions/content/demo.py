"""All content that comes with the demo, loaded in one transaction."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from indicators.actions.versions import changes_pages
from initiatives.actions.content.bodies import load_bodies, load_small_tables
from initiatives.actions.content.frozen import freeze_demo_meeting
from initiatives.actions.content.meetings import load_meetings
from initiatives.actions.content.plans import PlanLoader, load_follows_from
from initiatives.actions.content.reading import CONTENT, ContentError, read_all, read_yaml
from initiatives.actions.content.work import load_contributions, load_initiatives
from initiatives.models import Body, Membership

DEMO_PASSWORD = "demo-demo-demo"  # noqa: S105  # nosec B105: printed by the demo, and users are only made when asked for

SECRETARY = "sekretaer@example.dk"


@changes_pages
def load_demo_content(*, today: date, folder: Path = CONTENT, with_users: bool = True) -> dict[str, int]:
    """Bodies, meetings, plans, initiatives, links and demo users. Returns how many of each.

    Raises ContentError, naming file and entry, and stores nothing when anything is wrong. Needs the indicator catalogue.
    """
    load_bodies(folder)
    load_small_tables(folder)
    users = load_users(read_yaml(folder / "users.yaml")) if with_users else {}
    # Before the plans: their statuses were written for these meetings.
    meetings = load_meetings(read_yaml(folder / "meetings.yaml"), file="meetings.yaml", today=today)
    plans = read_all(folder / "plans")
    for path, entry in plans:
        PlanLoader(entry, file=path.name, today=today, coordinators=users).load()
    for path, entry in plans:
        load_follows_from(entry, file=path.name)
    initiatives = sum(load_initiatives(content, file=path.name) for path, content in read_all(folder / "initiatives"))
    links = load_contributions(read_yaml(folder / "contributions.yaml"), file="contributions.yaml")
    freeze_demo_meeting(by=users.get(SECRETARY))
    return {
        "users": len(users),
        "plans": len(plans),
        "initiatives": initiatives,
        "linked_items": links,
        "meetings": meetings,
    }


def load_users(entries: list[dict[str, Any]]) -> dict[str, Any]:
    """Demo users by e-mail: roles, not people. A password somebody changed is left alone."""
    users: dict[str, Any] = {}
    model = get_user_model()
    for entry in entries:
        user = model.objects.filter(email=entry["email"]).first()
        if user is None:
            user = model.objects.create_user(entry["email"], DEMO_PASSWORD, name=entry["display_name"])
            # A password everybody knows, and every right: only where the site says itself that it is a demo.
            user.is_superuser = settings.DEMO and "administrator" in entry.get("site_roles", [])
            user.save(update_fields=("is_superuser",))
        if "steward" in entry.get("site_roles", []):
            user.user_permissions.add(Permission.objects.get(codename="steward_data"))
        for row in entry.get("memberships") or []:
            body = Body.objects.filter(slug=row["body"]).first()
            if body is None:
                raise ContentError(f"users.yaml: {entry['email']}: unknown body {row['body']!r}")
            Membership.objects.get_or_create(user=user, body=body, role=row["role"], valid_from=None)
        users[entry["email"]] = user
    return users
