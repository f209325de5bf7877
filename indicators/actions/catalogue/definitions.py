"""What the catalogue's files say, checked as a whole before anything is written.

Each function reads one file into plain rows for storing. All references between the files are checked here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from indicators.actions.catalogue.area_values import read_area_values
from indicators.actions.catalogue.content import Catalogue, EditionFacts, Row
from indicators.actions.catalogue.reading import FOLDER, CatalogueError, Checker, Entry, read_csv, read_yaml
from indicators.actions.catalogue.source_definitions import check_definitions
from indicators.calculations.figure_bounds import BOUND_NAMES
from indicators.calculations.figure_rows import RawRow, missing_columns, part_rows
from indicators.models import Direction, Standardised
from indicators.refresh.refusals import refusal_sentence
from sundhedsaftale.lib.danish import sort_key
from sundhedsaftale.lib.periods import PeriodError, observation_period


def read_catalogue(folder: Path = FOLDER) -> Catalogue:
    """Everything in the folder, figures included. Raises CatalogueError with every problem found."""
    checker, catalogue = Checker(), Catalogue()
    for read in (
        _areas,
        _relations,
        _frameworks,
        _footnotes,
        _indicators,
        _editions,
        _sources,
        _counts,
        read_area_values,
    ):
        read(folder, checker, catalogue)
    checker.raise_if_any()
    check_definitions(folder, checker, catalogue)
    _check_figures(folder, checker, catalogue)
    checker.raise_if_any()
    return catalogue


def edition_facts(folder: Path = FOLDER) -> dict[str, EditionFacts]:
    """The publications by slug. Raises CatalogueError."""
    checker, catalogue = Checker(), Catalogue()
    _editions(folder, checker, catalogue)
    checker.raise_if_any()
    return catalogue.editions


# --- Areas ------------------------------------------------------------------------------------------------------------


def _areas(folder: Path, check: Checker, catalogue: Catalogue) -> None:
    seen: dict[Any, int] = {}
    for entry in read_yaml(folder, "area_kinds.yaml"):
        check.fields(entry, "rank", "code name name_plural name_en name_plural_en")
        if check.once(entry, "code", seen, check.slug(entry, "code", most=40), "The kind"):
            row: Row = {
                key: check.text(entry, key, most=60) for key in ("name", "name_plural", "name_en", "name_plural_en")
            }
            row.update(code=entry["code"], rank=check.whole(entry, "rank", empty=False))
            catalogue.kinds.append(row)
    kinds, seen = {row["code"] for row in catalogue.kinds}, {}
    for entry in read_csv(folder, "areas.csv"):
        check.fields(entry, "official_name valid_from valid_to confirmation note source", "code kind name")
        code = check.slug(entry, "code")
        check.once(entry, "code", seen, code, "The area")
        check.known(entry, "kind", entry.get("kind", ""), kinds, "kind of area")
        row = {
            "code": code,
            "kind": entry.get("kind", ""),
            "name": check.text(entry, "name", most=120),
            "official_name": check.text(entry, "official_name", most=160),
            "confirmation": check.text(entry, "confirmation", most=200),
            "sort_key": sort_key(entry.get("name", "")),
            **_dates(check, entry),
            **{key: check.text(entry, key) for key in ("note", "source")},
        }
        catalogue.areas.append(row)


def _dates(check: Checker, entry: Entry) -> Row:
    first, last = check.day(entry, "valid_from"), check.day(entry, "valid_to")
    if first and last and first > last:
        check.refuse(entry, "valid_to", f"It ends on {last}, before it begins on {first}.")
    return {"valid_from": first, "valid_to": last}


def _relations(folder: Path, check: Checker, catalogue: Catalogue) -> None:
    codes = {row["code"] for row in catalogue.areas}
    seen: dict[Any, int] = {}
    for entry in read_csv(folder, "area_aliases.csv"):
        check.fields(entry, "source", "alias area_code")
        check.once(entry, "alias", seen, entry.get("alias", ""), "The alias")
        check.known(entry, "area_code", entry.get("area_code", ""), codes, "area")
        alias = check.text(entry, "alias", most=160)
        source = check.text(entry, "source", most=300)
        catalogue.aliases.append({"alias": alias, "area": entry.get("area_code"), "source": source})
    seen = {}
    for entry in read_csv(folder, "area_memberships.csv"):
        check.fields(entry, "valid_from valid_to confirmation source", "member_code container_code")
        member, container = entry.get("member_code", ""), entry.get("container_code", "")
        check.known(entry, "member_code", member, codes, "area")
        check.known(entry, "container_code", container, codes, "area")
        row = {"member": member, "container": container, **_dates(check, entry)}
        row["confirmation"] = check.text(entry, "confirmation", most=200)
        row["source"] = check.text(entry, "source")
        check.once(entry, "member_code", seen, (member, container, row["valid_from"]), "The membership")
        catalogue.memberships.append(row)
    seen = {}
    for entry in read_csv(folder, "area_successions.csv"):
        check.fields(entry, "note", "predecessor_code successor_code on")
        pair = entry.get("predecessor_code", ""), entry.get("successor_code", "")
        check.known(entry, "predecessor_code", pair[0], codes, "area")
        check.known(entry, "successor_code", pair[1], codes, "area")
        check.once(entry, "predecessor_code", seen, pair, "The succession")
        row = {"predecessor": pair[0], "successor": pair[1], "on": check.day(entry, "on")}
        catalogue.successions.append({**row, "note": check.text(entry, "note")})


# --- What is measured -------------------------------------------------------------------------------------------------

_FRAMEWORK_TEXTS = {
    "name": 200,
    "description": 0,
    "method": 0,
    "publisher": 200,
    "source_title": 300,
    "source_url": 200,
}


def _frameworks(folder: Path, check: Checker, catalogue: Catalogue) -> None:
    seen: dict[Any, int] = {}
    slugs: dict[Any, int] = {}
    for entry in read_yaml(folder, "frameworks.yaml"):
        texts = " ".join(_FRAMEWORK_TEXTS)
        check.fields(entry, f"{texts} position valid_from valid_to published_on published_note goals", "slug name")
        slug = check.slug(entry, "slug", most=80)
        check.once(entry, "slug", seen, slug, "The framework")
        row: Row = {key: check.text(entry, key, most=most) for key, most in _FRAMEWORK_TEXTS.items()}
        row.update(slug=slug, position=check.whole(entry, "position") or 0, **_dates(check, entry))
        catalogue.frameworks.append(row)
        numbers: dict[Any, int] = {}
        for goal in check.entries(entry, "goals"):
            check.fields(goal, "description", "number slug name")
            number = check.whole(goal, "number", low=1, empty=False)
            check.once(goal, "number", numbers, number, "The number")
            check.once(goal, "slug", slugs, check.slug(goal, "slug", most=120), "The goal")
            catalogue.goals.append(
                {
                    "framework": slug,
                    "number": number,
                    "slug": goal.get("slug"),
                    "name": check.text(goal, "name", most=200),
                    "description": check.text(goal, "description"),
                }
            )


def _footnotes(folder: Path, check: Checker, catalogue: Catalogue) -> None:
    frameworks = {row["slug"] for row in catalogue.frameworks}
    seen: dict[Any, int] = {}
    for entry in read_yaml(folder, "footnotes.yaml"):
        check.fields(entry, "applies_to", "framework number text")
        framework, number = entry.get("framework", ""), check.whole(entry, "number", low=1, empty=False)
        check.known(entry, "framework", framework, frameworks, "framework")
        check.once(entry, "number", seen, (framework, number), "The footnote")
        catalogue.footnotes.append({"framework": framework, "number": number, "text": check.text(entry, "text")})


_INDICATOR_TEXTS = {
    "name": 200,
    "official_name": 300,
    "unit": 80,
    "definition": 0,
    "numerator": 0,
    "denominator": 0,
    "standardised_note": 0,
    "cadence_note": 0,
    "cannot_tell": 0,
}
_CADENCES = ("", "yearly", "every_2_years", "every_4_years", "once", "quarterly", "monthly")


def _indicators(folder: Path, check: Checker, catalogue: Catalogue) -> None:
    goals = {(row["framework"], row["slug"]) for row in catalogue.goals}
    entries = read_yaml(folder, "indicators.yaml")
    codes = {str(entry.get("code", "")) for entry in entries}
    seen: dict[Any, int] = {}
    for entry in entries:
        texts = " ".join(_INDICATOR_TEXTS)
        more = "position decimals standardised cadence suppression same_as breakdowns levels review_on"
        check.fields(entry, f"{texts} {more}", "code framework goal name official_name direction")
        code = check.slug(entry, "code", most=100)
        check.once(entry, "code", seen, code, "The indicator")
        goal = str(entry.get("goal", ""))
        if (entry.get("framework"), goal) not in goals:
            mine = {slug for framework, slug in goals if framework == entry.get("framework")}
            check.known(entry, "goal", goal, mine, f"goal of the framework “{entry.get('framework')}”")
        same_as = check.text(entry, "same_as")
        if same_as:
            check.known(entry, "same_as", same_as, codes - {code}, "other indicator")
        row: Row = {key: check.text(entry, key, most=most) for key, most in _INDICATOR_TEXTS.items()}
        row.update(
            code=code,
            goal=goal,
            same_as=same_as or None,
            position=check.whole(entry, "position") or 0,
            decimals=check.whole(entry, "decimals", high=6) or 0,
            direction=check.choice(entry, "direction", Direction.values),
            standardised=check.choice(entry, "standardised", Standardised.values),
            cadence=check.choice(entry, "cadence", _CADENCES),
            review_on=check.day(entry, "review_on"),
            breakdowns=_breakdowns(check, entry),
            **_suppression(check, entry),
        )
        catalogue.indicators.append(row)
        _levels(check, catalogue, entry, code)


def _breakdowns(check: Checker, entry: Entry) -> list[Row]:
    result, seen = [], dict[Any, int]()
    for item in check.entries(entry, "breakdowns"):
        check.fields(item, "", "code name")
        if check.once(item, "code", seen, check.slug(item, "code", most=120), "The breakdown"):
            result.append({"code": item["code"], "name": check.text(item, "name")})
    return result


def _suppression(check: Checker, entry: Entry) -> Row:
    rule = entry.get("suppression")
    if rule is None:
        return {"suppression": "", "suppression_min_denominator": None, "suppression_min_numerator": None}
    if not isinstance(rule, Entry):
        check.refuse(entry, "suppression", "“suppression” must be empty or an entry with “text”.")
        return {}
    check.fields(rule, "min_denominator min_numerator min_linkage_pct applies_to", "text")
    return {
        "suppression": check.text(rule, "text"),
        "suppression_min_denominator": check.whole(rule, "min_denominator"),
        "suppression_min_numerator": check.whole(rule, "min_numerator"),
    }


def _levels(check: Checker, catalogue: Catalogue, entry: Entry, code: str) -> None:
    kinds = {row["code"] for row in catalogue.kinds}
    notes = {row["number"] for row in catalogue.footnotes if row["framework"] == entry.get("framework")}
    seen: dict[Any, int] = {}
    texts = {"published_name": 300, "method": 40, "no_development_reason": 0, "level_note": 0}
    for level in check.entries(entry, "levels"):
        more = "decimals latest_period comparison_years level_comparable footnotes carried_over measured"
        check.fields(level, f"{' '.join(texts)} {more}", "kind")
        kind = str(level.get("kind", ""))
        check.known(level, "kind", kind, kinds, "kind of area")
        check.once(level, "kind", seen, kind, "The level")
        years = check.whole(level, "comparison_years", low=1, high=20)
        if years is None and not level.get("no_development_reason"):
            check.refuse(
                level, "comparison_years", "Without “comparison_years” there must be a “no_development_reason”."
            )
        numbers = level.get("footnotes") or []
        for number in numbers:
            if number not in notes:
                check.refuse(level, "footnotes", f"The framework has no footnote {number}.")
        row: Row = {key: check.text(level, key, most=most) for key, most in texts.items()}
        row.update(
            indicator=code,
            area_kind=kind,
            decimals=check.whole(level, "decimals", high=6) or 0,
            comparison_years=years,
            period_months=_months(check, level),
            level_comparable=check.flag(level, "level_comparable", default=True),
            footnotes=[(entry.get("framework"), number) for number in numbers],
        )
        catalogue.levels.append(row)


def _months(check: Checker, level: Entry) -> int | None:
    code = check.text(level, "latest_period")
    if not code:
        return None
    try:
        period = observation_period(code)
    except PeriodError as error:
        check.refuse(level, "latest_period", f"“{code}” is no period: {error}")
        return None
    first, last = period.first_day, period.last_day
    assert first is not None
    assert last is not None
    return (last.year - first.year) * 12 + last.month - first.month + 1


# --- Where figures come from ------------------------------------------------------------------------------------------

_SOURCE_TEXTS = {"title": 200, "publisher": 200, "url": 200, "file": 200, "licence": 0, "next_expected_note": 0}


def _editions(folder: Path, check: Checker, catalogue: Catalogue) -> None:
    seen: dict[Any, int] = {}
    more = "source publisher published_on published_words source_url terms compares counts file note"
    for entry in read_yaml(folder, "editions.yaml"):
        check.fields(entry, more, "slug title")
        slug = check.slug(entry, "slug")
        check.once(entry, "slug", seen, slug, "The edition")
        texts = {key: check.text(entry, key) for key in ("source", "source_url", "terms", "note")}
        title, published = check.text(entry, "title", most=300), check.text(entry, "published_on", most=20)
        catalogue.editions[slug] = EditionFacts(slug=slug, title=title, published_on=published, **texts)
        counts = entry.get("counts")
        if isinstance(counts, Entry):
            check.fields(counts, "green yellow red total basis")
            row: Row = {key: check.whole(counts, key) for key in ("green", "yellow", "red")}
            row.update(edition_slug=slug, goal=None, listed=None, counted=check.whole(counts, "total", empty=False))
            catalogue.counts.append({**row, "basis": check.text(counts, "basis")})


def _sources(folder: Path, check: Checker, catalogue: Catalogue) -> None:
    seen: dict[Any, int] = {}
    for entry in read_yaml(folder, "sources.yaml"):
        allowed = f"{' '.join(_SOURCE_TEXTS)} cadence edition next_expected automatic fetch_every_days bounds"
        check.fields(entry, allowed, "name title reader")
        name = check.slug(entry, "name")
        check.once(entry, "name", seen, name, "The source")
        edition = check.text(entry, "edition")
        if edition:
            check.known(entry, "edition", edition, catalogue.editions, "edition")
        row: Row = {key: check.text(entry, key, most=most) for key, most in _SOURCE_TEXTS.items()}
        row.update(name=name, reader=check.slug(entry, "reader"), edition_slug=edition)
        row.update(cadence=check.choice(entry, "cadence", _CADENCES), next_expected=check.day(entry, "next_expected"))
        row.update(automatic=check.flag(entry, "automatic", default=True), bounds=_bounds(check, entry))
        row.update(fetch_every_days=check.whole(entry, "fetch_every_days", high=366) or 0)
        catalogue.sources.append(row)


def _bounds(check: Checker, entry: Entry) -> dict[str, int]:
    """What a file may change by itself: whole numbers by name; those left out have the defaults of figure_bounds."""
    bounds = entry.get("bounds")
    if not isinstance(bounds, Entry):
        if bounds is not None:
            check.refuse(entry, "bounds", "“bounds” must be an entry with numbers.")
        return {}
    check.fields(bounds, " ".join(BOUND_NAMES))
    found = {name: check.whole(bounds, name, high=1_000_000) for name in bounds if name in BOUND_NAMES}
    return {name: value for name, value in found.items() if value is not None}


def _counts(folder: Path, check: Checker, catalogue: Catalogue) -> None:
    """Table 1 of the 2024 edition. The row without a goal is the total; editions.yaml has it too and must agree."""
    goals = {row["slug"] for row in catalogue.goals}
    totals = {row["edition_slug"]: row for row in catalogue.counts}
    seen: dict[Any, int] = {}
    for entry in read_csv(folder, "table1_2024.csv"):
        check.fields(entry, "goal_number goal_slug", "edition green yellow red listed counted")
        edition, goal = entry.get("edition", ""), entry.get("goal_slug", "")
        check.known(entry, "edition", edition, catalogue.editions, "edition")
        check.once(entry, "goal_slug", seen, (edition, goal), "The goal")
        row: Row = {
            key: check.whole(entry, key, empty=False) for key in ("green", "yellow", "red", "listed", "counted")
        }
        if goal:
            check.known(entry, "goal_slug", goal, goals, "goal")
            catalogue.counts.append({**row, "edition_slug": edition, "goal": goal, "basis": ""})
        elif edition in totals:
            for key in ("green", "yellow", "red", "counted"):
                if totals[edition][key] != row[key]:
                    check.refuse(entry, key, f"“{key}” is {row[key]}, but {totals[edition][key]} in editions.yaml.")
            totals[edition]["listed"] = row["listed"]
        else:
            catalogue.counts.append({**row, "edition_slug": edition, "goal": None, "basis": ""})


def _check_figures(folder: Path, check: Checker, catalogue: Catalogue) -> None:
    """The figures themselves are stored by a refresh; a file that it would refuse is refused here already."""
    for source in catalogue.sources:
        if not source["file"]:
            continue
        try:
            entries = read_csv(folder, source["file"])
        except CatalogueError as error:
            check.problems.extend(error.problems)
            continue
        rejected = missing_columns(entries[0]) if entries else []
        if not rejected:
            known = catalogue.known(source["edition_slug"])
            _, rejected = part_rows((RawRow(entry.line, entry) for entry in entries), known)
        for refused in rejected:
            where = Entry()
            where.file, where.line, where.lines = source["file"], refused.line, {}
            sentence = refusal_sentence(refused.code, refused.details)
            check.refuse(where, "", f"{refused.column}: {sentence}" if refused.column else sentence)
