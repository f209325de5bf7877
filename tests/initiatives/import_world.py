"""Drafts of plans for tests of imports, and a plan of ours turned back into the draft its own export would give."""

from __future__ import annotations

from datetime import date
from typing import Any

from initiatives.actions.plan_imports import start_import
from initiatives.calculations.plan_draft import DraftItem, DraftMilestone, Guess, Place, PlanDraft
from initiatives.calculations.status_reader import read_status
from initiatives.models import Body, DelayCause, Plan, PlanImport, PlanKind
from initiatives.plan_files.existing import existing_items

DAY = date(2020, 11, 5)
POSTPONED = "Planlagt igangsat i 2. kvartal 2020, men udsat pga. COVID-19. Genoptages i 2. kvartal 2021."
GOING = "Igangsat i november 2019. Evaluering forventes 1. kvartal 2021."


def causes() -> None:
    for code, name in (("covid_19", "COVID-19"), ("other", "Andet"), ("staffing", "Bemanding")):
        DelayCause.objects.get_or_create(code=code, defaults={"name": name, "name_en": name})


def kind() -> PlanKind:
    made, _ = PlanKind.objects.get_or_create(
        code="handleplan", defaults={"name": "Handleplan", "name_plural": "Handleplaner", "item_name_plural": "punkter"}
    )
    return made


def row(number: int, title: str, status: str = "", *, owners: tuple[Body | str, ...] = (), **fields: Any) -> DraftItem:
    """As the readers make one: the status is read, and an owner that is only a word has no body."""
    reading = read_status(status, today=DAY)
    values, sources = reading.as_dict(), reading.sources(status)
    return DraftItem(
        number=number,
        title=title,
        owners=tuple(str(owner) for owner in owners),
        owner_guesses=tuple(
            Guess(owner.slug, owner.name) if isinstance(owner, Body) else Guess("", owner, "guess") for owner in owners
        ),
        status_text=status,
        guesses=fields.pop("guesses", None)
        or {
            key: Guess(str(values[key]), read.words, read.confidence, read.start, read.end)
            for key, read in sources.items()
            if not key.startswith("milestones.")
        },
        milestones=tuple(
            DraftMilestone(
                step.title, Guess(step.when.words, step.when.words, "likely", step.when.start, step.when.end)
            )
            for step in reading.milestones
        ),
        flags=reading.flags,
        place=Place(table=1, row=number + 1),
        **{"section": "Brug af data", **fields},
    )


def draft(*rows: DraftItem, **fields: Any) -> PlanDraft:
    return PlanDraft("docx", rows, **fields)


def start(body: Body, *rows: DraftItem, by: Any = None, plan: Plan | None = None, **fields: Any) -> PlanImport:
    said = {"title": "Handleplan", "as_of": DAY, "filename": "plan.docx", "sha256": "a" * 64, "kind": kind(), **fields}
    issues = said.pop("issues", ())
    return start_import(body=body, draft=draft(*rows, issues=issues), plan=plan, by=by, **said)


def as_draft(plan: Plan, *, with_keys: bool = True) -> PlanDraft:
    """The plan as a file of ours would be read: its words, and what a reader guesses from them."""
    slugs = {body.name: body for body in Body.objects.all()}
    return draft(
        *(
            row(
                item.number,
                item.title,
                item.status_text,
                owners=tuple(slugs[name] for name in item.owner_names),
                content=item.content,
                section_number=item.section_number,
                section=item.section,
                sub_section=item.sub_section,
                key=item.key if with_keys else "",
            )
            for item in existing_items(plan)
        )
    )
