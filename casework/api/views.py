"""GET /api/v1/gaps/: what is open in the token's unit, or changed since a moment."""

from __future__ import annotations

from typing import cast

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from casework.api.serializers import GapQuestionSerializer, GapsSerializer
from casework.selectors.gap_changes import GapQuestion, ask_again_since, list_gaps
from casework.services.disclosing import disclose_gaps
from foundation.accounts.actors import Actor
from foundation.accounts.constants import Verb
from foundation.primitives import clock
from foundation.regions.selectors import get_unit
from foundation.web.api.paging import PageSerializer, take_page
from foundation.web.api.queries import AskedView, read_query

PAGE_OF_GAPS = OpenApiExample(
    "A person's gap that is open, a roll line's that was closed",
    value={
        "gaps": [
            {
                "id": 815, "kind": "UNINSURED", "reason": "never_enrolled", "evidence_class": "", "subject": "person",
                "person_id": 4711, "scheme": None, "roll_no": None, "feed": None, "unit": "320682111201",
                "opened_on": "2018-12-31", "closed_on": None,
            },
            {
                "id": 816, "kind": "STOP_DUE", "reason": "reported_by_police", "evidence_class": "A", "subject": "roll_line",
                "person_id": None, "scheme": "resident", "roll_no": "R0000123", "feed": None, "unit": "320682111000",
                "opened_on": "2018-12-31", "closed_on": "2019-01-31",
            },
        ],
        "next": 816,
        "ask_again_since": "2019-02-01T08:50:00+08:00",
    },
    response_only=True,
    status_codes=["200"],
)  # fmt: skip


class GapsView(AskedView):
    """Answers a department's token with the verb read_gaps, for gaps of its unit."""

    verb = Verb.READ_GAPS
    forms = (GapQuestionSerializer, PageSerializer)

    @extend_schema(
        operation_id="list_gaps",
        summary="Gaps open, or changed since a moment",
        parameters=[GapQuestionSerializer, PageSerializer],
        responses={200: GapsSerializer},
        examples=[PAGE_OF_GAPS],
    )
    def get(self, request: Request) -> Response:
        """List gaps in the order they were opened; a unit outside the token's is not found."""
        actor, given = cast("Actor", request.user), read_query(request, GapQuestionSerializer)
        unit = get_unit(code=given.pop("unit")) if given.get("unit") else None
        again = ask_again_since(clock.now())
        rows, following = take_page(request, list_gaps(actor, GapQuestion(unit=unit, **given)))
        disclose_gaps(actor=actor, gaps=rows)
        answer = {"gaps": rows, "next": following, "ask_again_since": again}
        return Response(GapsSerializer(answer).data, headers={"Cache-Control": "no-store"})
