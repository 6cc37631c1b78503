"""The API's own description: the OpenAPI document and the page that reads it. Open to everyone; it names no data.

The page is drf-spectacular's split form: no inline script; its own template has no inline style, so that the strict
policy of every other page almost fits. Swagger UI writes style attributes itself, which this one page must allow.
"""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.renderers import TemplateHTMLRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.web.middleware import POLICY

PAGE_POLICY = POLICY.replace("style-src 'self'", "style-src 'self'; style-src-attr 'unsafe-inline'")


class SchemaView(SpectacularAPIView):
    """GET /api/v1/schema: the OpenAPI document."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []


class ApiPage(SpectacularSwaggerSplitView):
    """GET /api/v1/: the page of the API."""

    authentication_classes: list[Any] = []
    permission_classes: list[Any] = []
    renderer_classes = [TemplateHTMLRenderer]
    template_name = "api/page.html"
    url_name = "api_schema"
    url_self = None
    http_method_names = ["get", "head"]

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Show the page, or its script when asked for that."""
        response: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        response["Content-Security-Policy"] = PAGE_POLICY
        return response
