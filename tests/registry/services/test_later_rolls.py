"""A roll of a later day takes over the lines it has in common with the roll before; what is stored is the same as without."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.conf import settings

from foundation.accounts.actors import system_actor
from foundation.primitives.clock import now
from foundation.regions.models import Unit
from registry.intake import delivery_contents, unchanged_lines
from registry.intake.rolls import PREPARATION
from registry.models import Delivery, DeliveryProblem
from registry.services import snapshots
from registry.services.undoing import undo_delivery
from tests import senders
from tests.oracles.numbers import make_number

pytestmark = pytest.mark.django_db

NUMBERS = [make_number("19700101", place) for place in range(40)]
ROLL = [senders.resident_row(f"R{place}", "王明", number) for place, number in enumerate(NUMBERS)]
LATER = [
    *ROLL[:20],
    senders.resident_row("R20", "王明", NUMBERS[20], "drawing"),
    *ROLL[23:],
    senders.resident_row("R50", "王明", NUMBERS[30][:-1]),
    senders.resident_row("R51", "李明", ""),
    ROLL[25],
]


@pytest.fixture(autouse=True)
def _small_rolls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery_contents, "LONG_ROLL", 10)
    monkeypatch.setattr(unchanged_lines, "FIRST_LINES", 8)


@pytest.fixture
def taken_over(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Record for every roll applied whether it took lines over."""
    taken: list[bool] = []
    prepare = snapshots._prepare

    def spy(delivery: Delivery, contents: delivery_contents.DeliveryContents, target: Path) -> object:
        taken.append(contents.is_prepared)
        return prepare(delivery, contents, target)

    monkeypatch.setattr(snapshots, "_prepare", spy)
    return taken


def _stored(delivery: Delivery) -> tuple[object, ...]:
    problems = DeliveryProblem.objects.filter(delivery=delivery).order_by("row", "reason")
    return (
        delivery.state,
        delivery.layout,
        delivery.encoding,
        delivery.row_counts,
        list(problems.values_list("sheet", "row", "member", "reason", "action")),
        delivery.snapshot.control_sums,
        pq.read_table(settings.DATA_DIR / delivery.snapshot.path).to_pylist(),
    )


def test_a_later_roll_is_stored_as_if_read_whole(tmp_path, take_in, taken_over, monkeypatch):
    take_in(senders.resident(tmp_path / "居保12.zip", ROLL))
    later = take_in(senders.resident(tmp_path / "居保01.zip", LATER), "2019-01-31")
    by_lines = _stored(later)
    undo_delivery(actor=system_actor(later.county), delivery_id=later.pk, at=now())
    monkeypatch.setattr(delivery_contents, "LONG_ROLL", 1_000)
    again = take_in(tmp_path / "居保01.zip", "2019-01-31")
    assert again.pk != later.pk
    assert taken_over == [False, True, False]
    assert _stored(again) == by_lines


def test_the_roll_after_that_takes_over_again(tmp_path, take_in, taken_over):
    for day, rows in (("2018-12-31", ROLL), ("2019-01-31", LATER), ("2019-02-28", [*LATER, ROLL[21]])):
        assert take_in(senders.resident(tmp_path / f"{day}.zip", rows), day).state == "applied"
    assert taken_over == [False, True, True]


def test_another_preparation_is_read_whole(tmp_path, take_in, taken_over, monkeypatch):
    take_in(senders.resident(tmp_path / "居保12.zip", ROLL))
    monkeypatch.setattr(delivery_contents, "PREPARATION", PREPARATION + 1)
    take_in(senders.resident(tmp_path / "居保01.zip", LATER), "2019-01-31")
    assert taken_over == [False, False]


def test_a_file_that_can_no_longer_be_read_is_refused_like_any_other(tmp_path, take_in, taken_over):
    take_in(senders.resident(tmp_path / "居保12.zip", ROLL))
    text = senders.csv_bytes([senders.RESIDENT, *ROLL]) + ("王" * 3).encode() + b"\n"
    path = tmp_path / "居保01.zip"
    path.write_bytes(senders.zip_bytes({"jm_201901.csv": text}))
    refused = take_in(path, "2019-01-31")
    assert refused.refusal["code"] == "mixed_encodings"
    assert refused.refusal["values"]["rows"] == str(len(ROLL) + 2)
    assert taken_over == [False]


def test_after_a_change_of_the_tree_the_roll_is_read_whole(tmp_path, take_in, taken_over):
    """The same line may lie in another village."""
    take_in(senders.resident(tmp_path / "居保12.zip", ROLL))
    Unit.objects.filter(code="320682111201").update(name="知青村委会")
    take_in(senders.resident(tmp_path / "居保01.zip", LATER), "2019-01-31")
    assert taken_over == [False, False]
