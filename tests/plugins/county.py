"""A county for every test that needs one: 如皋市 with two towns and their villages, a neighbour, the national parameters.

`as_system` is the actor of jobs and commands there; `take_in` receives a file as the command does.
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker, Settings

from foundation.accounts.actors import Actor, system_actor
from foundation.policy.services.loading import load_parameters
from foundation.policy.services.reading import NATIONAL, PARAMETERS
from foundation.primitives.clock import now
from foundation.primitives.yaml_loader import LOADER
from foundation.regions.models import Unit
from foundation.regions.selectors import get_unit
from foundation.regions.services.loading import load_divisions
from registry.models import Delivery
from registry.services.receiving import process_delivery, receive_file
from tests.plugins.worlds import written_once

UNITS = """code,name,level,parent_code
320000000000,江苏省,1,
320600000000,南通市,2,320000000000
320682000000,如皋市,3,320600000000
320681000000,启东市,3,320600000000
320682111000,长江镇,4,320682000000
320682103000,白蒲镇,4,320682000000
320682111001,长江社区居委会,5,320682111000
320682111201,二案村委会,5,320682111000
320682103201,顾岱村委会,5,320682103000
320682103202,二案村委会,5,320682103000
"""
HERE = {NATIONAL, "32", "320000", "3206", "320600", "320682"}
TakeIn = Callable[..., Delivery]


def load_county(folder: Path) -> Unit:
    """Load the units above and the parameters."""
    file = folder / "units.csv"
    file.write_text(UNITS, "utf-8")
    load_divisions(file)
    load_local_parameters(folder / "parameters")
    return get_unit(code="320682")


def load_local_parameters(folder: Path) -> None:
    """Load the shipped parameters as far as they hold in this county: other regions are not in its small tree."""
    for name, text in _local_parameters().items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    load_parameters(folder)


@cache
def _local_parameters() -> dict[str, str]:
    texts = {}
    for source in PARAMETERS.glob("*/*.yaml"):
        stated = yaml.load(source.read_text("utf-8"), Loader=LOADER)
        stated["values"] = {region: values for region, values in stated["values"].items() if region in HERE}
        if stated["values"]:
            texts[str(source.relative_to(PARAMETERS))] = yaml.safe_dump(stated, allow_unicode=True)
    return texts


def make_county() -> Unit:
    """Load the county from files of its own."""
    with TemporaryDirectory() as folder:
        return load_county(Path(folder))


@pytest.fixture
def county(db: None, tmp_path: Path, settings: Settings) -> Unit:
    """Return the county; what is written under DATA_DIR lies in the test's own folder."""
    settings.DATA_DIR = tmp_path / "data"
    return written_once(make_county)


@pytest.fixture
def as_system(county: Unit) -> Actor:
    return system_actor(county)


@pytest.fixture
def take_in(county: Unit) -> TakeIn:
    """Return a function that receives and processes a file as of a day."""
    return partial(receive_and_process, county)


def receive_and_process(
    county: Unit, path: Path, as_of: str = "2018-12-31", *, name: str = "", consent: bool = False
) -> Delivery:
    """Receive and process a file as the command does."""
    actor, day = system_actor(county), date.fromisoformat(as_of)
    received = receive_file(actor=actor, county=county, path=path, name=name or path.name, as_of=day, at=now())
    return process_delivery(actor=actor, delivery_id=received.pk, at=now(), consent=consent)


@pytest.fixture(scope="module")
def module_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Keep one transaction open over a module, for worlds too expensive to build for each test; it is rolled back at its end.

    Foreign keys are checked with each statement: every caught error in a trigger walks through all checks put off so far.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield
        connection.check_constraints()
        transaction.set_rollback(True)
