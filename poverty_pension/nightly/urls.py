"""Addresses of the nights."""

from django.urls import path

from poverty_pension.nightly import views

urlpatterns = [
    path("nights/", views.show_nights, name="nights"),
    path("nights/run/", views.run_now, name="night_run"),
    path("nights/<int:run_id>/", views.show_night, name="night"),
]
