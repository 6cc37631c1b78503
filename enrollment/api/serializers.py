"""The questions and the answers of /api/v1/applications/ and /api/v1/eligibility. No answer contains a name or number of anybody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from enrollment.constants import (
    RECORDED_KINDS,
    ApplicationKind,
    ApplicationState,
    Channel,
    Condition,
    Outcome,
    Paper,
    Verb,
)
from enrollment.details import LONGEST
from enrollment.eligibility.conditions import CONDITIONS, RULES
from enrollment.eligibility.testing import Tested
from enrollment.models import Application, ApplicationChange, ApplicationStep
from enrollment.presenters.conditions import PARAMETERS
from enrollment.selectors.for_departments import NamedPerson
from enrollment.services.preparing import LONGEST_NOTE
from foundation.web.api.fields import PlainTextField, WholeNumberField
from foundation.web.api.paging import LARGEST_ID

MOST_PERSONS, MOST_DETAILS = 1000, 20
TOLD_TO_THE_APPLICANT = (Verb.NAME_MISSING, Verb.REFUSE, Verb.RETURN)
"""Steps whose note is written for the applicant; other notes stay in the office."""
_NAME = r"[a-z_]{1,40}"


class NamedPersonSerializer(serializers.Serializer):
    """A person: by the `person_id` of an answer, or by identity number and name. Nobody is found by anything less."""

    person_id = WholeNumberField(min_value=0, max_value=LARGEST_ID, allow_null=True, default=None)
    number = PlainTextField(max_length=40, default="", help_text="Identity number, 15 or 18 characters.")
    name = PlainTextField(
        max_length=100, default="", help_text="As one of the files names the person; only the phonetic key must agree."
    )


def named(given: dict[str, Any]) -> NamedPerson:
    """Return who is meant by a checked NamedPersonSerializer."""
    return NamedPerson(person_id=given["person_id"], number=given["number"], name=given["name"])


@extend_schema_field(
    {
        "type": "object",
        "maxProperties": MOST_DETAILS,
        "propertyNames": {"pattern": f"^{_NAME}$"},
        "additionalProperties": {"type": ["string", "boolean"], "maxLength": LONGEST},
    }
)
class DetailsField(serializers.Field):
    """The fields of a kind: name -> text, or true for a statement. Which fields a kind has is checked by the service."""

    default_error_messages = {
        "invalid": _("At most %(most)s names of fields, each with a text or true.") % {"most": MOST_DETAILS}
    }

    def to_internal_value(self, data: object) -> dict[str, str | bool]:
        """Return the fields, without characters a database cannot store. Errors: ValidationError."""
        if not isinstance(data, dict) or len(data) > MOST_DETAILS:
            self.fail("invalid")
        return {self._name(name): self._value(value) for name, value in data.items()}

    def to_representation(self, value: dict[str, str | bool]) -> dict[str, str | bool]:
        """Return the fields as they are."""
        return value

    def _name(self, name: object) -> str:
        if not isinstance(name, str) or re.fullmatch(_NAME, name) is None:
            self.fail("invalid")
        return name

    def _value(self, value: object) -> str | bool:
        if isinstance(value, bool):
            return value
        if not isinstance(value, str) or len(value) > LONGEST:
            self.fail("invalid")
        return value.replace("\x00", "").encode("utf-8", "ignore").decode()


class SentApplicationSerializer(serializers.Serializer):
    """An application as a department's system prepares it; papers are added by the office that takes it up."""

    kind = serializers.ChoiceField(choices=ApplicationKind.choices)
    person = NamedPersonSerializer()
    details = DetailsField(default=dict, help_text="The fields of the kind, as docs/api.md lists them.")
    agent_name = PlainTextField(max_length=100, default="", help_text="Who applies for the person; empty: the person.")
    agent_relation = PlainTextField(max_length=50, default="")
    note = PlainTextField(max_length=LONGEST_NOTE, default="", help_text="For the office; no identity number.")


class WithdrawalSerializer(serializers.Serializer):
    """Why a draft is withdrawn."""

    reason = serializers.CharField(max_length=500, help_text="Shown to the office; no name or number of a person.")


