"""POST /api/v1/coverage: are these persons insured, and if not, what is open; numbers stand in the body only.

GET /api/v1/gaps/: what is open in the token's unit, or changed since a moment.
"""

from __future__ import annotations

from typing import cast

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from enrollment.api.serializers import (
    CoverageAnswerSerializer,
    CoverageQuestionSerializer,
    GapQuestionSerializer,
    GapsSerializer,
)
from enrollment.selectors.coverage import PersonCoverage
from enrollment.selectors.gap_changes import GapQuestion, ask_again_since, list_gaps
from enrollment.services.answering import answer_coverage
from enrollment.services.telling_gaps import enter_told_gaps
from poverty_pension.accounts.actors import Actor
from poverty_pension.accounts.constants import Verb
from poverty_pension.primitives import clock
from poverty_pension.regions.selectors import get_unit
from registry.api.paging import PageSerializer, take_page
from registry.api.questions import AskedView, read_query

NOBODY: dict[str, object] = {
    "found": False,
    "person_id": None,
    "verdict": None,
    "e1_column": None,
    "desk_reason": None,
    "gaps": None,
    "as_of": None,
    "oldest_feed_date": None,
}
ASKED = OpenApiExample(
    "Two persons",
    value={
        "persons": [{"number": "320697195001010028", "name": "张三"}, {"number": "320697195001010036", "name": "李四"}]
    },
    request_only=True,
)
ANSWERED = OpenApiExample(
    "The first is uninsured, the second unknown in the token's unit",
    value={
        "persons": [
            {
                "found": True, "person_id": 4711, "verdict": "GAP", "e1_column": "16f_other", "desk_reason": "never_enrolled",
                "gaps": ["UNINSURED"], "as_of": "2018-12-31", "oldest_feed_date": "2018-11-20",
            },
            NOBODY,
        ]
    },
    response_only=True,
    status_codes=["200"],
)  # fmt: skip
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


class CoverageView(AskedView):
    """Answers a department's token with the verb read_coverage, for persons of its unit."""

    verb = Verb.READ_COVERAGE

    @extend_schema(
        operation_id="ask_coverage",
        summary="Coverage of one to a thousand persons",
        request=CoverageQuestionSerializer,
        responses={200: CoverageAnswerSerializer},
        examples=[ASKED, ANSWERED],
    )
    def post(self, request: Request) -> Response:
        """Ask for the coverage of persons by number and name; somebody outside the token's unit is not found."""
        question = CoverageQuestionSerializer(data=request.data)
        question.is_valid(raise_exception=True)
        asked = [(person["number"], person["name"]) for person in question.validated_data["persons"]]
        answers = answer_coverage(actor=cast("Actor", request.user), asked=asked)
        return Response({"persons": [_as_json(answer) for answer in answers]}, headers={"Cache-Control": "no-store"})


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
        enter_told_gaps(actor=actor, gaps=rows)
        answer = {"gaps": rows, "next": following, "ask_again_since": again}
        return Response(GapsSerializer(answer).data, headers={"Cache-Control": "no-store"})


def _as_json(answer: PersonCoverage | None) -> dict[str, object]:
    if answer is None:
        return NOBODY
    return {
        "found": True,
        "person_id": answer.person_id,
        "verdict": answer.verdict,
        "e1_column": answer.e1_column,
        "desk_reason": answer.desk_reason,
        "gaps": answer.gaps,
        "as_of": answer.as_of_date,
        "oldest_feed_date": answer.oldest_feed_date,
    }
