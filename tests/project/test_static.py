"""Static files as production serves them."""

import json
from pathlib import Path
from typing import Any

from django.core.management import call_command


def test_every_file_that_css_names_can_be_collected(settings: Any, tmp_path: Path) -> None:
    """Production's manifest step stops at a css file that names a missing file; better here than in a build.

    Without the compression that production adds: that takes most of a minute and cannot fail.
    """
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    paths = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    assert "vendor/dkfds/css/dkfds.min.css" in paths
    assert "css/app.css" in paths
    css = (tmp_path / paths["css/app.css"]).read_text()
    assert "vendor/dkfds/fonts/IBMPlexSans/complete/woff2/IBMPlexSans-Regular." in css
