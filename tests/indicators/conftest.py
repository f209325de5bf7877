"""A small catalogue with its figures, ready in the database.

Models are imported inside the fixtures: pytest reads this file before Django is set up when a path is given to it.
"""

from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files of the small catalogue, not loaded."""
    from tests.indicators.world import write_catalogue

    return write_catalogue(tmp_path / "catalogue")


@pytest.fixture
def loaded(db: None, folder: Path) -> Path:
    """The files, with the catalogue and the figures of the 2024 edition in the database."""
    from indicators.actions.catalogue import load_catalogue
    from indicators.refresh.running import refresh_source

    load_catalogue(by=None, folder=folder)
    refresh_source("nationale_maal", folder=folder)
    return folder
