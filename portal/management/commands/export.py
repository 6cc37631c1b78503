"""`./run manage export NAME --county CODE --out FILE --purpose TEXT`: results of a night, eligibility or applications, as csv.

Exports of a month take --month, eligibility takes --kind and --on, applications neither.
"""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from enrollment.constants import ApplicationKind
from enrollment.eligibility.conditions import GAPS_ANSWERED
from foundation.accounts.actors import system_actor
from foundation.primitives.errors import Conflict, NotFound
from foundation.regions.management.arguments import read_county
from portal.exports.export import (
    NAMES,
    ExportedFile,
    TableChoice,
    export,
    export_applications,
    export_eligibility,
)
from portal.reports.columns import Population, UnitBasis


class Command(BaseCommand):
    help = (
        "Export links, codes, gaps, findings on rolls, problems of files, changes of a month's lists, changed codes, "
        "the statutory table e1, who is eligible for an application, or the applications; the purpose goes into the "
        "register of disclosures."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=NAMES)
        parser.add_argument("--county", required=True, help="six digits")
        parser.add_argument("--month", type=_month, help="2018-12; all but eligibility and applications need it")
        parser.add_argument("--kind", choices=[kind.value for kind in GAPS_ANSWERED], help="of eligibility")
        parser.add_argument("--on", type=date.fromisoformat, help="2018-12-31; the day eligibility is tested on")
        parser.add_argument("--out", required=True, type=Path)
        parser.add_argument("--purpose", required=True)
        parser.add_argument("--population", choices=Population.values, default=Population.POVERTY_FILE, help="of e1")
        parser.add_argument("--unit-basis", choices=UnitBasis.values, default=UnitBasis.FILE, help="of e1")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            exported = _export(options)
        except (Conflict, NotFound) as error:
            raise CommandError(f"{error} {error.what_to_do}".strip()) from error
        self.stdout.write(f"{exported.rows:,} rows -> {exported.path}")


def _export(options: dict[str, Any]) -> ExportedFile:
    county = read_county(options["county"])
    actor, out, purpose = system_actor(county), options["out"], options["purpose"]
    match options["name"]:
        case "applications":
            return export_applications(actor=actor, county=county, out=out, purpose=purpose)
        case "eligibility":
            kind, day = ApplicationKind(_needed(options, "kind")), _needed(options, "on")
            return export_eligibility(actor=actor, county=county, kind=kind, day=day, out=out, purpose=purpose)
    return export(
        actor=actor,
        name=options["name"],
        county=county,
        month=_needed(options, "month"),
        out=out,
        purpose=purpose,
        table=TableChoice(Population(options["population"]), UnitBasis(options["unit_basis"])),
    )


def _needed(options: dict[str, Any], name: str) -> Any:
    if options[name] is None:
        raise CommandError(f"The export {options['name']} needs --{name}.")
    return options[name]


def _month(text: str) -> date:
    return date.fromisoformat(f"{text}-01")
