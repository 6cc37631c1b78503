"""The header by which a client may send a request again without doing it twice."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter

from foundation.accounts.services.idempotency import KEY_PATTERN

IDEMPOTENCY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": KEY_PATTERN},
    OpenApiParameter.HEADER,
    required=True,
    description="Your own key for this request. Sent again within a day it gives the same answer; with another request, 409.",
)
