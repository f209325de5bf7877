"""Whether an uploaded Word document may be the paper of an annex: small, whole, and without anything that acts by itself.

Everything is looked at before any library opens the file. `LetterRefused.code` names the sentence that is shown.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

MAX_BYTES = 2 * 1024 * 1024
MAX_ENTRIES = 200
MAX_UNPACKED = 20 * 1024 * 1024
MAIN_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
OLD_OR_ENCRYPTED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # what .doc files and encrypted .docx files begin with
_ENTRY_MACRO = re.compile(r"vbaproject|vbadata|activex|\.bin$", re.IGNORECASE)
_ACTING = re.compile(
    rb"relationships/(?:oleobject|control|afchunk|package|subdocument|vbaproject|keymapcustomizations)", re.I
)
_EXTERNAL = re.compile(rb"targetmode\s*=\s*[\"']\s*external", re.IGNORECASE)
_DECLARATION = re.compile(rb"<!\s*(?:doctype|entity)", re.IGNORECASE)
#: Fields that fetch or start something when the document is opened.
_FIELD = re.compile(
    r"\b(?:DDE|DDEAUTO|INCLUDETEXT|INCLUDEPICTURE|IMPORT|LINK|DATABASE|MACROBUTTON|RD)\b", re.IGNORECASE
)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_WORDS = {f"{_W}t", f"{_W}delText", f"{_W}instrText", f"{_A}t"}
_NAMED = {f"{_W}{name}" for name in ("tblCaption", "tblDescription", "alias", "tag")}
_GAPS = {f"{_W}tab", f"{_W}br", f"{_W}cr"}


class LetterRefused(Exception):
    """`code`: empty, too_large, not_word, encrypted, too_many, bomb, damaged, macros, external, entities, acting, no_place."""

    def __init__(self, code: str, place: str = "") -> None:
        self.code, self.place = code, place
        super().__init__(code)


def check_letter(data: bytes) -> list[str]:
    """Raises LetterRefused. Returns every text in the file, one for each paragraph or property, for the CPR scan."""
    entries = _entries(data)
    for name, content in entries.items():
        _check_entry(name, content)
    if MAIN_TYPE not in entries["[Content_Types].xml"] or b"macroenabled" in entries["[Content_Types].xml"].lower():
        raise LetterRefused("macros" if b"macroenabled" in entries["[Content_Types].xml"].lower() else "not_word")
    texts: list[str] = []
    for name, content in entries.items():
        if name.endswith((".xml", ".rels")):
            texts += _texts(name, content)
    _check_opens(data)
    return texts


def _entries(data: bytes) -> dict[str, bytes]:
    if not data:
        raise LetterRefused("empty")
    if len(data) > MAX_BYTES:
        raise LetterRefused("too_large")
    if data.startswith(OLD_OR_ENCRYPTED):
        raise LetterRefused("encrypted")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return _unpacked(archive)
    except zipfile.BadZipFile:
        raise LetterRefused("not_word") from None
    except (EOFError, NotImplementedError, OSError, RuntimeError, ValueError, zipfile.LargeZipFile):
        raise LetterRefused("damaged") from None
    except Exception as error:  # zlib.error is no subclass of any of the above
        if isinstance(error, LetterRefused):
            raise
        raise LetterRefused("damaged") from None


def _unpacked(archive: zipfile.ZipFile) -> dict[str, bytes]:
    infos = archive.infolist()
    if len(infos) > MAX_ENTRIES:
        raise LetterRefused("too_many")
    if any(info.flag_bits & 1 for info in infos):
        raise LetterRefused("encrypted")
    if len({info.filename.lower() for info in infos}) < len(infos):
        raise LetterRefused("damaged")
    entries: dict[str, bytes] = {}
    left = MAX_UNPACKED
    for info in infos:
        # What the file says of its size is not believed: reading stops at what is allowed.
        with archive.open(info) as entry:
            entries[info.filename] = entry.read(left + 1)
        left -= len(entries[info.filename])
        if left < 0:
            raise LetterRefused("bomb")
    if "[Content_Types].xml" not in entries or "word/document.xml" not in entries:
        raise LetterRefused("not_word")
    return entries


def _check_entry(name: str, content: bytes) -> None:
    if _ENTRY_MACRO.search(name):
        raise LetterRefused("macros", name)
    if not name.endswith((".xml", ".rels")):
        return
    plain = content.replace(b"\0", b"")  # so that two-byte letters are looked through as well
    if _DECLARATION.search(plain):
        raise LetterRefused("entities", name)
    if name.endswith(".rels"):
        if _EXTERNAL.search(plain):
            raise LetterRefused("external", name)
        if _ACTING.search(plain):
            raise LetterRefused("acting", name)


def _texts(name: str, content: bytes) -> list[str]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        # The parser resolves nothing and fetches nothing, and declarations were refused before it.
        root = etree.fromstring(content, parser)  # nosec B320
    except etree.XMLSyntaxError:
        raise LetterRefused("damaged", name) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise LetterRefused("entities", name)
    _check_fields(root, name)
    if name.startswith(("docProps/", "customXml/")):
        return [text for text in root.itertext() if text.strip()]
    return list(_word_texts(root))


def _check_fields(root: Any, name: str) -> None:
    codes = ["".join(part.text or "" for part in paragraph.iter(f"{_W}instrText")) for paragraph in root.iter(f"{_W}p")]
    codes += [field.get(f"{_W}instr", "") for field in root.iter(f"{_W}fldSimple")]
    if any(_FIELD.search(code) for code in codes):
        raise LetterRefused("acting", name)


def _word_texts(root: Any) -> Iterator[str]:
    """Each paragraph in one piece, for Word splits a number over several runs; and the texts behind pictures."""
    for paragraph in root.iter(f"{_W}p", f"{_A}p"):
        yield "".join(
            " " if node.tag in _GAPS else node.text or ""
            for node in paragraph.iter()
            if node.tag in _GAPS or node.tag in _WORDS
        )
    for node in root.iter():
        yield from (node.get(name) for name in ("descr", "title", "alt") if node.get(name))
        if node.tag in _NAMED:
            yield node.get(f"{_W}val", "")


def _check_opens(data: bytes) -> None:
    import docx

    try:
        document = docx.Document(BytesIO(data))
        found = [p for p in document.element.iter(f"{_W}p") if "[BILAG]" in _own_text(p).upper()]
    except Exception:  # whatever the library makes of it, the file cannot be used
        raise LetterRefused("damaged") from None
    if any(paragraph.getparent() is not document.element.body for paragraph in found):
        raise LetterRefused("no_place")


def _own_text(paragraph: Any) -> str:
    own = (node for node in paragraph.iter(f"{_W}t") if next(node.iterancestors(f"{_W}p")) is paragraph)
    return "".join(node.text or "" for node in own)
