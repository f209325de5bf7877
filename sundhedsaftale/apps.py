"""The project as an app.

The Celery application is imported here, and not in `__init__.py`: that file stays empty so that `sundhedsaftale.lib` can
be used without Django. Without this import the web process would send its tasks to Celery's default (absent) broker.
"""

from django.apps import AppConfig

from sundhedsaftale.celery import app as celery_app

__all__ = ["SundhedsaftaleConfig", "celery_app"]


class SundhedsaftaleConfig(AppConfig):
    name = "sundhedsaftale"
    verbose_name = "Sundhedsaftale"
    default_auto_field = "django.db.models.BigAutoField"
