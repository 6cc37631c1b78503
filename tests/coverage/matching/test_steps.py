"""Each step of the matching on a roll of a few lines: what it confirms, what it leaves to a person, what it never links."""

from datetime import date

import pytest

from coverage.matching import pipeline
from foundation.primitives.resident_id import is_valid, repair_candidates
from tests import senders
from tests.oracles.numbers import make_number
from tests.rolls import Change, IdentityVariant, PreparedRolls

ZHANG = make_number("19500305", 1)
BORN = date(1950, 3, 5)
TWIN = make_number("19500305", 3)
OTHER = make_number("19500305", 88)
ONE_DIGIT_ERROR = ZHANG[:16] + str((int(ZHANG[16]) + 4) % 10) + ZHANG[17]
SWAPPED = next(
    swapped
    for place in range(6, 16)
    if (swapped := ZHANG[:place] + ZHANG[place + 1] + ZHANG[place] + ZHANG[place + 2 :]) != ZHANG
)
TWO_DIGIT_ERRORS = next(
    number
    for n in range(9999)
    if ZHANG not in repair_candidates(number := f"{ZHANG[:14]}{n:04d}") and not is_valid(number)
)
FIFTEEN = ZHANG[:6] + ZHANG[8:17]
LOST = ZHANG[:12] + ZHANG[13:]
OTHER_VILLAGE = "320682103201"
SAME = ("same_number", "auto")
CLOSE = ("same_number_close_name", "auto")
LOST_CHARACTER = ("same_number_lost_character", "auto")
FORMER = ("same_number_former_name", "auto")
ANOTHER = ("number_of_another", "review")
FILE_REPAIRED = ("repaired_file_number", "auto")
ROLL_REPAIRED = ("repaired_roll_number", "auto")
BY_NAME = ("name_birth_village", "auto")
TWO_DIGITS = ZHANG[:9] + str((int(ZHANG[9]) + 3) % 10) + ZHANG[10:15] + str((int(ZHANG[15]) + 5) % 10) + ZHANG[16:]
BY_DIGITS = ("two_digit_errors", "auto")
POSSIBLE_MATCH = ("name_village", "review")
OTHER_NUMBER = ("name_village_other_number", "review")
OTHER_NAME = ("birth_village_surname", "review")
MOVED = ("name_birth", "review")
NAME_ALONE = ("name_only", "review")


@pytest.fixture
def prepared(tmp_path):
    return PreparedRolls(tmp_path)


def on_roll(prepared: PreparedRolls, *lines: list[str]) -> None:
    prepared.add_resident(lines)


