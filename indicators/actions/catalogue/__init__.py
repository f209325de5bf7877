"""The catalogue of what is measured: read from files, checked as a whole, stored as a whole."""

from indicators.actions.catalogue.reading import CatalogueError, Problem
from indicators.actions.catalogue.storing import Summary, load_catalogue

__all__ = ["CatalogueError", "Problem", "Summary", "load_catalogue"]
