"""What a .docx or .xlsx is before anything opens it: a zip of XML parts, counted, measured and searched for what we refuse."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Why a file is not read at all. Whoever refuses has the sentences.
OLD_FORMAT = "old_format"
WRONG_TYPE = "wrong_type"  # ending
ENCRYPTED = "encrypted"
MACROS = "macros"
CORRUPT = "corrupt"
TOO_MANY_PARTS = "too_many_parts"
UNPACKS_TOO_LARGE = "unpacks_too_large"  # limit
EXTERNAL_LINK = "external_link"
XML_ENTITIES = "xml_entities"

MOST_PARTS = 2_000
#: Everything unpacked, pictures included, and the XML alone: a plan of 200 items is 1 MB of it.
MOST_BYTES = 100 * 2**20
MOST_XML_BYTES = 30 * 2**20
_CHUNK = 2**16

OLE_HEADER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_MACRO_PART = re.compile(r"vbaproject|vbadata|macrosheets/|activex/|\.bas$", re.IGNORECASE)
_EXTERNAL_PART = re.compile(r"^xl/(?:externallinks/|connections\.xml|querytables/)", re.IGNORECASE)
_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)["']""")
_KNOWN_ENCODINGS = {b"utf-8", b"utf8", b"utf-16", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252"}
# A template in a folder of the writer's own computer is never fetched; one on a server is refused.
_LOCAL_TEMPLATE = re.compile(r"^(?:file:///)?[A-Za-z]:[\\/]")


class FileRefused(Exception):
    """The file is not read. `code` names the sentence, `values` what goes into it; nothing in it comes from a cell."""

    def __init__(self, code: str, values: Mapping[str, str] | None = None) -> None:
        self.code = code
        self.values = dict(values or {})
        super().__init__(code)


@dataclass(frozen=True)
class Package:
    """The XML parts by name. Pictures and other parts are measured, not kept."""

    parts: dict[str, bytes]


def refuse_old_or_encrypted(content: bytes) -> None:
    if content.startswith(OLE_HEADER):
        raise FileRefused(ENCRYPTED if _ENCRYPTED_STREAM in content else OLD_FORMAT)


def open_package(content: bytes, *, main_part: str, ending: str) -> Package:
    """The checked XML parts of a package whose main part is the one named. Raises FileRefused."""
    refuse_old_or_encrypted(content)
    if not content.startswith(b"PK"):
        raise FileRefused(WRONG_TYPE, {"ending": ending})
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            package = Package(_read_parts(archive))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise FileRefused(CORRUPT) from error
    if main_part not in package.parts:
        raise FileRefused(WRONG_TYPE, {"ending": ending})
    for name, part in package.parts.items():
        _refuse_entities(part)
        if name.endswith(".rels"):
            _refuse_external(part)
    return package


def _read_parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > MOST_PARTS:
        raise FileRefused(TOO_MANY_PARTS)
    if any(entry.flag_bits & 1 for entry in entries):
        raise FileRefused(ENCRYPTED)
    _refuse_size(sum(entry.file_size for entry in entries), MOST_BYTES)
    names = [posixpath.normpath(entry.filename.replace("\\", "/")).lstrip("/") for entry in entries]
    if any(_MACRO_PART.search(name) for name in names):
        raise FileRefused(MACROS)
    if any(_EXTERNAL_PART.search(name) for name in names):
        raise FileRefused(EXTERNAL_LINK)
    if len(set(names)) < len(names):
        raise FileRefused(CORRUPT)
    parts: dict[str, bytes] = {}
    total = xml_total = 0
    for entry, name in zip(entries, names, strict=True):
        is_xml = name.lower().endswith((".xml", ".rels", ".vml"))
        read = _read_limited(archive, entry, MOST_BYTES - total, keep=is_xml)
        total += read[0]
        if is_xml:
            xml_total += read[0]
            _refuse_size(xml_total, MOST_XML_BYTES)
            parts[name] = read[1]
    if b"macroEnabled" in parts.get("[Content_Types].xml", b""):
        raise FileRefused(MACROS)
    return parts


def _read_limited(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, *, keep: bool) -> tuple[int, bytes]:
    """The entry's size and, when kept, its bytes; refused as soon as it is larger than what is left, whatever it claims."""
    size, chunks = 0, []
    limit = min(left, MOST_XML_BYTES) if keep else left
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            _refuse_size(size, limit)
            if keep:
                chunks.append(chunk)
    return size, b"".join(chunks)


def _refuse_size(size: int, limit: int) -> None:
    if size > limit:
        shown = MOST_XML_BYTES if limit <= MOST_XML_BYTES else MOST_BYTES
        raise FileRefused(UNPACKS_TOO_LARGE, {"limit": str(shown // 2**20)})


def _refuse_entities(part: bytes) -> None:
    text = part
    if part[:2] in (b"\xff\xfe", b"\xfe\xff") or part[:4:2] == b"\0\0" or part[1:4:2] == b"\0\0":
        text = part.replace(b"\0", b"")
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise FileRefused(XML_ENTITIES)
    encoding = _ENCODING.match(text.removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff"))
    if encoding and encoding[1].lower() not in _KNOWN_ENCODINGS:
        raise FileRefused(CORRUPT)


def _refuse_external(relations: bytes) -> None:
    """Hyperlinks are words with an address; everything else that points out of the file would be fetched by its program."""
    for relation in parse_xml(relations).findall("{*}Relationship"):
        kind = relation.get("Type", "")
        if relation.get("TargetMode", "").lower() != "external" or kind.endswith("/hyperlink"):
            continue
        if not (kind.endswith("/attachedTemplate") and _LOCAL_TEMPLATE.match(relation.get("Target", ""))):
            raise FileRefused(EXTERNAL_LINK)


def parse_xml(part: bytes) -> Any:
    """The part as a tree. Raises FileRefused when it is no XML, or brings entities or a document type."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        return fromstring(part, forbid_dtd=True)
    except DefusedXmlException as error:
        raise FileRefused(XML_ENTITIES) from error
    except (ParseError, ValueError, LookupError) as error:
        raise FileRefused(CORRUPT) from error


def local_name(node: Any) -> str:
    """The element's name without its namespace."""
    return str(node.tag).rpartition("}")[2]
