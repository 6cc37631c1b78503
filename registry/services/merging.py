"""Two persons who may be one: found after every file of poor persons, decided by a reviewer, undone completely when wrong."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
from django.db import connection, transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.audit.services import record_event
from foundation.jobs.duckdb_connections import open_duckdb
from foundation.policy.limits import undo_period
from foundation.primitives.bulk import copy_into, copy_out, whole_tables
from foundation.primitives.columns import clean_names
from foundation.primitives.errors import BadInput, Conflict
from foundation.regions.models import Unit
from registry.models import MergeProposal, PersonMerge, ProposalState
from registry.selectors.merges import get_proposal
from registry.selectors.persons import get_person

FOUND_PAIRS = "found_pair"
_RULE = Path(__file__).parent.parent / "intake" / "sql" / "propose_duplicates.sql"
_CALLED = """
    SELECT DISTINCT coalesce(a.canonical_id, d.person_id) AS person_id, d.kind AS feed, n.name,
        CASE WHEN i.state IN ('ok', 'fifteen', 'cut') THEN i.number_id END AS number_id,
        CASE WHEN u.level = 5 THEN u.id END AS village_id
    FROM registry_designation d
    JOIN registry_personname n ON n.person_id = d.person_id AND n.superseded_at IS NULL
    LEFT JOIN registry_personidentifier i ON i.person_id = d.person_id AND i.superseded_at IS NULL
    LEFT JOIN regions_unit u ON u.id = d.file_unit_id
    LEFT JOIN person_alias_at(%(at)s) a ON a.person_id = d.person_id
    WHERE d.county_id = %(county)s AND d.superseded_at IS NULL AND d.valid_to IS NULL
"""
_CALLED_SCHEMA = pa.schema(
    [
        ("person_id", pa.int64()),
        ("feed", pa.string()),
        ("name", pa.string()),
        ("number_id", pa.int64()),
        ("village_id", pa.int64()),
    ]
)
_STORE = """
    UPDATE registry_mergeproposal p SET state = 'withdrawn' WHERE p.county_id = %(county)s AND p.state = 'open'
        AND NOT EXISTS (SELECT 1 FROM {table} f WHERE f.person_a = p.person_a_id AND f.person_b = p.person_b_id);
    INSERT INTO registry_mergeproposal (county_id, person_a_id, person_b_id, reason, state, proposed_at, decided_by)
        SELECT %(county)s, person_a, person_b, reason, 'open', %(at)s, '' FROM {table}
    ON CONFLICT (person_a_id, person_b_id) DO UPDATE
        SET reason = excluded.reason, state = 'open', proposed_at = excluded.proposed_at, decided_by = '', decided_at = NULL
        WHERE registry_mergeproposal.state = 'withdrawn'
           OR registry_mergeproposal.state = 'different' AND registry_mergeproposal.reason <> excluded.reason;
