"""Asks one of the health addresses from inside a container: exit code 0 when it answers 200.

    python scripts/healthcheck.py http://localhost:8000/health/live

Standard library only. It asks in the name of the first allowed host: the program refuses names it does not know, and
inside the container it is known as localhost.
"""

import os
import sys
import urllib.error
import urllib.request


def main() -> int:
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
    request = urllib.request.Request(sys.argv[1], headers={"Host": host})
    try:
        with urllib.request.urlopen(request, timeout=4) as response:
            return 0 if response.status == 200 else 1
    except urllib.error.HTTPError as error:
        print(error.read().decode(errors="replace")[:500])
    except OSError as error:
        print(error)
    return 1


if __name__ == "__main__":
    sys.exit(main())
