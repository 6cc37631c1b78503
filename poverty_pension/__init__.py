"""The Django project: settings, URLs, timetable, entry points. Wiring only; the apps are the folders beside it.

Celery's app is loaded with it, so that a task sent from anywhere (a page, a command, a test) goes to our broker.
"""

from poverty_pension.celery import app as celery_app

__all__ = ["celery_app"]
