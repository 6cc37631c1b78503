"""The smallest month a night can run on: five poor persons, a roll of seven lines, deaths, moves, prison; a January that follows.

`december` is a county that has received its files, `december_night` after its night; `run_county_night` asks for one and runs it.
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from django.db import connection
from django.test import override_settings

from foundation.accounts.actors import system_actor
from foundation.regions.models import Unit
from nightly.models import NightRun
from nightly.services import request_night, run_night
from tests import senders
from tests.oracles.numbers import make_number
from tests.plugins.county import TakeIn, load_county, receive_and_process

HERE, OLD = make_number("19700101", 1), make_number("19500305", 3)
NOWHERE, DEAD = make_number("19800202", 5), make_number("19400405", 7)
STRANGER, TWICE = make_number("19300101", 2), make_number("19350101", 4)
DECEMBER, JANUARY, FEBRUARY = "2018-12-31", "2019-01-31", "2019-02-28"
PEOPLE = [
    {"name": "张伟", "number": HERE, "household": 1},
    {"name": "李芳", "number": OLD, "household": 2},
    {"name": "王强", "number": NOWHERE, "household": 3},
    {"name": "赵老", "number": DEAD, "household": 4},
]
LINES = [
    senders.resident_row("R1", "张伟", HERE, "contributing"),
    senders.resident_row("R2", "李芳", OLD, "contributing"),
    senders.resident_row("R4", "赵老", DEAD, "drawing"),
    senders.resident_row("R5", "路人甲", STRANGER, "drawing"),
    senders.resident_row("R6", "路人乙", TWICE, "drawing"),
    senders.resident_row("R7", "路人乙", TWICE, "drawing"),
]
ENROLLED = senders.resident_row("R3", "王强", NOWHERE, "contributing")
RunNight = Callable[..., NightRun]


def send_month(folder: Path, take_in: TakeIn, as_of: str, lines: list[list[str]]) -> None:
    """Receive poverty file, dibao, resident roll, deaths and prison as of a day; the rows carry the month, so no two files are equal."""
    month = as_of[:7]
    extra = {"name": "钱小", "number": make_number("20120101", 9), "household": 5, "person": month}
    take_in(senders.poverty(folder / f"建档立卡_{month}.xlsx", [*PEOPLE, extra]), as_of, consent=True)
    family = {"household": f"D{month}", "members": [("张伟", HERE), ("孙无", "")]}
    take_in(senders.dibao(folder / f"低保_{month}.xlsx", [family]), as_of)
    marked = senders.resident_row(f"M{month}", "路人丙", "", birth="19900101")
    take_in(senders.resident(folder / f"居保_{month}.zip", [*lines, marked]), as_of, consent=True)
    take_in(
        senders.prison(folder / f"服刑_{month}.xlsx", [(f"路人{month}", HERE, "缓刑", "20180101", "20200101")]), as_of
    )


def send_december(folder: Path, take_in: TakeIn) -> None:
    send_month(folder, take_in, DECEMBER, LINES)
    deaths = [("公安", "赵老", DEAD, "20181105"), ("殡葬", "路人甲", STRANGER, "20181206")]
    take_in(senders.deaths(folder / "死亡_2018-12.xlsx", deaths), DECEMBER)


@pytest.fixture(scope="module")
def december(module_database: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unit]:
    """Return a county that has received December, once for the module; what a test adds is rolled back after it.

    A module that uses it defines `county` as this one, so that every other fixture means it.
    """
    folder = tmp_path_factory.mktemp("december")
    with override_settings(DATA_DIR=folder / "data"):
        unit = load_county(folder)
        send_december(folder, partial(receive_and_process, unit))
        connection.check_constraints()  # once, instead of after every test
        yield unit


@pytest.fixture(scope="module")
def december_night(december: Unit) -> Unit:
    """Return the county of `december` after its night, run once for the module."""
    run_night_of(december, DECEMBER)
    connection.check_constraints()
    return december


def run_night_of(county: Unit, as_of: str) -> NightRun:
    """Ask for a night and run it."""
    asked = request_night(actor=system_actor(county), county=county, as_of=date.fromisoformat(as_of))
    done = run_night(asked.pk)
    assert done is not None
    return done


@pytest.fixture
def run_county_night(county: Unit) -> RunNight:
    def run(as_of: str = DECEMBER) -> NightRun:
        return run_night_of(county, as_of)

    return run
