"""Initiatives and links from content files."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from indicators.models import Area, Goal, Indicator
from initiatives.actions.content.reading import ContentError, Entry, sentences, text
from initiatives.actions.links import add_link
from initiatives.models import ActionItem, Body, Initiative


def load_initiatives(content: Entry, *, file: str) -> int:
    """Initiatives of one file; those somebody has since changed by hand are left as they are. Returns how many."""
    source = content["source"]
    for entry in content["initiatives"]:
        body = Body.objects.filter(slug=entry["body"]).first()
        if body is None:
            raise ContentError(f"{file}: {entry['slug']}: unknown body {entry['body']!r}")
        initiative, created = Initiative.objects.get_or_create(
            slug=entry["slug"],
            defaults={
                "title": entry["title"],
                "body": body,
                "target_group": text(entry["target_group"]),
                "what": text(entry["what"]),
                "partners": "\n".join(text(partner) for partner in entry.get("partners") or []),
                "started": text(entry.get("started") or entry.get("started_note")),
                "stage": entry["stage"],
                "evidence_step": entry["evidence_step"],
                "evidence_note": text(entry.get("evidence_note")),
                "result": text(entry.get("result")),
                "enablers": text(entry.get("enablers")),
                "barriers": text(entry.get("barriers")),
                "links_note": text(entry.get("indicators_note")),
                "source_title": f"{source['title']}. {text(entry.get('source_detail'))}".rstrip(". ")[:300],
                "source_url": text(source.get("url")),
            },
        )
        if created:
            areas = Area.objects.filter(code__in=entry.get("areas") or [])
            if len(areas) != len(set(entry.get("areas") or [])):
                raise ContentError(f"{file}: {entry['slug']}: unknown area among {entry['areas']}")
            initiative.areas.set(areas)
            link(initiative, entry, file=file)
    return len(content["initiatives"])


def load_contributions(content: Entry, *, file: str) -> int:
    """Links of plan items; a link somebody has removed is not drawn again. Returns how many items have links."""
    for entry in content["contributions"]:
        item = ActionItem.objects.filter(plan__slug=entry["plan"], key=entry["item"]).first()
        if item is None:
            raise ContentError(f"{file}: unknown item {entry['item']!r} in plan {entry['plan']!r}")
        note = text(entry.get("indicators_note"))
        if item.links_note != note:
            item.links_note = note
            item.save()
        if not item.contributions.exists():
            link(item, entry, file=file)
    return len(content["contributions"])


def link(thing: ActionItem | Initiative, entry: Entry, *, file: str) -> None:
    for row in entry.get("goals") or []:
        framework, _, number = row["goal"].partition("/G")
        goal = Goal.objects.filter(framework__slug=framework, number=number).first()
        _add(thing, goal, row, row["goal"], file)
    for row in entry.get("indicators") or []:
        _add(thing, Indicator.objects.filter(code=row["code"]).first(), row, row["code"], file)


def _add(thing: Any, target: Goal | Indicator | None, row: Entry, name: str, file: str) -> None:
    if target is None:
        raise ContentError(f"{file}: {thing}: unknown goal or indicator {name!r}")
    try:
        add_link(thing=thing, target=target, reason=text(row["reason"]), note=text(row.get("note")), by=None)
    except ValidationError as error:
        raise ContentError(f"{file}: {thing} -> {name}: {sentences(error)}") from error
