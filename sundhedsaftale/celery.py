"""The Celery application: configured by the `CELERY_` names of the settings, tasks found in each app's `tasks.py`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sundhedsaftale.settings")

app = Celery("sundhedsaftale")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
