"""A long PDF is handed over on a page, read by a real worker, and stands as a draft to be looked at."""

from __future__ import annotations

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from initiatives.models import PlanUpload, Role, UploadState
from tests.conftest import Worker
from tests.initiatives import import_world as files
from tests.initiatives import small_world as world
from tests.initiatives.test_plan_uploads import pdf


def test_a_worker_reads_a_long_pdf(celery_worker: Worker, client: Client) -> None:
    # Given a secretary with a plan of twelve pages
    body, user = world.body("Samarbejdsudvalget"), world.user("sekretaer@example.dk")
    world.member(user, body, Role.SECRETARY)
    files.kind()
    files.causes()
    client.force_login(user)
    # When it is handed over
    form = {"goes_to": f"new:{body.pk}", "title": "Handleplan", "kind": "handleplan", "text": "", "as_of": ""}
    answer = client.post("/planer/indlaes/", {**form, "file": SimpleUploadedFile("plan.pdf", pdf(12))})
    assert "/planer/indlaes/fil/" in answer["Location"]
    # Then a worker reads it, the page leads on to the preview, and the file is forgotten
    read = celery_worker.wait_for(lambda: PlanUpload.objects.filter(state=UploadState.READ).first(), seconds=60)
    assert read.content is None
    preview = client.get(client.get(answer["Location"])["Location"]).content.decode()
    assert preview.count('<article class="sa-imp') == 12
