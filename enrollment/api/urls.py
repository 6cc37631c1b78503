"""Addresses of enrolment's part of the API, below /api/v1/."""

from django.urls import path

from enrollment.api.candidates import CandidateDecisionView, CandidatesView
from enrollment.api.views import CoverageView, GapsView

urlpatterns = [
    path("coverage", CoverageView.as_view(), name="api_coverage"),
    path("candidates/", CandidatesView.as_view(), name="api_candidates"),
    path("candidates/<int:link_id>/decision/", CandidateDecisionView.as_view(), name="api_candidate_decision"),
    path("gaps/", GapsView.as_view(), name="api_gaps"),
]
