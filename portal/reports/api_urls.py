"""Addresses of the reports' part of the API, below /api/v1/."""

from django.urls import path

from portal.reports.api import TableView

urlpatterns = [path("e1/", TableView.as_view(), name="api_e1")]
