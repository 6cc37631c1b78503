"""Lists of the API come page by page in the order of ids: `next` of one page is `after` of the following one."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet
from rest_framework import serializers
from rest_framework.request import Request

from foundation.web.api.queries import read_query

MOST_LISTED = 200
LARGEST_ID = 2**63 - 1
Row = TypeVar("Row", bound=Model)


class PageSerializer(serializers.Serializer):
    """Which part of a list."""

    after = serializers.IntegerField(
        min_value=0, max_value=LARGEST_ID, default=0, help_text="`next` of the page before."
    )
    limit = serializers.IntegerField(min_value=1, max_value=MOST_LISTED, default=50)


def take_page(request: Request, rows: QuerySet[Row], *, is_newest_first: bool = False) -> tuple[list[Row], int | None]:
    """Return the rows behind `after` in the order of ids, and the id the next page follows. One query.

    Errors: ValidationError for an `after` or `limit` that is none.
    """
    asked = read_query(request, PageSerializer)
    after, limit = asked["after"], asked["limit"]
    if after:
        rows = rows.filter(**{"pk__lt" if is_newest_first else "pk__gt": after})
    found = list(rows.order_by("-pk" if is_newest_first else "pk")[: limit + 1])
    return found[:limit], found[limit - 1].pk if len(found) > limit else None
