"""Addresses of contributions and benefits."""

from django.urls import path

from payments import views

urlpatterns = [path("", views.show_target, name="payments")]
