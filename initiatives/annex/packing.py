"""A zip file that is the same bytes whenever it is packed: no time of day in it."""

from __future__ import annotations

import zipfile
from io import BytesIO

#: The earliest time a zip file can hold.
NO_TIME = (1980, 1, 1, 0, 0, 0)
MADE_ON_UNIX = 3


def packed_alike(data: bytes) -> bytes:
    """The same entries in the same order, each stamped with NO_TIME."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, NO_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = MADE_ON_UNIX
            new.writestr(entry, old.read(name))
    return target.getvalue()
