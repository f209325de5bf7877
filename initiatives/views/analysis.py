"""What is counted from plans: the timeline with its filter, and how often promises were moved."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from initiatives.presenters.delay_page import all_delays, plan_delays
from initiatives.presenters.plan_page import find_plan
from initiatives.presenters.timeline_page import choose, timeline_file, timeline_page
from initiatives.views.lookup import get_plan, is_htmx, plan_crumbs


@require_GET
@vary_on_headers("HX-Request")
def timeline(request: HttpRequest, slug: str) -> HttpResponse:
    plan, tracks = find_plan(slug)
    page = timeline_page(choose(plan, tracks, request.GET.dict(), today=timezone.localdate()))
    context = {"page": page, "crumbs": plan_crumbs(plan, (_("Timeline"), ""))}
    if wants_region(request):
        response = render(request, "initiatives/_timeline_result.html", context)
        response["HX-Push-Url"] = request.path + page.query  # without the empty fields of the form
        return response
    return render(request, "initiatives/plan_timeline.html", context)


@require_GET
def timeline_svg(request: HttpRequest, slug: str) -> HttpResponse:
    plan, tracks = find_plan(slug)
    chosen = choose(plan, tracks, request.GET.dict(), today=timezone.localdate())
    svg = timeline_file(chosen, narrow=request.GET.get("bredde") == "smal")
    if not svg:
        raise Http404(_("There is nothing to draw."))
    headers = {"Content-Disposition": f'attachment; filename="tidslinje-{plan.slug}.svg"'}
    return HttpResponse(svg, content_type="image/svg+xml; charset=utf-8", headers=headers)


@require_GET
def delays_of_plan(request: HttpRequest, slug: str) -> HttpResponse:
    plan = get_plan(slug)
    context = {"page": plan_delays(plan), "crumbs": plan_crumbs(plan, (_("Delays"), ""))}
    return render(request, "initiatives/plan_delays.html", context)


@require_GET
@vary_on_headers("HX-Request")
def delays(request: HttpRequest) -> HttpResponse:
    page = all_delays(request.GET.dict())
    crumbs = [{"label": _("Plans"), "url": reverse("plan_list")}, {"label": _("Delays"), "url": ""}]
    if wants_region(request):
        response = render(request, "initiatives/_delay_result.html", {"page": page, "oob": True})
        response["HX-Push-Url"] = request.path + page.query
        return response
    return render(request, "initiatives/delay_list.html", {"page": page, "crumbs": crumbs})


def wants_region(request: HttpRequest) -> bool:
    """Only the part that changed. Somebody who goes back in the browser's history gets the whole page again."""
    return is_htmx(request) and request.headers.get("HX-History-Restore-Request") != "true"
