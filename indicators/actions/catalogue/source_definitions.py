"""sources/<name>.yaml: what the variables of somebody else's table mean here. Checked as a whole, with file and line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from indicators.actions.catalogue.content import Catalogue
from indicators.actions.catalogue.reading import FOLDER, CatalogueError, Checker, Entry, Problem, read_yaml
from indicators.calculations import source_mapping
from indicators.calculations.source_mapping import AREA, BREAKDOWN, FIXED, INDICATOR, PERIOD, Definition, Variable
from sundhedsaftale.lib.hosts import NotAHost, host_of
from sundhedsaftale.lib.periods import PeriodError, observation_period

#: The readers whose sources have a definition.
READERS = ("statbank", "jsonstat")

_TEXTS = {"indicator": 100, "area": 60, "breakdown": 120, "unit": 80, "method": 40, "note": 0}
_STATBANK, _JSONSTAT = "table table_unit language format", "url dataset"


def read_definition(name: str, reader: str, *, folder: Path | None = None) -> Definition:
    """The definition of the source. Raises CatalogueError with every problem of it."""
    check = Checker()
    file = f"sources/{name}.yaml"
    entries = read_yaml(folder or FOLDER, file)
    if len(entries) != 1:
        raise CatalogueError([Problem(file, 0, "The file must hold one entry, begun with “- ”.")])
    found = _definition(check, entries[0], name, reader)
    check.raise_if_any()
    return found


def check_definitions(folder: Path, check: Checker, catalogue: Catalogue) -> None:
    """Those of all the catalogue's sources, and what they refer to in the catalogue."""
    for source in catalogue.sources:
        if source["reader"] not in READERS:
            continue
        try:
            definition = read_definition(source["name"], source["reader"], folder=folder)
        except CatalogueError as error:
            check.problems.extend(error.problems)
            continue
        check.problems.extend(_unknown(definition, catalogue, f"sources/{source['name']}.yaml"))


def _definition(check: Checker, entry: Entry, name: str, reader: str) -> Definition:
    statbank = reader == "statbank"
    own, other = (_STATBANK, _JSONSTAT) if statbank else (_JSONSTAT, _STATBANK)
    required = "name unit decimals variables " + ("table" if statbank else "url")
    check.fields(entry, f"{own} indicator area breakdown method verified note", required)
    for key in other.split():
        if key in entry:
            check.refuse(entry, key, f"“{key}” belongs to a source of another kind than {reader}.")
    if entry.get("name") not in (None, name):
        check.refuse(entry, "name", f"The file is for the source “{name}”, but “name” is “{entry['name']}”.")
    texts = {key: check.text(entry, key, most=most) for key, most in _TEXTS.items() if key != "note"}
    texts["table" if statbank else "dataset"] = check.text(entry, "table" if statbank else "dataset", most=200)
    if statbank:
        texts["table_unit"] = check.text(entry, "table_unit", most=80)
        texts["language"] = _choice(check, entry, "language", source_mapping.LANGUAGES, "da")
        texts["format"] = _choice(check, entry, "format", source_mapping.FORMATS, "BULK")
    else:
        texts["url"] = _url(check, entry)
    variables = tuple(_variable(check, item) for item in check.entries(entry, "variables"))
    definition = Definition(
        name=name,
        variables=variables,
        decimals=check.whole(entry, "decimals", high=6, empty=False) or 0,
        verified=check.flag(entry, "verified", default=False),
        **texts,
    )
    _whole(check, entry, definition)
    return definition


def _choice(check: Checker, entry: Entry, key: str, allowed: Iterable[str], default: str) -> str:
    return check.choice(entry, key, allowed) if key in entry else default


def _url(check: Checker, entry: Entry) -> str:
    url = check.text(entry, "url", most=500)
    try:
        host_of(url)
    except NotAHost as error:
        check.refuse(entry, "url", f"“url” cannot be used. {error}")
    return url


