"""The URLs of the health checks; public."""

from django.urls import path

from operations.health import show_live, show_ready

urlpatterns = [
    path("live", show_live, name="health_live"),
    path("ready", show_ready, name="health_ready"),
]
