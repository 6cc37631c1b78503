"""/api/v1/applications/: a department's system prepares drafts, follows what becomes of them, and reads on behind the last change.

A draft bears the system's name and nobody's signature; an office looks at it, adds the papers and submits it, or does not.
"""

from __future__ import annotations

import json
from typing import Any, cast

from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from enrollment.api.serializers import (
    ApplicationQuestionSerializer,
    ApplicationSerializer,
    ApplicationsSerializer,
    ChangesSerializer,
    SentApplicationSerializer,
    WholeApplicationSerializer,
    WithdrawalSerializer,
    named,
    whole,
)
from enrollment.eligibility.rules import appeal_days
from enrollment.selectors.applications import list_steps
from enrollment.selectors.for_departments import (
    ApplicationQuestion,
    find_person,
    get_application_of_unit,
    list_applications,
    list_changes,
)
from enrollment.services.answering import CHANGE, WHOLE, disclose_applications
from enrollment.services.changes import number_changes
from enrollment.services.preparing import Content, begin_application
from enrollment.services.steps import withdraw_sent
from foundation.accounts.actors import Actor
from foundation.accounts.constants import Verb
from foundation.accounts.services.idempotency import answer_once
from foundation.primitives import clock
from foundation.regions.selectors import get_unit
from foundation.web.api.idempotency import IDEMPOTENCY
from foundation.web.api.paging import PageSerializer, take_page
from foundation.web.api.queries import AskedView, read_query
from registry.selectors.numbers import cipher

NO_STORE = {"Cache-Control": "no-store"}
DRAFT: dict[str, Any] = {
    "id": 815, "kind": "register", "state": "draft", "version": 1, "person_id": 4711, "unit": "320682111201",
    "channel": "department", "is_own": True, "opened_at": "2019-01-02T09:00:00+08:00", "accepted_on": None, "receipt_no": "",
    "due_on": None, "earliest_decision_on": None, "decided_on": None, "effective_from": None, "ended_at": None,
}  # fmt: skip
REFUSED: dict[str, Any] = DRAFT | {
    "state": "refused", "accepted_on": "2019-01-03", "receipt_no": "320682-20190103-0001", "due_on": "2019-01-31",
    "decided_on": "2019-01-10", "ended_at": "2019-01-10T10:00:00+08:00",
    "decision": {
        "outcome": "refused", "decided_on": "2019-01-10", "reasons": [{"code": "STUDENT", "label": "Not a student"}],
        "note": "在校学生，毕业后再申请", "appeal_days": 60,
    },
    "steps": [
        {"verb": "submit", "version": 1, "state_after": "submitted", "taken_at": "2019-01-03T09:00:00+08:00",
         "role": "township_clerk", "unit": "320682111000", "missing_papers": ["id_card"], "note": ""},
    ],
}  # fmt: skip
SENT = OpenApiExample(
    "Enrolment of a person",
    value={
        "kind": "register",
        "person": {"number": "320697195001010028", "name": "张三"},
        "details": {},
        "note": "低保初审时提出",
    },
    request_only=True,
)
PREPARED = OpenApiExample("A draft", value=DRAFT, response_only=True, status_codes=["200", "201"])
ONE = OpenApiExample("Refused", value=REFUSED, response_only=True, status_codes=["200"])
LISTED = OpenApiExample(
    "The last page", value={"applications": [DRAFT], "next": None}, response_only=True, status_codes=["200"]
)
CHANGED = OpenApiExample(
    "Begun and submitted",
    value={
        "changes": [
            {"number": 91, "application": 815, "kind": "register", "state": "draft", "version": 1, "person_id": 4711,
             "unit": "320682111201"},
            {"number": 92, "application": 815, "kind": "register", "state": "submitted", "version": 1, "person_id": 4711,
             "unit": "320682111201"},
        ],
        "next": None,
        "ask_again_after": 92,
    },
    response_only=True,
    status_codes=["200"],
)  # fmt: skip