def _variable(check: Checker, entry: Entry) -> Variable:
    check.fields(entry, "values from leave_out map accept", "code is")
    meaning = check.choice(entry, "is", source_mapping.MEANINGS)
    values = _codes(check, entry, "values")
    first = check.text(entry, "from")
    if meaning == FIXED and len(values) != 1:
        check.refuse(entry, "values", "A variable that is “fixed” must name the one code that is asked for.")
    if values and entry.get("leave_out"):
        check.refuse(entry, "leave_out", "“leave_out” has no meaning beside “values”: only those are asked for.")
    if first and meaning != PERIOD:
        check.refuse(entry, "from", "Only a period has a first one to begin from.")
    if first:
        try:
            observation_period(first)
        except PeriodError:
            check.refuse(entry, "from", f"“{first}” is no period. Write for example 2015, 2015K1 or 2015:2019.")
    return Variable(
        code=check.text(entry, "code", most=100),
        meaning=meaning,
        values=values,
        first=first,
        leave_out=frozenset(_codes(check, entry, "leave_out")),
        mapping=_mapping(check, entry),
        accept=frozenset(_codes(check, entry, "accept")),
    )


def _codes(check: Checker, entry: Entry, key: str) -> tuple[str, ...]:
    """A list of codes. They are text: 000 without quotes is the number nought to YAML, and another code."""
    value = entry.get(key)
    if value is None or (key == "values" and value == "all"):
        return ()
    if not isinstance(value, list) or not value or not all(isinstance(code, str) and code for code in value):
        check.refuse(entry, key, f'“{key}” must be a list of codes, each in quotes: ["000", "084"].')
        return ()
    if len(set(value)) != len(value):
        check.refuse(entry, key, f"A code stands twice in “{key}”.")
    return tuple(value)


def _mapping(check: Checker, entry: Entry) -> Mapping[str, str]:
    value = entry.get("map")
    if value is None:
        return {}
    if not isinstance(value, Entry) or not all(isinstance(one, str) for pair in value.items() for one in pair):
        check.refuse(entry, "map", '“map” must be codes in quotes with the codes here: {"1084": "084"}.')
        return {}
    return dict(value)


def _whole(check: Checker, entry: Entry, definition: Definition) -> None:
    """What must hold of all variables together."""
    seen: dict[Any, int] = {}
    for item, variable in zip(check.entries(entry, "variables"), definition.variables, strict=True):
        check.once(item, "code", seen, variable.key, "The variable")
    meanings = [variable.meaning for variable in definition.variables]
    for meaning in (INDICATOR, AREA, PERIOD, BREAKDOWN):
        if meanings.count(meaning) > 1:
            check.refuse(entry, "variables", f"Two variables are “{meaning}”. One must be “fixed” on one code.")
    if PERIOD not in meanings:
        check.refuse(entry, "variables", "No variable is “period”.")
    if BREAKDOWN in meanings and definition.breakdown:
        check.refuse(entry, "breakdown", "Either a variable is “breakdown”, or the entry names one; not both.")
    for meaning in (INDICATOR, AREA):
        if (meaning in meanings) is bool(getattr(definition, meaning)):
            check.refuse(entry, "variables", f"Either a variable is “{meaning}”, or the entry names one; not both.")


def _unknown(definition: Definition, catalogue: Catalogue, file: str) -> list[Problem]:
    """Indicators, areas, breakdowns and units that the catalogue does not have."""
    indicators = {row["code"]: row for row in catalogue.indicators}
    areas = {row["code"] for row in catalogue.areas}
    wanted = _targets(definition, INDICATOR) or {definition.indicator}
    problems = [f"There is no indicator “{code}”." for code in sorted(wanted - set(indicators))]
    places = _targets(definition, AREA) | ({definition.area} if definition.area else set())
    problems += [f"There is no area “{code}”." for code in sorted(places - areas)]
    for code in sorted(wanted & set(indicators)):
        row = indicators[code]
        if row["unit"] != definition.unit:
            problems.append(f"“unit” is “{definition.unit}”, but the indicator “{code}” is counted in “{row['unit']}”.")
        known = {item["code"] for item in row["breakdowns"]} | {""}
        problems += [
            f"The indicator “{code}” has no breakdown “{one}”."
            for one in sorted((_targets(definition, BREAKDOWN) | {definition.breakdown}) - known)
        ]
    return [Problem(file, 0, problem) for problem in problems]


def _targets(definition: Definition, meaning: str) -> set[str]:
    """The codes here that the definition itself names; those it takes from the table are checked when they come."""
    return {
        variable.mapping.get(code, code)
        for variable in definition.variables
        if variable.meaning == meaning
        for code in (variable.values or variable.mapping)
    }
