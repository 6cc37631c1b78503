"""`./run manage receive PATH... --county CODE --as-of DAY [--layout FILE] [--yes] [--complete REASON]`: files received by command.

Ends with 0 when every file was applied, 3 when one was refused or failed, or a list was not declared complete, 4 when the columns
of one must be stated by a user.
"""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor, system_actor
from foundation.primitives.clock import now
from foundation.primitives.errors import BadInput, Conflict
from foundation.regions.management.arguments import read_county
from foundation.regions.models import Unit
from registry.constants import DeliveryState
from registry.intake.delivery_layouts import needs_mapping
from registry.intake.errors import IntakeError, sentence
from registry.intake.layouts import Layout, LayoutError, load_layout
from registry.intake.remarks import remark_words
from registry.models import Delivery
from registry.presenters.reading_reports import shown_reading
from registry.selectors.deliveries import list_split_off
from registry.selectors.delivery_decisions import is_waiting_for_parts
from registry.services.completing import complete_list
from registry.services.learned_layouts import learn_layout_file
from registry.services.receiving import process_delivery, receive_file

REFUSED, NEEDS_A_LAYOUT = 3, 4
NOT_APPLIED = (DeliveryState.REFUSED, DeliveryState.FAILED)
COUNTY_LEVEL = 3


class Command(BaseCommand):
    help = (
        "Receive and apply departments' files for a county; prints per file the feed, the encoding and rows by outcome."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, help="files, or folders whose files are all received")
        parser.add_argument("--county", required=True, help="six digits")
        parser.add_argument(
            "--as-of", required=True, type=date.fromisoformat, help="the day the data describe, 2018-12-31"
        )
        parser.add_argument("--layout", type=Path, help="a layout file for all these files; docs/feeds.md")
        parser.add_argument("--yes", action="store_true", help="apply also a file above the region's loss limit")
        parser.add_argument(
            "--complete",
            metavar="REASON",
            default="",
            help="why these files are the whole list although parts of the list before did not come; docs/feeds.md",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        county = read_county(options["county"])
        layout = read_layout(options["layout"])
        day = date.fromisoformat(str(options["as_of"]))  # a text where the command is called by code
        received = [
            delivery
            for path in list_files(options["paths"])
            for delivery in self._receive(county, path, day, options["yes"], layout)
        ]
        refused = sum(delivery.state in NOT_APPLIED for delivery in received)
        unknown = sum(map(needs_mapping, received))
        incomplete = self._complete(county, received, options["complete"]) if options["complete"] else 0
        if unknown:
            raise CommandError(
                _(
                    "%(count)s files are waiting for their columns to be identified: on the delivery page, or "
                    "with a layout file."
                )
                % {"count": unknown},
                returncode=NEEDS_A_LAYOUT,
            )
        if refused:
            raise CommandError(_("%(count)s files were refused.") % {"count": refused}, returncode=REFUSED)
        if incomplete:
            raise CommandError(
                _("%(count)s lists were not declared complete.") % {"count": incomplete}, returncode=REFUSED
            )

    def _receive(self, county: Unit, path: Path, as_of: date, consent: bool, layout: Layout | None) -> list[Delivery]:
        """Receive a file; return its deliveries, one for each feed in it."""
        actor = system_actor(county)
        try:
            delivery = receive_file(actor=actor, county=county, path=path, name=path.name, as_of=as_of, at=now())
        except BadInput as refusal:
            raise CommandError(f"{refusal} {refusal.what_to_do}") from refusal
        known = delivery.state == DeliveryState.APPLIED
        if layout is not None and not known:
            self._learn(actor, delivery, layout)
        delivery = process_delivery(actor=actor, delivery_id=delivery.pk, at=now(), consent=consent)
        self.stdout.write(describe(path.name, delivery, known))
        done = [delivery]
        for other in list_split_off(delivery):
            done.append(process_delivery(actor=actor, delivery_id=other.pk, at=now(), consent=consent))
            self.stdout.write(describe(path.name, done[-1], known=False))
        return done

    def _complete(self, county: Unit, received: list[Delivery], reason: str) -> int:
        """Declare the lists complete that still wait for parts once all files are received; return how many could not be."""
        refused = 0
        for delivery in filter(is_waiting_for_parts, received):
            try:
                completed = complete_list(actor=system_actor(county), delivery_id=delivery.pk, reason=reason, at=now())
            except (BadInput, Conflict) as refusal:
                refused += 1
                self.stderr.write(f"{delivery.file_name}: {refusal} {refusal.what_to_do}")
                continue
            said = [each for each in completed.reading["remarks"] if each["code"] == "complete_without"]
            self.stdout.write("\n  ".join([completed.file_name, *map(remark_words, said)]))
        return refused

    def _learn(self, actor: Actor, delivery: Delivery, layout: Layout) -> None:
        try:
            learn_layout_file(actor=actor, delivery=delivery, layout=layout, at=now())
        except IntakeError as refusal:
            self.stderr.write(f"{delivery.file_name}: {sentence(refusal.as_json())}")


def read_layout(path: Path | None) -> Layout | None:
    """Read the layout file given, if one is.

    Errors: CommandError.
    """
    if path is None:
        return None
    try:
        return load_layout(path)
    except LayoutError as error:
        raise CommandError(str(error)) from error


def list_files(paths: list[Path]) -> list[Path]:
    """Return the files themselves and those in folders, sorted by name; hidden ones are left out.

    Errors: CommandError when a path does not exist or nothing is there.
    """
    files: list[Path] = []
    for path in paths:
        if not path.exists():
            raise CommandError(_("File or folder %(path)s does not exist.") % {"path": path})
        inside = sorted(found for found in path.rglob("*") if found.is_file()) if path.is_dir() else [path]
        files += [found for found in inside if not found.name.startswith((".", "~$"))]
    if not files:
        raise CommandError(_("The folder is empty; there is nothing to receive."))
    return files


def describe(name: str, delivery: Delivery, known: bool) -> str:
    """Return the line printed for a file: feed, encoding, rows by outcome, changes; or why it was refused."""
    if delivery.state in NOT_APPLIED:
        state = _("refused") if delivery.state == DeliveryState.REFUSED else _("failed")
        return f"{name}\n  {state}: {sentence(delivery.refusal)}"
    if known:
        return f"{name}\n  {delivery.feed}  {_('already received and applied; nothing was changed')}"
    outcomes = "  ".join(f"{word} {count}" for word, count in sorted(delivery.row_counts["outcomes"].items()) if count)
    changes = "  ".join(f"{word} {count}" for word, count in delivery.row_counts["changes"].items())
    said = "".join(f"\n  {remark_words(each)}" for each in delivery.reading.get("remarks", ())) + _columns(delivery)
    return f"{name}\n  {delivery.feed}  {delivery.layout}  {delivery.encoding}  {outcomes}\n  {changes}{said}"


def _columns(delivery: Delivery) -> str:
    """One line with the fields read and how much of each was understood, and one with the columns not used."""
    reading = shown_reading(delivery)
    if reading is None:
        return ""
    fields = "  ".join(
        f"{each.label} ← {each.column}" + ("" if each.is_whole else f" ({each.understood})") for each in reading.fields
    )
    unused = f"\n  {_('Not used:')} {'、'.join(reading.unused)}" if reading.unused else ""
    return f"\n  {fields}{unused}"