@pytest.mark.parametrize(
    ("variant", "name", "number", "expected"),
    [
        # step 1: the same right number
        (IdentityVariant(1, "张伟", ZHANG), "张伟", ZHANG, SAME),
        (IdentityVariant(1, "張偉", ZHANG), "张伟", ZHANG, SAME),
        (IdentityVariant(1, "章苇", ZHANG), "张伟", ZHANG, SAME),
        (IdentityVariant(1, "张 伟（户主）", f"'{ZHANG} "), "张伟", ZHANG, SAME),
        (IdentityVariant(1, "阿依古丽•买买提", ZHANG), "阿依古丽·买买提", ZHANG, SAME),
        (IdentityVariant(1, "张伟", FIFTEEN), "张伟", ZHANG, SAME),
        (IdentityVariant(1, "张伟", ZHANG), "张伟", FIFTEEN, SAME),
        (IdentityVariant(1, "张伟", ZHANG + "43"), "张伟", ZHANG, SAME),
        (IdentityVariant(1, "张伟", ZHANG, village=OTHER_VILLAGE), "张伟", ZHANG, SAME),
        (IdentityVariant(1, "张卫国", ZHANG, BORN), "张国", ZHANG, CLOSE),
        (IdentityVariant(1, "张卫国", ZHANG), "张国", ZHANG, ANOTHER),
        (IdentityVariant(1, "张卫国", ZHANG, date(1950, 3, 6)), "张国", ZHANG, ANOTHER),
        (IdentityVariant(1, "李卫国", ZHANG, BORN), "张国", ZHANG, ANOTHER),
        (IdentityVariant(1, "张强", ZHANG, BORN), "张国", ZHANG, ANOTHER),
        (IdentityVariant(1, "李芳", ZHANG), "张伟", ZHANG, ANOTHER),
        (IdentityVariant(1, "张卫？", ZHANG), "张卫国", ZHANG, LOST_CHARACTER),
        (IdentityVariant(1, "张卫䶮", ZHANG), "章苇*", ZHANG, LOST_CHARACTER),
        (IdentityVariant(1, "张？国", ZHANG), "张卫国", ZHANG, LOST_CHARACTER),
        (IdentityVariant(1, "张？", ZHANG), "张伟", ZHANG, ANOTHER),
        (IdentityVariant(1, "张？？", ZHANG), "张卫国", ZHANG, ANOTHER),
        (IdentityVariant(1, "张卫？", ZHANG), "张国", ZHANG, ANOTHER),
        (IdentityVariant(1, "张强？", ZHANG), "张卫国", ZHANG, ANOTHER),
        (IdentityVariant(1, "张卫？", ZHANG), "张？国", ZHANG, ANOTHER),
        # step 2: one digit error, on either side
        (IdentityVariant(1, "张伟", ONE_DIGIT_ERROR), "张伟", ZHANG, FILE_REPAIRED),
        (IdentityVariant(1, "章苇", SWAPPED), "张伟", ZHANG, FILE_REPAIRED),
        (IdentityVariant(1, "张伟", LOST), "张伟", ZHANG, FILE_REPAIRED),
        (IdentityVariant(1, "张伟", ZHANG[:5] + "7" + ZHANG[5:]), "张伟", ZHANG, FILE_REPAIRED),
        (IdentityVariant(1, "张伟", ZHANG), "张伟", ONE_DIGIT_ERROR, ROLL_REPAIRED),
        (IdentityVariant(1, "章苇", ZHANG), "张伟", SWAPPED, ROLL_REPAIRED),
        (IdentityVariant(1, "张伟", ZHANG), "张伟", LOST, ROLL_REPAIRED),
        (IdentityVariant(1, "张强", ONE_DIGIT_ERROR, BORN), "张伟", ZHANG, OTHER_NAME),
        (IdentityVariant(1, "张强", ONE_DIGIT_ERROR, BORN, OTHER_VILLAGE), "张伟", ZHANG, None),
        (IdentityVariant(1, "张强", ZHANG, BORN), "张伟", ONE_DIGIT_ERROR, None),
        # step 3: name, birth date and village
        (IdentityVariant(1, "张伟", TWO_DIGIT_ERRORS), "张伟", ZHANG, BY_NAME),
        (IdentityVariant(1, "章苇", TWO_DIGIT_ERRORS), "张伟", ZHANG, BY_NAME),
        (IdentityVariant(1, "张伟", "", BORN), "张伟", ZHANG, BY_NAME),
        (IdentityVariant(1, "张伟", ZHANG), "张伟", TWO_DIGIT_ERRORS, BY_NAME),
        (IdentityVariant(1, "张伟", TWO_DIGIT_ERRORS, village=OTHER_VILLAGE), "张伟", ZHANG, MOVED),
        (IdentityVariant(1, "张伟", TWO_DIGIT_ERRORS, village=""), "张伟", ZHANG, MOVED),
        # and two digit errors, one of them in the birth date: identical characters, the village, sixteen digits
        (IdentityVariant(1, "张伟", TWO_DIGITS), "张伟", ZHANG, BY_DIGITS),
        (IdentityVariant(1, "章苇", TWO_DIGITS), "张伟", ZHANG, POSSIBLE_MATCH),
        (IdentityVariant(1, "张伟", TWO_DIGITS, village=OTHER_VILLAGE), "张伟", ZHANG, None),
        (IdentityVariant(1, "张伟", TWO_DIGITS), "张伟", OTHER, POSSIBLE_MATCH),
        # what is left: name and village, for a person to decide
        (IdentityVariant(1, "张伟", ""), "张伟", ZHANG, POSSIBLE_MATCH),
        (IdentityVariant(1, "章苇", "无"), "张伟", ZHANG, POSSIBLE_MATCH),
        (IdentityVariant(1, "张伟", "", village=OTHER_VILLAGE), "张伟", ZHANG, None),
        # step 4: what two records still share, for a person to decide
        (IdentityVariant(1, "张伟", OTHER), "张伟", ZHANG, OTHER_NUMBER),
        (IdentityVariant(1, "张伟", TWIN), "张伟", ZHANG, OTHER_NUMBER),
        (IdentityVariant(1, "张伟", OTHER, village=OTHER_VILLAGE), "张伟", ZHANG, None),
        (IdentityVariant(1, "张强", OTHER), "张伟", ZHANG, None),
        (IdentityVariant(1, "李强", TWO_DIGIT_ERRORS), "张伟", ZHANG, None),
        (IdentityVariant(1, "张强", TWO_DIGIT_ERRORS, village=OTHER_VILLAGE), "张伟", ZHANG, None),
    ],
)
def test_one_person_and_one_line(prepared, variant, name, number, expected):
    on_roll(prepared, senders.resident_row("R1", name, number, birth="19500305"))
    assert prepared.pairs(variant) == ({(1, "R1"): expected} if expected else {})


