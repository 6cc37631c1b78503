"""POST /api/v1/eligibility: which conditions of a kind persons meet; ids and numbers are sent in the body only."""

from __future__ import annotations

from typing import cast

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from enrollment.api.serializers import (
    EligibilityAnswerSerializer,
    EligibilityQuestionSerializer,
    eligibility,
    named,
)
from enrollment.constants import ApplicationKind
from enrollment.services.answering import answer_eligibility
from foundation.accounts.actors import Actor
from foundation.accounts.constants import Verb
from foundation.primitives import clock
from foundation.web.api.queries import AskedView

ASKED = OpenApiExample(
    "One by number and name, one by id",
    value={"kind": "register", "persons": [{"number": "320697195001010028", "name": "张三"}, {"person_id": 4712}]},
    request_only=True,
)
ANSWERED = OpenApiExample(
    "The first is too old, the second unknown in the token's unit",
    value={
        "day": "2019-01-02",
        "persons": [
            {
                "found": True, "person_id": 4711, "outcome": "refused",
                "conditions": [
                    {"code": "DECEASED", "label": "Alive", "state": "met", "rule": "R18", "parameter": ""},
                    {"code": "OVER_60", "label": "Under the benefit age", "state": "not_met", "rule": "R16",
                     "parameter": "benefit_age_years"},
                    {"code": "UNDECIDED", "label": "No possible match awaits a decision", "state": "unknown", "rule": "R31",
                     "parameter": ""},
                ],
            },
            {"found": False, "person_id": None, "outcome": None, "conditions": []},
        ],
    },
    response_only=True,
    status_codes=["200"],
)  # fmt: skip


class EligibilityView(AskedView):
    """Answers a department's token with the verb read_eligibility, for persons of its unit."""

    verb = Verb.READ_ELIGIBILITY
    also_refuses = (409,)

    @extend_schema(
        operation_id="ask_eligibility",
        summary="Eligibility of one to a thousand persons",
        request=EligibilityQuestionSerializer,
        responses={200: EligibilityAnswerSerializer},
        examples=[ASKED, ANSWERED],
    )
    def post(self, request: Request) -> Response:
        """Test persons for a kind of application as of today; somebody outside the token's unit is not found. A decision is an office's."""
        question = EligibilityQuestionSerializer(data=request.data)
        question.is_valid(raise_exception=True)
        at, given = clock.now(), question.validated_data
        answers = answer_eligibility(
            actor=cast("Actor", request.user),
            kind=ApplicationKind(given["kind"]),
            asked=[named(each) for each in given["persons"]],
            day=clock.today(),
            at=at,
        )
        body = {"day": clock.today(), "persons": [eligibility(each) for each in answers]}
        return Response(body, headers={"Cache-Control": "no-store"})
