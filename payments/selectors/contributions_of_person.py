"""Reads of one person's contributions: the lines of plans and batches, and the lists that named the person."""

from __future__ import annotations

from collections.abc import Collection

from payments.models import ContributionLine, ContributionPlanLine
from registry.models import Designation


def list_plan_lines(person_ids: Collection[int]) -> list[ContributionPlanLine]:
    """List what the plans of all years say now of a person in reach, the newest year first. One query."""
    rows = ContributionPlanLine.objects.filter(person__in=person_ids, superseded_at=None)
    return list(rows.order_by("-year", "pk"))


def list_booked_lines(person_ids: Collection[int]) -> list[ContributionLine]:
    """List the contributions of a person in reach in frozen batches, the newest year first, with batch and plan line. One query."""
    rows = ContributionLine.objects.filter(person__in=person_ids).select_related("batch", "plan_line")
    return list(rows.order_by("-year", "pk"))


def list_naming_lines(designation_ids: Collection[int]) -> dict[int, Designation]:
    """Return id -> designation with the line of the file that made it. One query; the caller read the ids from lines in reach."""
    return Designation.objects.select_related("row__delivery").in_bulk(list(designation_ids))
