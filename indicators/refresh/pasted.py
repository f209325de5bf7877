"""A report's tables that somebody pastes: looked at before any of it is kept, refused with one sentence, read again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from indicators.actions.mappings import (
    ReportChoices,
    create_report_source,
    note_unknown_names,
    save_report_choices,
)
from indicators.actions.table_uploads import keep_upload
from indicators.calculations.report_text import LONGEST_TEXT, text_lines
from indicators.models import DataSource, TableMapping, TableUpload
from indicators.refresh.names import Named, named
from indicators.refresh.reading import NotReadable, refuse_cpr_numbers
from indicators.refresh.report_facts import Pasted, read_pasted, said_of
from sundhedsaftale.lib.danish import format_number

CPR = "cpr"


@dataclass(frozen=True)
class PastedLook:
    """A kept text as a worker would read it now. problem: why it cannot be read, "" when it can; `pasted` is then None.

    seen: stands for the choices it was read by, so that a press sends what was looked at and nothing else.
    """

    mapping: TableMapping
    known: Named
    pasted: Pasted | None
    seen: str
    problem: str = ""

    @property
    def can_be_sent(self) -> bool:
        """One refused row refuses the whole."""
        return self.pasted is not None and not self.pasted.report.rejected


def refuse_text(text: str) -> None:
    """Raises ValidationError with the one reason why the text cannot be taken; code CPR for a CPR number. No word of the
    text is in it."""
    if not text.strip():
        raise ValidationError(_("Paste the tables of the report."))
    if len(text) > LONGEST_TEXT:
        most = format_number(LONGEST_TEXT, 0, get_language() or "da")
        raise ValidationError(
            _("The text is longer than %(most)s characters. Paste the tables alone.") % {"most": most}
        )
    try:
        refuse_cpr_numbers([text])
    except NotReadable as error:
        sentence = _("Line %(line)s of the text holds a CPR number. Delete it and paste again. Nothing has been kept.")
        raise ValidationError(sentence % {"line": error.line}, code=CPR) from None
    if not any(len(line.cells) > 1 for line in text_lines(text)):
        raise _no_table()


def take_in_text(
    *, text: str, source: DataSource | None, new: dict[str, str], choices: ReportChoices, by: Any
) -> TableUpload:
    """Keep the text for the source, or for one that is made of `new` (title, publisher, licence); neither when the text is
    refused. Raises ValidationError keyed by field.

    choices: of a source used before, what is left empty stays as it was.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        refuse_text(plain)
    except ValidationError as error:
        raise ValidationError({"text": error}) from None
    now = timezone.now()
    with transaction.atomic():
        if source is None:
            source = create_report_source(**new, choices=choices, now=now, by=by)
        else:
            _keep(source, choices, by)
        mapping = TableMapping.objects.get(source=source)
        found = read_pasted(plain, mapping)
        _refuse_periods(found)
        if [one.code for one in found.report.rejected] == ["no_rows"]:
            raise ValidationError({"text": _no_table()})
        upload = keep_upload(source=source, data=plain.encode(), ending=".txt", now=now, by=by)
        _list_unknown(source, found, by)
        return upload


def look_at_text(upload: TableUpload) -> PastedLook:
    """At most 5 queries. `upload` with `source.table_mapping` fetched."""
    mapping = _mapping(upload)
    known, seen = named(), seen_mark(upload)
    try:
        text = (Path(settings.VAR_DIR) / upload.file).read_text(encoding="utf-8")
    except OSError:
        return PastedLook(mapping, known, None, seen, _("The text is kept no more. Paste it again."))
    if not mapping.layout.get("period"):
        return PastedLook(mapping, known, None, seen, _("Say below which period the figures are of."))
    return PastedLook(mapping, known, read_pasted(text, mapping, known), seen)


def seen_mark(upload: TableUpload) -> str:
    """Stands for the choices the source's texts are read by now. `upload` with `source.table_mapping` fetched."""
    return hashlib.sha256(json.dumps(said_of(_mapping(upload)), sort_keys=True).encode()).hexdigest()[:16]


def choose_again(*, upload: TableUpload, choices: ReportChoices, by: Any) -> None:
    """Other choices for the source; the text is read by them from now on. Raises ValidationError keyed by field."""
    path = Path(settings.VAR_DIR) / upload.file
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    with transaction.atomic():
        mapping = save_report_choices(source=upload.source, choices=choices, now=timezone.now(), by=by)
        found = read_pasted(text, mapping)
        _refuse_periods(found)
        _list_unknown(upload.source, found, by)


def _refuse_periods(found: Pasted) -> None:
    """What is said of a row and cannot be read would else be passed over in silence."""
    if found.wrong:
        lines = ", ".join(str(line) for line in found.wrong)
        sentence = ngettext(
            "Line %(lines)s cannot be read. Write an indicator's name, = and a period.",
            "Lines %(lines)s cannot be read. Write an indicator's name, = and a period.",
            len(found.wrong),
        )
        raise ValidationError({"periods": sentence % {"lines": lines}})


def _keep(source: DataSource, choices: ReportChoices, by: Any) -> None:
    """What is left empty is as it was last time; where nothing was said then, the action says what is missing."""
    before = TableMapping.objects.filter(source=source).first() or TableMapping(source=source)
    layout = before.layout
    held = ReportChoices(
        period=layout.get("period", ""),
        periods=layout.get("periods", ""),
        framework=layout.get("framework", ""),
        published_on=before.published_on,
    )
    filled = ReportChoices(**{name: value or getattr(held, name) for name, value in asdict(choices).items()})
    if filled != held or not held.period:
        save_report_choices(source=source, choices=filled, now=timezone.now(), by=by)


def _list_unknown(source: DataSource, found: Pasted, by: Any) -> None:
    """So that whoever looks at the text can explain its names before a worker meets them."""
    if found.report.unknown:
        note_unknown_names(source=source, names=found.report.unknown, now=timezone.now(), by=by)


def _mapping(upload: TableUpload) -> TableMapping:
    """Of the source; an empty one that is not kept when nothing has been said of it yet."""
    return getattr(upload.source, "table_mapping", None) or TableMapping(source=upload.source)


def _no_table() -> ValidationError:
    return ValidationError(
        _("There is none of the report's tables in the text. Paste a table whole, with its heading.")
    )
