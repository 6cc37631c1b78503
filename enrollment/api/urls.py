"""Addresses of enrolment's part of the API, below /api/v1/."""

from django.urls import path

from enrollment.api.views import CoverageView, GapsView

urlpatterns = [
    path("coverage", CoverageView.as_view(), name="api_coverage"),
    path("gaps/", GapsView.as_view(), name="api_gaps"),
]
