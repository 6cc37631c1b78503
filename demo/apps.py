"""The demonstration county: generated people, their files, and the truth about them."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"
    label = "demo"