def test_a_birth_date_read_from_the_number_is_no_evidence_for_that_number(prepared):
    on_roll(prepared, senders.resident_row("R1", "张国", ZHANG))
    assert prepared.pairs(IdentityVariant(1, "张卫国", ZHANG, stated_birth=None)) == {(1, "R1"): ANOTHER}


@pytest.mark.parametrize(("before", "after"), [("张国", "李建军"), ("李建军", "张国")])
def test_a_former_name_of_the_police_list_explains_the_other_name(prepared, before, after):
    on_roll(prepared, senders.resident_row("R1", "张国", ZHANG))
    change = Change(name=after, number=ZHANG, before_name=before, after_name=after)
    assert prepared.pairs(IdentityVariant(1, "李建军", ZHANG), changes=[change]) == {(1, "R1"): FORMER}
    of_another = Change(name=after, number=TWIN, before_name=before, after_name=after)
    assert prepared.pairs(IdentityVariant(1, "李建军", ZHANG), changes=[of_another]) == {(1, "R1"): ANOTHER}


def test_a_former_number_of_the_police_list_finds_the_line(prepared):
    on_roll(prepared, senders.resident_row("R1", "张伟", OTHER))
    change = Change(name="张伟", number=ZHANG, old_number=OTHER, new_number=ZHANG)
    variant = IdentityVariant(1, "张伟", ZHANG, village="")
    assert prepared.pairs(variant, changes=[change]) == {(1, "R1"): SAME}
    assert prepared.pairs(variant) == {}


def test_a_relatives_number_is_never_confirmed(prepared):
    on_roll(prepared, senders.resident_row("R1", "张伟", ZHANG), senders.resident_row("R2", "张小明", OTHER))
    assert prepared.pairs(IdentityVariant(1, "张小明", ZHANG, village=OTHER_VILLAGE)) == {(1, "R1"): ANOTHER}


def test_the_villages_line_of_the_name_is_offered_where_the_number_is_somebody_elses(prepared):
    born_later = make_number("19720811", 5)
    on_roll(prepared, senders.resident_row("R1", "张伟", ZHANG), senders.resident_row("R2", "张小明", born_later))
    assert prepared.pairs(IdentityVariant(1, "张小明", ZHANG)) == {(1, "R1"): ANOTHER, (1, "R2"): OTHER_NUMBER}
    assert prepared.pairs(IdentityVariant(1, "张小明", TWIN)) == {}


def test_twins_are_not_exchanged(prepared):
    on_roll(prepared, senders.resident_row("R1", "张伟", ZHANG), senders.resident_row("R2", "张强", TWIN))
    assert prepared.pairs(IdentityVariant(1, "张伟", ZHANG), IdentityVariant(2, "张强", TWIN)) == {
        (1, "R1"): SAME,
        (2, "R2"): SAME,
    }
    exchanged = prepared.pairs(IdentityVariant(1, "张伟", TWIN), IdentityVariant(2, "张强", ZHANG))
    assert exchanged == {
        (1, "R2"): ANOTHER,
        (2, "R1"): ANOTHER,
        (1, "R1"): OTHER_NUMBER,
        (2, "R2"): OTHER_NUMBER,
    }


def test_namesakes_born_the_same_day_in_one_village_are_left_to_their_numbers(prepared):
    on_roll(prepared, senders.resident_row("R1", "张伟", ZHANG), senders.resident_row("R2", "张伟", OTHER))
    assert prepared.pairs(IdentityVariant(1, "张伟", ZHANG)) == {(1, "R1"): SAME}
    unclear = prepared.pairs(IdentityVariant(1, "张伟", TWO_DIGIT_ERRORS))
    assert unclear == {(1, "R1"): POSSIBLE_MATCH, (1, "R2"): POSSIBLE_MATCH}


def test_two_subjects_alike_share_no_line(prepared):
    on_roll(prepared, senders.resident_row("R1", "张伟", ZHANG))
    assert prepared.pairs(IdentityVariant(1, "张伟", TWO_DIGIT_ERRORS), IdentityVariant(2, "张伟", "", BORN)) == {
        (1, "R1"): POSSIBLE_MATCH,
        (2, "R1"): POSSIBLE_MATCH,
    }


def test_a_damaged_line_that_fits_two_poor_persons_is_for_a_person_to_decide(prepared):
    first, second = sorted(repair_candidates(ONE_DIGIT_ERROR))[:2]
    on_roll(prepared, senders.resident_row("R1", "张伟", ONE_DIGIT_ERROR))
    found = prepared.pairs(
        IdentityVariant(1, "张伟", first, village=""), IdentityVariant(2, "章苇", second, village="")
    )
    assert found == {(1, "R1"): ("repaired_roll_number", "review"), (2, "R1"): ("repaired_roll_number", "review")}


