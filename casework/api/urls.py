"""Addresses of casework's part of the API, below /api/v1/."""

from django.urls import path

from casework.api.views import GapsView

urlpatterns = [path("gaps/", GapsView.as_view(), name="api_gaps")]
