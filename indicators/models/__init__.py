from indicators.models.area import Area, AreaAlias, AreaKind, AreaMembership, AreaSuccession
from indicators.models.area_values import CombiningKind, IndicatorCombining, Population
from indicators.models.figures import (
    Assessment,
    DataSource,
    Edition,
    Flag,
    Light,
    Observation,
    PublishedCount,
)
from indicators.models.framework import (
    Direction,
    Footnote,
    Framework,
    Goal,
    Indicator,
    IndicatorLevel,
    Standardised,
)
from indicators.models.mappings import TableMapping, TableUpload, UnknownName
from indicators.models.refresh import (
    DifferenceKind,
    RefreshRun,
    RejectedRow,
    Retirement,
    RunDifference,
    RunState,
)
from indicators.models.table_info import TableInfo
from indicators.models.version import DataVersion

__all__ = [
    "Area",
    "AreaAlias",
    "AreaKind",
    "AreaMembership",
    "AreaSuccession",
    "Assessment",
    "CombiningKind",
    "DataSource",
    "DataVersion",
    "DifferenceKind",
    "Direction",
    "Edition",
    "Flag",
    "Footnote",
    "Framework",
    "Goal",
    "Indicator",
    "IndicatorCombining",
    "IndicatorLevel",
    "Light",
    "Observation",
    "Population",
    "PublishedCount",
    "RefreshRun",
    "RejectedRow",
    "Retirement",
    "RunDifference",
    "RunState",
    "Standardised",
    "TableInfo",
    "TableMapping",
    "TableUpload",
    "UnknownName",
]
