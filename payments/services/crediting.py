"""Posting to the accounts: the contributions of a funded batch with their subsidies, and a year's interest."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action
from foundation.accounts.scope import county_of
from foundation.audit.services import record_event
from foundation.policy.selectors import get_parameters
from foundation.primitives.bulk import whole_tables
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.errors import BadInput, Conflict
from foundation.regions.models import Unit
from payments.constants import BATCH_TYPE, BatchState, Level
from payments.contributions.rules import split_by_level, unreadable
from payments.models import Batch, InterestPosting
from payments.selectors.batches import lock_batch
from payments.services.batches import demand_unchanged
from registry.services.numbers import allocate_ids

_SQL = Path(__file__).parent / "sql"
_CREDIT = (_SQL / "credit.sql").read_text("utf-8")
_INTEREST = (_SQL / "post_interest.sql").read_text("utf-8")


@transaction.atomic
def credit_batch(*, actor: Actor, batch_id: int, day: date, at: datetime) -> Batch:
    """Credit the accounts of a funded batch on a day, with the subsidies.

    Effects: entries; state; audit verb credit_batch. Run again it is a Conflict: nothing is posted twice.
    Errors: NotAllowed; NotFound; BadInput for a day in the future or in a year whose interest is posted; Conflict; ParameterMissing.
    """
    actor.demand(Action.CREDIT_BATCH)
    batch = lock_batch(actor, batch_id)
    if batch.state != BatchState.FUNDED:
        raise Conflict(
            _("The batch is “%(state)s”; only a funded one is credited.") % {"state": batch.get_state_display()},
            code="not_funded",
            ids=[batch.pk],
        )
    if day > at.astimezone(BUSINESS_ZONE).date():
        raise BadInput(_("The day cannot be in the future."), code="day_in_future", ids=["day"])
    _demand_open_year(batch.county, day)
    demand_unchanged(batch)
    values: dict[str, Any] = {
        "batch": batch.pk,
        "county": batch.county_id,
        "year": int(batch.period),
        "day": day,
        "at": at,
        "tiers": json.dumps(_subsidies(batch.county, int(batch.period))),
    }
    with connection.cursor() as cursor, whole_tables(cursor):
        cursor.execute(_CREDIT, values)
    batch.state, batch.credited_on = BatchState.CREDITED, day
    batch.save()
    detail = {"lines": batch.line_count, "fen": batch.total_fen, "day": day.isoformat()}
    record_event(actor=actor, verb="credit_batch", object_type=BATCH_TYPE, object_id=batch.pk, detail=detail)
    return batch


@transaction.atomic
def post_interest(*, actor: Actor, year: int, at: datetime) -> InterestPosting:
    """Post a year's interest to all accounts of the actor's county, once, after the year is over.

    Effects: an entry a person whose interest is not 0, dated the year's last day; audit verb post_interest.
    Errors: NotAllowed; BadInput for a year that is not over; Conflict when it is posted, or an earlier one is missing; ParameterMissing;
    RuleUnreadable where the region goes by another rate than the central bank's, which nobody has entered.
    """
    actor.demand(Action.CREDIT_BATCH)
    county = county_of(actor)
    if year >= at.astimezone(BUSINESS_ZONE).year:
        raise BadInput(_("The year %(year)s is not over.") % {"year": year}, code="year_not_over", ids=[str(year)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('contributions'), %s)", [county.pk])
        last = InterestPosting.objects.filter(county=county).aggregate(year=Max("year"))["year"]
        if last is not None and year != last + 1:
            raise Conflict(
                _("Interest is posted up to %(last)s; the next year is %(next)s.") % {"last": last, "next": last + 1},
                code="not_the_next_year",
                ids=[str(year)],
            )
        read = get_parameters(
            ["one_year_deposit_share", "interest_basis", "interest_rounding"], unit=county, on=date(year, 1, 1)
        )
        if read["interest_basis"].value != "one_year_deposit":
            raise unreadable(read["interest_basis"])
        rounding = read["interest_rounding"].value
        rate = Decimal(str(read["one_year_deposit_share"].value))
        posting = min(allocate_ids("payments_interestposting", 1))
        values = {
            "county": county.pk,
            "year": year,
            "rate": str(rate),
            "unit": int(rounding["to_fen"]),
            "up": rounding["way"] == "up",
            "posting": posting,
            "at": at,
        }
        cursor.execute(_INTEREST, values)
        accounts, amount = cursor.fetchone()
    posted = InterestPosting.objects.create(
        pk=posting,
        county=county,
        year=year,
        rate=rate,
        parameters={name: each.id for name, each in read.items()},
        accounts=accounts,
        amount_fen=amount,
        posted_by=actor.username,
        posted_at=at,
    )
    detail = {"year": year, "accounts": accounts, "fen": amount}
    record_event(actor=actor, verb="post_interest", object_type="county", object_id=county.pk, detail=detail)
    return posted


def _demand_open_year(county: Unit, day: date) -> None:
    last = InterestPosting.objects.filter(county=county).aggregate(year=Max("year"))["year"]
    if last is not None and day.year <= last:
        raise BadInput(
            _("The interest of %(year)s is posted: nothing can be credited in it any more.") % {"year": last},
            code="year_closed",
            ids=["day"],
        )


def _subsidies(county: Unit, year: int) -> list[dict[str, int]]:
    """Return what each tier earns, by level; the tier begins at its amount. Errors: ParameterMissing."""
    read = get_parameters(["subsidy", "subsidy_split"], unit=county, on=date(year, 12, 31))
    if read["subsidy"].is_none_here:
        return []
    rows = []
    for first, fen in read["subsidy"].value.items():
        shares = split_by_level(int(fen), dict(read["subsidy_split"].value))
        rows.append({"from": int(first), "fen": int(fen), **{level.value: shares[level] for level in Level}})
    return rows
