"""What a night looks at, pinned by its first step: the deliveries, the persons called poor on the day, the facts known.

The only reading of the register by the night; numbers are decrypted here, in bulk, in the worker.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TypedDict

import pyarrow as pa
import pyarrow.compute as pc
from django.conf import settings
from django.db import connection
from django.db.models import Q

from coverage.findings.decided_matches import read_decisions
from coverage.findings.workspace import NightWorkspace
from coverage.matching.rolls import Roll
from coverage.matching.subjects import CHANGES, IDENTITY_VARIANTS, prepare_subjects
from foundation.policy.selectors import get_parameters
from foundation.primitives.bulk import copy_out, whole_tables
from foundation.regions.models import Unit
from registry.constants import ROLL_FEEDS, NumberState
from registry.models import Delivery
from registry.services.numbers import decrypt_numbers


class PinnedDelivery(TypedDict):
    """One delivery a night rests on: its id, the day it describes as ISO text, its rows."""

    delivery: int
    as_of: str
    rows: int


Inputs = dict[str, list[PinnedDelivery]]
"""Feed -> its deliveries."""

_KNOWN = "{0}.recorded_at <= %(known)s AND ({0}.superseded_at IS NULL OR {0}.superseded_at > %(known)s)"

_FILE_ORDER = "array_position(ARRAY['poverty', 'dibao', 'tekun'], d.kind::text), d.row_id"
"""The first line of the first list says where a person is filed, as in the senders' own table."""

