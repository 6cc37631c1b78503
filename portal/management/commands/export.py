"""`./run manage export NAME --county CODE --month YYYY-MM --out FILE --purpose TEXT`: results of a night, as csv."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from foundation.accounts.actors import system_actor
from foundation.primitives.errors import Conflict, NotFound
from foundation.regions.management.arguments import read_county
from portal.exports.export import NAMES, TableChoice, export
from portal.reports.columns import Population, UnitBasis


class Command(BaseCommand):
    help = (
        "Export links, codes, gaps, findings on rolls, problems of files, changes of a month's lists, changed codes "
        "or the statutory table e1; the purpose goes into the register of disclosures."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=NAMES)
        parser.add_argument("--county", required=True, help="six digits")
        parser.add_argument("--month", required=True, type=_month, help="2018-12")
        parser.add_argument("--out", required=True, type=Path)
        parser.add_argument("--purpose", required=True)
        parser.add_argument("--population", choices=Population.values, default=Population.POVERTY_FILE, help="of e1")
        parser.add_argument("--unit-basis", choices=UnitBasis.values, default=UnitBasis.FILE, help="of e1")

    def handle(self, *args: Any, **options: Any) -> None:
        county = read_county(options["county"])
        try:
            exported = export(
                actor=system_actor(county),
                name=options["name"],
                county=county,
                month=options["month"],
                out=options["out"],
                purpose=options["purpose"],
                table=TableChoice(Population(options["population"]), UnitBasis(options["unit_basis"])),
            )
        except (Conflict, NotFound) as error:
            raise CommandError(f"{error} {error.what_to_do}".strip()) from error
        self.stdout.write(f"{exported.rows:,} rows -> {exported.path}")


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")
