from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sundhedsaftale.presenters.api_docs import addresses


@require_GET
def api_docs(request: HttpRequest) -> HttpResponse:
    """What machines can fetch, where, and how to ask for less."""
    crumbs = [{"label": _("Data for machines"), "url": ""}]
    return render(request, "api/docs.html", {"addresses": addresses(), "crumbs": crumbs})
