"""/api/v1/deliveries/: a department's system sends its files and reads their outcome. A clerk applies them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import cast

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.accounts.actors import Actor
from foundation.accounts.constants import Verb
from foundation.accounts.scope import county_of
from foundation.accounts.services.idempotency import answer_once
from foundation.primitives import clock
from foundation.web.api.idempotency import IDEMPOTENCY
from foundation.web.api.paging import PageSerializer, take_page
from foundation.web.api.queries import AskedView
from registry.api.serializers import (
    CompletionSerializer,
    DeliveriesSerializer,
    DeliverySerializer,
    ProblemSerializer,
    ProblemsSerializer,
    SentFileSerializer,
)
from registry.selectors.deliveries import EVERY, get_sent_delivery, list_problems, list_sent_deliveries
from registry.services.completing import complete_list
from registry.services.receiving import receive_file
from registry.tasks import wake_on_commit

CHECKED = OpenApiExample(
    "A file that awaits approval",
    value={
        "id": 4711, "file_name": "死亡人员信息_201812.xlsx", "file_sha256": "9f86d0…", "feed": "deaths", "as_of": "2018-12-31",
        "state": "checked", "received_at": "2019-01-02T09:00:00+08:00", "applied_at": None, "rows": 231,
        "outcomes": {"loaded": 229, "reject_id_to_repair": 2}, "changes": {"facts": 231},
        "remarks": ["“通知.pdf” was not read: it is not a table (pdf)."], "missing_parts": [], "refusal": "",
        "reading": {
            "fields": [
                {"field": "event", "sources": [{"column": "E", "header": "去世时间", "by": "header", "share": 1.0, "sheets": 1}],
                 "filled": 231, "understood": 230},
            ],
            "unused": ["家属电话"], "lines": 231,
        },
    },
    response_only=True,
    status_codes=["200", "201"],
)  # fmt: skip
SENT = OpenApiExample(
    "A file and its day",
    value={"file": "死亡人员信息_201812.xlsx", "as_of": "2018-12-31"},
    request_only=True,
    media_type="multipart/form-data",
)
LISTED = OpenApiExample(
    "The last page", value={"deliveries": [CHECKED.value], "next": None}, response_only=True, status_codes=["200"]
)
PROBLEM = OpenApiExample(
    "A number with a wrong check character",
    value={
        "problems": [
            {
                "sheet": "死亡", "row": 17, "member": 0, "action": "reject_id_to_repair", "reason": "id_checksum_or_date",
                "what_is_wrong": "The number is not a right one", "what_to_do": "Compare the number with the identity card.",
            }
        ],
        "next": None,
    },
    response_only=True,
    status_codes=["200"],
)  # fmt: skip


class DeliveriesView(AskedView):
    """Takes files of a department's token with the verb send_deliveries, for the county of its unit; lists what it sent."""

    verb = Verb.SEND_DELIVERIES
    forms = (PageSerializer,)
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="send_delivery",
        summary="Send one file",
        request={"multipart/form-data": SentFileSerializer},
        parameters=[IDEMPOTENCY],
        responses={201: DeliverySerializer},
        examples=[SENT, CHECKED],
    )
    def post(self, request: Request) -> Response:
        """Receive a file. It is read within a minute and then awaits approval by a clerk, who sees what it would change."""
        sent = SentFileSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        actor, file, as_of = cast("Actor", request.user), sent.validated_data["file"], sent.validated_data["as_of"]

        def receive() -> tuple[int, dict[str, object]]:
            delivery = receive_file(
                actor=actor,
                county=county_of(actor),
                path=Path(file.temporary_file_path()),
                name=file.name,
                as_of=as_of,
                at=clock.now(),
                hold=True,
            )
            wake_on_commit(delivery)
            return 201, dict(DeliverySerializer(delivery).data)

        answer = answer_once(
            client_id=cast("int", actor.client_id),
            key=request.headers.get("Idempotency-Key", ""),
            request_sha256=_fingerprint(file, str(as_of)),
            at=clock.now(),
            do=receive,
        )
        headers = {"Location": reverse("api_delivery", args=[answer.body["id"]])}
        return Response(answer.body, status=answer.status, headers=headers)

    @extend_schema(
        operation_id="list_deliveries",
        summary="The files this client sent",
        parameters=[PageSerializer],
        responses={200: DeliveriesSerializer},
        examples=[LISTED],
    )
    def get(self, request: Request) -> Response:
        """List what was sent under the token's name, newest first."""
        rows, following = take_page(request, list_sent_deliveries(cast("Actor", request.user)), is_newest_first=True)
        return Response({"deliveries": DeliverySerializer(rows, many=True).data, "next": following})


class DeliveryView(AskedView):
    """Returns the outcome of one file."""

    verb = Verb.SEND_DELIVERIES

    @extend_schema(
        operation_id="read_delivery",
        summary="The outcome of one file",
        responses={200: DeliverySerializer},
        examples=[CHECKED],
    )
    def get(self, request: Request, delivery_id: int) -> Response:
        """Return state, counts and refusal; another sender's file is not found."""
        return Response(DeliverySerializer(get_sent_delivery(cast("Actor", request.user), delivery_id)).data)


class CompletionView(AskedView):
    """Takes the sender's statement that its list is complete."""

    verb = Verb.SEND_DELIVERIES
    also_refuses = (409,)

    @extend_schema(
        operation_id="state_list_complete",
        summary="Say that a list is complete without its missing parts",
        request=CompletionSerializer,
        responses={200: DeliverySerializer},
        examples=[
            OpenApiExample("A reason", value={"reason": "如城街道已并入长江镇"}, request_only=True),
            CHECKED,
        ],
    )
    def post(self, request: Request, delivery_id: int) -> Response:
        """Record the statement with the file of the list that was applied last; a clerk decides."""
        stated = CompletionSerializer(data=request.data)
        stated.is_valid(raise_exception=True)
        delivery = complete_list(
            actor=cast("Actor", request.user),
            delivery_id=delivery_id,
            reason=stated.validated_data["reason"],
            at=clock.now(),
        )
        return Response(DeliverySerializer(delivery).data)


class DeliveryProblemsView(AskedView):
    """Lists the problem lines of a file."""

    verb = Verb.SEND_DELIVERIES
    forms = (PageSerializer,)

    @extend_schema(
        operation_id="list_delivery_problems",
        summary="The problem lines of one file",
        parameters=[PageSerializer],
        responses={200: ProblemsSerializer},
        examples=[PROBLEM],
    )
    def get(self, request: Request, delivery_id: int) -> Response:
        """List sheet, line, reason, what was done, what to do; never the contents of the line."""
        delivery = get_sent_delivery(cast("Actor", request.user), delivery_id)
        rows, following = take_page(request, list_problems(delivery, action=EVERY))
        return Response({"problems": ProblemSerializer(rows, many=True).data, "next": following})


def _fingerprint(file: TemporaryUploadedFile, as_of: str) -> str:
    """The hash of what was asked: name, day and content."""
    digest = hashlib.sha256(f"{file.name}\n{as_of}\n".encode())
    for chunk in file.chunks():
        digest.update(chunk)
    return digest.hexdigest()
