"""The catalogue's files, with the line of everything in them, so that an error can say where it stands."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from sundhedsaftale.lib.cpr import find_cpr
from sundhedsaftale.lib.danish import nearest

FOLDER = Path(__file__).resolve().parents[2] / "catalogue"

# The parser in C reads the indicators in a tenth of the time; both know only plain values, never Python objects.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where: file relative to the catalogue, line counted from 1 (0: the file as a whole)."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        where = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{where}: {self.message}"


class CatalogueError(ValueError):
    """The catalogue cannot be loaded; nothing has been. `problems` holds every one found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Entry(dict[str, Any]):
    """A mapping of a YAML file, or a row of a CSV file, that knows where it stands."""

    file: str
    line: int
    lines: dict[str, int]

    def line_of(self, key: str) -> int:
        return self.lines.get(key, self.line)


class _Loader(_SafeLoader):
    file = ""

    def construct_mapping(self, node: Any, deep: bool = False) -> Entry:
        entry = Entry()
        entry.file, entry.line, entry.lines = self.file, node.start_mark.line + 1, {}
        for key_node, value_node in node.value:
            key = str(self.construct_object(key_node, deep=True))
            line = key_node.start_mark.line + 1
            if key in entry:
                raise CatalogueError([Problem(self.file, line, f"“{key}” stands twice in the same entry.")])
            entry[key] = self.construct_object(value_node, deep=True)
            entry.lines[key] = line
        return entry


_Loader.add_constructor("tag:yaml.org,2002:map", lambda loader, node: loader.construct_mapping(node))


def read_yaml(folder: Path, file: str) -> list[Entry]:
    """The entries of a file that is one list. Raises CatalogueError."""
    text = _text(folder, file)
    loader = type("Loader", (_Loader,), {"file": file})(text)
    try:
        entries = loader.get_single_data()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise CatalogueError([Problem(file, line, f"The file is not YAML: {error.problem}.")]) from None
    finally:
        loader.dispose()
    if entries is None:
        return []
    if not isinstance(entries, list) or not all(isinstance(entry, Entry) for entry in entries):
        raise CatalogueError([Problem(file, 0, "The file must be one list of entries, each begun with “- ”.")])
    return entries


def read_csv(folder: Path, file: str) -> list[Entry]:
    """The rows of a file with a header. Raises CatalogueError when a row has more or fewer cells than the header."""
    lines = _text(folder, file).splitlines(keepends=True)
    reader = csv.reader(lines, strict=True)
    rows: list[Entry] = []
    problems: list[Problem] = []
    try:
        header = [name.strip() for name in next(reader, [])]
        before = reader.line_num
        for cells in reader:
            line, before = before + 1, reader.line_num
            if not cells:
                continue
            if len(cells) != len(header):
                problems.append(Problem(file, line, f"The row has {len(cells)} cells, the header has {len(header)}."))
                continue
            entry = Entry(zip(header, (cell.strip() for cell in cells), strict=True))
            entry.file, entry.line, entry.lines = file, line, {}
            rows.append(entry)
    except csv.Error as error:
        problems.append(Problem(file, reader.line_num, f"The file is not CSV: {error}."))
    if problems:
        raise CatalogueError(problems)
    return rows


def _text(folder: Path, file: str) -> str:
    path = folder / file
    if not path.is_file():
        raise CatalogueError([Problem(file, 0, "The file is missing.")])
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CatalogueError([Problem(file, 0, f"The file is not UTF-8 (byte {error.start}).")]) from None
    hits = [hit for hit in find_cpr(text) if hit.kind == "refuse"]
    if hits:
        places = [Problem(file, text.count("\n", 0, hit.start) + 1, "The line holds a CPR number.") for hit in hits]
        raise CatalogueError(places)
    return text


