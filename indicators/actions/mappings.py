"""What a steward declares about a source's tables: its layout, and what a name in them means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _

from indicators.actions.versions import changes_pages
from indicators.calculations.table_mapping import TableLayout, area_key, period_code
from indicators.models import Area, AreaAlias, DataSource, Framework, TableMapping, UnknownName
from sundhedsaftale.lib.cpr import find_cpr

READER = "tabular"
REPORT_READER = "report_table"
LONGEST_NAME = AreaAlias._meta.get_field("alias").max_length or 160


@dataclass(frozen=True)
class ReportChoices:
    """period: of every row that says nothing else, in words. periods: rows with one of their own, one a line, see
    report_tables.read_periods. framework: the slug of the goals it is the report of, "" for every one. published_on:
    "2026-11"; what was published before is what its figures may be corrections of."""

    period: str
    periods: str = ""
    framework: str = ""
    published_on: str = ""


@changes_pages
def create_table_source(
    *, title: str, publisher: str, url: str, licence: str, edition_title: str, published_on: str, now: datetime, by: Any
) -> DataSource:
    """A source whose figures come as files; its layout is declared when the first file is looked at."""
    _refuse_cpr(title=title, publisher=publisher, licence=licence, edition_title=edition_title)
    source = _new_source(title, reader=READER, publisher=publisher, url=url, licence=licence)
    TableMapping.objects.create(
        source=source, edition_title=edition_title or title, published_on=published_on, changed_at=now, changed_by=by
    )
    return source


@changes_pages
def create_report_source(
    *, title: str, publisher: str, licence: str, choices: ReportChoices, now: datetime, by: Any
) -> DataSource:
    """A report whose tables are pasted. Whatever is read of it waits for a person before it is stored."""
    _refuse_cpr(title=title, publisher=publisher, licence=licence)
    source = _new_source(title, reader=REPORT_READER, publisher=publisher, licence=licence, automatic=False)
    mapping = TableMapping(source=source, edition_title=title)
    _choose(mapping, choices, now, by)
    return source


@changes_pages
def save_report_choices(*, source: DataSource, choices: ReportChoices, now: datetime, by: Any) -> TableMapping:
    """What holds for the report's text from now on; figures read before stay as they are."""
    mapping = TableMapping.objects.filter(source=source).first()
    return _choose(mapping or TableMapping(source=source, edition_title=source.title), choices, now, by)


def _choose(mapping: TableMapping, choices: ReportChoices, now: datetime, by: Any) -> TableMapping:
    _refuse_cpr(periods=choices.periods)
    period = period_code(choices.period)
    if period is None:
        raise ValidationError({"period": _("Say which period the figures are of, for example 2025 or marts 2025.")})
    if choices.framework and not Framework.objects.filter(slug=choices.framework).exists():
        raise ValidationError({"framework": _("There are no such goals.")})
    mapping.layout = {"period": period, "periods": choices.periods.strip(), "framework": choices.framework}
    mapping.published_on, mapping.changed_at, mapping.changed_by = choices.published_on, now, by
    mapping.save()
    return mapping


def _new_source(title: str, **facts: Any) -> DataSource:
    name = slugify(title.lower().translate(_LETTERS))[:60].strip("-")
    if not name:
        raise ValidationError({"title": _("Write a name with letters in it.")})
    if DataSource.objects.filter(name=name).exists():
        raise ValidationError({"title": _("There is a source of that name already. Choose it in the list.")})
    return DataSource.objects.create(name=name, title=title, edition_slug=name, **facts)


@changes_pages
def save_layout(*, source: DataSource, layout: TableLayout, now: datetime, by: Any) -> TableMapping:
    """The layout from now on; figures read before stay as they are."""
    _refuse_cpr(blank_reason=layout.blank_reason, **layout.constants)
    mapping, _created = TableMapping.objects.update_or_create(
        source=source, defaults={"layout": layout.as_json(), "changed_at": now, "changed_by": by}
    )
    return mapping


@changes_pages
def note_unknown_names(*, source: DataSource, names: Mapping[str, str], now: datetime, by: Any) -> int:
    """Put the names on the list of those to be mapped. names: each with its place. Returns how many are listed.

    A name that was mapped before and is unknown again has lost its alias: it waits anew.
    """
    count = 0
    for name, place in names.items():
        if len(name) > LONGEST_NAME or find_cpr(name):
            continue
        UnknownName.objects.update_or_create(
            source=source,
            name=name,
            defaults={"place": place[:60], "seen_at": now, "area": None, "mapped_at": None, "mapped_by": None},
        )
        count += 1
    return count


@changes_pages
def map_unknown_name(*, unknown: UnknownName, area: Area, now: datetime, by: Any) -> AreaAlias:
    """From now on the name means the area, in every source. Mapped once: a second answer is refused."""
    found = UnknownName.objects.select_for_update().get(pk=unknown.pk)
    if found.area_id is not None and found.area_id != area.pk:
        raise ValidationError(_("Somebody has mapped the name already."))
    wanted = area_key(found.name)
    for alias in AreaAlias.objects.select_related("area"):
        if area_key(alias.alias) == wanted and alias.area_id != area.pk:
            raise ValidationError(_("The name means %(area)s already.") % {"area": alias.area.name})
    source = _("Mapped by a data steward for %(source)s") % {"source": found.source.title}
    alias, _created = AreaAlias.objects.get_or_create(alias=found.name, defaults={"area": area, "source": source[:300]})
    same = [one.pk for one in UnknownName.objects.filter(area__isnull=True) if area_key(one.name) == wanted]
    UnknownName.objects.filter(pk__in=same).update(area=area, mapped_at=now, mapped_by=by)
    return alias


_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})


def _refuse_cpr(**texts: str) -> None:
    for name, text in texts.items():
        if find_cpr(text):
            raise ValidationError({name: _("The text holds a CPR number. Nothing has been saved.")})
