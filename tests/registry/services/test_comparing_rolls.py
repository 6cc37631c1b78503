"""Two rolls compared: one line of every kind of change, counted and listed; where there is no roll before, nothing."""

import pytest

from registry.comparison.rolls import list_roll_changes, roll_before
from registry.models import Delivery
from tests import senders
from tests.oracles.numbers import make_number

pytestmark = pytest.mark.django_db

YOUNG, ADULT = "19800601", "19500305"
REACHED = "19581215"  # sixty in December, due from January, the month of the second roll
HEADER = [*senders.RESIDENT, "参保身份"]


def line(roll_no: str, status: str = "contributing", born: str = YOUNG, **other: str) -> list[str]:
    number = other.pop("number", "") or make_number(born, int(roll_no))
    row = senders.resident_row(roll_no, other.pop("name", "王明"), number, status, **other)
    return [*row, other.get("identity", "011")]


LATER: dict[str, tuple[list[str] | None, list[str] | None]] = {
    "new_row": (None, line("1")),
    "gone_row": (line("2", name="李四"), None),
    "terminated_death": (line("3"), line("3", "ended")),
    "paused": (line("4"), line("4", "lapsed")),
    "resumed": (line("5", "lapsed"), line("5")),
    "reached_60_drawing": (line("6", born=REACHED), line("6", "drawing", REACHED)),
    "reached_60_not_drawing": (line("7", born=REACHED), line("7", born=REACHED)),
    "late_start_drawing": (line("8", "lapsed", ADULT), line("8", "drawing", ADULT)),
    "benefit_paused": (line("9", "drawing", ADULT), line("9", "paused", ADULT)),
    "benefit_resumed": (line("10", "paused", ADULT), line("10", "drawing", ADULT)),
    "other_status": (line("11"), line("11", "impossible")),
    "id_corrected": (line("12", number=make_number(YOUNG, 12)[:-1], birth=YOUNG), line("12")),
    "new_error": (line("13"), line("13", number=make_number(YOUNG, 13)[:-1], birth=YOUNG)),
    "id_changed": (line("14"), line("14", number=make_number("19810601", 14))),
    "name_corrected": (line("15", name="张福金"), line("15", name="张幅金")),
    "name_changed": (line("16", name="张福金"), line("16", name="张大山")),
    "identity_changed": (line("17"), line("17", identity="061")),
    "moved": (line("18"), line("18", unit="320682111202")),
}
SAME = [line(str(place)) for place in range(20, 30)]


@pytest.fixture
def rolls(take_in, tmp_path):
    """Return a function that takes two months' rolls in and returns the second."""

    def send(before: list[list[str]], after: list[list[str]]) -> Delivery:
        for name, day, rows in (("居保_201812.csv", "2018-12-31", before), ("居保_201901.csv", "2019-01-31", after)):
            later = take_in(senders.write_csv(tmp_path / name, [HEADER, *rows]), day, consent=True)
            assert later.state == "applied"
        return later

    return send


def test_every_kind_of_change_is_found(rolls):
    later = rolls(
        [*SAME, *(before for before, _ in LATER.values() if before)],
        [*SAME, *(after for _, after in LATER.values() if after)],
    )
    before = roll_before(later)
    assert before is not None
    found = {(row["kind"], row["roll_no"]) for row in list_roll_changes(before, later).to_pylist()}
    assert found == {(kind, line[1]) for kind, pair in LATER.items() if (line := pair[1] or pair[0])}
    assert later.preview["roll"]["kinds"] == dict.fromkeys(sorted(LATER), 1)
    assert (later.preview["roll"]["day"], later.preview["roll"]["before"]) == ("2018-12-31", before.snapshot.row_count)


def test_a_second_line_of_one_person_that_goes_is_a_duplicate_removed(rolls):
    once, again = line("31", number=make_number(YOUNG, 31)), line("32", number=make_number(YOUNG, 31))
    later = rolls([*SAME, once, again], [*SAME, once])
    assert later.preview["roll"]["kinds"] == {"duplicate_removed": 1}


def test_a_roll_that_numbers_everybody_anew_has_no_exit_and_no_entry(rolls):
    """A line without a right number is known by the roll's number alone."""
    of = {place: make_number(YOUNG, place) for place in range(40, 46)}
    before = [line(str(place), number=number) for place, number in of.items()]
    after = [
        line(str(place + 100), "lapsed" if place == 41 else "contributing", number=of[place]) for place in reversed(of)
    ]
    later = rolls([*SAME, *before], [*SAME, *after])
    assert later.preview["roll"]["kinds"] == {"paused": 1}


def test_of_numbers_only_the_state_is_shown(rolls):
    later = rolls([*SAME, LATER["id_corrected"][0]], [*SAME, LATER["id_corrected"][1]])
    before = roll_before(later)
    assert before is not None
    (row,) = list_roll_changes(before, later).to_pylist()
    assert (row["before"], row["after"], row["is_gone"]) == ("length", "ok", False)


def test_the_first_roll_of_a_scheme_has_nothing_before_it(take_in, tmp_path):
    first = take_in(senders.resident(tmp_path / "居保.zip", [senders.resident_row("1", "王明", make_number(YOUNG, 1))]))
    assert first.preview == {"changes": {"roll_rows": 1}}
