"""Addresses of the nights."""

from django.urls import path

from nightly.views import night_comparison, nights, printing

urlpatterns = [
    path("nights/", nights.show_nights, name="nights"),
    path("nights/run/", nights.run_now, name="night_run"),
    path("nights/offer/", nights.show_offer, name="night_offer"),
    path("nights/<int:run_id>/", nights.show_night, name="night"),
    path("nights/<int:run_id>/cancel/", nights.cancel, name="night_cancel"),
    path("nights/<int:run_id>/again/", nights.ask_again, name="night_again"),
    path("nights/<int:run_id>/compare/", night_comparison.show_comparison, name="night_compare"),
    path("nights/<int:run_id>/compare/list/", night_comparison.list_moved, name="night_moved"),
    path("nights/<int:run_id>/night.pdf", printing.print_night, name="night_print"),
]
