"""One valid row of any table, with the rows it refers to: what the tests of the schema copy and break."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Field, Model

from foundation.primitives.clock import BUSINESS_ZONE

DAY = date(2018, 12, 31)
NOW = datetime(2019, 1, 2, 8, 30, tzinfo=BUSINESS_ZONE)
_numbers = count(1)

SAMPLES: dict[str, Callable[[Rows], dict[str, Any]]] = {
    "regions.Unit": lambda rows: _unit(f"{next(_numbers):012d}"),
    "accounts.Membership": lambda rows: {"role": "county_clerk", "valid_from": DAY},
    "accounts.Deputy": lambda rows: _deputy(rows),
    "accounts.ClientToken": lambda rows: {"token_hash": f"{next(_numbers):064x}", "verbs": ["read_gaps"]},
    "signatures.Signature": lambda rows: {"content_hash": f"{next(_numbers):064x}"},
    "audit.Disclosure": lambda rows: {"fields": ["name"]},
    "casework.Gap": lambda rows: _of_a_person(rows) | {"kind": "UNINSURED", "rank": 30},
    "casework.Case": lambda rows: _of_a_person(rows),
    "casework.CaseClosing": lambda rows: {"reason": "no_action_needed", "state_before": "open", "note": "noted"},
    "casework.Answer": lambda rows: {"uuid": uuid4()},
    "casework.ContactAttempt": lambda rows: {"case": rows.one("casework.Case")},
    "casework.Question": lambda rows: _of_a_person(rows) | {"text": "x"},
    "coverage.Finding": lambda rows: {"kind": "death", "person": rows.one("registry.Person")},
    "coverage.MatchDecision": lambda rows: {"roll_no": "R1", "link": rows.one("coverage.Link")},
    "nightly.MonthFigure": lambda rows: {"month": DAY.replace(day=1)},
    "policy.ParameterProposal": lambda rows: {"value": 1, "drafted_date": DAY, "effective_date": DAY},
    "policy.ParameterValue": lambda rows: {"value": 1},
    "registry.Designation": lambda rows: {"kind": "poverty", "valid_from": DAY, "row": rows.one("registry.DeliveredRow")},
    "registry.Delivery": lambda rows: {"file_sha256": f"{next(_numbers):064x}", "feed": "poverty"},
    "registry.FieldReport": lambda rows: {"uuid": uuid4(), "person": rows.one("registry.Person")},
    "casework.ReportReview": lambda rows: {"report": rows.new("registry.FieldReport")},
    "registry.IdentityNumber": lambda rows: {"blind_full": next(_numbers).to_bytes(16, "big")},
    "registry.MergeProposal": lambda rows: {"person_a": rows.new("registry.Person"), "person_b": rows.new("registry.Person")},
    "registry.PersonMerge": lambda rows: {"kept": rows.new("registry.Person"), "absorbed": rows.new("registry.Person")},
    "registry.RollSnapshot": lambda rows: {"row_count": 1, "scheme": "resident", "delivery": rows.new("registry.Delivery")},
    "demo.DemoMark": lambda rows: {"id": 1},
    "accounts.SignInFailure": lambda rows: {"account_hash": f"{next(_numbers):064x}"},
    "accounts.User": lambda rows: {"username": f"user{next(_numbers)}"},
    "enrollment.Application": lambda rows: {"content_hash": "0" * 64, "person": rows.new("registry.Person")},
    "enrollment.ApplicationStep": lambda rows: {"taken_by": rows.one("accounts.User")},
    "enrollment.ApplicationVersion": lambda rows: {"content_hash": "0" * 64, "made_by": rows.one("accounts.User")},
    "enrollment.Enrollment": lambda rows: {"books": "portal"},
    "enrollment.OneStopBatch": lambda rows: {"content_hash": "0" * 64},
    "enrollment.TemporaryIdentity": lambda rows: {"number": f"T32068220190102{next(_numbers):05d}"},
    "payments.AccountEntry": lambda rows: {"amount_fen": 1, "source_type": "x", "credit": "personal",
                                           "person": rows.new("registry.Person")},
    "payments.Batch": lambda rows: {"period": "2018"},
    "payments.BatchFunding": lambda rows: {"amount_fen": 1},
    "payments.ContributionLine": lambda rows: {"year": 2018, "amount_fen": 1, "county_fen": 1, "person": rows.new("registry.Person"),
                                               "county": rows.one("regions.Unit")},
    "payments.ContributionPlanLine": lambda rows: {"outcome": "paid_for", "category": "dibao", "amount_fen": 1, "county_fen": 1,
                                                   "person": rows.new("registry.Person")},
    "payments.ContributionPlan": lambda rows: {"added": 0, "changed": 0, "paid_for": 1},
    "payments.InterestPosting": lambda rows: {"rate": Decimal("0.015")},
    "payments.TownshipCheck": lambda rows: {"content_hash": "0" * 64},
    "mfa.Authenticator": lambda rows: {"type": "totp"},
}  # fmt: skip
"""Of tables whose rules ask for more than a value of each column's type; the rest is made from the columns."""


