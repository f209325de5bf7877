"""Translations without gettext's own programs, so that a machine with only Python can build and check them.

    python scripts/messages.py update   read every msgid of code and templates into locale/*/LC_MESSAGES/django.po
    python scripts/messages.py compile  write the .mo files Django reads
    python scripts/messages.py check    fail when a text is new, gone, untranslated or not compiled

English is the language of the msgids, so the English catalogue stays empty but for plural forms; Danish must be whole.
Babel does the reading and writing; Django's templatize turns a template into something Babel can read.
"""

from __future__ import annotations

import io
import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import pofile
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ("sundhedsaftale", "initiatives", "indicators")
LANGUAGES = ("da", "en")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
FIXED_DATE = datetime(2026, 1, 1, tzinfo=UTC)  # a date that moved would be a change in every commit
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")


def po_path(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def collect() -> Catalog:
    """Every msgid in use, with the files (not the lines: those change with every edit) it stands in."""
    if not settings.configured:
        settings.configure()
    found = Catalog(domain="django", project="Sundhedsaftale", fuzzy=False)
    python_files = [path for source in SOURCES for path in sorted((ROOT / source).rglob("*.py"))]
    files = [path for path in python_files if "migrations" not in path.parts]
    for path in files:
        _extract(found, path, path.read_bytes())
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in {".html", ".txt"}:
            _extract(found, path, templatize(path.read_text(encoding="utf-8"), origin=str(path)).encode())
    return found


def _extract(found: Catalog, path: Path, content: bytes) -> None:
    where = str(path.relative_to(ROOT))
    for _line, message, comments, context in extract(
        "python", io.BytesIO(content), keywords=KEYWORDS, options={"encoding": "utf-8"}
    ):
        key = message[0] if isinstance(message, tuple) else message
        if not key:
            continue
        known = found.get(key, context=context)
        locations = sorted({*(known.locations if known else []), (where, None)})
        found.delete(key, context=context)
        # A location without its line: babel writes it so, and its type does not say so.
        found.add(message, locations=locations, context=context, auto_comments=comments)  # type: ignore[arg-type]


def read_po(language: str) -> Catalog:
    path = po_path(language)
    if not path.is_file():
        return Catalog(locale=language, domain="django", fuzzy=False)
    with path.open("rb") as file:
        return pofile.read_po(file, locale=language, domain="django")


def key_of(message: Message) -> tuple[object, str | None]:
    return (tuple(message.id) if isinstance(message.id, (list, tuple)) else message.id, message.context)


def merged(language: str, found: Catalog, extra: dict[str, str | list[str]]) -> Catalog:
    """The new catalogue: every text in use, with the translation it had or that `extra` brings."""
    known = {key_of(message): message.string for message in read_po(language) if message.id}
    result = Catalog(
        locale=language, domain="django", project="Sundhedsaftale", fuzzy=False, header_comment="# Sundhedsaftale"
    )
    result.creation_date = result.revision_date = FIXED_DATE
    for message in sorted((m for m in found if m.id), key=lambda m: (str(m.context or ""), str(m.id))):
        plural = isinstance(message.id, (list, tuple))
        name = message.id[0] if plural else message.id
        lookup = f"{message.context}\u0004{name}" if message.context else str(name)
        string = known.get(key_of(message)) or ""
        if not any(string if isinstance(string, (list, tuple)) else [string]):
            string = extra.get(lookup, "")
        if plural and isinstance(string, str):
            string = (string, string) if string else ("", "")
        if not plural and isinstance(string, (list, tuple)):
            string = string[0]
        result.add(
            tuple(message.id) if plural else message.id,
            tuple(string) if plural else string,
            locations=message.locations,
            context=message.context,
            flags=message.flags,
        )
    return result


def po_text(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    pofile.write_po(buffer, catalog, width=100, include_lineno=False, omit_header=False)
    text = buffer.getvalue().decode()
    text = re.sub(r'"Generated-By: .*\n', "", text)
    return text.encode()


def update(extra_files: list[str]) -> None:
    extra: dict[str, str | list[str]] = {}
    for name in extra_files:
        for msgid, string in json.loads(Path(name).read_text(encoding="utf-8")).items():
            extra.setdefault(msgid, string)
    found = collect()
    for language in LANGUAGES:
        path = po_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(po_text(merged(language, found, extra if language == "da" else {})))


def compiled(language: str) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, read_po(language))
    return buffer.getvalue()


def compile_all() -> None:
    for language in LANGUAGES:
        po_path(language).with_suffix(".mo").write_bytes(compiled(language))


def problems() -> list[str]:
    """What is wrong with the catalogues, one sentence each."""
    found = collect()
    result: list[str] = []
    for language in LANGUAGES:
        stored = read_po(language)
        used = {key_of(message) for message in found if message.id}
        kept = {key_of(message) for message in stored if message.id}
        result += [f"{language}: not in the catalogue: {key!r}" for key, _c in sorted(used - kept, key=str)]
        result += [f"{language}: no longer used: {key!r}" for key, _c in sorted(kept - used, key=str)]
        result += [problem for message in stored if message.id for problem in _message_problems(language, message)]
        mo = po_path(language).with_suffix(".mo")
        if not mo.is_file() or mo.read_bytes() != compiled(language):
            result.append(f"{language}: the .mo file is missing or not made from this .po file")
    return result


def _as_list(string: object) -> list[str]:
    return list(string) if isinstance(string, (list, tuple)) else [str(string)]


def _strings(message: Message) -> list[str]:
    return _as_list(message.string)


def _message_problems(language: str, message: Message) -> list[str]:
    if language != "da":
        return []
    if not all(_strings(message)):
        return [f"da: not translated: {message.id!r}"]
    ids = [str(part) for part in message.id] if isinstance(message.id, (list, tuple)) else [str(message.id)]
    allowed = {p for text in ids for p in PLACEHOLDER.findall(text)}
    used = {p for text in _strings(message) for p in PLACEHOLDER.findall(text)}
    if used - allowed or (allowed - used and not isinstance(message.id, (list, tuple))):
        return [f"da: placeholders differ: {message.id!r} -> {message.string!r}"]
    return []


def main(arguments: list[str]) -> int:
    command = arguments[0].lstrip("-") if arguments else "check"
    if command == "update":
        update(arguments[1:])
        compile_all()
        return 0
    if command == "compile":
        compile_all()
        return 0
    found = problems()
    for problem in found:
        print(problem)
    if found:
        print("Run `make messages`, translate what is empty in locale/da, and run it again.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
