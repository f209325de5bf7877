"""Every address of the site. The apps bring their own; pages that need both apps stand here."""

from django.urls import include, path

from sundhedsaftale import health
from sundhedsaftale.views.accounts import SignInView
from sundhedsaftale.views.placeholder import placeholder

urlpatterns = [
    path("", placeholder, name="overview"),
    path("maal/", placeholder, name="goal_list"),
    path("maal/<slug:slug>/", placeholder, name="goal"),
    path("indikatorer/<slug:code>/", placeholder, name="indicator"),
    path("omraader/", placeholder, name="area_list"),
    path("omraader/<slug:code>/", placeholder, name="area"),
    path("omraader/<slug:code>/vaelg/", placeholder, name="area_choose"),
    path("om/", placeholder, name="method"),
    path("was/", placeholder, name="accessibility"),
    path("", include("initiatives.urls")),
    path("", include("indicators.urls")),
    path("api/", include("sundhedsaftale.api_urls")),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("konto/login/", SignInView.as_view(), name="account_login"),
    path("konto/", include("allauth.account.urls")),
]
