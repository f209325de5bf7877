"""The tables of the pages that need both apps, as files. Open to everybody, as the pages are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from indicators.exports.facts import Table
from indicators.exports.sources import Provenance, of_areas, of_titles, provenance
from indicators.models import Indicator
from indicators.views.files import address_of, check_format, file_response
from sundhedsaftale.exports import indicator_tables, judged_tables, page_tables
from sundhedsaftale.exports.page_tables import Content
from sundhedsaftale.lib.danish import format_date
from sundhedsaftale.lib.viewed import DAY, DIVISION, Viewed
from sundhedsaftale.presenters.area_curves import goal_curves_page, indicator_curves_page
from sundhedsaftale.presenters.area_kinds import kind_of_slug
from sundhedsaftale.presenters.area_lists import area_lists
from sundhedsaftale.presenters.area_page import area_page
from sundhedsaftale.presenters.area_ranking import kind_figures
from sundhedsaftale.presenters.coverage import coverage
from sundhedsaftale.presenters.frame import AreaInView, area_in_view, find_area, viewed
from sundhedsaftale.presenters.goal_list import counted_areas, goal_list
from sundhedsaftale.presenters.goal_page import find_goal, goal_page
from sundhedsaftale.presenters.indicator_data import find_indicator, indicator_data
from sundhedsaftale.presenters.indicator_targets import targets_view

AREA_TABLES: dict[str, Callable[[Any, AreaInView], Content | None]] = {
    "tal": page_tables.area_figures,
    "kommuner": page_tables.area_matrix,
    "beregnet": judged_tables.computed_values,
    **judged_tables.LISTS,
}


@require_GET
def goal_list_file(request: HttpRequest, table: str, format: str) -> HttpResponseBase:  # noqa: A002  # as in the address
    check_format(format)
    if table != "maal":
        raise Http404
    area = area_in_view(request)
    return _file(request, page_tables.goal_lines(goal_list(area)), "maal", area, format)


@require_GET
def goal_file(request: HttpRequest, slug: str, table: str, format: str) -> HttpResponseBase:  # noqa: A002
    check_format(format)
    goal = find_goal(slug)
    if goal is None or table not in ("indikatorer", "omraader", "kurver"):
        raise Http404
    area = area_in_view(request)
    if table == "kurver":
        moved = goal_curves_page(goal, area, "", day=viewed(request).day)
        return _file(request, judged_tables.goal_curves(moved), f"{slug} kurver", area, format)
    page = goal_page(goal, area, look=viewed(request))
    if table == "omraader":
        return _file(request, page_tables.goal_areas(page, goal), f"{slug} omraader", area, format)
    return _file(request, page_tables.goal_indicators(page, goal, area), f"{slug} indikatorer", area, format)


@require_GET
def indicator_file(request: HttpRequest, code: str, table: str, format: str) -> HttpResponseBase:  # noqa: A002
    check_format(format)
    indicator = find_indicator(code)
    if indicator is None:
        raise Http404
    area = area_in_view(request)
    content = _of_indicator(request, indicator, area, table)
    return _file(request, content if content.rows else None, f"{code} {table}", area, format)


def _of_indicator(request: HttpRequest, indicator: Indicator, area: AreaInView, table: str) -> Content:
    if table == "rangliste":
        kind = kind_of_slug(request.GET.get("slags", ""))
        found = kind_figures(indicator, area, kind, day=viewed(request).day)
        if found is None:
            raise Http404
        return judged_tables.ranking(found)
    if table == "kurver":
        kind, region = kind_of_slug(request.GET.get("slags", "")), request.GET.get("region", "")
        page = indicator_curves_page(indicator, area, "", region, kind=kind, day=viewed(request).day)
        return judged_tables.curves(page)
    data = indicator_data(indicator, area, viewed(request))
    if table == "delmaal":
        return judged_tables.targets(data, targets_view(data, may=None, today=timezone.localdate()))
    make = {**indicator_tables.TABLES, "afstand": judged_tables.distance, "brud": judged_tables.broken}.get(table)
    if make is None:
        raise Http404
    return make(data)


@require_GET
def area_file(request: HttpRequest, code: str, table: str, format: str) -> HttpResponseBase:  # noqa: A002
    check_format(format)
    look = viewed(request)
    area = find_area(code, look.day)
    make = AREA_TABLES.get(table)
    if area is None or make is None:
        raise Http404
    page = area_lists(area) if table in judged_tables.LISTS else area_page(area, look=look)
    content = make(page, area)
    return _file(request, content, f"{area.name} {table}", area, format, own=True)


@require_GET
def coverage_file(request: HttpRequest, table: str, format: str) -> HttpResponseBase:  # noqa: A002
    check_format(format)
    make = page_tables.COVERAGE.get(table)
    if make is None:
        raise Http404
    area = area_in_view(request)
    content = make(coverage(area, today=timezone.localdate()))
    return _file(request, content, f"daekning {table}", area, format)


def _looked(request: HttpRequest) -> dict[str, str]:
    """What else decides the figures: the day, the division, the kind of area, the region."""
    return {name: slugify(request.GET.get(name, "")) for name in (DAY, DIVISION, "slags", "region")}


def _asked(area: AreaInView, look: Viewed) -> str:
    said = [_("Area: %(area)s") % {"area": area.name}]
    if look.is_other_day:
        said.append(_("Areas as on %(day)s") % {"day": format_date(look.day, get_language() or "da")})
    if look.then:
        said.append(_("Division of the time"))
    return ". ".join(said)


def _provenance(content: Content, area: AreaInView) -> Provenance:
    if content.editions:
        return of_titles(content.editions)
    if content.shown:
        return provenance(content.shown, content.framework_id)
    return of_areas(ref.pk for ref in counted_areas(area)[0])


def _file(
    request: HttpRequest,
    content: Content | None,
    name: str,
    area: AreaInView,
    format_: str,
    *,
    own: bool = False,  # the area stands in the address itself
) -> HttpResponseBase:
    if content is None:
        raise Http404
    found = _provenance(content, area)
    table = Table(
        name=name if own else f"{name} {area.name}",
        title=content.title,
        columns=content.columns,
        rows=content.rows,
        sources=found.sources,
        footnotes=content.footnotes or found.footnotes,
        changed_at=found.changed_at,
        address=address_of(request, omraade="" if own else area.code, **_looked(request)),
        retrieved_at=timezone.now(),
        asked=_asked(area, viewed(request)),
        language=get_language() or "da",
    )
    return file_response(table, format_)
