"""The bodies that owners in a file are matched to, taken from the database before the file is read."""

from __future__ import annotations

from django.db.models import Q

from indicators.models import AreaMembership
from initiatives.calculations.plan_owners import KnownBody
from initiatives.models import Body


def known_bodies(plan_body: Body | None = None) -> list[KnownBody]:
    """Every body with its aliases. Those of the plan's own region are `near`: they win when a name is shared."""
    near = _areas_near(plan_body.area_id) if plan_body is not None and plan_body.area_id else set()
    return [
        KnownBody(
            slug=body.slug,
            name=body.name,
            aliases=tuple(alias.alias for alias in body.aliases.all()),
            valid_from=body.valid_from,
            valid_to=body.valid_to,
            area=body.area.code if body.area else "",
            near=body.area_id in near or (plan_body is not None and body.pk == plan_body.pk),
        )
        for body in Body.objects.select_related("area").prefetch_related("aliases")
    ]


def _areas_near(area_id: int) -> set[int]:
    """The area, the region and clusters it lies in, and what lies in those; the country holds everything and is no help."""
    around = set(
        AreaMembership.objects.filter(member=area_id)
        .exclude(container__kind="country")
        .values_list("container", flat=True)
    )
    around |= set(
        AreaMembership.objects.filter(member__in=around)
        .exclude(container__kind="country")
        .values_list("container", flat=True)
    )
    centre = {area_id} | around
    inside = AreaMembership.objects.filter(Q(container__in=centre)).values_list("member", flat=True)
    return centre | set(inside)


def find_body(name: str) -> Body | None:
    """The body of that slug, name or alias; a name several bodies share names none."""
    exact = Body.objects.filter(slug=name).first() or Body.objects.filter(name__iexact=name).first()
    if exact is not None:
        return exact
    found = list(Body.objects.filter(aliases__alias__iexact=name).distinct()[:2])
    return found[0] if len(found) == 1 else None
