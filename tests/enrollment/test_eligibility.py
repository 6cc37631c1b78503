"""The conditions of applications: each met, not met and unknown, each side of every boundary, as known at a moment, in this county only."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from enrollment.constants import ApplicationKind, Condition, Outcome
from enrollment.eligibility import testing
from enrollment.eligibility.conditions import CONDITIONS, RULES
from enrollment.eligibility.testing import check_person, find_eligibility
from enrollment.management.cases import running
from enrollment.management.cases.format import ACTS, FACTS
from enrollment.management.cases.world import CaseWorld, make_person, make_world, moment
from enrollment.models import Application, Enrollment
from foundation.policy.services.calendar import load_calendar
from foundation.policy.services.loading import load_parameters
from foundation.primitives.resident_id import check_character
from foundation.regions.models.unit import Level
from registry.models import Person
from tests.oracles.eligibility import answer

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("eligibility")]

OLD, YOUNG = "1949-03-05", "1985-05-05"
DAY = date(2019, 1, 10)
assert running.SHIPPED, "the kinds of facts are in the format"


@pytest.fixture(scope="module")
def rules(module_database: None) -> None:
    load_parameters()
    load_calendar()


@pytest.fixture(autouse=True)
def undone(rules: None) -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def world_of(*facts: dict[str, Any], birth: str = OLD, rules: dict[str, Any] | None = None, **person: Any) -> CaseWorld:
    born = {"birth": birth} if birth else {}
    world = make_world({"person": {"sex": "female"} | born | person, "parameters": rules or {}})
    for fact in facts:
        FACTS[fact["fact"]].handle(world, fact)
    return world


def ask(world: CaseWorld, kind: str, day: date = DAY, known: datetime | None = None) -> testing.Tested:
    return check_person(
        county=world.county,
        person_id=world.person.pk,
        kind=ApplicationKind(kind),
        day=day,
        known=known or moment(day, 23),
    )


def tell(world: CaseWorld, condition: Condition, kind: str, day: date = DAY) -> str:
    tested = ask(world, kind, day)
    return "no" if condition in tested.not_met else "unknown" if condition in tested.unknown else "yes"


def fact(name: str, **more: Any) -> dict[str, Any]:
    return {"fact": name, **more}


ROLL, PAID, LISTED = fact("on_roll", status="contributing"), fact("years_paid", years=15), fact("dibao")
DRAWS, PAUSED = fact("on_roll", status="drawing"), fact("on_roll", status="paused")
C = Condition


@dataclass(frozen=True)
class Case:
    """A condition of a kind: the facts, birth date and rules under which it answers so."""

    condition: Condition
    kind: str
    answer: str
    facts: tuple[dict[str, Any], ...] = ()
    birth: str = OLD
    number: str = ""
    rules: tuple[tuple[str, Any], ...] = ()
    day: date = DAY


def case(condition: Condition, kind: str, answer: str, *facts: dict[str, Any], **more: Any) -> Case:
    return Case(condition, kind, answer, facts, **more)


CASES = [
    case(C.ALIVE, "register", "yes"),
    case(C.ALIVE, "register", "no", fact("death")),
    case(C.ALIVE, "register", "unknown", fact("death", evidence="one_source")),
    case(C.OLD_ENOUGH, "register", "yes", birth="2003-01-10"),
    case(C.OLD_ENOUGH, "register", "no", birth="2003-01-11"),
    case(C.OLD_ENOUGH, "register", "yes", birth="2004-02-29", day=date(2020, 2, 29)),
    case(C.OLD_ENOUGH, "register", "no", birth="2004-02-29", day=date(2020, 2, 28)),
    case(C.OLD_ENOUGH, "register", "unknown", birth=""),
    case(C.BEFORE_BENEFIT_AGE, "register", "yes", birth="1959-01-11"),
    case(C.BEFORE_BENEFIT_AGE, "register", "no", birth="1959-01-10"),
    case(C.BEFORE_BENEFIT_AGE, "register", "unknown", birth=""),
    case(C.BENEFIT_AGE, "direct_inclusion", "yes", birth="1959-01-10"),
    case(C.BENEFIT_AGE, "direct_inclusion", "no", birth="1959-01-11"),
    case(C.BENEFIT_AGE, "direct_inclusion", "yes", birth="1960-02-29", day=date(2020, 2, 29)),
    case(C.BENEFIT_AGE, "direct_inclusion", "no", birth="1960-02-29", day=date(2020, 2, 28)),
    case(C.BENEFIT_AGE, "direct_inclusion", "yes", birth="1958-12-31", day=date(2018, 12, 31)),
    case(C.BENEFIT_AGE, "direct_inclusion", "no", birth="1959-01-01", day=date(2018, 12, 31)),
    case(C.BENEFIT_AGE, "direct_inclusion", "unknown", birth=""),
    case(C.BENEFIT_AGE, "claim", "yes", birth="1959-04-30"),
    case(C.BENEFIT_AGE, "claim", "no", birth="1959-05-01"),
    case(C.BENEFIT_AGE, "claim", "no", birth="1959-04-30", rules=(("turning_60_months_ahead", 2),)),
    case(C.BENEFIT_AGE, "claim", "unknown", birth=""),
    case(C.EARLY_AGE, "early_draw", "no"),
    case(C.EARLY_AGE, "early_draw", "yes", birth="1964-01-10", rules=(("severely_disabled_benefit_age_years", 55),)),
    case(C.EARLY_AGE, "early_draw", "no", birth="1964-01-11", rules=(("severely_disabled_benefit_age_years", 55),)),
    case(C.EARLY_AGE, "early_draw", "unknown", birth="", rules=(("severely_disabled_benefit_age_years", 55),)),
    case(C.POOR, "direct_inclusion", "yes", fact("poverty")),
    case(C.POOR, "direct_inclusion", "yes", fact("tekun"), fact("marked_out")),
    case(C.POOR, "direct_inclusion", "no", fact("marked_out")),
    case(C.POOR, "direct_inclusion", "no"),
    case(C.POOR, "direct_inclusion", "yes", fact("dibao", **{"from": "2019-01-10"})),
    case(C.POOR, "direct_inclusion", "no", fact("dibao", **{"from": "2019-01-11"})),
    case(C.POOR, "direct_inclusion", "no", fact("dibao", to="2019-01-10")),
    case(C.POOR, "direct_inclusion", "no", fact("poverty"), rules=(("direct_inclusion_categories", ["tekun"]),)),
    case(C.IN_WINDOW, "direct_inclusion", "no", day=date(2018, 11, 30)),
    case(C.IN_WINDOW, "direct_inclusion", "yes", day=date(2018, 12, 1)),
    case(C.IN_WINDOW, "direct_inclusion", "yes", day=date(2020, 12, 31)),
    case(C.IN_WINDOW, "direct_inclusion", "no", day=date(2021, 1, 1)),
    case(C.IN_WINDOW, "direct_inclusion", "no", rules=(("direct_inclusion_window", None),)),
    case(C.IN_WINDOW, "direct_inclusion", "yes", day=date(2022, 1, 1), rules=(("direct_inclusion_test_day", "turned_60"),)),
    case(C.IN_WINDOW, "direct_inclusion", "no", birth="1961-01-01", day=date(2022, 1, 1),
         rules=(("direct_inclusion_test_day", "turned_60"),)),
    case(C.NO_OTHER_BENEFIT, "direct_inclusion", "yes", fact("other_scheme", scheme="employee", status="contributing")),
    case(C.NO_OTHER_BENEFIT, "direct_inclusion", "yes", fact("other_scheme", scheme="other_province", status="contributing")),
    case(C.NO_OTHER_BENEFIT, "direct_inclusion", "no", fact("other_scheme", scheme="civil", status="drawing")),
    case(C.NO_OTHER_BENEFIT, "direct_inclusion", "no", fact("other_scheme", scheme="other_province", status="drawing")),
    case(C.NO_OTHER_BENEFIT, "direct_inclusion", "unknown", fact("other_scheme", scheme="employee", status="paused")),
    case(C.NO_OTHER_BENEFIT, "direct_inclusion", "unknown", fact("other_scheme", scheme="other_province", status="not_stated")),
    case(C.NO_OTHER_SCHEME, "register", "yes", fact("other_scheme", scheme="employee", status="ended")),
    case(C.NO_OTHER_SCHEME, "register", "no", fact("other_scheme", scheme="employee", status="not_stated")),
    case(C.NO_OTHER_SCHEME, "register", "no", fact("other_scheme", scheme="other_province", status="contributing")),
    *(
        each
        for name, condition in (
            ("student", C.NOT_STUDENT), ("soldier", C.NOT_SOLDIER), ("prison", C.NOT_IN_PRISON), ("abroad", C.NOT_ABROAD),
            ("hukou_elsewhere", C.HUKOU_HERE),
        )
        for each in (case(condition, "register", "yes"), case(condition, "register", "no", fact(name)))
    ),
    case(C.NOT_SERVING, "claim", "yes"),
    case(C.NOT_SERVING, "claim", "unknown", fact("prison")),
    case(C.NOT_ENROLLED, "register", "yes", fact("on_roll", status="ended")),
    case(C.NOT_ENROLLED, "register", "no", fact("on_roll", status="lapsed")),
    case(C.ENROLLED, "claim", "yes", ROLL),
    case(C.ENROLLED, "claim", "no"),
    case(C.NOT_DRAWING, "claim", "yes", ROLL),
    case(C.NOT_DRAWING, "claim", "no", DRAWS),
    case(C.DRAWING, "pause", "yes", DRAWS),
    case(C.DRAWING, "pause", "no", ROLL),
    case(C.PAUSED, "resume", "yes", PAUSED),
    case(C.PAUSED, "resume", "no", DRAWS),
    case(C.YEARS_PAID, "claim", "yes", birth="1949-09-01"),
    case(C.YEARS_PAID, "claim", "yes", birth="1949-09-02"),
    case(C.YEARS_PAID, "claim", "unknown", birth="1950-01-01"),
    case(C.YEARS_PAID, "claim", "no", fact("years_paid", years=0), birth="1950-01-01"),
    case(C.YEARS_PAID, "claim", "yes", fact("years_paid", years=1), birth="1950-01-01"),
    case(C.YEARS_PAID, "claim", "no", fact("years_paid", years=13), birth="1963-06-01", day=date(2023, 7, 1)),
    case(C.YEARS_PAID, "claim", "yes", fact("years_paid", years=14), birth="1963-06-01", day=date(2023, 7, 1)),
    case(C.YEARS_PAID, "claim", "no", fact("years_paid", years=14), birth="1970-06-01", day=date(2031, 7, 1)),
    case(C.YEARS_PAID, "claim", "yes", PAID, birth="1970-06-01", day=date(2031, 7, 1)),
    case(C.YEARS_PAID, "claim", "unknown", PAID, birth=""),
    case(C.STAYED_AFTER_60, "claim", "yes"),
    case(C.STAYED_AFTER_60, "claim", "yes", fact("moved_in", **{"from": "2009-03-04"}, from_place="山东省德州市")),
    case(C.STAYED_AFTER_60, "claim", "no", fact("moved_in", **{"from": "2009-03-05"}, from_place="山东省德州市")),
    case(C.STAYED_AFTER_60, "claim", "yes", fact("moved_in", **{"from": "2019-01-11"}, from_place="山东省德州市")),
    case(C.STAYED_AFTER_60, "claim", "yes", fact("moved_in", **{"from": "2018-03-05"}, from_place="江苏省某市某县白蒲镇")),
    case(C.SEVERELY_DISABLED, "early_draw", "yes", fact("disabled", grade=2)),
    case(C.SEVERELY_DISABLED, "early_draw", "no", fact("disabled", grade=3)),
    case(C.SEVERELY_DISABLED, "early_draw", "unknown"),
    case(C.DECIDED, "register", "yes"),
    case(C.DECIDED, "register", "yes", fact("possible_match"), ROLL),
    case(C.DECIDED, "register", "unknown", fact("possible_match"), fact("on_roll", status="ended")),
    case(C.HAS_NUMBER, "register", "yes"),
    case(C.HAS_NUMBER, "register", "yes", number="320682195003050020"),
    case(C.HAS_NUMBER, "register", "unknown", number="none"),
    case(C.WITHOUT_NUMBER, "temporary_identity", "yes", number="none"),
    case(C.WITHOUT_NUMBER, "temporary_identity", "no"),
    case(C.NOT_DECLINED, "register", "yes"),
    case(C.DECLINED, "revoke_decline", "no"),
    case(C.NOT_WAIVED, "claim", "yes"),
    case(C.WAIVED, "revoke_waiver", "no"),
]  # fmt: skip


@pytest.mark.parametrize("given", CASES, ids=lambda each: f"{each.condition}-{each.answer}-{CASES.index(each)}")
def test_a_condition_is_met_not_met_or_unknown(given):
    world = world_of(
        *given.facts, birth=given.birth, rules=dict(given.rules), **({"number": given.number} if given.number else {})
    )
    assert tell(world, given.condition, given.kind, given.day) == given.answer


@pytest.mark.parametrize(("kind", "undone_by", "condition", "opposite", "asked"), [
    ("decline", "revoke_decline", C.NOT_DECLINED, C.DECLINED, "register"), ("waive", "revoke_waiver", C.NOT_WAIVED, C.WAIVED, "claim"),
])  # fmt: skip
def test_a_declaration_holds_from_its_day_until_it_is_taken_back(kind, undone_by, condition, opposite, asked):
    signed = {"signed_on": "2019-01-02", "witness": "张书记", "in_person": True, "advised": True}
    world = world_of(birth=OLD)
    for day, each in ((2, kind), (5, undone_by)):
        for act, more in (("apply", {"kind": each, "details": signed if each == kind else {"signed_on": "2019-01-02"}}),
                          ("bring_to_approval", {}), ("record", {})):  # fmt: skip
            world.now = moment(date(2019, 1, day), 9)
            ACTS[act].handle(world, {"act": act, **more})
    before, between, after = (date(2019, 1, day) for day in (1, 3, 5))
    assert [tell(world, condition, asked, day) for day in (before, between, after)] == ["yes", "no", "yes"]
    assert [tell(world, opposite, undone_by, day) for day in (before, between, after)] == ["no", "yes", "no"]


def test_every_condition_stands_in_the_table_above_or_with_the_declarations():
    asked = {each.condition for each in CASES}
    assert asked == set(RULES) == {condition for listed in CONDITIONS.values() for condition in listed}
    told = {each.condition for each in CASES if each.answer == "no"} | {
        each.condition for each in CASES if each.answer == "unknown"
    }
    assert asked - told == {C.NOT_DECLINED, C.NOT_WAIVED}


@pytest.mark.parametrize(("facts", "birth", "day", "outcome", "reasons"), [
    ((), OLD, DAY, "refused", ["NOT_POOR"]),
    ((LISTED, fact("other_scheme", scheme="civil", status="drawing")), OLD, DAY, "refused", ["OTHER_BENEFIT"]),
    ((LISTED,), "1961-01-01", date(2020, 12, 28), "refused", ["UNDER_60"]),
    ((LISTED,), "1961-01-01", date(2021, 2, 1), "refused", ["WINDOW_CLOSED"]),
    ((LISTED,), "1960-12-20", date(2020, 12, 28), "eligible", []),
    ((LISTED,), OLD, DAY, "eligible", []),
])  # fmt: skip
def test_direct_inclusion_comes_out_as_the_rule_has_it(facts, birth, day, outcome, reasons):
    tested = ask(world_of(*facts, birth=birth), "direct_inclusion", day)
    assert (tested.outcome, list(tested.not_met)) == (outcome, reasons)
    assert set(tested.met) == set(CONDITIONS[ApplicationKind.DIRECT_INCLUSION]) - set(tested.not_met)


def test_a_merged_persons_facts_count_for_the_one_kept_who_alone_is_tested():
    world = world_of(fact("tekun"), fact("other_scheme", scheme="civil", status="drawing"), PAID,
                     fact("merged_into_another", **{"from": "2019-01-05"}))  # fmt: skip
    kept = Person.objects.exclude(pk=world.person.pk).get()

    def ask_all(known: datetime) -> dict[int, testing.Tested]:
        found = find_eligibility(county=world.county, kind=ApplicationKind.DIRECT_INCLUSION, day=DAY, known=known)
        return {each.person_id: each for each in found}

    assert ask_all(moment("2019-01-05", 1)).keys() == {kept.pk}
    assert ask_all(moment("2019-01-05", 1))[kept.pk].not_met == (C.NO_OTHER_BENEFIT,)
    alone = [
        each.not_met
        for each in find_eligibility(
            county=world.county, kind=ApplicationKind.DIRECT_INCLUSION, day=DAY, known=moment(DAY), persons=[kept.pk]
        )
    ]
    assert alone == [(C.NO_OTHER_BENEFIT,)]
    before = ask_all(moment("2019-01-04"))
    assert (before[kept.pk].not_met, before[world.person.pk].not_met) == ((C.POOR,), (C.NO_OTHER_BENEFIT,))


def test_what_was_superseded_or_recorded_later_does_not_count_at_a_moment():
    world = world_of(
        LISTED, fact("other_scheme", scheme="civil", status="drawing", **{"from": "2019-01-05"}, to="2019-01-08")
    )
    told = [ask(world, "direct_inclusion", DAY, moment(f"2019-01-{day:02}")).outcome for day in (4, 5, 7, 8)]
    assert told == [Outcome.ELIGIBLE, Outcome.REFUSED, Outcome.REFUSED, Outcome.ELIGIBLE]


def test_an_enrolment_made_here_counts_from_its_first_to_its_last_day():
    world = world_of(ROLL, birth=YOUNG)
    for act, more in (
        ("apply", {"kind": "change_details", "papers": [], "details": {"detail": "name", "right_value": "某"}}),
    ):
        world.now = moment("2019-01-02", 9)
        ACTS[act].handle(world, {"act": act, "draft": True, **more})
    Enrollment.objects.create(
        county=world.county, person=world.person, application=Application.objects.get(), draws=True, books="portal",
        valid_from=date(2019, 1, 5), valid_to=date(2019, 1, 8), recorded_at=moment("2019-01-05"),
    )  # fmt: skip
    days = [date(2019, 1, day) for day in (4, 5, 7, 8)]
    assert [tell(world, C.NOT_DRAWING, "claim", day) for day in days] == ["yes", "no", "no", "yes"]


def test_another_countys_rows_neither_count_nor_are_tested():
    here = world_of(LISTED)
    found = find_eligibility(
        county=here.units[Level.PREFECTURE], kind=ApplicationKind.DIRECT_INCLUSION, day=DAY, known=moment(DAY)
    )
    assert list(found) == []
    stranger = make_person(here.units[Level.VILLAGE], here.units[Level.PREFECTURE], {"sex": "male", "birth": OLD})
    tested = find_eligibility(
        county=here.county,
        kind=ApplicationKind.DIRECT_INCLUSION,
        day=DAY,
        known=moment(DAY),
        persons=[here.person.pk, stranger.pk],
    )
    assert [each.person_id for each in tested] == [here.person.pk]


BIRTHS = ["1948-02-29", "1949-09-01", "1949-09-02", "1950-03-05", "1958-12-15", "1958-12-31", "1959-01-01", "1960-02-29",
          "1960-12-20", "1961-01-01", "1985-05-05", "2002-12-31", "2003-01-01", "2004-02-29", ""]  # fmt: skip
ASKED = [
    date(2018, 11, 30),
    date(2018, 12, 31),
    date(2019, 2, 28),
    date(2020, 2, 29),
    date(2020, 12, 31),
    date(2021, 1, 1),
]


def random_facts(dice: random.Random) -> list[dict[str, Any]]:
    """Two to five facts of any kind, most of them with days near those asked."""
    simple = [
        "poverty",
        "marked_out",
        "dibao",
        "tekun",
        "prison",
        "student",
        "soldier",
        "abroad",
        "hukou_elsewhere",
        "possible_match",
    ]
    made: dict[str, dict[str, Any]] = {}
    for _ in range(dice.randint(2, 5)):
        some: dict[str, Any] = dice.choice([
            {"fact": dice.choice(simple)},
            {"fact": "death", "evidence": dice.choice(["certain", "one_source"])},
            {"fact": "on_roll", "status": dice.choice(["contributing", "lapsed", "drawing", "paused", "ended"])},
            {"fact": "other_scheme", "scheme": dice.choice(["employee", "civil", "other_province"]),
             "status": dice.choice(["contributing", "drawing", "paused", "ended", "not_stated"])},
            {"fact": "years_paid", "years": dice.randint(0, 16)},
        ])  # fmt: skip
        if dice.random() < 0.6:
            some["from"] = (dice.choice(ASKED) + timedelta(days=dice.randint(-2, 2))).isoformat()
            if dice.random() < 0.5:
                some["to"] = (date.fromisoformat(some["from"]) + timedelta(days=dice.choice([1, 2, 400]))).isoformat()
        made[some["fact"]] = some
    if dice.random() < 0.2:
        made["moved_in"] = {
            "fact": "moved_in",
            "from": dice.choice(["2009-09-01", "2018-12-31", "2019-06-01"]),
            "from_place": "山东省",
        }
    return list(made.values())


def test_the_statement_says_what_asking_one_person_after_the_other_says():
    dice = random.Random(20181231)
    world = world_of()
    people: dict[int, tuple[date | None, list[dict[str, Any]]]] = {}
    for _ in range(150):
        birth = dice.choice(BIRTHS)
        body = f"320697{birth.replace('-', '') or '19500101'}{len(people):03}"
        given = {"sex": "female", "number": body + check_character(body)} | ({"birth": birth} if birth else {})
        world.person = make_person(world.units[Level.VILLAGE], world.county, given)
        facts = random_facts(dice)
        for each in facts:
            FACTS[each["fact"]].handle(world, each)
        people[world.person.pk] = (date.fromisoformat(birth) if birth else None, facts)
    outcomes = set()
    for kind in ("register", "direct_inclusion", "claim"):
        for day in ASKED:
            found = find_eligibility(
                county=world.county, kind=ApplicationKind(kind), day=day, known=moment(day), persons=list(people)
            )
            for told in found:
                birth_date, facts = people[told.person_id]
                assert (set(told.not_met), set(told.unknown)) == answer(kind, birth_date, facts, day), (
                    kind,
                    day,
                    birth_date,
                    facts,
                )
                outcomes.add((kind, told.outcome))
    assert len(outcomes) == 9, "each kind came to each outcome"