class ApplicationQuestionSerializer(serializers.Serializer):
    """Which applications; what is left out does not restrict."""

    kind = serializers.ChoiceField(choices=ApplicationKind.choices, required=False)
    state = serializers.ChoiceField(choices=ApplicationState.choices, required=False)
    person_id = serializers.IntegerField(min_value=0, max_value=LARGEST_ID, required=False)
    unit = serializers.RegexField(r"^\d{12}$", required=False, help_text="Twelve digits: this unit and those below it.")
    own = serializers.ChoiceField(
        choices=["true", "false"], required=False, help_text="true: prepared by this client's system."
    )


class ApplicationSerializer(serializers.Serializer):
    """One application of a person in the token's unit."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=ApplicationKind.choices)
    state = serializers.ChoiceField(choices=ApplicationState.choices)
    version = serializers.IntegerField(help_text="1, and one more for each correction.")
    person_id = serializers.IntegerField(help_text="As /api/v1/coverage names the person.")
    unit = serializers.SerializerMethodField(help_text="Where the person lived; null: the county itself.")
    channel = serializers.ChoiceField(choices=Channel.choices)
    is_own = serializers.BooleanField(help_text="Prepared by this client's system.")
    opened_at = serializers.DateTimeField()
    accepted_on = serializers.DateField(allow_null=True, help_text="Complete papers came in; days are counted from it.")
    receipt_no = serializers.CharField(allow_blank=True)
    due_on = serializers.DateField(allow_null=True)
    earliest_decision_on = serializers.DateField(allow_null=True)
    decided_on = serializers.DateField(allow_null=True)
    effective_from = serializers.DateField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)

    def get_unit(self, application: Application) -> str | None:
        """Return the unit's code."""
        return application.unit.code if application.unit else None


class ReasonSerializer(serializers.Serializer):
    """A condition a refusal rests on."""

    code = serializers.ChoiceField(choices=sorted({each.value for each in Condition}))
    label = serializers.CharField(help_text="In the caller's language, as the decision names it.")  # type: ignore[assignment]


class ApplicationDecisionSerializer(serializers.Serializer):
    """A decision: what, when, why, and how long it can be appealed."""

    outcome = serializers.ChoiceField(choices=["granted", "recorded", "refused"])
    decided_on = serializers.DateField()
    reasons = ReasonSerializer(many=True, help_text="Of a refusal.")
    note = serializers.CharField(allow_blank=True, help_text="Of a refusal, as the applicant reads it.")
    appeal_days = serializers.IntegerField(
        allow_null=True,
        help_text="Days from receiving the decision to apply for reconsideration; null: no rule is known.",
    )


class ApplicationStepSerializer(serializers.Serializer):
    """One step taken; `note` only where it is written for the applicant."""

    verb = serializers.ChoiceField(choices=Verb.choices)
    version = serializers.IntegerField()
    state_after = serializers.ChoiceField(choices=ApplicationState.choices)
    taken_at = serializers.DateTimeField()
    role = serializers.CharField(source="taken_role")
    unit = serializers.CharField(source="taken_unit.code")
    missing_papers = serializers.SerializerMethodField()
    note = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=Paper.choices)))
    def get_missing_papers(self, step: ApplicationStep) -> list[str]:
        """Return the papers that were missing when it was submitted, or were named."""
        return list(step.detail.get("missing", []))

    def get_note(self, step: ApplicationStep) -> str:
        """Return what the applicant is told."""
        return step.note if step.verb in TOLD_TO_THE_APPLICANT else ""


class WholeApplicationSerializer(ApplicationSerializer):
    """One application with its steps, oldest first, and its decision, null before it is made."""

    decision = ApplicationDecisionSerializer(allow_null=True)
    steps = ApplicationStepSerializer(many=True)


def whole(application: Application, steps: Sequence[ApplicationStep], appeal_days: int | None) -> dict[str, Any]:
    """Return an application as WholeApplicationSerializer describes it."""
    decision = _decision(application, steps, appeal_days)
    return {
        **ApplicationSerializer(application).data,
        "decision": decision,
        "steps": ApplicationStepSerializer(steps, many=True).data,
    }


