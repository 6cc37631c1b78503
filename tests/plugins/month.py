"""The smallest month a night can run on: five poor persons, a roll of seven lines, deaths, moves, prison; a January that follows.

`december` is a county that has received its files, `december_night` after its night; `run_county_night` asks for one and runs it.
`unfinished_night` is December's night whose worker died before the last steps: a test that is about those goes on from there.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.test import override_settings
from pytest_django import Settings

from foundation.accounts.actors import system_actor
from foundation.jobs.long_work import RunState
from foundation.regions.models import Unit
from nightly.models import NightRun, NightStep
from nightly.services import request_night, run_night
from nightly.steps import STEPS
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
LEFT_STEPS = ("find_gaps", "publish")
"""The steps an unfinished night has before it."""
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


@pytest.fixture
def own_files(december: Unit, tmp_path: Path, settings: Settings) -> Path:
    """Copy what December left under DATA_DIR, for a test that removes or damages it."""
    settings.DATA_DIR = shutil.copytree(django_settings.DATA_DIR, tmp_path / "data")
    return settings.DATA_DIR


class WorkerDied(BaseException):
    """The process is gone: nothing in the product may catch it."""


@dataclass(frozen=True)
class UnfinishedNight:
    """A night as its worker left it when it died before find_gaps: the row, and a copy of its folder."""

    run: NightRun
    folder: Path

    def put_back(self) -> NightRun:
        """Ask for the night once more, with every step done that its worker had done."""
        run = request_night(actor=system_actor(self.run.county), county=self.run.county, as_of=self.run.as_of_date)
        run.state, run.known_at, run.inputs = RunState.RUNNING, self.run.known_at, self.run.inputs
        run.save(update_fields=["state", "known_at", "inputs"])
        run.steps.exclude(name__in=LEFT_STEPS).update(state=RunState.DONE)
        shutil.copytree(self.folder, night_folder(run))
        return run

    def finish(self) -> NightRun:
        """Put it back and run the steps that are left."""
        done = run_night(self.put_back().pk)
        assert done is not None
        assert done.state == RunState.DONE
        return done


@pytest.fixture(scope="module")
def unfinished_night(december: Unit, tmp_path_factory: pytest.TempPathFactory) -> UnfinishedNight:
    """Run the steps of December's night before find_gaps, once for the module; of the night itself nothing is left."""
    folder = tmp_path_factory.mktemp("unfinished") / "night"
    with transaction.atomic():
        asked = request_night(actor=system_actor(december), county=december, as_of=date.fromisoformat(DECEMBER))
        with pytest.raises(WorkerDied):
            run_night(asked.pk, on_step=_die_before_the_left_steps)
        shutil.move(night_folder(asked), folder)
        run = NightRun.objects.select_related("county").get(pk=asked.pk)
        transaction.set_rollback(True)
    return UnfinishedNight(run, folder)


def _die_before_the_left_steps(step: NightStep) -> None:
    if list(STEPS)[step.position] == LEFT_STEPS[0]:
        raise WorkerDied


def night_folder(run: NightRun) -> Path:
    return Path(django_settings.DATA_DIR) / "nights" / str(run.pk)


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
