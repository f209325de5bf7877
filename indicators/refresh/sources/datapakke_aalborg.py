"""The data package for the cluster of Aalborg, 2022, as shipped in the catalogue."""

from indicators.refresh.sources.catalogue_csv import read

__all__ = ["read"]
