"""Parts of the frame that are the same on every page: rendered once a process, except where templates are edited."""

from functools import cache

from django import template
from django.conf import settings
from django.template.loader import render_to_string

register = template.Library()


@register.simple_tag
def stylesheets() -> str:
    """Link every style sheet: thirty addresses to look up were a tenth of a page's time."""
    return _stylesheets.__wrapped__() if settings.DEBUG else _stylesheets()


@cache
def _stylesheets() -> str:
    return render_to_string("components/stylesheets.html")
