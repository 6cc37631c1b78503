"""Addresses of the rules' pages."""

from django.urls import path

from portal.policy_pages import views

urlpatterns = [
    path("", views.show_rules, name="administration_policy"),
    path("in-force/", views.show_in_force, name="administration_policy_in_force"),
    path("proposals/", views.show_proposals, name="administration_policy_proposals"),
    path("proposals/<int:proposal_id>/", views.show_proposal, name="administration_policy_proposal"),
    path("proposals/<int:proposal_id>/approve/", views.approve, name="administration_policy_approve"),
    path("proposals/<int:proposal_id>/withdraw/", views.withdraw, name="administration_policy_withdraw"),
    path("<slug:name>/", views.show_rule, name="administration_policy_rule"),
    path("<slug:name>/draft/", views.draft, name="administration_policy_draft"),
]
