import os
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.urls import path

from sundhedsaftale.access import DEEDS
from sundhedsaftale.urls import *  # noqa: F403
from sundhedsaftale.urls import urlpatterns as project_patterns

PAGES = Path(os.environ["BENCH_PAGES"])


def bare(request: HttpRequest, name: str) -> HttpResponse:
    # no-store: it must be made each time, or it would measure the kept copy of itself.
    return HttpResponse((PAGES / name).read_bytes(), headers={"Cache-Control": "no-store"})


DEEDS["bare", "GET"] = DEEDS["overview", "GET"]  # an address without a rule is not answered
urlpatterns = [path("bare/<slug:name>", bare, name="bare"), *project_patterns]