def test_more_than_five_lines_of_one_name_are_no_evidence(prepared):
    on_roll(prepared, *(senders.resident_row(f"R{n}", "张伟", make_number("19600101", n)) for n in range(6)))
    assert prepared.pairs(IdentityVariant(1, "张伟", "")) == {}


def test_a_person_confirmed_by_number_is_not_matched_by_name(prepared):
    on_roll(
        prepared,
        senders.resident_row("R1", "张伟", ZHANG),
        senders.resident_row("R2", "张伟", TWO_DIGIT_ERRORS, birth="19500305"),
    )
    assert prepared.pairs(IdentityVariant(1, "张伟", ZHANG)) == {(1, "R1"): SAME}


def test_facts_are_matched_by_number_only(prepared):
    on_roll(prepared, senders.resident_row("R1", "张伟", ZHANG))
    assert prepared.pairs(IdentityVariant(-5, "张伟", "", BORN)) == {}
    assert prepared.pairs(IdentityVariant(-5, "张伟", ONE_DIGIT_ERROR)) == {(-5, "R1"): FILE_REPAIRED}


def test_all_schemes_and_every_variant_of_a_person(prepared):
    prepared.add_resident([senders.resident_row("R1", "张伟", ZHANG)])
    prepared.add_employee([("E1", "章苇", ZHANG, "1"), ("E2", "李四", OTHER, "1")])
    prepared.add_civil([("C1", "张伟", TWIN, "2")])
    variants = [IdentityVariant(1, "张伟", ONE_DIGIT_ERROR), IdentityVariant(1, "张伟", TWIN)]
    assert prepared.pairs(*variants) == {(1, "R1"): FILE_REPAIRED, (1, "E1"): FILE_REPAIRED, (1, "C1"): SAME}


def test_the_comparison_vector_explains_the_link(prepared):
    on_roll(prepared, senders.resident_row("R1", "章苇", ZHANG, unit="320682111001"))
    (link,) = prepared.link(IdentityVariant(1, "张伟", ZHANG))
    assert link["comparison_vector"] == "number=same;name=homophone;birth=same;village=same town"
    assert (link["line"], link["part"], link["roll_status"], link["roll_name"]) == (2, "jm_201812.csv", "1/1", "章苇")


@pytest.mark.parametrize(
    ("written", "level"),
    [("张伟", "same"), ("張偉", "variant"), ("章苇", "homophone"), ("张国", "same surname"), ("李四", "differs")],
)
def test_how_names_compare(prepared, written, level):
    on_roll(prepared, senders.resident_row("R1", written, ZHANG))
    (link,) = prepared.link(IdentityVariant(1, "张伟", ZHANG))
    assert f"name={level};" in str(link["comparison_vector"])


def test_nobody_and_nothing(prepared):
    on_roll(prepared, senders.resident_row("R1", "张伟", ZHANG))
    assert prepared.pairs() == {}
    assert prepared.pairs(IdentityVariant(1, "", "")) == {}


def test_the_name_alone_is_a_possible_match_for_a_person_with_nothing_else(prepared):
    prepared.add_employee([("E1", "尉迟敬德", ZHANG, "1"), *((f"E{n}", f"张{n}", "", "1") for n in range(2, 9))])
    found = {
        "rare": [IdentityVariant(1, "尉迟敬德", "")],
        "number": [IdentityVariant(1, "尉迟敬德", OTHER)],
        "short": [IdentityVariant(1, "尉", "")],
    }
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pipeline, "LEAST_SCORE", 10.0)  # in so small a roll every name is common
        assert {case: prepared.pairs(*variants) for case, variants in found.items()} == {
            "rare": {(1, "E1"): NAME_ALONE},
            "number": {},
            "short": {},
        }
    assert prepared.pairs(*found["rare"]) == {}
    assert prepared.pairs(IdentityVariant(1, "尉迟敬德", TWO_DIGITS)) == {
        (1, "E1"): ("name_two_digit_errors", "review")
    }


def test_a_person_gets_at_most_five_possible_matches_the_likeliest_first(prepared):
    same = [senders.resident_row(f"R{n}", "张伟", make_number("19600101", n)) for n in range(3)]
    dated = [senders.resident_row(f"D{n}", f"张{c}", "", birth="19500305") for n, c in enumerate("强国明")]
    on_roll(prepared, *same, *dated)
    links = prepared.link(IdentityVariant(1, "张伟", TWO_DIGIT_ERRORS))
    assert [link["action"] for link in links] == ["review"] * 5
    kept, all_six = sorted(float(str(link["score"])) for link in links), 6
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pipeline, "MOST_PROPOSED", all_six)
        scores = sorted(
            float(str(link["score"])) for link in prepared.link(IdentityVariant(1, "张伟", TWO_DIGIT_ERRORS))
        )
    assert len(scores) == all_six
    assert kept == scores[1:]
    assert scores[0] < scores[-1], "otherwise any five would do"
