"""All addresses. Each app owns its own list and stands here with one include."""

from django.urls import include, path

from poverty_pension.celery import (
    app as celery_app,
)  # views enqueue: the app must be the current one in the web process
from poverty_pension.portal.api_pages import ApiPage, SchemaView

__all__ = ["celery_app", "urlpatterns"]

handler400 = "poverty_pension.portal.errors.bad_request"
handler403 = "poverty_pension.portal.errors.not_allowed"
handler404 = "poverty_pension.portal.errors.not_found"
handler500 = "poverty_pension.portal.errors.server_error"

urlpatterns = [
    path("health/", include("poverty_pension.portal.health_urls")),
    path("", include("poverty_pension.portal.urls")),
    path("", include("registry.urls")),
    path("", include("enrollment.urls")),
    path("", include("poverty_pension.nightly.urls")),
    path("reports/", include("poverty_pension.portal.reports.urls")),
    path("payments/", include("payments.urls")),
    path("administration/", include("poverty_pension.portal.administration.urls")),
    path("administration/policy/", include("poverty_pension.portal.policy_pages.urls")),
    path("account/", include("poverty_pension.accounts.urls")),
    path("api/v1/", ApiPage.as_view(), name="api"),
    path("api/v1/schema", SchemaView.as_view(), name="api_schema"),
    path("api/v1/", include("enrollment.api.urls")),
    path("api/v1/", include("registry.api.urls")),
    path("api/v1/", include("poverty_pension.portal.reports.api_urls")),
]
