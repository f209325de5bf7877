"""Addresses of plans, initiatives and what awaits a person. The two halves have a file each."""

from initiatives.urls_plans import urlpatterns as plan_patterns
from initiatives.urls_work import urlpatterns as work_patterns

urlpatterns = [*plan_patterns, *work_patterns]
