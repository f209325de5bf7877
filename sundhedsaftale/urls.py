"""Every address of the site."""

from django.urls import include, path

from sundhedsaftale import health

urlpatterns = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("konto/", include("allauth.account.urls")),
]
