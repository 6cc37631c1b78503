"""Addresses of the possible matches and the decisions on them."""

from django.urls import path

from coverage.views import patterns, possible_matches

urlpatterns = [
    path("possible-matches/", possible_matches.show_possible_matches, name="possible_matches"),
    path("possible-matches/decide/", possible_matches.decide, name="possible_match_decide"),
    path("possible-matches/decided/", possible_matches.show_decided, name="possible_matches_decided"),
    path("possible-matches/<int:decision_id>/undo/", possible_matches.undo, name="possible_match_undo"),
    path("possible-matches/<int:link_id>/numbers/", possible_matches.show_numbers, name="possible_match_numbers"),
    path("possible-matches/pattern/", patterns.show_pattern, name="match_pattern"),
    path("possible-matches/pattern/propose/", patterns.propose, name="match_pattern_propose"),
    path("possible-matches/patterns/<int:pattern_id>/", patterns.show_pattern_decision, name="match_pattern_decision"),
    path("possible-matches/patterns/<int:pattern_id>/sign/", patterns.sign, name="match_pattern_sign"),
    path("possible-matches/patterns/<int:pattern_id>/withdraw/", patterns.withdraw, name="match_pattern_withdraw"),
    path("possible-matches/patterns/<int:pattern_id>/undo/", patterns.undo, name="match_pattern_undo"),
]
