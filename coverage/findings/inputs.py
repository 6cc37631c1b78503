"""The inputs of a night, pinned by its first step: the deliveries, the persons called poor on the day, the facts known.

Only here does a night read the register (sql/register); numbers are decrypted here, in bulk, in the worker.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TypedDict

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.db import connection
from django.db.models import Q

from coverage.findings.decided_matches import read_decisions
from coverage.findings.statements import read_statement
from coverage.findings.tables import (
    DECISION,
    FACT,
    FACT_COLUMNS,
    PERSON,
    PERSON_COLUMNS,
    POLICE_CHANGE,
    PORTAL,
    PORTAL_COLUMNS,
    REPORT,
    REPORT_COLUMNS,
)
from coverage.findings.workspace import NightWorkspace
from coverage.matching.rolls import Roll
from coverage.matching.subjects import CHANGES, IDENTITY_VARIANTS, prepare_subjects
from foundation.policy.selectors import get_parameters
from foundation.primitives.bulk import copy_out, whole_tables
from foundation.regions.models import Unit
from registry.constants import ROLL_FEEDS, NumberState
from registry.models import Delivery
from registry.selectors.numbers import decrypt_numbers
from registry.selectors.whole_lists import HalfList, list_half_lists


class PinnedDelivery(TypedDict):
    """One delivery a night rests on: its id, the day it describes as ISO text, its rows."""

    delivery: int
    as_of: str
    rows: int


Inputs = dict[str, list[PinnedDelivery]]
"""Feed -> its deliveries."""

_VARIANT_COLUMNS = pa.schema(
    [
        ("subject_id", pa.int64()),
        ("name", pa.string()),
        ("number_id", pa.int64()),
        ("state", pa.string()),
        ("stated_birth", pa.date32()),
        ("village", pa.string()),
    ]
)
"""Of sql/register/read_variants.sql: numbers by their id, not yet decrypted."""
VARIABLES = {
    "benefit_age": "benefit_age_years",
    "participation_age": "participation_age_years",
    "survey_days": "survey_answer_limit_days",
    "months_to_60": "turning_60_months_ahead",
    "months_to_16": "turning_16_months_ahead",
    "student_age": "student_age_warning_years",
    "rolls_awaited": "enrolment_rolls_awaited",
}
"""Variable of the statements -> the policy parameter it takes its value from."""

INCLUSION_RULES = ("direct_inclusion_window", "direct_inclusion_test_day", "direct_inclusion_categories")
"""The rules of direct inclusion (docs/rules.md R17)."""


def choose_deliveries(county: Unit, as_of: date, known_at: datetime) -> Inputs:
    """Choose per feed the applied files of the newest day up to as_of with all their parts. Events accumulate over all earlier days.

    Kept as JSON with the night as its pinned inputs.
    """
    half = {(each.feed, each.day) for each in list_half_lists(county.pk, known_at=known_at)}
    applied = (
        Delivery.objects.filter(county=county, as_of_date__lte=as_of, applied_at__lte=known_at)
        .filter(Q(superseded_at__isnull=True) | Q(superseded_at__gt=known_at))
        .order_by("feed", "as_of_date", "id")
    )
    newest: Inputs = {}
    for delivery in applied:
        if (delivery.feed, delivery.as_of_date) in half:
            continue
        chosen = newest.setdefault(delivery.feed, [])
        if chosen and chosen[0]["as_of"] != delivery.as_of_date.isoformat():
            chosen.clear()
        chosen.append(
            {
                "delivery": delivery.pk,
                "as_of": delivery.as_of_date.isoformat(),
                "rows": delivery.row_counts.get("rows", 0),
            }
        )
    return newest


def open_workspace(county: Unit, as_of: date, inputs: Inputs, folder: Path) -> NightWorkspace:
    """Return the night's workspace over its pinned rolls. Errors: ParameterMissing when the region lacks a rule."""
    rules = get_parameters((*VARIABLES.values(), *INCLUSION_RULES), unit=county, on=as_of)
    variables: dict[str, date | int | str | None] = {"as_of": as_of, "as_of_month": as_of.replace(day=1)}
    variables |= {"county_name": county.name, **{name: int(rules[rule].value) for name, rule in VARIABLES.items()}}
    variables |= _inclusion_variables(*(rules[name].value for name in INCLUSION_RULES))
    pinned = [entry["delivery"] for feed in ROLL_FEEDS for entry in inputs.get(feed, [])]
    deliveries = Delivery.objects.filter(pk__in=pinned).select_related("snapshot").order_by("pk")
    rolls = [Roll(d.feed, d.pk, settings.DATA_DIR / d.snapshot.path) for d in deliveries]
    return NightWorkspace(folder, variables, rolls)


