"""Rows for races: each call makes new ones, because what a race commits stays."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

from casework.constants import GapKind
from casework.models import Case
from casework.selectors.subjects import SubjectKey
from casework.services.village_reports import report_from_village
from coverage.models import Link, MatchDecision, PatternDecision
from foundation.accounts.actors import Actor, system_actor, user_actor
from foundation.accounts.constants import Role
from foundation.accounts.models import Membership, User
from foundation.regions.models import Unit
from registry.constants import ReportKind
from registry.models import Delivery, FieldReport, MergeProposal, MergeReason, Person, Upload
from registry.services.field_reports import Observation, Unlisted
from registry.services.receiving import process_delivery, receive_file
from registry.services.uploading import WantedUpload, start_upload
from tests import senders
from tests.named_world import AS_OF, NOW, SINCE_LONG_AGO, World, make_unit
from tests.oracles.numbers import make_number
from tests.possible_matches import Pairs, decision_elsewhere

PLACE = {"place": "320682111201", "hukou": "江苏省南通市如皋市长江镇知青村"}


@dataclass
class Made:
    """The named world, and makers of what a race needs."""

    world: World
    folder: Path
    pairs: Pairs
    numbers: Any = field(default_factory=lambda: count(1))
    days: Any = field(default_factory=lambda: count(1))

    @property
    def clerk(self) -> Actor:
        return self.world.actor("clerk_a")

    @property
    def colleague(self) -> Actor:
        return self.world.actor("colleague_a")

    @property
    def reviewer(self) -> Actor:
        return self.world.actor("reviewer_a")

    @property
    def system(self) -> Actor:
        return system_actor(self.world.county_a)

    def user(self, role: Role, unit: Unit | None = None) -> User:
        name = f"u{next(self.numbers)}"
        user = User.objects.create(username=name, display_name=name)
        Membership.objects.create(user=user, role=role, unit=unit or self.world.county_a, valid_from=SINCE_LONG_AGO)
        return user

    def actor(self, role: Role, unit: Unit | None = None) -> Actor:
        return user_actor(self.user(role, unit).memberships.select_related("user", "unit").get())

    def county(self) -> Unit:
        """Add a county of its own: a night of one does not meet another's."""
        number = next(self.numbers)
        return make_unit(f"32{9000 + number}000000", f"县{number}", 3, self.world.county_a.parent)

    def number(self) -> str:
        return make_number(f"195{next(self.numbers) % 10}0101", next(self.numbers) % 900)

    def person(self) -> Person:
        return self.world.person(f"张{chr(0x4E00 + next(self.numbers))}")

    def subject(self) -> SubjectKey:
        """A person with an open gap."""
        person = self.person()
        self.world.gap(person, GapKind.UNINSURED)
        return SubjectKey(person_id=person.pk)

    def case(self, key: SubjectKey) -> Case:
        return Case.objects.get(person=key.person_id or 0)

    def report(self) -> FieldReport:
        """Somebody a village met who is on no list; the township is to deal with it."""
        return report_from_village(
            actor=self.world.actor("village"),
            uuid=uuid4(),
            observation=Observation(kind=ReportKind.NOT_LISTED),
            unlisted=Unlisted(name="阿妹"),
            at=NOW,
        )

    def link(self, *, rule: str = "name_village") -> Link:
        return self.pairs.link(self.person(), f"R{next(self.numbers) % 39 + 1}", rule)

    def decision(self) -> MatchDecision:
        return decision_elsewhere(self.link(), decided_by="clerk_a", decision="not_same")

    def pattern(self) -> PatternDecision:
        return PatternDecision.objects.create(
            county=self.world.county_a,
            scheme="resident",
            rule="name_village",
            comparison_vector=f"name=same;{next(self.numbers)}",
            decision="not_same",
            links=[],
            proposed_by="clerk_a",
            proposed_at=NOW,
        )

    def proposal(self) -> MergeProposal:
        return MergeProposal.objects.create(
            county=self.world.county_a,
            person_a=self.person(),
            person_b=self.person(),
            reason=MergeReason.SAME_NUMBER,
            proposed_at=NOW,
        )

    def delivery(self, **values: object) -> Delivery:
        return self.world.delivery(file_sha256=secrets.token_hex(32), **values)  # type: ignore[arg-type]

    def upload(self, size: int = 10) -> tuple[Upload, WantedUpload]:
        wanted = WantedUpload(f"{next(self.numbers)}.csv", size, 0, AS_OF)
        return start_upload(actor=self.clerk, wanted=wanted, at=NOW), wanted

    def text(self) -> Path:
        """A file nobody has sent."""
        path = self.folder / f"{secrets.token_hex(8)}.csv"
        path.write_text(f"a,b\n{path.stem},2\n", "utf-8")
        return path

    def poverty(self, *people: tuple[str, str]) -> Path:
        """A poverty file of these names and numbers."""
        lines = [{"name": name, "number": number, "household": next(self.numbers), **PLACE} for name, number in people]
        return senders.poverty(self.folder / f"建档立卡{next(self.numbers)}.xlsx", lines)

    def tekun(self, *people: tuple[str, str]) -> Path:
        lines = [
            {"name": name, "number": number, "household": f"T{next(self.numbers)}", "place": "如皋市长江镇知青村"}
            for name, number in people
        ]
        return senders.tekun(self.folder / f"特困{next(self.numbers)}.csv", lines)

    def received(self, path: Path, *, name: str = "", days: int = 0, hold: bool = False) -> Delivery:
        return receive_file(
            actor=self.system,
            county=self.world.county_a,
            path=path,
            name=name or path.name,
            as_of=AS_OF + timedelta(days=days),
            at=NOW + timedelta(days=days),
            hold=hold,
        )

    def process(self, delivery: Delivery) -> Delivery:
        return process_delivery(actor=self.system, delivery_id=delivery.pk, at=NOW, consent=True)

    def process_held(self, delivery: Delivery) -> Delivery:
        """Check a file that awaits approval, as a worker does."""
        return process_delivery(actor=self.system, delivery_id=delivery.pk, at=NOW)
