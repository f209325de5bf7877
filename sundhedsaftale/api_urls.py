"""The API: every app's routes under /api/v1/, their description, and a page to read it on."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from indicators import api as indicators_api
from indicators import api_sources
from initiatives import api as initiatives_api
from initiatives import api_targets
from sundhedsaftale import api_computed, api_ranking
from sundhedsaftale.views.api_docs import api_docs

router = SimpleRouter()
for prefix, viewset, basename in (
    *indicators_api.routes,
    *api_sources.routes,
    *initiatives_api.routes,
    *api_targets.routes,
    *api_computed.routes,
    *api_ranking.routes,
):
    router.register(prefix, viewset, basename=basename)

urlpatterns = [
    path("v1/", include(router.urls)),
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("docs/", api_docs, name="api-docs"),
]
