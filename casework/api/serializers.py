"""The questions and the answers of /api/v1/gaps/."""

from __future__ import annotations

from django.db.models import TextChoices
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from casework.constants import FEED_SUBJECT, GapKind
from casework.models import Gap
from foundation.web.api.fields import MomentField, PlainTextField
from registry.constants import Scheme


class GapSubject(TextChoices):
    """Whose gap it is."""

    PERSON = "person"
    ROLL_LINE = "roll_line"
    FEED = "feed"


class GapQuestionSerializer(serializers.Serializer):
    """Which gaps; what is left out does not restrict."""

    kind = serializers.ChoiceField(choices=GapKind.choices, required=False)
    reason = PlainTextField(max_length=48, required=False, help_text="The word an answer gave as `reason`.")
    unit = serializers.RegexField(r"^\d{12}$", required=False, help_text="Twelve digits: this unit and those below it.")
    changed_since = MomentField(
        required=False,
        help_text="Gaps opened, closed or given another reason since; without it all open ones. `ask_again_since` of an "
        "answer goes here: a gap may then come twice, none is missed.",
    )


class GapSerializer(serializers.Serializer):
    """One gap, of a person, of a line of a roll or of a feed; without the name or number of anybody."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=GapKind.choices)
    reason = serializers.CharField(allow_blank=True)
    evidence_class = serializers.ChoiceField(choices=["A", "B", "C"], allow_blank=True, help_text="Of deaths.")
    subject = serializers.SerializerMethodField()
    person_id = serializers.IntegerField(allow_null=True, help_text="As /api/v1/coverage names the person.")
    scheme = serializers.SerializerMethodField()
    roll_no = serializers.SerializerMethodField(
        help_text="The line's own number on that roll, of an identity number its mask and an id; null for others."
    )
    feed = serializers.SerializerMethodField(help_text="The feed that is out of date; null for others.")
    unit = serializers.SerializerMethodField(help_text="Twelve digits; null: at the county itself.")
    opened_on = serializers.DateField(help_text="The day of the night that found it first.")
    closed_on = serializers.DateField(allow_null=True, help_text="Null while it is open.")

    def get_subject(self, gap: Gap) -> GapSubject:
        """Return whose gap it is."""
        if gap.person_id is not None:
            return GapSubject.PERSON
        return GapSubject.FEED if gap.scheme == FEED_SUBJECT else GapSubject.ROLL_LINE

    @extend_schema_field(serializers.ChoiceField(choices=Scheme.choices, allow_null=True))
    def get_scheme(self, gap: Gap) -> str | None:
        """Return the scheme whose roll has the line."""
        return gap.scheme if self.get_subject(gap) == GapSubject.ROLL_LINE else None

    def get_roll_no(self, gap: Gap) -> str | None:
        """Return the line's number on the roll."""
        return gap.roll_no if self.get_subject(gap) == GapSubject.ROLL_LINE else None

    def get_feed(self, gap: Gap) -> str | None:
        """Return the feed the gap is about."""
        return gap.roll_no if self.get_subject(gap) == GapSubject.FEED else None

    def get_unit(self, gap: Gap) -> str | None:
        """Return the unit's code."""
        return gap.unit.code if gap.unit else None


class GapsSerializer(serializers.Serializer):
    """A page of gaps in the order they were opened; `next` is null on the last."""

    gaps = GapSerializer(many=True)
    next = serializers.IntegerField(allow_null=True)
    ask_again_since = serializers.DateTimeField(help_text="Of the first page: `changed_since` of your next question.")
