"""A subject's gaps and the events of its case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from casework.models import Case, CaseEvent, Gap
from casework.selectors.subjects import SubjectKey, of_subjects
from foundation.accounts.actors import Actor
from foundation.accounts.scope import in_scope
from foundation.accounts.selectors import shown_name_of


def list_open_gaps(actor: Actor, key: SubjectKey, known: datetime | None = None) -> list[Gap]:
    """List a subject's open gaps, the gravest first. One query."""
    is_open = Q(closed_at__isnull=True)
    if known is not None:
        is_open = Q(opened_at__lte=known) & (is_open | Q(closed_at__gt=known))
    rows = in_scope(Gap.objects.filter(of_subjects([key])).filter(is_open), actor)
    return list(rows.order_by("rank", "id"))


def list_open_gaps_of(actor: Actor, person_ids: Sequence[int]) -> dict[int, list[tuple[Gap, Case | None]]]:
    """Return person id -> the open gaps, the gravest first, each with the person's case, for a list of persons. Two queries."""
    cases = {case.person_id: case for case in Case.objects.filter(person__in=person_ids).order_by("id")}
    rows = in_scope(Gap.objects.open().filter(person__in=person_ids), actor).defer("evidence")
    found: dict[int, list[tuple[Gap, Case | None]]] = {}
    for gap in rows.order_by("rank", "id"):
        found.setdefault(gap.person_id or 0, []).append((gap, cases.get(gap.person_id)))
    return found


def list_all_gaps(actor: Actor, key: SubjectKey) -> list[Gap]:
    """List a subject's gaps, closed ones too, newest first, county and unit loaded. One query."""
    rows = in_scope(Gap.objects.filter(of_subjects([key])), actor).select_related("unit", "county")
    return list(rows.order_by("-opened_at", "rank", "id"))


def list_case_events(key: SubjectKey) -> list[CaseEvent]:
    """List the events of a subject's case, newest first, `shown_name` with each; the subject was loaded in scope before. One query."""
    about: dict[str, object] = {"case__person_id": key.person_id}
    if not key.person_id:
        about = {"case__county_id": key.county_id, "case__scheme": key.scheme, "case__roll_no": key.roll_no}
    rows = CaseEvent.objects.filter(**about).annotate(shown_name=shown_name_of("actor_name"))
    return list(rows.select_related("closing").order_by("-at", "-id"))
