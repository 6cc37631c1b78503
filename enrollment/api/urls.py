"""Addresses of enrolment's part of the API, below /api/v1/."""

from django.urls import path

from enrollment.api.applications import ApplicationsView, ApplicationView, ChangesView, WithdrawalView
from enrollment.api.eligibility import EligibilityView

urlpatterns = [
    path("applications/", ApplicationsView.as_view(), name="api_applications"),
    path("applications/changes/", ChangesView.as_view(), name="api_application_changes"),
    path("applications/<int:application_id>/", ApplicationView.as_view(), name="api_application"),
    path("applications/<int:application_id>/withdrawal/", WithdrawalView.as_view(), name="api_application_withdrawal"),
    path("eligibility", EligibilityView.as_view(), name="api_eligibility"),
]
