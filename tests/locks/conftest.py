"""The named world committed once for all races of this folder, with the shipped parameters; everything is flushed after the last."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pgtrigger
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from foundation.policy.models import ParameterValue
from tests import senders
from tests.locks.making import Made
from tests.named_world import make_world
from tests.plugins.append_only import _truncate_triggers
from tests.plugins.county import load_local_parameters
from tests.possible_matches import make_roll, namesake

APP, LAUNCHERS = "races_test_app", ("poverty_pension_app", "poverty_pension_reader")


@pytest.fixture(scope="module")
def made(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Made]:
    """Return the world and what makes rows in it. Races commit: each makes its own rows."""
    folder: Path = tmp_path_factory.mktemp("races")
    with django_db_blocker.unblock(), override_settings(DATA_DIR=folder / "data"):
        try:
            world = make_world()
            ParameterValue.objects.all().delete()
            load_local_parameters(folder / "parameters")
            _let_few_matches_make_a_pattern(world.county_a.pk)
            lines = [senders.resident_row(f"R{n}", namesake(n), "", birth="19800101") for n in range(1, 40)]
            yield Made(world, folder, make_roll(world, folder, lines))
        finally:
            with pgtrigger.ignore(*_truncate_triggers()):
                call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=False)


def _let_few_matches_make_a_pattern(county_id: int) -> None:
    for name in ("pattern_least_matches", "pattern_least_decided"):
        ParameterValue.objects.create(
            name=name, region_id=county_id, value=1, unit="count", valid_from="2017-08-01", source="the tests' own"
        )


@pytest.fixture(scope="module")
def roles_of_the_database(made: Made) -> Iterator[None]:
    """Let the app's role be another than the owner's, as in an installation: otherwise nothing is granted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_roles WHERE rolname = ANY(%s)", [list(LAUNCHERS)])
        is_made = cursor.fetchone()[0] < len(LAUNCHERS)
        app = APP if is_made else LAUNCHERS[0]
        if is_made:
            cursor.execute(f"CREATE ROLE {app}")
    with override_settings(DATABASE_ROLES=replace(settings.DATABASE_ROLES, app=app, reader="")):
        yield
    with connection.cursor() as cursor:
        for kind in ("TABLES", "SEQUENCES", "FUNCTIONS"):
            cursor.execute(f"REVOKE ALL ON ALL {kind} IN SCHEMA public FROM {app}")
        if is_made:
            cursor.execute(f"DROP OWNED BY {app}; DROP ROLE {app}")
