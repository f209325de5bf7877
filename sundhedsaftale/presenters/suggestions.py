"""What a reader may have meant by an address that leads nowhere: the nearest areas, goals, indicators, plans ..."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.models import Area, Goal, Indicator
from initiatives.models import Initiative, Plan
from sundhedsaftale.lib.danish import nearest

MOST = 4
LONGEST_WORD = 80


@dataclass(frozen=True)
class Suggestion:
    label: str
    url: str


@dataclass(frozen=True)
class NotFound:
    """What the 404 page says: `wanted` is the word of the address, `kind` what such an address names."""

    kind: str  # "area", "goal", "indicator", "plan", "initiative" or "" when the address says nothing
    wanted: str
    suggestions: tuple[Suggestion, ...]
    list_label: str
    list_url: str


Names = Iterable[tuple[str, str]]  # (slug or code, name)


def _areas() -> Names:
    return Area.objects.values_list("code", "name")


def _goals() -> Names:
    return Goal.objects.values_list("slug", "name")


def _indicators() -> Names:
    return Indicator.objects.values_list("code", "name")


def _plans() -> Names:
    return Plan.objects.values_list("slug", "title")


def _initiatives() -> Names:
    return Initiative.objects.values_list("slug", "title")


# First part of the address -> (kind, names, url name, name of the list page)
_KINDS: dict[str, tuple[str, Callable[[], Names], str, str]] = {
    "omraader": ("area", _areas, "area", "area_list"),
    "maal": ("goal", _goals, "goal", "goal_list"),
    "indikatorer": ("indicator", _indicators, "indicator", "goal_list"),
    "planer": ("plan", _plans, "plan", "plan_list"),
    "initiativer": ("initiative", _initiatives, "initiative", "initiative_list"),
}


def not_found(path: str) -> NotFound:
    """At most two queries for an address of a known kind, five otherwise."""
    parts = [unquote(part) for part in path.strip("/").split("/") if part]
    section, wanted = (parts[0] if parts else ""), (parts[1] if len(parts) > 1 else "")[:LONGEST_WORD]
    labels = {
        "area_list": _("All areas"),
        "goal_list": _("All goals and indicators"),
        "plan_list": _("All plans"),
        "initiative_list": _("All initiatives"),
        "overview": _("The overview"),
    }
    if section in _KINDS and wanted:
        kind, names, url_name, list_name = _KINDS[section]
        found = _nearest(wanted, names(), url_name)
        return NotFound(kind, wanted, found, labels[list_name], reverse(list_name))
    word = (parts[-1] if parts else "")[:LONGEST_WORD]
    everywhere: list[Suggestion] = []
    if word:
        for _kind, names, url_name, _list in _KINDS.values():
            everywhere += _nearest(word, names(), url_name)
    return NotFound("", word, tuple(everywhere[:MOST]), labels["overview"], reverse("overview"))


def _nearest(wanted: str, names: Names, url_name: str) -> tuple[Suggestion, ...]:
    """Nearest by code or by name; a name stands once whichever of the two was like it."""
    by_text: dict[str, tuple[str, str]] = {}
    for slug, name in names:
        by_text.setdefault(slug, (slug, name))
        by_text.setdefault(name, (slug, name))
    found = dict.fromkeys(by_text[text] for text in nearest(wanted.replace("-", " "), by_text, MOST * 2))
    return tuple(Suggestion(name, reverse(url_name, args=[slug])) for slug, name in list(found)[:MOST])
