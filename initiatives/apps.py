from django.apps import AppConfig
from django.core import checks

from initiatives.checks import frozen_tables_are_guarded


class InitiativesConfig(AppConfig):
    name = "initiatives"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Initiatives"

    def ready(self) -> None:
        checks.register(frozen_tables_are_guarded, checks.Tags.database)
