"""Addresses of the pictures. What they show is in the query: nothing of it is personal."""

from django.urls import path

from portal.pictures import views

urlpatterns = [
    path("feeds/", views.show_feeds, name="picture_feeds"),
    path("nights/<int:run_id>/", views.show_flow, name="picture_flow"),
    path("<slug:name>/", views.show_picture, name="picture"),
]
