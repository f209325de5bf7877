from django.apps import AppConfig


class InitiativesConfig(AppConfig):
    name = "initiatives"
    default_auto_field = "django.db.models.BigAutoField"
    verbose_name = "Initiatives"
