"""Bodies, their kinds, aliases and successors, and the small tables plans need: kinds, causes, agreements."""

from __future__ import annotations

from pathlib import Path

from indicators.models import Area, Framework
from initiatives.actions.content.reading import ContentError, read_yaml, text
from initiatives.models import Agreement, Body, BodyAlias, BodyKind, BodySuccession, DelayCause, PlanKind
from sundhedsaftale.lib.danish import sort_key

CAUSE_NAMES_EN = {
    "covid_19": "COVID-19",
    "staffing": "Staffing and recruitment",
    "economy": "Economy",
    "legislation": "Legislation",
    "awaiting_reform": "Awaits the health reform",
    "it": "IT",
    "labour_conflict": "Labour conflict",
    "other": "Other",
}


def load_bodies(folder: Path) -> None:
    """Kinds, bodies, aliases and successions; existing rows are brought in line, none is deleted."""
    for position, entry in enumerate(read_yaml(folder / "body_kinds.yaml")):
        BodyKind.objects.update_or_create(
            code=entry["code"],
            defaults={
                "name": entry["name"],
                "name_plural": entry["name_plural"],
                "note": text(entry.get("valid_note")),
                "position": position,
            },
        )
    areas = dict(Area.objects.values_list("code", "pk"))
    for entry in read_yaml(folder / "bodies.yaml"):
        code = entry.get("area")
        if code and code not in areas:
            raise ContentError(f"bodies.yaml: {entry['slug']}: unknown area {code!r}. Run load_catalogue first.")
        body, _ = Body.objects.update_or_create(
            slug=entry["slug"],
            defaults={
                "name": entry["name"],
                "sort_key": sort_key(entry["name"]),
                "kind_id": entry["kind"],
                "area_id": areas[code] if code else None,
                "valid_from": entry.get("valid_from"),
                "valid_to": entry.get("valid_to"),
                "note": text(entry.get("note")),
                "source": " – ".join(filter(None, (text(entry.get("source")), text(entry.get("source_url"))))),
                "is_example": bool(entry.get("is_example")),
            },
        )
        for alias in entry.get("aliases") or []:
            BodyAlias.objects.get_or_create(alias=alias, body=body)
    bodies = dict(Body.objects.values_list("slug", "pk"))
    for entry in read_yaml(folder / "body_successions.yaml"):
        for side in ("predecessor", "successor"):
            if entry[side] not in bodies:
                raise ContentError(f"body_successions.yaml: unknown body {entry[side]!r}")
        BodySuccession.objects.update_or_create(
            predecessor_id=bodies[entry["predecessor"]],
            successor_id=bodies[entry["successor"]],
            defaults={"on": entry["on"], "note": text(entry.get("note"))},
        )


def load_small_tables(folder: Path) -> None:
    """Plan kinds, causes of delay and agreements."""
    for position, entry in enumerate(read_yaml(folder / "plan_kinds.yaml")):
        PlanKind.objects.update_or_create(
            code=entry["code"],
            defaults={
                "name": entry["name"],
                "name_plural": entry["name_plural"],
                "item_name": text(entry.get("item_name")),
                "item_name_plural": text(entry.get("item_name_plural")),
                "note": text(entry.get("note")),
                "position": position,
            },
        )
    for entry in read_yaml(folder / "delay_causes.yaml"):
        DelayCause.objects.update_or_create(
            code=entry["code"],
            defaults={
                "name": entry["name"],
                "name_en": CAUSE_NAMES_EN.get(entry["code"], entry["name"]),
                "position": entry["sort"],
            },
        )
    for entry in read_yaml(folder / "agreements.yaml"):
        sources = [" – ".join(filter(None, (s["title"], s.get("url")))) for s in entry.get("sources") or []]
        Agreement.objects.update_or_create(
            slug=entry["slug"],
            defaults={
                "name": entry["title"],
                "area": Area.objects.filter(code=entry.get("area")).first(),
                "framework": Framework.objects.filter(slug=entry.get("framework")).first(),
                "valid_from": entry.get("valid_from"),
                "valid_to": entry.get("valid_to"),
                "note": text(entry.get("what")),
                "source": "\n".join(sources),
            },
        )
