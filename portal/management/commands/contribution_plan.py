"""`./run manage contribution_plan --county CODE --year YYYY --out FILE --purpose TEXT [--batch --as USER]`: compute and write a plan."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, Sum

from foundation.accounts.actors import system_actor
from foundation.accounts.management.acting_as import act_as
from foundation.primitives import clock
from foundation.primitives.errors import DomainError
from foundation.primitives.money import format_fen
from foundation.regions.management.arguments import read_county
from foundation.regions.models import Unit
from payments.constants import Category, Exclusion, PlanOutcome
from payments.models import ContributionPlan, ContributionPlanLine
from payments.services.booking import draft_batch
from payments.services.planning import compute_plan
from portal.exports.export import export_contribution_plan
from portal.exports.nights import get_newest_night


class Command(BaseCommand):
    help = (
        "Compute for whom government pays the contribution of a year, and for whom not and why; write it line by delivered line, "
        "and with --batch begin a batch for those whom no batch has booked yet."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--county", required=True, help="six digits")
        parser.add_argument("--year", required=True, type=int)
        parser.add_argument("--out", required=True, type=Path)
        parser.add_argument("--purpose", required=True)
        parser.add_argument("--batch", action="store_true", help="begin a batch; needs --as")
        parser.add_argument("--as", dest="user", help="a user of the demonstration")

    def handle(self, *args: Any, **options: Any) -> None:
        county, at = read_county(options["county"]), clock.now()
        if options["batch"] and not options["user"]:
            raise CommandError("--batch needs --as USER: a person prepares a batch.")
        try:
            plan = compute_plan(county=county, year=options["year"], as_of=get_newest_night(county).as_of_date, at=at)
            self._print(county, plan)
            exported = export_contribution_plan(
                actor=system_actor(county),
                county=county,
                year=plan.year,
                out=options["out"],
                purpose=options["purpose"],
            )
            self.stdout.write(f"{exported.rows:,} rows -> {exported.path}")
            if options["batch"]:
                actor = act_as(options["user"], county=county, on=clock.today())
                batch = draft_batch(actor=actor, year=plan.year, note="", at=at)
                self.stdout.write(
                    f"batch {batch.pk}  draft; next: ./run manage sign contributions {batch.pk} --as USER --role department"
                )
        except DomainError as error:
            raise CommandError(f"{error} {error.what_to_do}".strip()) from error

    def _print(self, county: Unit, plan: ContributionPlan) -> None:
        lines = ContributionPlanLine.objects.filter(county=county, year=plan.year, superseded_at=None)
        self.stdout.write(
            f"plan {plan.year} of {county.name}, codes of {plan.as_of_date}: {plan.paid_for:,} paid for,"
            f" {format_fen(plan.amount_fen)} yuan; {plan.added:,} added, {plan.removed:,} removed, {plan.changed:,} changed"
        )
        paid = lines.filter(outcome=PlanOutcome.PAID_FOR).values("category").order_by("category")
        for row in paid.annotate(people=Count("id"), fen=Sum("amount_fen")):
            label = Category(row["category"]).label
            self.stdout.write(f"  {row['category']:<20}{row['people']:>8,}{format_fen(row['fen']):>18}  {label}")
        excluded = lines.filter(outcome=PlanOutcome.EXCLUDED).values("reason").order_by("reason")
        for reason, people in excluded.annotate(people=Count("id")).values_list("reason", "people"):
            self.stdout.write(f"  {reason:<20}{people:>8,}{'':>18}  {Exclusion(reason).label}")
