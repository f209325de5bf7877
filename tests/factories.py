"""Small nouns for tests, made one by one: areas, indicators, figures and users.

Every function takes what the test is about and fills in the rest. A whole small catalogue: tests/indicators/world.py.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.utils import timezone

from indicators.models import (
    Area,
    AreaKind,
    DataSource,
    Edition,
    Framework,
    Goal,
    Indicator,
    IndicatorLevel,
    Observation,
)
from sundhedsaftale.lib.danish import sort_key
from sundhedsaftale.lib.periods import observation_period

KINDS = {
    "country": ("Land", "Lande", "Country", "Countries", 0),
    "region": ("Region", "Regioner", "Region", "Regions", 1),
    "cluster": ("Sundhedsklynge", "Sundhedsklynger", "Health cluster", "Health clusters", 2),
    "health_council": ("Sundhedsråd", "Sundhedsråd", "Health council", "Health councils", 3),
    "municipality": ("Kommune", "Kommuner", "Municipality", "Municipalities", 4),
}


def make_kind(code: str) -> AreaKind:
    name, plural, name_en, plural_en, rank = KINDS[code]
    facts = {"name": name, "name_plural": plural, "name_en": name_en, "name_plural_en": plural_en, "rank": rank}
    return AreaKind.objects.get_or_create(code=code, defaults=facts)[0]


def make_area(code: str = "000", kind: str = "country", name: str = "", **more: Any) -> Area:
    name = name or {"000": "Hele landet", "082": "Midtjylland", "791": "Viborg"}.get(code, f"Område {code}")
    facts = {"kind": make_kind(kind), "name": name, "sort_key": sort_key(name), **more}
    return Area.objects.get_or_create(code=code, defaults=facts)[0]


def make_goal(slug: str = "maal", number: int = 1, **more: Any) -> Goal:
    framework, _ = Framework.objects.get_or_create(slug="nationale-maal", defaults={"name": "Nationale mål"})
    facts = {"framework": framework, "number": number, "name": f"Mål {number}", **more}
    return Goal.objects.get_or_create(slug=slug, defaults=facts)[0]


def make_indicator(
    code: str = "genindlaeggelser",
    *,
    kinds: tuple[str, ...] = ("country", "region", "municipality"),
    level: dict[str, Any] | None = None,
    **more: Any,
) -> Indicator:
    """An indicator with a fact sheet for each of `kinds`; `level` is what all of these have in common."""
    facts = {"name": code.capitalize(), "official_name": code, "unit": "pct.", "decimals": 1, "direction": "lower"}
    facts |= {"goal": more.pop("goal", None) or make_goal(), **more}
    indicator = Indicator.objects.create(code=code, **facts)
    for kind in kinds:
        sheet = {"decimals": facts["decimals"], "comparison_years": 1, "period_months": 12, **(level or {})}
        IndicatorLevel.objects.create(indicator=indicator, area_kind=make_kind(kind), **sheet)
    return indicator


def make_source(name: str = "nationale_maal", **more: Any) -> DataSource:
    facts = {"title": name, "reader": "nationale_maal", **more}
    return DataSource.objects.get_or_create(name=name, defaults=facts)[0]


def make_edition(slug: str = "nationale-maal-2024", published_on: str = "2024-11", **more: Any) -> Edition:
    facts: dict[str, Any] = {"title": f"Udgave {slug}", "published_on": published_on, "fingerprint": slug}
    facts |= {"source": more.pop("source", None) or make_source(), "received_at": timezone.now(), **more}
    return Edition.objects.create(slug=slug, **facts)


def make_observation(
    indicator: Indicator, area: Area, value: str | None, period: str = "2023", **more: Any
) -> Observation:
    """`value` as text, None for a withheld one."""
    days = observation_period(period)
    facts: dict[str, Any] = {"flag": "ok" if value is not None else "suppressed"}
    facts["reason"] = "" if value is not None else "For få personer."
    facts |= {"period_start": days.first_day, "period_end": days.last_day, **more}
    facts["edition"] = facts.get("edition") or Edition.objects.first() or make_edition()
    number = Decimal(value) if value is not None else None
    return Observation.objects.create(indicator=indicator, area=area, period=period, value=number, **facts)


def make_user(email: str = "laeser@example.dk", **more: Any) -> Any:
    return get_user_model().objects.create_user(email=email, password="et-langt-kodeord", **more)


def make_steward(email: str = "data@example.dk") -> Any:
    user = make_user(email)
    user.user_permissions.add(Permission.objects.get(codename="steward_data"))
    return user


def moment(text: str = "2026-11-20T08:00") -> datetime:
    """Local time, aware."""
    return timezone.make_aware(datetime.fromisoformat(text))


def day(text: str) -> date:
    return date.fromisoformat(text)
