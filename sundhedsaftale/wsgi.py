"""The door for the web server: `gunicorn sundhedsaftale.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sundhedsaftale.settings")

application = get_wsgi_application()
