"""A small Denmark for the pages: a region, a cluster of three municipalities that a council replaces, two indicators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from indicators.actions.assessments import assess
from indicators.models import Area, AreaMembership, AreaSuccession, Flag, Indicator, Observation
from tests import factories as make

REFORM = date(2027, 1, 1)
LAST_DAY = date(2026, 12, 31)

READMISSIONS = {"000": "11.0", "081": "10.7", "082": "11.5", "740": "12.1", "779": "12.9", "791": "13.3"}
STAYS = {"000": "56.4", "081": "48.0", "082": "49.6", "740": "54.0", "779": "52.4", "791": "55.3"}
NAMES = {"740": "Silkeborg", "779": "Skive", "791": "Viborg"}


@dataclass(frozen=True)
class Denmark:
    country: Area
    region: Area
    cluster: Area
    council: Area
    readmissions: Indicator
    stays: Indicator


def denmark() -> Denmark:
    country = make.make_area("000", "country", "Hele landet")
    north = make.make_area("081", "region", "Nordjylland", official_name="Region Nordjylland")
    region = make.make_area("082", "region", "Midtjylland", official_name="Region Midtjylland")
    cluster = make.make_area(
        "klynge-midtklyngen", "cluster", "Midtklyngen", valid_from=date(2022, 7, 1), valid_to=LAST_DAY
    )
    council = make.make_area("raad-midt", "health_council", "Sundhedsråd Midt", valid_from=REFORM)
    for part in (north, region):
        AreaMembership.objects.create(member=part, container=country)
    AreaMembership.objects.create(member=cluster, container=region, valid_to=LAST_DAY)
    AreaMembership.objects.create(member=council, container=region, valid_from=REFORM)
    for code, name in NAMES.items():
        municipality = make.make_area(code, "municipality", name)
        AreaMembership.objects.create(member=municipality, container=region)
        AreaMembership.objects.create(
            member=municipality, container=cluster, valid_to=LAST_DAY, confirmation="unconfirmed"
        )
        AreaMembership.objects.create(member=municipality, container=council, valid_from=REFORM)
    AreaSuccession.objects.create(predecessor=cluster, successor=council, on=REFORM)
    readmissions = make.make_indicator("genindlaeggelser", name="Akutte genindlæggelser", level={"decimals": 1})
    stays = make.make_indicator("sygehusophold", name="Forebyggelige sygehusophold", unit="pr. 1.000 ældre", position=2)
    fill(readmissions, READMISSIONS)
    fill(stays, STAYS)
    assess(indicator_ids=[readmissions.pk, stays.pk])
    return Denmark(country, region, cluster, council, readmissions, stays)


def fill(indicator: Indicator, values: dict[str, str], period: str = "2023") -> None:
    for code, value in values.items():
        make.make_observation(indicator, Area.objects.get(code=code), value, period)


def correct(indicator: Indicator, code: str, value: str, period: str = "2023") -> None:
    """A later edition with another figure: the old one stays, and no longer counts."""
    edition = make.make_edition("rettelsen", "2025-03", title="Rettelsen")
    area = Area.objects.get(code=code)
    Observation.objects.filter(indicator=indicator, area=area, period=period).update(is_current=False)
    make.make_observation(indicator, area, value, period, edition=edition, flag=Flag.CORRECTED, reason="Rettet.")
    assess(indicator_ids=[indicator.pk])
