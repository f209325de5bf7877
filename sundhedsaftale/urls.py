"""Every address of the site. The apps bring their own; pages that need both apps stand here."""

from django.urls import include, path

from sundhedsaftale import health
from sundhedsaftale.views import about, area_figures, area_lists, areas, coverage, goals, overview, person_data, tables

urlpatterns = [
    path("", overview.overview_show, name="overview"),
    path("maal/", goals.goal_index, name="goal_list"),
    path("maal/<slug:slug>/", goals.goal_show, name="goal"),
    path("indikatorer/<slug:code>/", goals.indicator_show, name="indicator"),
    path("indikatorer/<slug:code>/rangliste/", area_figures.indicator_ranking, name="indicator_ranking"),
    path("indikatorer/<slug:code>/kort/", area_figures.indicator_map, name="indicator_map"),
    path("indikatorer/<slug:code>/kurver/", area_figures.indicator_curves, name="indicator_curves"),
    path("maal/<slug:slug>/kurver/", area_figures.goal_curves, name="goal_curves"),
    path("omraader/", areas.area_list, name="area_list"),
    path("omraader/<slug:code>/", areas.area_show, name="area"),
    path("omraader/<slug:code>/lister/", area_lists.area_lists_show, name="area_lists"),
    path("omraader/<slug:code>/vaelg/", areas.area_choose, name="area_choose"),
    path("daekning/", coverage.coverage_show, name="coverage"),
    path("maal/<slug:table>.<slug:format>", tables.goal_list_file, name="goal_list_file"),
    path("maal/<slug:slug>/<slug:table>.<slug:format>", tables.goal_file, name="goal_file"),
    path("omraader/<slug:code>/<slug:table>.<slug:format>", tables.area_file, name="area_file"),
    path("daekning/<slug:table>.<slug:format>", tables.coverage_file, name="coverage_file"),
    path("om/", about.method, name="method"),
    path("om/adgang/", about.access, name="access"),
    path("was/", about.accessibility, name="accessibility"),
    path("mine/oplysninger/", person_data.own, name="own_data"),
    path("", include("sundhedsaftale.urls_people")),
    path("", include("initiatives.urls")),
    path("", include("indicators.urls")),
    path("indikatorer/<slug:code>/<slug:table>.<slug:format>", tables.indicator_file, name="indicator_file"),
    path("api/", include("sundhedsaftale.api_urls")),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("konto/", include("sundhedsaftale.account_urls")),
]

handler400 = "sundhedsaftale.views.errors.bad_request"
handler403 = "sundhedsaftale.views.errors.forbidden"
handler404 = "sundhedsaftale.views.errors.not_found"
handler500 = "sundhedsaftale.views.errors.server_error"
