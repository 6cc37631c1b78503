"""Addresses of the administration. Users, roles and tokens by id; no name is part of an address."""

from django.urls import path

from portal.administration.views import audit, clients, deputies, failures, home, roles, system, users

urlpatterns = [
    path("", home.show_administration, name="administration"),
    path("users/", users.show_users, name="admin_users"),
    path("users/search/", users.search_users, name="admin_users_search"),
    path("users/new/", users.add_user, name="admin_user_new"),
    path("users/<int:user_id>/", users.show_user, name="admin_user"),
    path("users/<int:user_id>/role/", roles.grant, name="admin_role_grant"),
    path("users/<int:user_id>/<slug:act>/", users.act_on_user, name="admin_user_act"),
    path("roles/<int:membership_id>/end/", roles.end, name="admin_role_end"),
    path("deputies/", deputies.show_deputies, name="admin_deputies"),
    path("deputies/new/", deputies.appoint, name="admin_deputy_new"),
    path("deputies/<int:deputy_id>/end/", deputies.end, name="admin_deputy_end"),
    path("clients/", clients.show_clients, name="admin_clients"),
    path("clients/new/", clients.issue, name="admin_client_new"),
    path("clients/<int:client_id>/revoke/", clients.revoke, name="admin_client_revoke"),
    path("system/", system.show_system, name="admin_system"),
    path("failures/", failures.show_failures, name="admin_failures"),
    path("audit/", audit.show_events, name="admin_audit"),
    path("audit/filter/", audit.filter_events, name="admin_audit_filter"),
    path("audit/events.csv", audit.export_events, name="admin_audit_csv"),
    path("audit/object/", audit.show_object, name="admin_audit_object"),
    path("audit/disclosures/", audit.show_disclosures, name="admin_disclosures"),
    path("audit/sign-ins/", audit.show_sign_ins, name="admin_sign_ins"),
    path("audit/seals/", audit.show_seals, name="admin_seals"),
]
