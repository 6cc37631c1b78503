"""The questions and the answers of /api/v1/coverage."""

from __future__ import annotations

from rest_framework import serializers

from casework.constants import GapKind
from coverage.constants import DeskReason, E1Column, Verdict
from foundation.web.api.fields import PlainTextField

MOST_PERSONS = 1000


class AskedPersonSerializer(serializers.Serializer):
    """One person asked about."""

    number = PlainTextField(max_length=40, help_text="Identity number, 15 or 18 characters.")
    name = PlainTextField(
        max_length=100, help_text="As one of the files names the person; only the phonetic key must agree."
    )


class CoverageQuestionSerializer(serializers.Serializer):
    """Up to a thousand persons."""

    persons = serializers.ListField(child=AskedPersonSerializer(), min_length=1, max_length=MOST_PERSONS)


class CoverageSerializer(serializers.Serializer):
    """The results of the last night for one person; all but `found` are null for a person not found."""

    found = serializers.BooleanField()
    person_id = serializers.IntegerField(allow_null=True)
    verdict = serializers.ChoiceField(
        choices=Verdict.choices, allow_null=True, help_text="Survey code; GAP: uninsured."
    )
    e1_column = serializers.ChoiceField(choices=E1Column.choices, allow_null=True)
    desk_reason = serializers.ChoiceField(choices=DeskReason.choices, allow_null=True)
    gaps = serializers.ListField(child=serializers.ChoiceField(choices=GapKind.choices), allow_null=True)
    as_of = serializers.DateField(allow_null=True, help_text="Date of the nightly run that first found it.")
    oldest_feed_date = serializers.DateField(allow_null=True, help_text="Oldest date of the data used.")


class CoverageAnswerSerializer(serializers.Serializer):
    """One answer for each person asked about, in the same order."""

    persons = CoverageSerializer(many=True)
