"""Makes the annex of 50 items with the figures of a region and prints the seconds. Run by bench.py inside manage.py shell.

After freeze.py: it freezes what is left of that plan when all but 50 of its items are closed.
"""

import time
from datetime import date

from indicators.models import Area
from initiatives.actions.freezing import freeze, latest_version
from initiatives.annex.docx import render_docx
from initiatives.annex.gathering import gather
from initiatives.annex.pdf import render_pdf
from initiatives.models import Meeting, Plan

plan = Plan.objects.select_related("body").get(slug="stor-plan")
meeting = Meeting.objects.get(body=plan.body, day=date(2026, 11, 5))
plan.body.area = Area.objects.get(code="082")
plan.body.save()
plan.items.filter(number__gt=50).update(closed_on=meeting.day, closed_reason="Slut.")
last = latest_version(meeting, plan)
next_version = last.version + 1 if last else 1
snapshot = freeze(meeting=meeting, plan=plan, by=None, expected_version=next_version, note="Rettet.")
kinds = (
    ("DOCX", lambda content: render_docx(content, letter=None, site_name="Sundhedsaftale")),
    ("PDF", lambda content: render_pdf(content, site_name="Sundhedsaftale")),
)
for name, render in kinds:
    seconds = []
    for _ in range(6):
        begun = time.perf_counter()
        content = gather(snapshot)
        render(content)
        seconds.append(time.perf_counter() - begun)
    # The first one loads the library.
    print(f"{name} {sorted(seconds[1:])[2]:.3f} {len(content.items)} {len(content.all_lights)} {seconds[0]:.3f}")
