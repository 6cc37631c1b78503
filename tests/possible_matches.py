"""Possible matches for the page tests: a small prepared roll, links of the named world's people to its lines, decisions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.conf import settings

from coverage.models import Link, MatchDecision
from foundation.primitives.errors import Conflict
from registry.intake.files import read_sheets
from registry.intake.reading import read_rows
from registry.intake.recognising import find_layout
from registry.intake.rolls import prepare_roll
from registry.models import Delivery, Person, RollSnapshot
from tests import senders
from tests.named_world import AS_OF, NOW, World
from tests.oracles.numbers import make_number

STRONG_VECTOR = "number=same;name=same surname;birth=same;village=same"
WEAK_VECTOR = "number=unknown;name=same;rarity=rare;birth=unknown;village=same"

NUMBER = make_number("19800202", 5)
STEMS = "甲乙丙丁戊己庚辛壬癸"


@contextmanager
def refused(code: str) -> Iterator[None]:
    """Expect a conflict with this code; its words are the reader's language."""
    with pytest.raises(Conflict) as raised:
        yield
    assert raised.value.code == code


@dataclass
class Pairs:
    """Lines of one resident roll of county A, and the links to them."""

    world: World
    delivery: Delivery
    places: dict[str, tuple[str, int]] = field(default_factory=dict)

    def link(self, person: Person, roll_no: str, rule: str = "number_of_another", **values: object) -> Link:
        """Believe that a line may be a person."""
        part, line = self.places[roll_no]
        vector = STRONG_VECTOR if rule == "number_of_another" else WEAK_VECTOR
        row: dict[str, object] = {
            "county": person.county, "night_id": 1, "as_of_date": AS_OF, "recorded_at": NOW, "person": person,
            "scheme": "resident", "roll_no": roll_no, "delivery": self.delivery, "part": part, "line": line, "rule": rule,
            "action": "review", "comparison_vector": vector, "score": 24.5, "status": "1/1",
        }  # fmt: skip
        return Link.objects.create(**(row | values))

    def many(self, count: int, rule: str = "name_village") -> list[Link]:
        """Believe it of so many new people, one line each."""
        return [self.link(self.world.person(namesake(place)), f"R{place}", rule) for place in range(1, count + 1)]


def decision_elsewhere(link: Link, **values: object) -> MatchDecision:
    """Write a decision row as the service would."""
    row: dict[str, object] = {
        "county": link.county, "person": link.person, "link": link, "decision": "same", "decided_by": "clerk_b",
        "decided_role": "county_clerk", "scheme": link.scheme, "roll_no": link.roll_no, "delivery": link.delivery,
        "part": link.part, "line": link.line, "rule": link.rule, "comparison_vector": link.comparison_vector,
        "model_version": link.model_version, "roll_name": "甲", "person_names": [], "person_numbers": [], "files": [],
        "recorded_at": NOW,
    }  # fmt: skip
    return MatchDecision.objects.create(**(row | values))


def make_roll(world: World, folder: Path, lines: Sequence[Sequence[str]]) -> Pairs:
    """Prepare a roll as intake does and add its delivery and snapshot."""
    path = senders.resident(folder / "居保.zip", lines)
    sheets = [(sheet.part, read_rows(sheet, find_layout(sheet, path.name))) for sheet in read_sheets(path)]
    prepared = prepare_roll(sheets, target=settings.DATA_DIR / "snapshots" / "roll.parquet")
    delivery = world.delivery("resident", file_name="居保.zip")
    RollSnapshot.objects.create(
        delivery=delivery, scheme="resident", path="snapshots/roll.parquet", sha256=prepared.sha256,
        row_count=prepared.row_count, preparation=1, prepared_at=NOW,
    )  # fmt: skip
    pairs = Pairs(world, delivery)
    for part, sheet in sheets:
        numbers, places = sheet.rows["roll_no"].to_pylist(), sheet.rows["row"].to_pylist()
        pairs.places |= {number: (part, line) for number, line in zip(numbers, places, strict=True)}
    return pairs


@pytest.fixture
def pairs(world: World, tmp_path: Path, settings: object) -> Pairs:
    """Return a roll of forty lines: R1 to R39 of namesakes, R40 of 王芳 with the number of 王强."""
    settings.DATA_DIR = tmp_path / "data"  # type: ignore[attr-defined]
    lines = [
        senders.resident_row(f"R{place}", namesake(place), "", "contributing", birth="19800101")
        for place in range(1, 40)
    ]
    return make_roll(world, tmp_path, [*lines, senders.resident_row("R40", "王芳", NUMBER, "drawing")])


def namesake(place: int) -> str:
    """Return a name of its own for each line below a hundred."""
    return "张" + STEMS[place // 10] + STEMS[place % 10]
