"""A Word plan of 200 items through the upload page and the preview, as a secretary meets it. Run by bench.py.

Prints IMPORT and a JSON object of seconds: the file alone, the upload, the preview, and both together (medians).
"""

import io
import json
import statistics
import time
from datetime import date

import docx
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from initiatives.models import Body, PlanImport
from initiatives.plan_files.bodies import known_bodies
from initiatives.plan_files.reading import read_plan_file

STATUS = (
    "Planlagt igangsat i 2. kvartal 2026, men udsat pga. økonomi. Genoptages i 2. kvartal 2027.",
    "Igangsat i november 2025. Evaluering forventes færdig i 1. kvartal 2027.",
    "Sat på standby siden marts 2026 pga. rekruttering. Genoptages 1. kvartal 2027.",
    "Forsinket pga. ny lovgivning.\nStatus udarbejdes 2. kvartal 2027.",
)


def plan_of_200_items(number: int, owner: str) -> bytes:
    """The number makes each file another: the same one twice is the same draft."""
    document = docx.Document()
    table = document.add_table(rows=1, cols=3)
    for cell, heading in zip(table.rows[0].cells, ("Indhold", "Forankring", "Status"), strict=True):
        cell.text = heading
    for item in range(200):
        if item % 20 == 0:
            cells = table.add_row().cells
            cells[0].merge(cells[2]).text = f"{item // 20 + 1}. Spor om noget stort"
        cells = table.add_row().cells
        cells[0].text = f"Punkt {item + 1} i plan {number}\n" + "Der aftales en fælles model for området. " * 6
        cells[1].text = owner
        cells[2].text = STATUS[item % len(STATUS)]
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


body = Body.objects.get(slug="eksempeludvalget")
client = Client()
client.force_login(get_user_model().objects.get(email="sekretaer@example.dk"))
times: dict[str, list[float]] = {"file": [], "upload": [], "preview": [], "both": []}
for run in range(6):
    content = plan_of_200_items(run, body.name)
    begun = time.perf_counter()
    read_plan_file(content, "plan.docx", as_of=date(2026, 11, 1), bodies=known_bodies(body))
    alone = time.perf_counter() - begun
    begun = time.perf_counter()
    answer = client.post(
        "/planer/indlaes/",
        {
            "goes_to": f"new:{body.pk}",
            "kind": "handleplan",
            "title": "Målt plan",
            "as_of": "2026-11-01",
            "file": SimpleUploadedFile("plan.docx", content),
        },
    )
    uploaded = time.perf_counter() - begun
    assert answer.status_code == 302, answer.status_code
    page = client.get(answer["Location"])
    both = time.perf_counter() - begun
    assert page.status_code == 200, page.status_code
    assert len(PlanImport.objects.latest("pk").draft["read"]["items"]) == 200
    if run:  # the first one loads the libraries
        for name, value in (("file", alone), ("upload", uploaded), ("preview", both - uploaded), ("both", both)):
            times[name].append(value)
PlanImport.objects.filter(title="Målt plan").delete()
print("IMPORT" + json.dumps({name: statistics.median(values) for name, values in times.items()}))
