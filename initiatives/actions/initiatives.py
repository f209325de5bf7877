"""Initiatives logged and enriched."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from indicators.actions.versions import changes_pages
from indicators.models import Area, Goal
from initiatives.actions.free_text import refuse_cpr
from initiatives.actions.links import add_link
from initiatives.actions.plans import free_slug
from initiatives.models import Body, Initiative

FIELDS = (
    "title",
    "target_group",
    "what",
    "partners",
    "started",
    "stage",
    "evidence_step",
    "evidence_note",
    "result",
    "ended_without_effect",
    "enablers",
    "barriers",
    "source_title",
    "source_url",
)

RESERVED = {"nyt"}  # the address of the form that logs one


@changes_pages
def log_initiative(
    *, title: str, body: Body, target_group: str, what: str, goal: Goal, by: Any, reason: str = "", **fields: Any
) -> Initiative:
    """The five fields: title, who (body), target group, what is done, and the goal it works for.

    Raises ValidationError keyed by field when one is missing or holds a CPR number.
    """
    missing = {
        name: [_("Fill in this field.")]
        for name, value in (("title", title), ("target_group", target_group), ("what", what))
        if not value.strip()
    }
    if missing:
        raise ValidationError(missing)
    refuse_cpr(title=title, target_group=target_group, what=what)
    initiative = Initiative(
        slug=_slug(title),
        title=title.strip(),
        body=body,
        target_group=target_group.strip(),
        what=what.strip(),
        created_by=by,
        **fields,
    )
    initiative._history_user = by  # type: ignore[attr-defined]
    initiative.save()
    if body.area_id:
        initiative.areas.add(body.area_id)
    add_link(thing=initiative, target=goal, reason=reason or _("Chosen when the initiative was logged."), by=by)
    return initiative


@changes_pages
def update_initiative(*, initiative: Initiative, by: Any, areas: list[Area] | None = None, **fields: Any) -> Initiative:
    """Enrich an initiative. Raises ValidationError keyed by field."""
    unknown = set(fields) - set(FIELDS)
    if unknown:
        raise TypeError(f"cannot change {sorted(unknown)}")
    for name in ("title", "target_group", "what"):
        if name in fields and not fields[name].strip():
            raise ValidationError({name: [_("Fill in this field.")]})
    refuse_cpr(**{name: value for name, value in fields.items() if isinstance(value, str)})
    for name, value in fields.items():
        setattr(initiative, name, value.strip() if isinstance(value, str) else value)
    initiative._history_user = by  # type: ignore[attr-defined]
    initiative.save()
    if areas is not None:
        initiative.areas.set(areas)
    return initiative


def _slug(title: str) -> str:
    slug = free_slug(Initiative, title)
    return free_slug(Initiative, f"{title} initiativ") if slug in RESERVED else slug
