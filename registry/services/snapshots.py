"""A roll's prepared snapshot: written while its delivery is applied, removed when the delivery is put aside.

The files have their names from the delivery, so that a check, the application after it and a run after a kill write the same.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings

from registry.intake.rolls import PREPARATION, PreparedRoll, prepare_roll, repairs_path, write_snapshot
from registry.intake.unchanged_lines import keep_lines, lines_path
from registry.models import Delivery, RollSnapshot
from registry.services.delivery_contents import DeliveryContents


def apply_roll(delivery: Delivery, reading: DeliveryContents, *, at: datetime) -> dict[str, int]:
    """Write the snapshot of a roll and the row that says so; return the number of its lines.

    Effects: the snapshot, its repairs and, for a long text roll, the hashes of its lines under DATA_DIR; one RollSnapshot.
    """
    target = _path(delivery)
    prepared = _prepare(reading, settings.DATA_DIR / target)
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
    return {"roll_rows": prepared.row_count}


def forget_prepared(delivery: Delivery) -> None:
    """Remove what a check prepared of a roll that is not applied. Effects: files under DATA_DIR; none may be there."""
    snapshot = settings.DATA_DIR / _path(delivery)
    for path in (snapshot, repairs_path(snapshot), lines_path(snapshot)):
        path.unlink(missing_ok=True)


def _path(delivery: Delivery) -> Path:
    name = f"{delivery.feed}-{delivery.as_of_date}-{delivery.pk}.parquet"
    return Path("snapshots") / delivery.county.code[:6] / name


def _prepare(reading: DeliveryContents, target: Path) -> PreparedRoll:
    """Write the snapshot, and beside it what the next roll needs to take equal lines over."""
    (_, sheet), *others = reading.sheets
    if reading.is_prepared:
        prepared = write_snapshot(sheet.rows.rename_columns({"row": "line"}), target)
    else:
        prepared = prepare_roll(reading.sheets, target=target)
    if reading.raw is not None and reading.form is not None and not others:
        keep_lines(target, prepared.sha256, reading.raw, reading.form, sheet)
    return prepared
