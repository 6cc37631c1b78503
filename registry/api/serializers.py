"""Requests to /api/v1/deliveries/ and their answers. No answer contains personal data: no names, no numbers."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from foundation.web.api.fields import DayOfDataField
from registry.constants import DeliveryState, Feed, RowAction
from registry.intake.errors import sentence
from registry.intake.remarks import remark_words
from registry.models import Delivery, DeliveryProblem
from registry.presenters.problem_words import WHAT_TO_DO, reason_words
from registry.services.completing import LONGEST_REASON


class SentFileSerializer(serializers.Serializer):
    """One table, or a zip of tables, and the day it describes."""

    file = serializers.FileField(help_text="xlsx, xls, csv, text or zip, as on the page.", max_length=255)
    as_of = DayOfDataField(help_text="The day the data describe, mostly the last day of a month.")


class CompletionSerializer(serializers.Serializer):
    """Why a list is complete without the parts that did not come."""

    reason = serializers.CharField(
        max_length=LONGEST_REASON, help_text="Shown to the clerk who decides; no name or number of a person."
    )


class DeliverySerializer(serializers.Serializer):
    """One file: received (a worker will read it), checked (awaits approval), applied, refused, superseded or undone."""

    id = serializers.IntegerField()
    file_name = serializers.CharField()
    file_sha256 = serializers.CharField()
    feed = serializers.ChoiceField(choices=Feed.choices, allow_blank=True, help_text="Empty until it is read.")
    as_of = serializers.DateField(source="as_of_date")
    state = serializers.ChoiceField(choices=DeliveryState.choices)
    received_at = serializers.DateTimeField()
    applied_at = serializers.DateTimeField(allow_null=True)
    rows = serializers.SerializerMethodField(help_text="Lines of the file.")
    outcomes = serializers.SerializerMethodField(help_text="Lines by outcome.")
    changes = serializers.SerializerMethodField(
        help_text="Applied: what the register gained; checked: what it would gain."
    )
    remarks = serializers.SerializerMethodField(
        help_text="How it was read: the fate of every part, in the caller's language."
    )
    reading = serializers.SerializerMethodField(
        help_text="The reading report: by field its columns, why, and cells filled and understood; the headers not used."
    )
    missing_parts = serializers.SerializerMethodField(
        help_text="Parts of the list before for which this list still waits; empty when it is whole or was declared complete."
    )
    refusal = serializers.SerializerMethodField(help_text="Why it was refused, in the caller's language; else empty.")

    def get_rows(self, delivery: Delivery) -> int:
        """Count the lines."""
        return int(delivery.row_counts.get("rows", 0))

    def get_outcomes(self, delivery: Delivery) -> dict[str, int]:
        """Return outcome -> lines."""
        return dict(delivery.row_counts.get("outcomes", {}))

    def get_changes(self, delivery: Delivery) -> dict[str, int]:
        """Return kind of change -> count."""
        counts: dict[str, Any] = delivery.preview if delivery.state == DeliveryState.CHECKED else delivery.row_counts
        return dict(counts.get("changes", {}))

    def get_missing_parts(self, delivery: Delivery) -> list[str]:
        """Return the names of the parts."""
        return list(delivery.missing_parts) if delivery.lacks_parts else []

    def get_refusal(self, delivery: Delivery) -> str:
        """Return the reason as a sentence."""
        return sentence(delivery.refusal) if delivery.refusal else ""

    def get_remarks(self, delivery: Delivery) -> list[str]:
        """Return the remarks as sentences."""
        return [remark_words(each) for each in delivery.reading.get("remarks", ())]

    def get_reading(self, delivery: Delivery) -> dict[str, Any]:
        """Return the reading report as it is stored; empty before the file is read."""
        return dict(delivery.reading.get("report", {}))


class DeliveriesSerializer(serializers.Serializer):
    """A page of deliveries, newest first; `next` is null on the last."""

    deliveries = DeliverySerializer(many=True)
    next = serializers.IntegerField(allow_null=True)


class ProblemSerializer(serializers.Serializer):
    """A problem line; `member` counts the people of a household's line from 1."""

    sheet = serializers.CharField(allow_blank=True)
    row = serializers.IntegerField()
    member = serializers.IntegerField()
    action = serializers.ChoiceField(choices=RowAction.choices)
    reason = serializers.CharField(help_text="A stable code; a duplicate also names the earlier line.")
    what_is_wrong = serializers.SerializerMethodField(help_text="The reason in the caller's language.")
    what_to_do = serializers.SerializerMethodField()

    def get_what_is_wrong(self, problem: DeliveryProblem) -> str:
        """Return the reason in the caller's language."""
        return reason_words(problem.reason)

    def get_what_to_do(self, problem: DeliveryProblem) -> str:
        """Return what to do in the caller's language."""
        return str(WHAT_TO_DO[problem.action])


class ProblemsSerializer(serializers.Serializer):
    """A page of problem lines in the order they were found; `next` is null on the last."""

    problems = ProblemSerializer(many=True)
    next = serializers.IntegerField(allow_null=True)
