"""Production never serves a demo database: its passwords are public."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, MiddlewareNotUsed
from django.db import connection
from django.db.utils import ProgrammingError
from django.http import HttpRequest, HttpResponse

from demo.models import DemoMark


class RefuseDemoDatabase:
    """Checks once, when the web process starts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if settings.DEMO_SIGN_INS:
            raise MiddlewareNotUsed
        try:
            marked = DemoMark.objects.exists()
        except ProgrammingError:  # not migrated yet: nothing to serve either
            marked = False
        finally:
            connection.close()
        if marked:
            raise ImproperlyConfigured(
                "This database was made for a demonstration; its sign-ins are public. Use a new database for production."
            )
        raise MiddlewareNotUsed
