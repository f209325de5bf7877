"""Earlier figures found one by one; each row names the publication it is from."""

from indicators.refresh.sources.catalogue_csv import read

__all__ = ["read"]