class ApplicationsView(AskedView):
    """Takes drafts of a department's token with the verb send_applications; lists those of its unit for read_applications."""

    verb = Verb.READ_APPLICATIONS
    verbs = {"POST": Verb.SEND_APPLICATIONS}
    also_refuses = (404,)
    forms = (ApplicationQuestionSerializer, PageSerializer)

    @extend_schema(
        operation_id="prepare_application",
        summary="Prepare an application as a draft",
        request=SentApplicationSerializer,
        parameters=[IDEMPOTENCY],
        responses={201: ApplicationSerializer},
        examples=[SENT, PREPARED],
    )
    def post(self, request: Request) -> Response:
        """Prepare a draft for somebody in the token's unit. Another of its kind is open: 409; somebody elsewhere is not found."""
        sent = SentApplicationSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        actor, given = cast("Actor", request.user), sent.validated_data

        def prepare() -> tuple[int, dict[str, object]]:
            content = Content(
                details=given["details"],
                agent_name=given["agent_name"],
                agent_relation=given["agent_relation"],
                note=given["note"],
            )
            person_id = find_person(actor, named(given["person"]))
            begun = begin_application(
                actor=actor, person_id=person_id, kind=given["kind"], channel="", content=content, at=clock.now()
            )
            disclose_applications(actor=actor, count=1)
            return 201, dict(ApplicationSerializer(get_application_of_unit(actor, begun.pk)).data)

        answer = answer_once(
            client_id=cast("int", actor.client_id),
            key=request.headers.get("Idempotency-Key", ""),
            request_sha256=_fingerprint(given),
            at=clock.now(),
            do=prepare,
        )
        headers = NO_STORE | {"Location": reverse("api_application", args=[answer.body["id"]])}
        return Response(answer.body, status=answer.status, headers=headers)

    @extend_schema(
        operation_id="list_applications",
        summary="Applications of the token's unit",
        parameters=[ApplicationQuestionSerializer, PageSerializer],
        responses={200: ApplicationsSerializer},
        examples=[LISTED],
    )
    def get(self, request: Request) -> Response:
        """List applications in the order they were begun; a unit outside the token's is not found."""
        actor, given = cast("Actor", request.user), read_query(request, ApplicationQuestionSerializer)
        unit = get_unit(code=given.pop("unit")) if given.get("unit") else None
        own = {"true": True, "false": False}.get(given.pop("own", ""))
        rows, following = take_page(request, list_applications(actor, ApplicationQuestion(unit=unit, own=own, **given)))
        disclose_applications(actor=actor, count=len(rows))
        answer = {"applications": rows, "next": following}
        return Response(ApplicationsSerializer(answer).data, headers=NO_STORE)


class ApplicationView(AskedView):
    """Returns one application of the token's unit."""

    verb = Verb.READ_APPLICATIONS

    @extend_schema(
        operation_id="read_application",
        summary="One application with its steps and its decision",
        responses={200: WholeApplicationSerializer},
        examples=[ONE],
    )
    def get(self, request: Request, application_id: int) -> Response:
        """Return state, steps, decision with reasons and days to appeal; somebody outside the token's unit is not found."""
        actor = cast("Actor", request.user)
        application = get_application_of_unit(actor, application_id)
        disclose_applications(actor=actor, count=1, fields=WHOLE)
        return Response(whole(application, list_steps(application), appeal_days(application)), headers=NO_STORE)


class WithdrawalView(AskedView):
    """Withdraws a draft this client's system prepared."""

    verb = Verb.SEND_APPLICATIONS
    also_refuses = (409,)

    @extend_schema(
        operation_id="withdraw_application",
        summary="Withdraw a draft of this client",
        request=WithdrawalSerializer,
        responses={200: ApplicationSerializer},
        examples=[OpenApiExample("A reason", value={"reason": "当事人已在外地参保"}, request_only=True), PREPARED],
    )
    def post(self, request: Request, application_id: int) -> Response:
        """Withdraw it while no office has taken it up, else 409; what others prepared is not found."""
        stated = WithdrawalSerializer(data=request.data)
        stated.is_valid(raise_exception=True)
        actor = cast("Actor", request.user)
        withdraw_sent(
            actor=actor, application_id=application_id, reason=stated.validated_data["reason"], at=clock.now()
        )
        disclose_applications(actor=actor, count=1)
        return Response(ApplicationSerializer(get_application_of_unit(actor, application_id)).data, headers=NO_STORE)


class ChangesView(AskedView):
    """Lists what changed, for systems that follow applications."""

    verb = Verb.READ_APPLICATIONS
    forms = (PageSerializer,)

    @extend_schema(
        operation_id="list_application_changes",
        summary="Changes of applications behind a number",
        parameters=[PageSerializer],
        responses={200: ChangesSerializer},
        examples=[CHANGED],
    )
    def get(self, request: Request) -> Response:
        """List the changes behind `after` in the order they were numbered; none is missed and none comes twice."""
        actor = cast("Actor", request.user)
        number_changes()
        rows, following = take_page(request, list_changes(actor))
        disclose_applications(actor=actor, count=len(rows), fields=CHANGE)
        last = rows[-1].pk if rows else read_query(request, PageSerializer)["after"]
        answer = {"changes": rows, "next": following, "ask_again_after": last}
        return Response(ChangesSerializer(answer).data, headers=NO_STORE)


def _fingerprint(given: object) -> str:
    """Return what tells two requests apart, keyed: a plain hash of a number could be guessed back."""
    return cipher().blind_index("full", json.dumps(given, sort_keys=True)).hex()
