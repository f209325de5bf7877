"""A plan of 200 items and 600 milestones, made the way a secretary makes one. Run by bench.py inside manage.py shell."""

from datetime import date

from initiatives.actions.plans import add_item, add_track, create_plan
from initiatives.actions.status import StatusDraft, record_status
from initiatives.models import Body, DelayCause, Milestone, Plan, PlanKind

body = Body.objects.get(slug="eksempeludvalget")
plan = create_plan(body=body, kind=PlanKind.objects.get(code="handleplan"), title="Stor plan", by=None)
Plan.objects.filter(pk=plan.pk).update(slug="stor-plan")
cause = DelayCause.objects.first()
states = ("planned", "in_progress", "delayed", "postponed", "on_hold", "completed", "in_operation", "cancelled")
for t in range(10):
    track = add_track(plan=plan, title=f"Spor {t + 1}", number=str(t + 1), by=None)
    for n in range(20):
        item = add_item(
            track=track,
            title=f"Punkt {t * 20 + n + 1}",
            content="Indhold " * 12,
            owners=[body],
            today=date(2026, 11, 1),
            by=None,
        )
        state = states[n % len(states)]
        draft = StatusDraft(
            state=state,
            text="Planlagt igangsat i 2. kvartal 2026, men udsat. Genoptages i 2. kvartal 2027.",
            planned="2. kvartal 2026",
            due="2. kvartal 2027" if state in ("postponed", "delayed") else "",
            cause=cause,
        )
        record_status(item=item, draft=draft, opened_on=0, as_of=date(2026, 11, 1), by=None)
        Milestone.objects.bulk_create(
            Milestone(
                item=item,
                title=f"Milepæl {m + 1}",
                words="2. kvartal 2027",
                precision="quarter",
                first_day=date(2027, 4, 1),
                last_day=date(2027, 6, 30),
                position=m,
            )
            for m in range(3)
        )
