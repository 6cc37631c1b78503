"""The demonstration county: generated people, their files, and the truth about them."""

from django.apps import AppConfig
from django.conf import settings


class DemoConfig(AppConfig):
    name = "demo"
    label = "demo"

    def ready(self) -> None:
        """Let business time follow the demonstration's, where settings allow one."""
        from demo.business_day import follow_demo_time

        if settings.FOLLOWS_DEMO_TIME:
            follow_demo_time()