class Rows:
    """Makes rows; of each table it keeps one, which the others refer to."""

    def __init__(self, models_by_label: dict[str, type[Model]]) -> None:
        self._models = models_by_label
        self._ones: dict[str, Model] = {}

    def one(self, label: str) -> Model:
        """Return the one row of a table that other rows refer to."""
        if label not in self._ones:
            self._ones[label] = self.new(label)
        return self._ones[label]

    def new(self, label: str, **values: Any) -> Model:
        """Insert another row of a table."""
        model = self._models[label]
        stated = SAMPLES[label](self) | values if label in SAMPLES else values
        row = model(**{field.name: self._value(field) for field in _asked(model, stated)} | stated)
        row.save(force_insert=True)
        return row

    def _value(self, field: Field) -> Any:
        if isinstance(field, models.ForeignKey):
            return self.one(field.related_model._meta.label)
        if field.choices:
            return next(value for value, _label in field.flatchoices if value not in ("", None))
        for kind, value in _VALUES.items():
            if isinstance(field, kind):
                return value() if callable(value) else value
        raise NotImplementedError(f"no sample value for {field}")


_VALUES: dict[type[Field], Any] = {
    models.DateTimeField: NOW,
    models.DateField: DAY,
    models.BooleanField: False,
    models.FloatField: 1.0,
    models.IntegerField: 1,
    models.JSONField: dict,
    ArrayField: lambda: ["x"],
    models.BinaryField: lambda: b"0123456789abcdef",
    models.GenericIPAddressField: "127.0.0.1",
    models.UUIDField: "00000000-0000-0000-0000-000000000001",
    models.CharField: "x",
    models.TextField: "x",
}


def _asked(model: type[Model], stated: dict[str, Any]) -> list[Field]:
    """List the columns a row must have a value for."""
    return [
        field
        for field in model._meta.concrete_fields
        if field.name not in stated
        and field.attname not in stated
        and not field.null
        and not isinstance(field, models.AutoField)
        and field.default is models.NOT_PROVIDED
        and field.db_default is models.NOT_PROVIDED
        and not field.blank
    ]


def _unit(code: str) -> dict[str, Any]:
    return {"code": code, "path": f"{code}/", "level": 3, "name": "x", "full_name": "x", "valid_from": DAY}


def _of_a_person(rows: Rows) -> dict[str, Any]:
    return {"person": rows.new("registry.Person"), "scheme": "", "roll_no": ""}


def _deputy(rows: Rows) -> dict[str, Any]:
    membership = rows.one("accounts.Membership")
    return {
        "absent": rows.one("accounts.User"),
        "deputy": rows.new("accounts.User"),
        "membership": membership,
        "granted_by": rows.one("accounts.User"),
        "valid_from": DAY,
        "valid_to": date(2019, 2, 1),
    }