def _decision(
    application: Application, steps: Sequence[ApplicationStep], appeal_days: int | None
) -> dict[str, Any] | None:
    if application.decided_on is None:
        return None
    refusals = [each.note for each in steps if each.verb == Verb.REFUSE]
    recorded = "recorded" if application.kind in RECORDED_KINDS else "granted"
    decision = {
        "outcome": "refused" if application.state == ApplicationState.REFUSED else recorded,
        "decided_on": application.decided_on,
        "reasons": [{"code": each, "label": str(Condition(each).label)} for each in application.refusal_reasons],
        "note": refusals[-1] if refusals else "",
        "appeal_days": appeal_days,
    }
    return dict(ApplicationDecisionSerializer(decision).data)


class ApplicationsSerializer(serializers.Serializer):
    """A page of applications in the order they were begun; `next` is null on the last."""

    applications = ApplicationSerializer(many=True)
    next = serializers.IntegerField(allow_null=True)


class ChangeSerializer(serializers.Serializer):
    """An application was begun, corrected, or moved by a step: the state and version it then had."""

    number = serializers.IntegerField(source="pk")
    application = serializers.IntegerField(source="application_id")
    kind = serializers.ChoiceField(choices=ApplicationKind.choices, source="application.kind")
    state = serializers.ChoiceField(choices=ApplicationState.choices)
    version = serializers.IntegerField()
    person_id = serializers.IntegerField(source="application.person_id")
    unit = serializers.SerializerMethodField(help_text="Where the person lived; null: the county itself.")

    def get_unit(self, change: ApplicationChange) -> str | None:
        """Return the unit's code."""
        return change.application.unit.code if change.application.unit else None


class ChangesSerializer(serializers.Serializer):
    """A page of changes; `next` is null on the last."""

    changes = ChangeSerializer(many=True)
    next = serializers.IntegerField(allow_null=True)
    ask_again_after = serializers.IntegerField(help_text="`after` of your next question, also of an empty page.")


class EligibilityQuestionSerializer(serializers.Serializer):
    """Up to a thousand persons, tested for one kind of application."""

    kind = serializers.ChoiceField(choices=ApplicationKind.choices)
    persons = serializers.ListField(child=NamedPersonSerializer(), min_length=1, max_length=MOST_PERSONS)


class TestedConditionSerializer(serializers.Serializer):
    """One condition, whether it is met, and where that is ruled."""

    code = serializers.ChoiceField(
        choices=sorted({each.value for each in Condition}), help_text="The reason of a refusal where it is not met."
    )
    label = serializers.CharField(help_text="In the caller's language.")  # type: ignore[assignment]
    state = serializers.ChoiceField(choices=["met", "not_met", "unknown"])
    rule = serializers.CharField(help_text="Its heading in docs/rules.md, with source and article.")
    parameter = serializers.CharField(allow_blank=True, help_text="The dated rule whose value it asks; else empty.")


class EligibilitySerializer(serializers.Serializer):
    """What the conditions come to for one person; all but `found` are null or empty for a person not found."""

    found = serializers.BooleanField()
    person_id = serializers.IntegerField(allow_null=True)
    outcome = serializers.ChoiceField(choices=Outcome.choices, allow_null=True)
    conditions = TestedConditionSerializer(many=True)


class EligibilityAnswerSerializer(serializers.Serializer):
    """One answer for each person asked about, in the same order."""

    day = serializers.DateField(help_text="The day the conditions were tested on, as known now.")
    persons = EligibilitySerializer(many=True)


def eligibility(tested: Tested | None) -> dict[str, Any]:
    """Return the answer about one person as EligibilitySerializer describes it."""
    if tested is None:
        return {"found": False, "person_id": None, "outcome": None, "conditions": []}
    return {
        "found": True,
        "person_id": tested.person_id,
        "outcome": tested.outcome.value,
        "conditions": [_condition(each, tested) for each in CONDITIONS[tested.kind]],
    }


def _condition(each: Condition, tested: Tested) -> dict[str, str]:
    state = "not_met" if each in tested.not_met else "unknown" if each in tested.unknown else "met"
    return {
        "code": each.value,
        "label": str(each.label),
        "state": state,
        "rule": RULES[each].source,
        "parameter": PARAMETERS.get(each, ""),
    }
