"""Nights of a county that has not received what a night needs: a clear sentence, nothing published."""

import re
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from nightly.sentences import SENTENCES
from tests import senders
from tests.nightly.failures import failure_of
from tests.plugins.month import DECEMBER, LINES, PEOPLE

pytestmark = pytest.mark.django_db


def test_without_a_resident_roll(run_county_night, tmp_path, take_in):
    take_in(senders.poverty(tmp_path / "建档立卡.xlsx", PEOPLE))
    assert failure_of(run_county_night()) == "no_resident_roll"


def test_without_a_poor_persons_file(run_county_night, tmp_path, take_in):
    take_in(senders.resident(tmp_path / "居保.zip", LINES))
    assert failure_of(run_county_night()) == "no_poor_persons"


def test_with_nothing_at_all(run_county_night):
    assert failure_of(run_county_night()) == "no_resident_roll"


def test_the_command_prints_why_it_failed(county):
    with pytest.raises(CommandError, match=re.escape(str(SENTENCES["no_resident_roll"]))):
        call_command("nightly", county="320682", as_of=date.fromisoformat(DECEMBER))
