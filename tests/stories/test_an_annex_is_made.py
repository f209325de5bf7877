"""A PDF is asked for on a page and made by a real worker; one that died on the way is followed by the next."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from initiatives.models import AnnexFile, AnnexState
from tests.conftest import Worker
from tests.initiatives import snapshot_world as frozen


def test_a_worker_makes_the_pdf(celery_worker: Worker, client: Client) -> None:
    snapshot = frozen.plan_of_2020()
    address = f"/fastfrosset/{snapshot.pk}/bilag/pdf/"

    asked = client.post(f"{address}lav/")
    assert asked["Location"] == f"{address}status/"
    row = celery_worker.wait_for(lambda: AnnexFile.objects.filter(state=AnnexState.READY).first(), seconds=60)
    first = client.get(address)
    assert first.content.startswith(b"%PDF")
    assert (row.progress, row.format) == (100, "pdf")

    # A worker that died at work: nobody else takes the claim until it is dead, and then the next who asks gets the file.
    AnnexFile.objects.update(state=AnnexState.WORKING, content=None, progress=35, claimed_at=timezone.now())
    client.post(f"{address}lav/")
    assert AnnexFile.objects.get().state == AnnexState.WORKING
    AnnexFile.objects.update(claimed_at=timezone.now() - timedelta(minutes=6))
    assert client.get(f"{address}status/").content.count(b"<button") > 0
    client.post(f"{address}lav/")
    celery_worker.wait_for(lambda: AnnexFile.objects.filter(state=AnnexState.READY).first(), seconds=60)
    assert client.get(address).content == first.content  # made by another, and the same bytes
