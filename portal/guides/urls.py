"""Addresses of the guides."""

from django.urls import path

from portal.guides.views import list_guides, show_guide, show_picture

urlpatterns = [
    path("", list_guides, name="guides"),
    path("pictures/<slug:name>/", show_picture, name="guide_picture"),
    path("<slug:name>/", show_guide, name="guide"),
]
