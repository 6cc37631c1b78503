"""Two nights compared: codes from -> to, gaps opened and closed, inputs that differ, the persons behind each; scope."""

from datetime import date

import pytest

from casework.constants import GapKind
from foundation.jobs.long_work import RunState
from nightly.models import NightRun
from tests.named_world import AS_OF, NOW, World, days_later


def night(world: World, days: int, **values: object) -> NightRun:
    row = {
        "county": world.county_a,
        "as_of_date": AS_OF,
        "state": RunState.DONE,
        "requested_by": "system",
        "requested_at": days_later(days),
        "finished_at": days_later(days),
    }
    return NightRun.objects.create(**(row | values))


@pytest.fixture
def two(world):
    """Two nights: one person insured between them, one unchanged, one who left the lists, one in another township who came."""
    first = night(world, 0, inputs={"resident": [{"delivery": 1, "as_of": "2018-12-31", "rows": 7}]})
    second = night(
        world, 1, as_of_date=date(2019, 1, 31),
        inputs={"resident": [{"delivery": 2, "as_of": "2019-01-31", "rows": 9}]},
    )  # fmt: skip
    insured, same, left = world.person("张三"), world.person("李四"), world.person("王五")
    came = world.person("赵六", unit=world.other_township)
    for person in (insured, same, left):
        world.verdict(person)
    for person in (insured, left):
        person.verdicts.update(superseded_at=days_later(1))
    world.verdict(insured, "1-011", "9_resident", "contributing", recorded_at=days_later(1))
    world.verdict(came, "0-203", "3_student", "student", recorded_at=days_later(1))
    world.gap(insured, GapKind.UNINSURED, closed_at=days_later(1), closed_on=date(2019, 1, 31))
    world.gap(same, GapKind.UNINSURED)
    world.gap(same, GapKind.IDENTITY_CONFLICT, "number_wrong", opened_at=days_later(1))
    return first, second


def moves(answer) -> dict[tuple[str, str], int]:
    heads = [words for _code, words in answer.context["codes"]]
    return {
        (row, head): cell.persons
        for row, cells in answer.context["matrix"]
        for head, cell in zip(heads, cells, strict=True)
        if cell.persons
    }


def test_codes_from_to_gaps_and_inputs(two, signed_in):
    answer = signed_in("clerk_a").get(f"/nights/{two[1].pk}/compare/")
    assert moves(answer) == {
        ("Uninsured", "Uninsured"): 1,
        ("Uninsured", "1-011 Insured here"): 1,
        ("Uninsured", "not on any list"): 1,
        ("not on any list", "0-203 Student"): 1,
    }
    assert (answer.context["changed_count"], answer.context["same_count"]) == (3, 1)
    gaps = {move.kind: (move.open_then, move.opened, move.closed, move.open_now) for move, *_ in answer.context["gaps"]}
    assert gaps == {"UNINSURED": (2, 0, 1, 1), "IDENTITY_CONFLICT": (0, 1, 0, 1)}
    assert answer.context["inputs"] == [("Resident pension roll", "2018-12-31", "2019-01-31", 7, 9)]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("was=GAP&now=1-011", ["张三"]),
        ("was=GAP&now=", ["王五"]),
        ("was=&now=0-203", ["赵六"]),
        ("kind=UNINSURED&moved=closed", ["张三"]),
        ("kind=IDENTITY_CONFLICT&moved=opened", ["李四"]),
        ("kind=UNINSURED&moved=opened", []),
    ],
)
def test_every_figure_opens_its_list(two, signed_in, asked, names):
    answer = signed_in("clerk_a").get(f"/nights/{two[1].pk}/compare/list/?with={two[0].pk}&{asked}")
    assert [line.name for line in answer.context["lines"]] == names


def test_backwards_the_codes_go_back(two, signed_in):
    answer = signed_in("clerk_a").get(f"/nights/{two[0].pk}/compare/?with={two[1].pk}")
    assert moves(answer)["1-011 Insured here", "Uninsured"] == 1


def test_a_first_night_has_nothing_before_it(two, signed_in):
    page = signed_in("clerk_a").get(f"/nights/{two[0].pk}/compare/").content.decode()
    assert "first night" in page
    assert signed_in("clerk_a").get(f"/nights/{two[0].pk}/compare/list/?was=GAP&now=GAP").status_code == 404


def test_everybody_counts_their_own_unit(two, signed_in):
    assert sum(moves(signed_in("township").get(f"/nights/{two[1].pk}/compare/")).values()) == 3
    assert signed_in("clerk_b").get(f"/nights/{two[1].pk}/compare/").status_code == 404


@pytest.mark.parametrize(
    "address", ["/nights/{now}/compare/?with={b}", "/nights/{now}/compare/list/?with={b}&was=GAP&now=GAP"]
)
def test_a_night_of_another_county_is_no_other_night(world, two, signed_in, address):
    other = night(world, 0, county=world.county_b)
    assert signed_in("clerk_a").get(address.format(now=two[1].pk, b=other.pk)).status_code == 404


def test_a_waiting_night_has_nothing_to_compare(world, two, signed_in):
    waiting = night(world, 2, state=RunState.WAITING, finished_at=None)
    assert signed_in("clerk_a").get(f"/nights/{waiting.pk}/compare/").status_code == 404


def test_an_unknown_code_is_not_there(two, signed_in):
    assert signed_in("clerk_a").get(f"/nights/{two[1].pk}/compare/list/?was=X&now=GAP").status_code == 404


def test_who_reads_no_cases_gets_counts_without_links(two, signed_in):
    for name in ("sysadmin", "finance"):
        answer = signed_in(name).get(f"/nights/{two[1].pk}/compare/list/?was=GAP&now=1-011")
        assert answer.status_code == 403


def test_the_queries_do_not_grow(world, two, signed_in, queries_within):
    for position in range(40):
        world.verdict(world.person(f"人{position}"), recorded_at=NOW)
    client = signed_in("clerk_a")
    with queries_within():
        client.get(f"/nights/{two[1].pk}/compare/")
    with queries_within():
        answer = client.get(f"/nights/{two[1].pk}/compare/list/?was=GAP&now=GAP")
    assert answer.context["page"].paginator.count == 41
