"""Addresses of the nights."""

from django.urls import path

from poverty_pension.nightly import compare_views, views

urlpatterns = [
    path("nights/", views.show_nights, name="nights"),
    path("nights/run/", views.run_now, name="night_run"),
    path("nights/<int:run_id>/", views.show_night, name="night"),
    path("nights/<int:run_id>/cancel/", views.cancel, name="night_cancel"),
    path("nights/<int:run_id>/again/", views.ask_again, name="night_again"),
    path("nights/<int:run_id>/compare/", compare_views.show_comparison, name="night_compare"),
    path("nights/<int:run_id>/compare/list/", compare_views.list_moved, name="night_moved"),
]
