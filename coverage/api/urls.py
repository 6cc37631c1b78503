"""Addresses of coverage's part of the API, below /api/v1/."""

from django.urls import path

from coverage.api.possible_matches import MatchDecisionView, PossibleMatchesView
from coverage.api.views import CoverageView

urlpatterns = [
    path("coverage", CoverageView.as_view(), name="api_coverage"),
    path("possible-matches/", PossibleMatchesView.as_view(), name="api_possible_matches"),
    path("possible-matches/<int:link_id>/decision/", MatchDecisionView.as_view(), name="api_match_decision"),
]
