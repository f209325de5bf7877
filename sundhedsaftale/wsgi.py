"""The door for the web server: `gunicorn sundhedsaftale.wsgi`."""

import gc
import os
import sys

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sundhedsaftale.settings")

# What is made while the program is imported stays for good. Looking through it for garbage a hundred times over took a
# tenth of the start, and would take a little of every reader's time afterwards.
gc.disable()
# Django REST framework imports `requests` where it finds it, for a test client of its own: a quarter of a second and some
# megabytes. While the program starts it is not to be found; who signs in through a workplace imports it then.
_hidden = sys.modules.setdefault("requests", None) is None  # type: ignore[arg-type]
application = get_wsgi_application()
# Every view is imported now and not at the first request: no reader waits for it, a broken import stops the start, and
# with `--preload` the web workers share the memory.
_addresses = get_resolver().url_patterns
if _hidden:
    del sys.modules["requests"]
gc.freeze()
gc.enable()
