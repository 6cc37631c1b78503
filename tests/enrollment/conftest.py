"""The named world with everybody an application passes, and the rules of applications in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from enrollment.constants import Channel
from enrollment.models import Application
from enrollment.services.preparing import Content, begin_application
from enrollment.services.steps import Given, take_step
from foundation.accounts.constants import Role
from foundation.accounts.models import Membership, User
from foundation.policy.models import ParameterValue, WorkingDay
from foundation.policy.services.reading import read_parameters
from registry.models import Attachment, Person
from tests.named_world import NOW, SINCE_LONG_AGO, World, queries_within, signed_in, world

__all__ = ["queries_within", "signed_in", "world"]

NEEDED = {
    "benefit_age_years",
    "participation_age_years",
    "severely_disabled_benefit_age_years",
    "turning_60_months_ahead",
    "scheme_start",
    "contribution_years_needed",
    "direct_inclusion_categories",
    "direct_inclusion_window",
    "direct_inclusion_test_day",
    "application_papers",
    "public_notice_days",
    "reconsideration_days",
    "declaration_valid_months",
    "books_kept_by",
    "registration_limit_working_days",
    "benefit_limit_working_days",
}


@pytest.fixture
def office(world: World) -> World:
    """The world with a second township clerk, an approver, the shipped rules of applications and a calendar."""
    for name, role, unit in (
        ("colleague_t", Role.TOWNSHIP_CLERK, world.township),
        ("approver_a", Role.COUNTY_APPROVER, world.county_a),
        ("approver_2", Role.COUNTY_APPROVER, world.county_a),
    ):
        user = User.objects.create(username=name, display_name=name)
        Membership.objects.create(user=user, role=role, unit=unit, valid_from=SINCE_LONG_AGO)
        world.users[name] = user
    ParameterValue.objects.bulk_create(
        ParameterValue(
            name=each.name,
            value=each.value,
            is_none_here=each.is_none_here,
            unit=each.unit,
            valid_from=each.valid_from,
            valid_to=each.valid_to,
            source=each.source,
        )
        for each in read_parameters()
        if each.name in NEEDED and not each.region_code
    )
    WorkingDay.objects.bulk_create(
        WorkingDay(day=day, is_working=day.weekday() < 5, source="the tests' own")
        for number in range(120)
        for day in (date.fromordinal(date(2018, 12, 1).toordinal() + number),)
    )
    return world


def rule(name: str, value: object, since: date = date(2009, 9, 1)) -> None:
    """Put another value in the place of a shipped one."""
    ParameterValue.objects.filter(name=name).delete()
    ParameterValue.objects.create(
        name=name, value=value, is_none_here=value is None, unit="none", valid_from=since, source="the tests' own"
    )


@pytest.fixture
def paper(office: World) -> Callable[[Person, str], tuple[str, int]]:
    """Return a maker of papers: it attaches one to a person and returns it as contents name it."""

    def make(person: Person, kind: str) -> tuple[str, int]:
        number = Attachment.objects.count() + 1
        attachment = Attachment.objects.create(
            person=person,
            file_name=f"{kind}.jpg",
            content_type="image/jpeg",
            file_bytes=10,
            file_sha256=f"{number:064x}",
            stored_path="attachments/none",
            added_by="village",
            added_at=NOW,
        )
        return kind, attachment.pk

    return make


class Office:
    """Who does what, in short: begin and step by user name."""

    def __init__(self, world: World, paper: Callable[[Person, str], tuple[str, int]]) -> None:
        self.world, self.paper = world, paper

    def papers(self, person: Person, *kinds: str) -> list[tuple[str, int]]:
        return [self.paper(person, kind) for kind in kinds or ("id_card", "household_booklet", "form")]

    def begin(
        self, person: Person, kind: str = "register", by: str = "village", at: datetime = NOW, **given: Any
    ) -> Application:
        content = Content(**({"papers": self.papers(person)} | given))
        return begin_application(
            actor=self.world.actor(by), person_id=person.pk, kind=kind, channel=Channel.VILLAGE, content=content, at=at
        )

    def step(self, application: Application, verb: str, by: str, at: datetime = NOW, **given: Any) -> Application:
        version = given.pop("version", None) or Application.objects.get(pk=application.pk).version
        return take_step(
            actor=self.world.actor(by),
            application_id=application.pk,
            verb=verb,
            version=version,
            at=at,
            given=Given(**given),
        )

    def bring(self, application: Application, state: str, at: datetime = NOW) -> Application:
        """Bring a fresh application to a state on the way to its approval."""
        way = [
            ("submitted", "submit", "village"),
            ("township_review", "accept", "township"),
            ("county_check", "review", "township"),
            ("approval", "check", "reviewer_a"),
        ]
        reached = [each for each, _, _ in way]
        begun = reached.index(application.state) + 1 if application.state in reached else 0
        end = reached.index(state) + 1 if state in reached else 0
        for _, verb, by in way[begun:end]:
            application = self.step(application, verb, by, at)
        return application


@pytest.fixture
def desk(office: World, paper: Callable[[Person, str], tuple[str, int]]) -> Office:
    return Office(office, paper)
