"""POST /api/v1/coverage: are these persons insured, and if not, what is open. The numbers stand in the body only."""

from __future__ import annotations

from typing import cast

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from enrollment.api.serializers import CoverageAnswerSerializer, CoverageQuestionSerializer
from enrollment.selectors.coverage import PersonCoverage
from enrollment.services.answering import answer_coverage
from poverty_pension.accounts.actors import Actor
from poverty_pension.accounts.constants import Verb

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


class CoverageView(APIView):
    """Answers a department's token with the verb read_coverage, for persons of its unit."""

    verb = Verb.READ_COVERAGE

    @extend_schema(
        operation_id="ask_coverage",
        summary="Coverage of one to a thousand persons",
        request=CoverageQuestionSerializer,
        responses={200: CoverageAnswerSerializer},
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