class Checker:
    """Takes typed values out of entries and collects what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def refuse(self, entry: Entry, key: str, message: str) -> None:
        self.problems.append(Problem(entry.file, entry.line_of(key), message))

    def raise_if_any(self) -> None:
        if self.problems:
            raise CatalogueError(sorted(self.problems, key=lambda problem: (problem.file, problem.line)))

    def fields(self, entry: Entry, allowed: str, required: str = "") -> None:
        """`allowed` and `required`: names parted by spaces. An unknown name is refused with the nearest known one."""
        names = set(allowed.split()) | set(required.split())
        for key in entry:
            if key not in names:
                near = nearest(key, sorted(names), n=1)
                hint = f" Did you mean “{near[0]}”?" if near else ""
                self.refuse(entry, key, f"There is no field “{key}”.{hint}")
        for key in required.split():
            if entry.get(key) in (None, ""):
                self.refuse(entry, key, f"“{key}” is missing.")

    def text(self, entry: Entry, key: str, *, most: int = 0) -> str:
        value = entry.get(key)
        if value is None:
            return ""
        if isinstance(value, date):
            return value.isoformat()
        if not isinstance(value, str):
            self.refuse(entry, key, f"“{key}” must be text, not {_kind(value)}. Put it in quotes.")
            return ""
        if most and len(value) > most:
            self.refuse(entry, key, f"“{key}” has {len(value)} characters; {most} is the most.")
        return value.strip()

    def slug(self, entry: Entry, key: str, *, most: int = 60) -> str:
        value = self.text(entry, key, most=most)
        if value and not all(c.isascii() and (c.isalnum() or c in "-_") for c in value):
            self.refuse(entry, key, f"“{key}” may hold only a-z, 0-9, - and _: “{value}”.")
        return value

    def choice(self, entry: Entry, key: str, allowed: Iterable[str]) -> str:
        value = self.text(entry, key)
        options = list(allowed)
        if value not in options:
            self.refuse(
                entry, key, f"“{key}” is “{value}”; it must be one of: {', '.join(o or 'empty' for o in options)}."
            )
        return value

    def whole(self, entry: Entry, key: str, *, low: int = 0, high: int = 32767, empty: bool = True) -> int | None:
        value = entry.get(key)
        if value in (None, ""):
            if not empty:
                self.refuse(entry, key, f"“{key}” must be a whole number, not empty.")
            return None
        if isinstance(value, str):
            try:
                value = int(value)
            except ValueError:
                self.refuse(entry, key, f"“{key}” must be a whole number, not the text “{value}”.")
                return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.refuse(entry, key, f"“{key}” must be a whole number, not {_kind(value)}.")
            return None
        if not low <= value <= high:
            self.refuse(entry, key, f"“{key}” is {value}; it must lie between {low} and {high}.")
            return None
        return value

    def flag(self, entry: Entry, key: str, *, default: bool) -> bool:
        value = entry.get(key, default)
        if not isinstance(value, bool):
            self.refuse(entry, key, f"“{key}” must be true or false, not “{value}”.")
            return default
        return value

    def day(self, entry: Entry, key: str) -> date | None:
        value = entry.get(key)
        if value in (None, "") or isinstance(value, date):
            return value or None
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.refuse(entry, key, f"“{key}” must be a date such as 2027-01-01, not “{value}”.")
            return None

    def entries(self, entry: Entry, key: str) -> list[Entry]:
        """A list of mappings inside an entry; an absent one is empty."""
        value = entry.get(key) or []
        if not isinstance(value, list) or not all(isinstance(item, Entry) for item in value):
            self.refuse(entry, key, f"“{key}” must be a list of entries.")
            return []
        return value

    def known(self, entry: Entry, key: str, value: str, known: Iterable[str], what: str) -> bool:
        """Whether `value` is among the known ones; refused with the nearest when it is not."""
        options = known if isinstance(known, (set, dict)) else set(known)
        if value in options:
            return True
        near = nearest(value, sorted(options), n=3)
        hint = f" Nearest: {', '.join(near)}." if near else ""
        self.refuse(entry, key, f"There is no {what} “{value}”.{hint}")
        return False

    def once(self, entry: Entry, key: str, seen: dict[Any, int], value: Any, what: str) -> bool:
        """Whether this is the first time; `seen` remembers the line of each."""
        if value in seen:
            self.refuse(entry, key, f"{what} “{value}” stands twice; the first time in line {seen[value]}.")
            return False
        seen[value] = entry.line
        return True


def _kind(value: object) -> str:
    names = {bool: f"true/false ({value})", int: f"the number {value}", float: f"the number {value}"}
    return names.get(type(value), "a list" if isinstance(value, list) else "an entry of its own")
