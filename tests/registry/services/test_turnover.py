"""A list is compared with the one before it by persons: many missing or many new need a second person, however many lines there are."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation

from foundation.accounts.actors import Actor, user_actor
from foundation.accounts.constants import Role
from foundation.accounts.models import Membership, User
from foundation.policy.models import ParameterValue
from foundation.primitives.clock import now
from foundation.primitives.errors import Conflict
from foundation.regions.models import Unit
from registry.comparison.persons import count_turnover
from registry.intake.errors import sentence
from registry.models import Delivery, Designation, Person
from registry.selectors.delivery_decisions import needs_second_person
from registry.services.approving import approve_delivery
from registry.services.receiving import process_delivery, receive_file
from tests import senders
from tests.oracles.numbers import make_number

pytestmark = pytest.mark.django_db

NUMBERS = [make_number("19600101", place) for place in range(200)]
Write = Callable[[Path, range], Path]


def write_poverty(path: Path, who: range) -> Path:
    return senders.poverty(path, [{"name": f"人{n}", "number": NUMBERS[n], "household": n} for n in who])


def write_tekun(path: Path, who: range) -> Path:
    return senders.tekun(path, [{"name": f"人{n}", "number": NUMBERS[n], "household": f"T{n}"} for n in who])


def write_dibao(path: Path, who: range) -> Path:
    return senders.dibao(path, [{"household": f"D{n}", "members": [(f"人{n}", NUMBERS[n])]} for n in who])


def write_prison(path: Path, who: range) -> Path:
    return senders.prison(path, [(f"人{n}", NUMBERS[n], "监狱服刑", "20160101", "20300101") for n in who])


def write_resident(path: Path, who: range) -> Path:
    """A roll whose numbers count the lines: they are the same each month, whoever is on them."""
    return senders.resident(
        path.with_suffix(".zip"), [senders.resident_row(f"R{line}", f"人{n}", NUMBERS[n]) for line, n in enumerate(who)]
    )


WRITERS = [write_poverty, write_tekun, write_dibao, write_prison, write_resident]


def ending_of(write: Write) -> str:
    return ".csv" if write is write_tekun else ".xlsx"


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_other_persons_on_as_many_lines_wait_for_a_second_person(tmp_path, take_in, write):
    ending = ending_of(write)
    take_in(write(tmp_path / f"12{ending}", range(100)))
    refused = take_in(write(tmp_path / f"01{ending}", range(97, 197)), "2019-01-31")
    assert (refused.state, refused.refusal["code"]) == ("refused", "loss_limit")
    values = {name: refused.refusal["values"][name] for name in ("gone", "before", "new", "now", "gone_share")}
    assert values == {"gone": "97", "before": "100", "new": "97", "now": "100", "gone_share": "97 %"}
    with translation.override("en"):
        assert "97 of the 100 persons on the previous list are missing" in sentence(refused.refusal)


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
@pytest.mark.parametrize(
    ("who", "is_applied"),
    [
        (range(5, 100), True),  # five gone of a hundred: the limit itself
        (range(6, 100), False),
        (range(125), True),  # twenty-five new of a hundred and twenty-five: the limit itself
        (range(126), False),
    ],
)
def test_the_limits_are_the_regions(tmp_path, take_in, write, who, is_applied):
    ending = ending_of(write)
    take_in(write(tmp_path / f"12{ending}", range(100)))
    later = take_in(write(tmp_path / f"01{ending}", who), "2019-01-31")
    assert (later.state == "applied") is is_applied
    assert bool(later.preview) is is_applied


def test_a_region_sets_its_own_limit(tmp_path, take_in, county):
    ParameterValue.objects.create(
        name="delivery_new_share",
        region=county,
        valid_from=date(2018, 1, 1),
        value=0.5,
        unit="share",
        source="the tests' own",
    )
    take_in(write_poverty(tmp_path / "12.xlsx", range(100)))
    assert take_in(write_poverty(tmp_path / "01.xlsx", range(126)), "2019-01-31").state == "applied"


def test_lines_that_repeat_persons_do_not_hide_that_others_are_gone(tmp_path, take_in):
    take_in(write_resident(tmp_path / "12", range(100)))
    lines = [senders.resident_row(f"S{line}", f"人{line % 50}", NUMBERS[line % 50]) for line in range(100)]
    refused = take_in(senders.resident(tmp_path / "01.zip", lines), "2019-01-31")
    assert refused.refusal["values"]["gone"] == "50"


def test_a_roll_that_counts_anew_has_the_same_persons(tmp_path, take_in):
    take_in(write_resident(tmp_path / "12", range(100)))
    lines = [senders.resident_row(f"N{n}", f"人{n}", NUMBERS[n]) for n in reversed(range(100))]
    later = take_in(senders.resident(tmp_path / "01.zip", lines), "2019-01-31")
    assert later.state == "applied"
    assert later.preview["persons"] == {"before": 100, "after": 100, "gone": 0, "new": 0}


def test_a_file_that_takes_the_place_of_one_of_its_day_is_compared_with_it(tmp_path, take_in):
    take_in(write_poverty(tmp_path / "名单.xlsx", range(100)))
    refused = take_in(write_poverty(tmp_path / "名单.xlsx", range(100, 200)))
    assert refused.refusal["values"]["gone"] == "100"
    assert Person.objects.count() == Designation.objects.as_known().filter(valid_to=None).count() == 100


def test_a_list_in_several_files_is_one(tmp_path, take_in):
    take_in(write_poverty(tmp_path / "长江镇12.xlsx", range(50)))
    take_in(write_poverty(tmp_path / "白蒲镇12.xlsx", range(50, 100)))
    first = take_in(write_poverty(tmp_path / "长江镇01.xlsx", range(51)), "2019-01-31")
    assert (first.state, first.preview["persons"]) == ("applied", {"before": 50, "after": 51, "gone": 0, "new": 1})
    last = take_in(write_poverty(tmp_path / "白蒲镇01.xlsx", range(51, 100)), "2019-01-31")
    assert (last.state, last.preview["persons"]["gone"]) == ("applied", 0)


def test_answers_and_events_name_others_each_month(tmp_path, take_in):
    for n, day in ((0, "2018-12-31"), (10, "2019-01-31")):
        answers = [(f"人{m}", NUMBERS[m], "放弃参保", "20181201", "王华", "入户核实") for m in range(n, n + 10)]
        assert take_in(senders.survey(tmp_path / f"核查结果反馈_{n}.xlsx", answers), day).state == "applied"
        dead = [("公安", f"人{m}", NUMBERS[m], "20181105") for m in range(n, n + 10)]
        assert take_in(senders.deaths(tmp_path / f"死亡{n}.xlsx", dead), day).state == "applied"
    fewer = senders.survey(
        tmp_path / "核查结果反馈_2.xlsx", [("人1", NUMBERS[1], "放弃参保", "20190201", "王华", "入户核实")]
    )
    assert take_in(fewer, "2019-02-28").refusal["values"]["gone"] == "9"


def test_a_first_list_is_compared_with_nothing(tmp_path, take_in):
    assert count_turnover(take_in(write_poverty(tmp_path / "12.xlsx", range(10)))) is None


def clerk_of(county: Unit, name: str) -> Actor:
    user = User.objects.create(username=name, display_name=name)
    role = Membership.objects.create(user=user, role=Role.COUNTY_CLERK, unit=county, valid_from=date(2018, 1, 1))
    return user_actor(role)


def test_the_sender_of_such_a_file_does_not_approve_it(tmp_path, take_in, county, as_system):
    take_in(write_poverty(tmp_path / "12.xlsx", range(100)))
    path = write_poverty(tmp_path / "01.xlsx", range(97, 197))
    sender, colleague = clerk_of(county, "sender"), clerk_of(county, "colleague")
    sent = receive_file(
        actor=sender, county=county, path=path, name="01.xlsx", as_of=date(2019, 1, 31), at=now(), hold=True
    )
    held = process_delivery(actor=as_system, delivery_id=sent.pk, at=now())
    assert held.state == "checked"
    assert held.preview["loss"]["values"]["new"] == "97"
    assert needs_second_person(sender, held)
    with pytest.raises(Conflict) as refusal:
        approve_delivery(actor=sender, delivery_id=held.pk, at=now())
    assert refusal.value.code == "second_person"
    approve_delivery(actor=colleague, delivery_id=held.pk, at=now())
    assert process_delivery(actor=as_system, delivery_id=held.pk, at=now()).state == "applied"
    assert Delivery.objects.get(pk=held.pk).preview["persons"]["gone"] == 97