def _inclusion_variables(
    window: Mapping[str, str] | None, tested_on: str, categories: Sequence[str] | None
) -> dict[str, date | str | None]:
    """Return what direct inclusion is tested by; a region without a window or a category includes nobody."""
    first, last = (date.fromisoformat(str(window[end])) if window else None for end in ("first_day", "last_day"))
    return {
        "inclusion_first": first,
        "inclusion_last": last,
        "inclusion_tested": tested_on,
        "inclusion_categories": " ".join(categories or ()),
    }


def oldest_feed_date(inputs: Inputs, as_of: date) -> date:
    """Return the oldest day of the feeds a night rests on; the night's own day when nothing came."""
    days = [date.fromisoformat(entry["as_of"]) for entries in inputs.values() for entry in entries]
    return min(days, default=as_of)


def find_held_back(county: Unit, as_of: date, known_at: datetime) -> list[HalfList]:
    """List the lists up to as_of that the night leaves out because parts are missing, where no whole one is as new. Two queries."""
    half = [each for each in list_half_lists(county.pk, known_at=known_at) if each.day <= as_of]
    used = choose_deliveries(county, as_of, known_at) if half else {}
    return [each for each in half if each.feed in used and used[each.feed][0]["as_of"] < each.day.isoformat()]


def write_inputs(
    county: Unit, known_at: datetime, inputs: Inputs, workspace: NightWorkspace, portal: pa.Table | None = None
) -> int:
    """Write persons, variants, facts, changes, villages' reports and clerks' decisions of the night. Returns the number of persons.

    `portal`: our own enrolments as tables.PORTAL_COLUMNS, from the app that keeps them; none without it.
    """
    held = {each.feed for each in find_held_back(county, workspace.as_of, known_at)}
    last_days = [{"feed": feed, "day": inputs[feed][0]["as_of"]} for feed in sorted(held)]
    values = {"county": county.pk, "day": workspace.as_of, "known": known_at, "last_days": json.dumps(last_days)}
    with connection.cursor() as cursor, whole_tables(cursor):
        persons = copy_out(cursor, read_statement("register/read_persons"), PERSON_COLUMNS, values)
        variants = copy_out(cursor, read_statement("register/read_variants"), _VARIANT_COLUMNS, values)
        facts = copy_out(cursor, read_statement("register/read_facts"), FACT_COLUMNS, values)
        reports = copy_out(cursor, read_statement("register/read_reports"), REPORT_COLUMNS, values)
    facts = _with_numbers(facts, county)
    workspace.write_subjects(prepare_subjects(_variants(variants, county)))
    workspace.write(POLICE_CHANGE, _changes(facts))
    workspace.write(FACT, facts)
    workspace.write(REPORT, reports)
    workspace.write(PORTAL, PORTAL_COLUMNS.empty_table() if portal is None else portal)
    workspace.write(DECISION, read_decisions(county, known_at))
    return workspace.write(PERSON, persons)


def _with_numbers(facts: pa.Table, county: Unit) -> pa.Table:
    held = "SELECT unnest(ARRAY[number_id, old_number_id, new_number_id]) FROM registry_fact WHERE county_id = %s"
    texts = _texts(decrypt_numbers(held, [county.pk]))
    for name in ("number", "old_number", "new_number"):
        column = pa.array([texts.get(number, "") for number in facts[f"{name}_id"].to_pylist()], pa.string())
        facts = facts.append_column(name, column)
    return facts


def _texts(numbers: pa.Table) -> dict[int, str]:
    return dict(zip(numbers["number_id"].to_pylist(), numbers["number"].to_pylist(), strict=True))


def _variants(variants: pa.Table, county: Unit) -> pa.Table:
    held = "SELECT i.number_id FROM registry_personidentifier i JOIN registry_person p ON p.id = i.person_id WHERE p.county_id = %s"
    texts = _texts(decrypt_numbers(held, [county.pk]))
    numbers = pa.array([texts.get(number, "") for number in variants["number_id"].to_pylist()], pa.string())
    return pa.table(
        {
            "subject_id": variants["subject_id"],
            "name": variants["name"],
            "number": _without_lost_digits(numbers, variants["state"]),
            "stated_birth": variants["stated_birth"],
            "village": pc.if_else(
                pc.equal(pc.utf8_slice_codeunits(variants["village"], 9, 12), "000"), "", variants["village"]
            ),
        }
    ).cast(IDENTITY_VARIANTS)


def _without_lost_digits(numbers: pa.Array, states: pa.ChunkedArray) -> pa.Array:
    """Remove the last digits of numbers a spreadsheet stored as figures: they are lost, though one number in eleven looks right."""
    shortened = pc.binary_join_element_wise(pc.utf8_slice_codeunits(numbers, 0, 14), "XXXX", "")
    lost = pc.and_(pc.equal(states.combine_chunks(), NumberState.NUMERIC.value), pc.equal(pc.utf8_length(numbers), 18))
    return pc.if_else(lost, shortened, numbers)


def _changes(facts: pa.Table) -> pa.Table:
    changed = facts.filter(pc.is_in(facts["kind"], pa.array(["name_changed", "number_changed"])))
    return changed.select(CHANGES.names).cast(CHANGES)