_PERSONS = f"""
    WITH list_day AS (
        SELECT feed, as_of_date AS day, dense_rank() OVER (PARTITION BY feed ORDER BY as_of_date DESC) AS place
        FROM registry_delivery d
        WHERE county_id = %(county)s AND feed IN ('poverty', 'dibao', 'tekun') AND as_of_date <= %(day)s AND applied_at <= %(known)s
          AND (superseded_at IS NULL OR superseded_at > %(known)s)
    ), list_before AS (
        SELECT DISTINCT feed, day FROM list_day WHERE place = 2
    ), poor_before AS (
        SELECT DISTINCT coalesce(a.canonical_id, d.person_id) AS person_id
        FROM registry_designation d
        JOIN list_before b ON b.feed = d.kind AND d.valid_from <= b.day AND (d.valid_to IS NULL OR d.valid_to > b.day)
        LEFT JOIN person_alias_at(%(known)s) a ON a.person_id = d.person_id
        WHERE d.county_id = %(county)s AND {_KNOWN.format("d")}
    )
    SELECT k.id AS person_id,
        before.person_id IS NULL AND bool_or(d.kind IN (SELECT feed FROM list_before)) AS newly_poor,
        bool_or(d.kind = 'poverty') AS in_poverty_file,
        bool_or(d.kind IN ('dibao', 'tekun') OR d.status IN ('未脱贫', '返贫')) AS in_three_categories,
        bool_or(d.kind = 'poverty' AND d.hukou_text <> '' AND d.hukou_unit_id IS NULL) AS hukou_outside,
        concat_ws(' ', CASE WHEN bool_or(d.kind = 'poverty' AND d.status IN ('未脱贫', '返贫')) THEN 'poverty' END,
            CASE WHEN bool_or(d.kind = 'poverty' AND d.status NOT IN ('未脱贫', '返贫')) THEN 'marked_out' END,
            CASE WHEN bool_or(d.kind = 'dibao') THEN 'dibao' END, CASE WHEN bool_or(d.kind = 'tekun') THEN 'tekun' END) AS categories,
        (array_agg(d.file_unit_id ORDER BY {_FILE_ORDER}) FILTER (WHERE d.file_unit_id IS NOT NULL))[1] AS file_unit_id,
        (array_agg(d.hukou_unit_id ORDER BY {_FILE_ORDER}) FILTER (WHERE d.hukou_text <> ''))[1] AS hukou_unit_id,
        coalesce(bool_or(d.hukou_text <> ''), false) AS hukou_stated,
        k.unit_id, k.name, k.name_pinyin, k.sex,
        coalesce(string_agg(DISTINCT s.states, ' '), '') AS number_states
    FROM registry_designation d
    LEFT JOIN person_alias_at(%(known)s) a ON a.person_id = d.person_id
    JOIN registry_person k ON k.id = coalesce(a.canonical_id, d.person_id)
    LEFT JOIN LATERAL (
        SELECT string_agg(DISTINCT i.state, ' ' ORDER BY i.state) AS states FROM registry_personidentifier i
        WHERE i.person_id = d.person_id AND {_KNOWN.format("i")}
    ) s ON true
    LEFT JOIN poor_before before ON before.person_id = k.id
    WHERE d.county_id = %(county)s AND d.valid_from <= %(day)s AND (d.valid_to IS NULL OR d.valid_to > %(day)s)
      AND {_KNOWN.format("d")}
    GROUP BY k.id, before.person_id
"""
_PERSONS_SCHEMA = pa.schema(
    [
        ("person_id", pa.int64()),
        ("newly_poor", pa.bool_()),
        ("in_poverty_file", pa.bool_()),
        ("in_three_categories", pa.bool_()),
        ("hukou_outside", pa.bool_()),
        ("categories", pa.string()),
        ("file_unit_id", pa.int64()),
        ("hukou_unit_id", pa.int64()),
        ("hukou_stated", pa.bool_()),
        ("unit_id", pa.int64()),
        ("name", pa.string()),
        ("name_pinyin", pa.string()),
        ("sex", pa.int16()),
        ("number_states", pa.string()),
    ]
)
# A birth date the file states beside the number is known only of persons without a right number: registry_person.birth_date is
# read off a right one. The tekun list states it.
_VARIANTS = f"""
    SELECT coalesce(a.canonical_id, d.person_id) AS subject_id, n.name, i.number_id, coalesce(i.state, '') AS state,
        CASE WHEN NOT EXISTS (
            SELECT 1 FROM registry_personidentifier k JOIN registry_identitynumber right_one ON right_one.id = k.number_id
            WHERE k.person_id = d.person_id AND right_one.valid AND {_KNOWN.format("k")}
        ) THEN p.birth_date END AS stated_birth,
        coalesce(u.code, '') AS village
    FROM (SELECT DISTINCT person_id FROM registry_designation d WHERE county_id = %(county)s AND valid_from <= %(day)s
          AND (valid_to IS NULL OR valid_to > %(day)s) AND {_KNOWN.format("d")}) d
    LEFT JOIN person_alias_at(%(known)s) a ON a.person_id = d.person_id
    JOIN registry_person p ON p.id = d.person_id
    JOIN registry_personname n ON n.person_id = d.person_id AND {_KNOWN.format("n")}
    LEFT JOIN registry_personidentifier i ON i.person_id = d.person_id AND {_KNOWN.format("i")}
    LEFT JOIN regions_unit u ON u.id = p.unit_id
"""
_VARIANTS_SCHEMA = pa.schema(
    [
        ("subject_id", pa.int64()),
        ("name", pa.string()),
        ("number_id", pa.int64()),
        ("state", pa.string()),
        ("stated_birth", pa.date32()),
        ("village", pa.string()),
    ]
)
_FACTS = f"""
    SELECT f.id AS fact_id, f.kind, f.name, f.number_id, f.old_number_id, f.new_number_id, f.event_date, f.valid_from, f.valid_to,
        f.source, coalesce(f.detail->>'answer', '') AS answer, coalesce(f.detail->>'verifier', '') AS verifier,
        coalesce(f.detail->>'remark', '') AS remark, coalesce(f.detail->>'to_place', '') AS to_place,
        coalesce(f.detail->>'scheme', '') AS scheme, coalesce(f.detail->>'status', '') AS status,
        coalesce(f.detail->>'before', '') AS before_name, coalesce(f.detail->>'after', '') AS after_name
    FROM registry_fact f WHERE f.county_id = %(county)s AND {_KNOWN.format("f")}
      AND NOT (f.kind = 'soldier' AND f.detail->>'state' IS NOT DISTINCT FROM 'discharged')
"""
_FACTS_SCHEMA = pa.schema(
    [
        ("fact_id", pa.int64()),
        ("kind", pa.string()),
        ("name", pa.string()),
        ("number_id", pa.int64()),
        ("old_number_id", pa.int64()),
        ("new_number_id", pa.int64()),
        ("event_date", pa.date32()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        *[
            (name, pa.string())
            for name in (
                "source",
                "answer",
                "verifier",
                "remark",
                "to_place",
                "scheme",
                "status",
                "before_name",
                "after_name",
            )
        ],
    ]
)


VARIABLES = {
    "benefit_age": "benefit_age_years",
    "participation_age": "participation_age_years",
    "survey_days": "survey_answer_limit_days",
    "months_to_60": "turning_60_months_ahead",
    "months_to_16": "turning_16_months_ahead",
}
"""Variable of the statements -> the parameter that gives it."""


def choose_deliveries(county: Unit, as_of: date, known_at: datetime) -> Inputs:
    """Choose per feed the applied files of the newest day up to as_of. Feeds of events add up over all earlier days.

    Kept as JSON with the night as its pinned inputs.
    """
    applied = (
        Delivery.objects.filter(county=county, as_of_date__lte=as_of, applied_at__lte=known_at)
        .filter(Q(superseded_at__isnull=True) | Q(superseded_at__gt=known_at))
        .order_by("feed", "as_of_date", "id")
    )
    newest: Inputs = {}
    for delivery in applied:
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
    rules = get_parameters(tuple(VARIABLES.values()), unit=county, on=as_of)
    variables: dict[str, date | int | str] = {"as_of": as_of, "as_of_month": as_of.replace(day=1)}
    variables |= {"county_name": county.name, **{name: int(rules[rule].value) for name, rule in VARIABLES.items()}}
    pinned = [entry["delivery"] for feed in ROLL_FEEDS for entry in inputs.get(feed, [])]
    deliveries = Delivery.objects.filter(pk__in=pinned).select_related("snapshot").order_by("pk")
    rolls = [Roll(d.feed, d.pk, settings.DATA_DIR / d.snapshot.path) for d in deliveries]
    return NightWorkspace(folder, variables, rolls)


def oldest_feed_date(inputs: Inputs, as_of: date) -> date:
    """Return the oldest day of the feeds a night rests on; the night's own day when nothing came."""
    days = [date.fromisoformat(entry["as_of"]) for entries in inputs.values() for entry in entries]
    return min(days, default=as_of)


def write_inputs(county: Unit, known_at: datetime, workspace: NightWorkspace) -> int:
    """Write persons, forms, facts, changes and clerks' decisions of the night. Returns the number of persons."""
    values = {"county": county.pk, "day": workspace.as_of, "known": known_at}
    with connection.cursor() as cursor, whole_tables(cursor):
        persons = copy_out(cursor, _PERSONS, _PERSONS_SCHEMA, values)
        variants = copy_out(cursor, _VARIANTS, _VARIANTS_SCHEMA, values)
        facts = copy_out(cursor, _FACTS, _FACTS_SCHEMA, values)
    facts = _with_numbers(facts, county)
    workspace.write_subjects(prepare_subjects(_variants(variants, county)))
    workspace.write("police_change", _changes(facts))
    workspace.write("fact", facts)
    workspace.write("decision", read_decisions(county, known_at))
    return workspace.write("person", persons)


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
            "number": _trusted(numbers, variants["state"]),
            "stated_birth": variants["stated_birth"],
            "village": pc.if_else(
                pc.equal(pc.utf8_slice_codeunits(variants["village"], 9, 12), "000"), "", variants["village"]
            ),
        }
    ).cast(IDENTITY_VARIANTS)


def _trusted(numbers: pa.Array, states: pa.ChunkedArray) -> pa.Array:
    """Take the last digits from numbers a spreadsheet kept as figures: they are lost, right though one in eleven looks."""
    begun = pc.binary_join_element_wise(pc.utf8_slice_codeunits(numbers, 0, 14), "XXXX", "")
    lost = pc.and_(pc.equal(states.combine_chunks(), NumberState.NUMERIC.value), pc.equal(pc.utf8_length(numbers), 18))
    return pc.if_else(lost, begun, numbers)


def _changes(facts: pa.Table) -> pa.Table:
    changed = facts.filter(pc.is_in(facts["kind"], pa.array(["name_changed", "number_changed"])))
    return changed.select(CHANGES.names).cast(CHANGES)
