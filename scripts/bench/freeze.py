"""Freezes the plan of large_plan.py with at least 1,500 lights and prints the seconds. Run by bench.py inside manage.py shell.

No body stands in so many areas: an area is made that all municipalities are members of.
"""

import time
from datetime import date

from django.utils import timezone

from indicators.models import Area, AreaMembership, Goal
from initiatives.actions.freezing import freeze
from initiatives.models import Contribution, Meeting, Plan

plan = Plan.objects.get(slug="stor-plan")
area = Area.objects.create(code="stort-omraade", kind_id="region", name="Stort område", sort_key="stort")
AreaMembership.objects.bulk_create(
    AreaMembership(member=member, container=area)
    for member in Area.objects.filter(kind="municipality").exclude(pk=area.pk)
)
plan.body.area = area
plan.body.save()
goals = list(Goal.objects.all())
Contribution.objects.bulk_create(
    Contribution(item=item, goal=goals[n % len(goals)], reason="Fordi.", created_at=timezone.now())
    for n, item in enumerate(plan.items.all())
)
day = date(2026, 11, 5)
meeting = Meeting.objects.create(body=plan.body, day=day, hand_in=day, dispatch=day)
seconds = []
for version in range(1, 6):
    begun = time.perf_counter()
    snapshot = freeze(meeting=meeting, plan=plan, by=None, expected_version=version, note="Rettet.")
    seconds.append(time.perf_counter() - begun)
print(f"FREEZE {sorted(seconds)[2]:.3f} {snapshot.items.count()} {snapshot.lights.count()}")
