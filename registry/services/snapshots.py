"""A roll's prepared snapshot: written while its delivery is applied, removed when the delivery is discarded.

The files are named after the delivery, so that a check, the application after it and a run after a kill write the same files.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings

from foundation.regions.selectors import county_gazetteer
from registry.comparison.parts import find_parts
from registry.intake.delivery_contents import DeliveryContents
from registry.intake.places import PlaceFinder
from registry.intake.rolls import PREPARATION, PreparedRoll, prepare_roll, repairs_path, write_snapshot
from registry.intake.unchanged_lines import lines_path, store_line_hashes
from registry.models import Delivery, RollSnapshot


def apply_roll(delivery: Delivery, contents: DeliveryContents, *, at: datetime) -> dict[str, int]:
    """Write the snapshot of a roll and its row; return the number of its lines.

    Effects: the snapshot, its repairs and, for a long text roll, the hashes of its lines under DATA_DIR; one RollSnapshot;
    `missing_parts` of the delivery is set, not saved.
    """
    target = _path(delivery)
    prepared = _prepare(delivery, contents, settings.DATA_DIR / target)
    RollSnapshot.objects.create(
        delivery=delivery,
        scheme=delivery.feed,
        path=str(target),
        sha256=prepared.sha256,
        row_count=prepared.row_count,
        preparation=PREPARATION,
        control_sums=prepared.control_sums,
        prepared_at=at,
    )
    delivery.missing_parts = find_parts(delivery).missing
    return {"roll_rows": prepared.row_count}


def remove_prepared(delivery: Delivery) -> None:
    """Remove the files a check wrote for a roll that is not applied. Effects: files under DATA_DIR; they may be absent."""
    snapshot = settings.DATA_DIR / _path(delivery)
    for path in (snapshot, repairs_path(snapshot), lines_path(snapshot)):
        path.unlink(missing_ok=True)


def _path(delivery: Delivery) -> Path:
    name = f"{delivery.feed}-{delivery.as_of_date}-{delivery.pk}.parquet"
    return Path("snapshots") / delivery.county.code[:6] / name


def _prepare(delivery: Delivery, contents: DeliveryContents, target: Path) -> PreparedRoll:
    """Write the snapshot, and the hashes from which the next roll takes over unchanged lines."""
    (_, sheet), *others = contents.sheets
    if contents.is_prepared:
        prepared = write_snapshot(sheet.rows.rename_columns({"row": "line"}), target)
    else:
        prepared = prepare_roll(contents.sheets, target=target, finder=PlaceFinder(county_gazetteer(delivery.county)))
    if contents.raw is not None and contents.form is not None and not others:
        store_line_hashes(target, prepared.sha256, contents.raw, contents.form, sheet)
    return prepared
