"""The report Nationale mål for sundhedsvæsenet 2024, as shipped in the catalogue."""

from indicators.refresh.sources.catalogue_csv import read

__all__ = ["read"]
