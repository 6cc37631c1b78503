"""Addresses of the register's part of the API, below /api/v1/."""

from django.urls import path

from registry.api.views import CompletionView, DeliveriesView, DeliveryProblemsView, DeliveryView

urlpatterns = [
    path("deliveries/", DeliveriesView.as_view(), name="api_deliveries"),
    path("deliveries/<int:delivery_id>/", DeliveryView.as_view(), name="api_delivery"),
    path("deliveries/<int:delivery_id>/completion/", CompletionView.as_view(), name="api_delivery_completion"),
    path("deliveries/<int:delivery_id>/problems/", DeliveryProblemsView.as_view(), name="api_delivery_problems"),
]
