"""What of a person's codes depends on the day and the region's rules: the first month of the benefit, direct inclusion and its window."""

from datetime import date
from typing import Any

import pytest

from tests.hand_made_night import Night, Row
from tests.oracles.numbers import make_number

pytestmark = pytest.mark.xdist_group("codes")

FIRST_MONTHS = [
    ("19581215", date(2018, 12, 31), date(2019, 1, 31)),
    ("19601220", date(2020, 12, 31), date(2021, 1, 31)),
    ("19610101", date(2021, 1, 31), date(2021, 2, 28)),
    ("19600229", date(2020, 2, 29), date(2020, 3, 31)),
]
WINDOW = [
    ("19581130", date(2018, 11, 30), False),
    ("19581231", date(2018, 12, 31), True),
    ("19590101", date(2018, 12, 31), False),
    ("19601220", date(2020, 12, 19), False),
    ("19601220", date(2020, 12, 20), True),
    ("19601220", date(2021, 1, 1), False),
    ("19610101", date(2020, 12, 31), False),
    ("19610101", date(2021, 2, 1), False),
    ("19600229", date(2020, 2, 29), True),
]


@pytest.fixture(scope="module")
def codes_on(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, date], Row]:
    """Run one night for each day of the two tables above, with everybody born on a day they name for it: birth and day -> codes."""
    asked = [(birth, day) for birth, *days in FIRST_MONTHS for day in days] + [
        (birth, day) for birth, day, _in in WINDOW
    ]
    found: dict[tuple[str, Any], Any] = {}
    for day in sorted({day for _birth, day in asked}):
        night = Night(tmp_path_factory.mktemp("day"), day)
        births = sorted({birth for birth, its_day in asked if its_day == day})
        persons = {
            night.poor(f"张{name}", make_number(birth, 1)): birth for birth, name in zip(births, "伟强明", strict=False)
        }
        assert len(persons) == len(births)
        found |= {(persons[person], day): row for person, row in night.codes().items()}
    return found


@pytest.mark.parametrize(("birth", "month_before", "month"), FIRST_MONTHS)
def test_due_from_the_month_after_turning_sixty(codes_on, birth, month_before, month):
    """The first month of the benefit: docs/rules.md R16."""
    due_by_day = {day: codes_on[birth, day]["due_to_draw"] for day in (month_before, month)}
    assert due_by_day == {month_before: False, month: True}


@pytest.mark.parametrize(("birth", "day", "included"), WINDOW)
def test_direct_inclusion_from_sixty_on_while_the_window_is_open(codes_on, birth, day, included):
    """Tested on the day papers are accepted, not the month the benefit starts: docs/rules.md R17."""
    assert (codes_on[birth, day]["desk_reason"] == "direct_inclusion") == included


CATEGORIES = [
    ("poverty", "poverty dibao tekun", True),
    ("dibao", "poverty dibao tekun", True),
    ("tekun", "poverty dibao tekun", True),
    ("marked_out", "poverty dibao tekun", False),
    ("marked_out dibao", "poverty dibao tekun", True),
    ("marked_out", "poverty marked_out", True),
    ("dibao", "", False),
]


@pytest.fixture(scope="module")
def reason_where(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], str]:
    """Run one night for each region's categories, with a person of each kind: categories and those allowed -> desk reason."""
    found: dict[tuple[str, Any], Any] = {}
    for allowed in dict.fromkeys(each[1] for each in CATEGORIES):
        night = Night(tmp_path_factory.mktemp("allowed"))
        night.rules["inclusion_categories"] = allowed
        kinds = [categories for categories, theirs, _in in CATEGORIES if theirs == allowed]
        persons = {
            night.poor(f"张{name}", make_number("19500305", place), categories=kind): kind
            for place, (kind, name) in enumerate(zip(kinds, "伟强明芳军", strict=False), 1)
        }
        assert len(persons) == len(kinds)
        found |= {(persons[person], allowed): row["desk_reason"] for person, row in night.codes().items()}
    return found


@pytest.mark.parametrize(("categories", "allowed", "included"), CATEGORIES)
def test_direct_inclusion_of_the_regions_categories(reason_where, categories, allowed, included):
    assert (reason_where[categories, allowed] == "direct_inclusion") == included


@pytest.mark.parametrize(
    ("tested", "first", "last", "included"),
    [
        ("decided", date(2018, 12, 1), date(2020, 12, 31), False),
        ("turned_60", date(2018, 12, 1), date(2020, 12, 31), True),
        ("turned_60", date(2018, 12, 1), date(2020, 12, 1), False),
        ("accepted", None, None, False),
    ],
)
def test_direct_inclusion_on_the_regions_test_day(night, tested, first, last, included):
    night.as_of = date(2021, 3, 31)
    night.rules |= {"inclusion_tested": tested, "inclusion_first": first, "inclusion_last": last}
    person = night.poor("张伟", make_number("19601220", 1))
    assert (night.codes()[person]["desk_reason"] == "direct_inclusion") == included
