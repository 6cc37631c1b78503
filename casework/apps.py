"""The Django app of the work on gaps."""

from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "casework"
