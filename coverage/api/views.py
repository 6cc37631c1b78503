"""POST /api/v1/coverage: are these persons insured, and if not, what is open; numbers are sent in the body only."""

from __future__ import annotations

from typing import cast

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from coverage.api.serializers import CoverageAnswerSerializer, CoverageQuestionSerializer
from coverage.selectors.person_coverage import PersonCoverage
from coverage.services.answering import answer_coverage
from foundation.accounts.actors import Actor
from foundation.accounts.constants import Verb
from foundation.web.api.queries import AskedView

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
