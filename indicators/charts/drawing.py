"""A process of its own that draws: specs in on stdin, pictures out on stdout, both as JSON lists.

The drawing engine is a JavaScript machine of some 80 MB that never gives its memory back. It lives here, for the second
it takes, and never in a web worker. Run as a file: `python drawing.py FONT_FOLDER`.
"""

from __future__ import annotations

import json
import sys


def main() -> int:
    import vl_convert  # only this process pays for it

    vl_convert.register_font_directory(sys.argv[1])
    specs = json.load(sys.stdin)
    # No base address is allowed: a picture is drawn from the numbers in its spec and fetches nothing.
    pictures = [vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]) for spec in specs]
    json.dump(pictures, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