"""


@transaction.atomic
def propose_merges(county: Unit, *, at: datetime) -> int:
    """Find a county's possible duplicates; return how many pairs there are.

    A pair decided to be different remains decided unless the reason has changed; one no longer found is withdrawn.
    Effects: rows of MergeProposal. Safe to run again. Cost: one pass over the county's designations, no decryption.
    """
    with connection.cursor() as cursor:
        with whole_tables(cursor):
            called = copy_out(cursor, _CALLED, _CALLED_SCHEMA, {"county": county.pk, "at": at})
        found = find_possible_duplicates(called)
        cursor.execute(
            f"CREATE TEMP TABLE {FOUND_PAIRS} (person_a bigint, person_b bigint, reason text) ON COMMIT DROP",
        )
        copy_into(cursor, FOUND_PAIRS, found)
        cursor.execute(_STORE.format(table=FOUND_PAIRS), {"county": county.pk, "at": at})
        cursor.execute(f"DROP TABLE {FOUND_PAIRS}")
    return int(found.num_rows)


def find_possible_duplicates(called: pa.Table) -> pa.Table:
    """Return (person_a, person_b, reason) for the names, numbers and villages the files state; the rule is propose_duplicates.sql."""
    phonetic_keys = clean_names(called["name"].combine_chunks()).phonetic_key
    with open_duckdb() as database:
        database.register("called", called.append_column("phonetic_key", phonetic_keys))
        return database.sql(_RULE.read_text("utf-8")).to_arrow_table()


@transaction.atomic
def decide_proposal(*, actor: Actor, proposal_id: int, same: bool, reason: str, at: datetime) -> MergeProposal:
    """Decide whether two persons are one: the one recorded first is kept, the other becomes its alias.

    Effects: the proposal's state, a PersonMerge when they are one; audited. The next night counts them as one.
    Errors: NotAllowed; NotFound; BadInput without a reason; Conflict when it is decided already.
    """
    actor.demand(Action.MERGE_PERSONS)
    proposal = MergeProposal.objects.select_for_update().get(pk=get_proposal(actor, proposal_id).pk)
    if proposal.state != ProposalState.OPEN:
        raise Conflict(
            _("This pair has been decided: %(state)s, by %(who)s.")
            % {"state": proposal.get_state_display(), "who": proposal.decided_by or "—"},
            code="already_decided",
            ids=[proposal_id],
        )
    if same:
        merge_persons(actor=actor, kept_id=proposal.person_a_id, absorbed_id=proposal.person_b_id, reason=reason, at=at)
    proposal.state = ProposalState.MERGED if same else ProposalState.DIFFERENT
    proposal.decided_by, proposal.decided_at = actor.username, at
    proposal.save(update_fields=["state", "decided_by", "decided_at"])
    record_event(
        actor=actor, verb=f"possible_duplicate_{proposal.state}", object_type="mergeproposal", object_id=proposal.pk
    )
    return proposal


@transaction.atomic
def undo_proposal(*, actor: Actor, proposal_id: int, at: datetime) -> MergeProposal:
    """Undo the decision on a pair, one person or two: it is to be decided again.

    Effects: the proposal's state, the end of its PersonMerge; audited. Errors: NotAllowed; NotFound; Conflict when it is not decided,
    or the period for undoing is over.
    """
    actor.demand(Action.MERGE_PERSONS)
    proposal = get_proposal(actor, proposal_id)
    merge = PersonMerge.objects.filter(kept=proposal.person_a_id, absorbed=proposal.person_b_id, undone_at=None).first()
    if merge is None:  # of a merge its own lock is the first, as everywhere
        proposal = MergeProposal.objects.select_for_update().get(pk=proposal.pk)
    if proposal.state not in (ProposalState.MERGED, ProposalState.DIFFERENT):
        raise Conflict(_("This pair is not decided."), code="not_decided", ids=[proposal_id])
    if not may_undo_proposal(proposal, at=at, period=undo_period(actor, on=at.date())):
        raise Conflict(_("This decision can no longer be undone."), code="too_late", ids=[proposal_id])
    if merge is not None:
        undo_merge(actor=actor, merge_id=merge.pk, at=at)
    MergeProposal.objects.filter(pk=proposal.pk).update(state=ProposalState.OPEN, decided_by="", decided_at=None)
    record_event(actor=actor, verb="possible_duplicate_reopened", object_type="mergeproposal", object_id=proposal.pk)
    return proposal


def may_undo_proposal(proposal: MergeProposal, *, at: datetime, period: timedelta) -> bool:
    """Answer whether a decision on a pair is recent enough to be undone."""
    return proposal.decided_at is not None and at - proposal.decided_at <= period


@transaction.atomic
def merge_persons(*, actor: Actor, kept_id: int, absorbed_id: int, reason: str, at: datetime) -> PersonMerge:
    """Make one person the alias of another.

    Effects: one PersonMerge; audited. Errors: NotAllowed; NotFound; BadInput without a reason or for a person with itself;
    Conflict when one of the two is an alias already, or both are of different counties.
    """
    actor.demand(Action.MERGE_PERSONS)
    if not reason.strip():
        raise BadInput(_("A merge needs a reason."), what_to_do=_("Enter what shows that they are the same person."))
    if kept_id == absorbed_id:
        raise BadInput(_("A person cannot be merged with itself."))
    kept, absorbed = get_person(actor, kept_id), get_person(actor, absorbed_id)
    _lock_merges(kept.county_id)
    if kept.county_id != absorbed.county_id:
        raise Conflict(_("The two persons belong to different counties."), ids=[kept_id, absorbed_id])
    aliased = PersonMerge.objects.filter(absorbed__in=[kept_id, absorbed_id], undone_at=None).first()
    if aliased is not None:
        raise Conflict(
            _("One of the two was merged before."),
            what_to_do=_("View the merged person, or undo that merge first."),
            ids=[aliased.kept_id],
        )
    merge = PersonMerge.objects.create(
        kept=kept, absorbed=absorbed, reason=reason.strip()[:300], decided_by=actor.username, decided_at=at
    )
    detail = {"absorbed": absorbed_id}
    record_event(actor=actor, verb="persons_merged", object_type="person", object_id=kept_id, detail=detail)
    return merge


@transaction.atomic
def undo_merge(*, actor: Actor, merge_id: int, at: datetime) -> PersonMerge:
    """Undo a merge: both persons are as before, with all their own rows.

    Effects: ends the PersonMerge, reopens its proposal; audited. Errors: NotAllowed; NotFound; Conflict when undone.
    """
    actor.demand(Action.MERGE_PERSONS)
    found = PersonMerge.objects.select_related("kept").filter(pk=merge_id).first()
    get_person(actor, found.kept_id if found else 0)
    merge = PersonMerge.objects.select_for_update().get(pk=merge_id)
    if merge.undone_at is not None:
        raise Conflict(_("This merge has been undone by %(who)s.") % {"who": merge.undone_by}, ids=[merge.kept_id])
    merge.undone_by, merge.undone_at = actor.username, at
    merge.save(update_fields=["undone_by", "undone_at"])
    first, second = sorted((merge.kept_id, merge.absorbed_id))
    MergeProposal.objects.filter(person_a=first, person_b=second, state=ProposalState.MERGED).update(
        state=ProposalState.OPEN, decided_by="", decided_at=None
    )
    detail = {"absorbed": merge.absorbed_id}
    record_event(actor=actor, verb="merge_undone", object_type="person", object_id=merge.kept_id, detail=detail)
    return merge


def _lock_merges(county_id: int) -> None:
    """One merge of a county at a time: two at once could form a cycle."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('registry_personmerge'), %s)", [county_id])
