"""/api/v1/possible-matches/: the possible matches of the token's unit, and a clerk's decision on one, sent by the clerk's system.

No name or number of a person is disclosed. A system relays what a person decided: the note states who did, and on which evidence.
"""

from __future__ import annotations

import hashlib
from typing import cast

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coverage.constants import FINAL_DECISIONS, LinkRule, PairDecision
from coverage.matching.weights import band
from coverage.models import Link, MatchDecision
from coverage.selectors.possible_matches import undecided_links
from coverage.services.decisions import LONGEST_NOTE, decide_pair
from coverage.services.disclosing import disclose_possible_matches
from foundation.accounts.actors import Actor
from foundation.accounts.constants import Verb
from foundation.accounts.services.idempotency import answer_once
from foundation.primitives import clock
from foundation.web.api.idempotency import IDEMPOTENCY
from foundation.web.api.paging import PageSerializer, take_page
from foundation.web.api.queries import AskedView
from registry.constants import Scheme

RELAYED = [decision.value for decision in (*FINAL_DECISIONS, PairDecision.CANNOT_TELL)]
"""Decisions a system may relay; asking the village opens a case and is done at the county's desk."""
PAIR = {
    "id": 4711, "person_id": 15, "scheme": "resident", "roll_no": "32068200012", "rule": "number_of_another",
    "comparison_vector": {"number": "same", "name": "same surname", "birth": "same", "village": "same"},
    "score": 45.4, "band": "strong", "model_version": 1, "changed": [], "current_decision": None, "found_at": "2019-01-02T03:10:00+08:00",
}  # fmt: skip
DECIDED = {
    "id": 815, "pair": 4711, "decision": "not_same", "decided_by": "county system", "decided_at": "2019-01-02T09:00:00+08:00",
}  # fmt: skip


class PairSerializer(serializers.Serializer):
    """A line of a roll that may be a person; `current_decision` is set when nobody could tell, or the village is asked."""

    id = serializers.IntegerField()
    person_id = serializers.IntegerField()
    scheme = serializers.ChoiceField(choices=Scheme.choices)
    roll_no = serializers.CharField(
        allow_blank=True, help_text="The line's own number on that roll, of an identity number its mask and an id."
    )
    rule = serializers.ChoiceField(choices=LinkRule.choices)
    comparison_vector = serializers.SerializerMethodField(help_text="Field -> how it compares.")
    score = serializers.FloatField(allow_null=True)
    band = serializers.SerializerMethodField(help_text="strong, likely or weak; null without a score.")
    model_version = serializers.IntegerField()
    changed = serializers.SerializerMethodField(help_text="What has changed since it was last decided.")
    current_decision = serializers.ChoiceField(choices=PairDecision.choices, allow_null=True)
    found_at = serializers.DateTimeField(source="recorded_at")

    def get_comparison_vector(self, link: Link) -> dict[str, str]:
        """Return the agreement levels by field."""
        parts = (part.partition("=") for part in link.comparison_vector.split(";") if part)
        return {field: level for field, _equals, level in parts}

    def get_band(self, link: Link) -> str | None:
        """Return the name of the score's band."""
        return None if link.score is None else band(link.score)

    def get_changed(self, link: Link) -> list[str]:
        """Return the codes of what changed."""
        return link.changed.split()


class PairsSerializer(serializers.Serializer):
    """A page of undecided matches, in the order they were found; `next` is null on the last."""

    possible_matches = PairSerializer(many=True)
    next = serializers.IntegerField(allow_null=True)


class DecisionRequestSerializer(serializers.Serializer):
    """A clerk's decision on one possible match."""

    decision = serializers.ChoiceField(choices=RELAYED)
    note = serializers.CharField(
        max_length=LONGEST_NOTE, allow_blank=True, default="", help_text="Who decided, and on which evidence."
    )


class DecisionSerializer(serializers.Serializer):
    """A recorded decision; codes follow with the next night."""

    id = serializers.IntegerField()
    pair = serializers.IntegerField(source="link_id")
    decision = serializers.ChoiceField(choices=PairDecision.choices)
    decided_by = serializers.CharField()
    decided_at = serializers.DateTimeField(source="recorded_at")


class PossibleMatchesView(AskedView):
    """Lists the undecided matches, for a token with the verb read_matches."""

    verb = Verb.READ_MATCHES
    forms = (PageSerializer,)

    @extend_schema(
        operation_id="list_possible_matches",
        summary="Possible matches awaiting a decision",
        parameters=[PageSerializer],
        responses={200: PairsSerializer},
        examples=[
            OpenApiExample(
                "A pair", value={"possible_matches": [PAIR], "next": None}, response_only=True, status_codes=["200"]
            )
        ],
    )
    def get(self, request: Request) -> Response:
        """List the possible matches of persons in the token's unit."""
        actor = cast("Actor", request.user)
        rows, following = take_page(request, undecided_links(actor))
        disclose_possible_matches(actor=actor, links=rows)
        page = PairsSerializer({"possible_matches": rows, "next": following}).data
        return Response(page, headers={"Cache-Control": "no-store"})


class MatchDecisionView(AskedView):
    """Records a clerk's decision on one possible match, for a token with the verb decide_matches."""

    verb = Verb.DECIDE_MATCHES

    @extend_schema(
        operation_id="decide_possible_match",
        summary="A clerk's decision on one possible match",
        request=DecisionRequestSerializer,
        parameters=[IDEMPOTENCY],
        responses={201: DecisionSerializer},
        examples=[
            OpenApiExample(
                "Not the same", value={"decision": "not_same", "note": "王经办: 户口簿上是两个人"}, request_only=True
            ),
            OpenApiExample("Written", value=DECIDED, response_only=True, status_codes=["201"]),
        ],
    )
    def post(self, request: Request, link_id: int) -> Response:
        """Record the decision. Decided meanwhile, or superseded by a night: 409; a match outside the token's unit is not found."""
        sent = DecisionRequestSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        decision, note = sent.validated_data["decision"], sent.validated_data["note"]
        actor = cast("Actor", request.user)

        def decide() -> tuple[int, dict[str, object]]:
            made: MatchDecision = decide_pair(
                actor=actor, link_id=link_id, decision=decision, note=note, at=clock.now()
            )
            return 201, dict(DecisionSerializer(made).data)

        answer = answer_once(
            client_id=cast("int", actor.client_id),
            key=request.headers.get("Idempotency-Key", ""),
            request_sha256=hashlib.sha256(f"{link_id}\n{decision}\n{note}".encode()).hexdigest(),
            at=clock.now(),
            do=decide,
        )
        return Response(answer.body, status=answer.status)
