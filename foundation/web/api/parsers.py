"""How the API reads a JSON body: bounded, and what cannot be understood is the caller's error, never the server's."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

MOST_BYTES = 1_000_000
"""A thousand persons with the longest names take a third of it."""


class BoundedJSONParser(JSONParser):
    """Reads at most a million bytes. Errors: ParseError for more, for what is no JSON, and for lists in lists without end."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """Return the parsed body."""
        body = stream.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise ParseError(_("The request body exceeds %(most)s bytes.") % {"most": MOST_BYTES})
        try:
            return super().parse(io.BytesIO(body), media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("The body is nested too deeply.")) from error
