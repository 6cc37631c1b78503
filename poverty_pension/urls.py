"""All URLs. Each app owns its own list, included here once."""

from django.urls import include, path

from portal.api import ApiPage, SchemaView
from poverty_pension.celery import (
    app as celery_app,
)  # views enqueue: the app must be the current one in the web process

__all__ = ["celery_app", "urlpatterns"]

handler400 = "portal.errors.bad_request"
handler403 = "portal.errors.not_allowed"
handler404 = "portal.errors.not_found"
handler500 = "portal.errors.server_error"

urlpatterns = [
    path("health/", include("operations.urls")),
    path("", include("portal.urls")),
    path("", include("registry.urls")),
    path("", include("casework.urls")),
    path("", include("coverage.urls")),
    path("", include("enrollment.urls")),
    path("", include("nightly.urls")),
    path("payments/", include("payments.urls")),
    path("account/", include("foundation.accounts.urls")),
    path("api/v1/", ApiPage.as_view(), name="api"),
    path("api/v1/schema", SchemaView.as_view(), name="api_schema"),
    path("api/v1/", include("casework.api.urls")),
    path("api/v1/", include("coverage.api.urls")),
    path("api/v1/", include("enrollment.api.urls")),
    path("api/v1/", include("registry.api.urls")),
    path("api/v1/", include("portal.reports.api_urls")),
]
