"""How pages of the administration are rendered: with its tabs, fifty rows a page, and never cached by a browser."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from portal.administration.tabs import admin_tabs

ROWS_PER_PAGE = 50


def render_page(request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a page of the administration; `template` is a name in templates/administration."""
    response = render(
        request, f"administration/{template}.html", {"tabs": admin_tabs(request), **context}, status=status
    )
    add_never_cache_headers(response)
    return response


def page_of(request: HttpRequest, rows: QuerySet[Any]) -> Page[Any]:
    """Return the page the address asks for; a number out of range is the nearest one. Cost: a count and the rows."""
    return Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))


def query_without_page(request: HttpRequest) -> str:
    """Return the address's filters, for the links to other pages."""
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()
