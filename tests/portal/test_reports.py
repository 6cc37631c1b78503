"""The statutory table: what it counts where, that parts sum to the whole, who may see which, and the persons behind a figure."""

import io
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook

from casework.constants import CloseReason, GapKind
from casework.selectors.subjects import SubjectKey
from casework.services.cases import take_case
from casework.services.closing import Decision, Evidence, close_by_decision, close_case
from coverage.models import CoverageVerdict
from foundation.jobs.long_work import RunState
from foundation.primitives import clock
from foundation.primitives.clock import BUSINESS_ZONE
from foundation.primitives.errors import NotFound
from foundation.regions.models import Unit
from nightly.models import NightRun
from portal.reports.columns import CONDITIONS, Population, UnitBasis
from portal.reports.counts import DIMENSIONS
from portal.reports.e1 import Asked, Table, get_table
from portal.reports.zeroing import GapCounts
from registry.constants import FactKind
from registry.models import Fact, Person
from tests.named_world import AS_OF, NOW, World, right_number

PARTS_OF = {
    "8_should_insure": ("12_insured", "16_not_insured"),
    "12_insured": ("9_resident", "10_employee", "11_civil"),
    "13_due_to_draw": ("14_drawing", "15_due_not_drawing"),
}


@pytest.fixture
def night(world) -> NightRun:
    return NightRun.objects.create(
        county=world.county_a,
        as_of_date=AS_OF,
        state=RunState.DONE,
        requested_by="system",
        requested_at=NOW,
        finished_at=NOW,
    )


@pytest.fixture
def judge(world):
    """Return a function that adds a person under an e1 column, in a file unit and a hukou unit."""

    def add(name: str, column: str, unit: Unit | None, hukou: Unit | None = None, **values: object) -> Person:
        person = world.person(name, right_number(f"9901011950010{1000 + Person.objects.count()}"), unit=unit)
        row: dict[str, object] = {
            "county": person.county, "night_id": 1, "as_of_date": AS_OF, "recorded_at": NOW, "person": person,
            "verdict": "GAP", "e1_column": column, "desk_reason": "never_enrolled", "in_poverty_file": True,
            "in_three_categories": False, "due_to_draw": False, "drawing": False, "oldest_feed_date": AS_OF,
            "file_unit": unit, "hukou_unit": hukou,
        }  # fmt: skip
        CoverageVerdict.objects.create(**(row | values))
        return person

    return add


@pytest.fixture
def town(world, night, judge) -> World:
    """Six people: three of the village, one of the other township, one of no unit, one dead."""
    judge("甲", "9_resident", world.village, world.village, drawing=True, due_to_draw=True)
    judge("乙", "16f_other", world.village, None, due_to_draw=True)
    judge("丙", "2_under16", world.village, world.other_township, in_three_categories=True)
    judge("丁", "10_employee", world.other_township, world.other_township, out_of_province=True, verdict="0-202")
    judge("戊", "16a_waived", None, None)
    judge("己", "6_dead", world.other_township, world.other_township, in_poverty_file=False, in_three_categories=True)
    return world


def table_of(world: World, unit: Unit, **asked: object) -> Table:
    return get_table(actor=world.actor("clerk_a"), asked=Asked(unit, asked.pop("day", AS_OF), **asked))  # type: ignore[arg-type]


def registered(table: Table) -> dict[str, int]:
    return {line.code: line.counts["1_registered"] for line in table.parts}


def test_each_person_is_counted_in_one_line_of_the_chosen_basis(town):
    by_file = table_of(town, town.county_a, population=Population.ALL)
    by_hukou = table_of(town, town.county_a, population=Population.ALL, basis=UnitBasis.HUKOU)
    assert registered(by_file) == {"320682111000": 3, "320682112000": 2, "": 1}
    assert registered(by_hukou) == {"320682111000": 1, "320682112000": 3, "": 2}
    assert registered(table_of(town, town.township, population=Population.ALL)) == {"320682111201": 3}
    assert registered(table_of(town, town.village, population=Population.ALL)) == {}


@pytest.mark.parametrize(
    ("population", "persons"), [(Population.POVERTY_FILE, 5), (Population.THREE_CATEGORIES, 2), (Population.ALL, 6)]
)
def test_every_population(town, population, persons):
    assert table_of(town, town.county_a, population=population).total.counts["1_registered"] == persons


@pytest.mark.parametrize("basis", UnitBasis)
@pytest.mark.parametrize("population", Population)
def test_parts_sum_to_the_whole_across_units_and_across_columns(town, population, basis):
    table = table_of(town, town.county_a, population=population, basis=basis)
    for column in CONDITIONS:
        assert sum(line.counts[column] for line in table.parts) == table.total.counts[column], column
    for line in (table.total, *table.parts):
        for whole, parts in PARTS_OF.items():
            assert line.counts[whole] == sum(line.counts[part] for part in parts), (line.code, whole)
        exempt = sum(line.counts[f"{n}"] for n in CONDITIONS if n[:2] in ("2_", "3_", "4_", "5_", "6_", "7_"))
        assert line.counts["8_should_insure"] == line.counts["1_registered"] - exempt
        assert line.counts["12a_out_of_province"] <= line.counts["12_insured"] <= line.counts["8_should_insure"]
    assert sum(table.not_drawing.values()) == table.total.counts["15_due_not_drawing"]


def test_rates_are_truncated_and_a_dash_where_nobody_is_counted(town):
    lines = {line.code: line for line in table_of(town, town.county_a).parts}
    assert lines["320682111000"].coverage.text == "50.00 %"
    assert lines["320682112000"].drawing.text == "—"


def test_a_past_day_keeps_the_results_of_its_night(town, judge):
    later = NOW + timedelta(days=31)
    NightRun.objects.create(
        county=town.county_a, as_of_date=date(2019, 1, 31), state=RunState.DONE, requested_by="system",
        requested_at=later, finished_at=later,
    )  # fmt: skip
    CoverageVerdict.objects.filter(person__name="乙").update(superseded_at=later)
    judge("乙二", "9_resident", town.village, town.village, recorded_at=later)
    counted = {
        day: table_of(town, town.county_a, day=day).total.counts["12_insured"]
        for day in (AS_OF, date(2019, 1, 30), date(2019, 1, 31), date(2026, 1, 1))
    }
    assert list(counted.values()) == [2, 2, 3, 3]


def test_a_unit_outside_the_own_is_not_there(town):
    with pytest.raises(NotFound):
        table_of(town, town.county_b)
    with pytest.raises(NotFound):
        get_table(actor=town.actor("township"), asked=Asked(town.county_a, AS_OF))


def test_before_the_first_night_there_is_no_table(town, signed_in):
    with pytest.raises(NotFound, match="2018-12-30"):
        table_of(town, town.county_a, day=date(2018, 12, 30))
    answer = signed_in("clerk_a").get("/reports/?day=2018-12-30")
    assert answer.status_code == 200
    assert answer.context["table"] is None


@pytest.mark.parametrize("address", ["", "people/", "table.xlsx"])
def test_another_countys_table_is_404(town, signed_in, address):
    assert signed_in("clerk_b").get(f"/reports/{address}?unit=320682000000").status_code == 404


def test_every_figure_links_to_as_many_persons(town, signed_in):
    browser = signed_in("clerk_a")
    page = browser.get("/reports/?population=all")
    cells = [cell for line in (page.context["total"], *page.context["lines"]) for cell in line.cells if cell.count]
    assert len(cells) > 20
    for cell in cells:
        assert browser.get(cell.url).context["page"].paginator.count == cell.count, cell.url
    reason = page.context["reasons"][0]
    people = browser.get(reason.url)
    assert [person["name"] for person in people.context["people"]] == ["乙"]
    assert "9" + "*" * 16 in people.content.decode()


def test_by_hukou_a_township_sees_the_persons_of_its_own_files_only(town, judge, signed_in):
    address = "/reports/people/?population=all&basis=hukou&unit=320682111000"
    judge("庚", "9_resident", town.other_township, town.village)
    assert signed_in("clerk_a").get(address).context["page"].paginator.count == 2
    answer = signed_in("township").get(address)
    assert answer.context["page"].paginator.count == 1
    assert answer.context["outside"] == 1


def test_the_paragraph_states_the_same_in_both_languages(town, signed_in):
    chinese, english = (text for _language, text in signed_in("clerk_a").get("/reports/").context["paragraphs"])
    assert "登记5人，应参保4人，已参保2人，参保率50.00 %，未参保2人" in chinese
    assert "5 registered, 4 should be insured, 2 insured; coverage rate 50.00 %, 2 not insured" in english
    assert "截至2018-12-31" in chinese


def sheet_rows(workbook: bytes) -> list[list[Any]]:
    """Return the filled cells of each row of a workbook's first sheet."""
    sheet: Any = load_workbook(io.BytesIO(workbook)).active
    return [[cell for cell in row if cell is not None] for row in sheet.values]


def test_the_workbook_has_unit_day_figures_and_the_lines_to_sign(town, signed_in):
    answer = signed_in("clerk_a").get("/reports/table.xlsx?population=all", headers={"accept-language": "zh-hans"})
    rows = sheet_rows(answer.content)
    assert rows[1] == ["单位：江苏省南通市如皋市"]
    header = next(row for row in rows if row[:1] == ["单位"])
    total = next(row for row in rows if row[:1] == ["如皋市"])
    told = dict(zip(header, total, strict=True))
    assert told["1 登记人数"] == 6
    assert told["参保率 12/8"] == 0.5, "a number, shown as a rate"
    assert [text.split("：")[0] for text in rows[-1]] == ["单位", "填表人", "审核人", "单位负责人", "报出日期"]


def test_the_pages_ask_few_questions(town, signed_in, queries_within):
    browser = signed_in("clerk_a")
    for address in ("/reports/", "/reports/people/", "/reports/table.xlsx"):
        with queries_within():
            assert browser.get(address).status_code == 200


def test_gaps_to_zero_by_kind_and_unit_with_age_and_reasons(world, signed_in, queries_within):
    reviewer, today = world.actor("reviewer_a"), clock.today()
    young, old = today - timedelta(days=4), today - timedelta(days=40)
    people = [world.person(name) for name in "甲乙丙丁"]
    moments = {day: datetime.combine(day, time(23, 59), BUSINESS_ZONE) for day in (young, old)}
    for person, day in zip(people, (young, old, old, old), strict=True):
        due_on = today - timedelta(days=1) if day == young else today
        world.gap(person, GapKind.UNINSURED, opened_at=moments[day], due_on=due_on)
    world.gap(None, GapKind.STOP_DUE, roll_no="1", unit=world.other_township, opened_at=moments[young])
    declined, not_found = (SubjectKey(person_id=person.pk) for person in people[2:])
    decision = Decision(application_id=1, receipt_no="320682-20190102-0001", decided_on=clock.today(), note="现场见证")
    close_by_decision(actor=reviewer, key=declined, reason=CloseReason.WAIVED, decision=decision, at=clock.now())
    take_case(actor=reviewer, key=not_found, at=NOW)
    close_case(
        actor=reviewer,
        key=not_found,
        reason=CloseReason.NOT_FOUND,
        note="现场见证",
        evidence=Evidence("visit", clock.today()),
        at=clock.now(),
    )
    clerk = signed_in("clerk_a")
    with queries_within():
        answer = clerk.get("/reports/zeroing/")
    kinds = {label: counts for label, _url, _settled, counts in answer.context["kinds"]}
    assert kinds["Uninsured"] == GapCounts(
        open=2, overdue=1, old=1, days=44, oldest_days=40, declined=1, other_reason=1
    )
    assert kinds["Uninsured"].mean_days == 22
    units = {name: counts.open for name, _url, counts in answer.context["units"]}
    assert units == {"长江镇": 2, "江安镇": 1}
    assert answer.context["board"].total.open == 3
    assert signed_in("clerk_b").get("/reports/zeroing/").context["board"].total == GapCounts()
    assert signed_in("township").get("/reports/zeroing/").context["board"].total.open == 2


def test_who_is_new_is_counted_as_new_open_and_closed_with_their_age(world, night, signed_in, queries_within):
    today = clock.today()
    people = [world.person(name, right_number(f"9901011950010{2000 + n}")) for n, name in enumerate("甲乙丙丁")]
    world.gap(people[0], GapKind.NEW_POOR, opened_on=AS_OF)
    world.gap(people[1], GapKind.NEW_POOR, opened_on=AS_OF - timedelta(days=10), opened_at=NOW - timedelta(days=10))
    world.gap(people[2], GapKind.NEW_POOR, opened_on=AS_OF, closed_on=AS_OF, closed_at=NOW + timedelta(days=1))
    world.gap(people[3], GapKind.TURNING_60, closed_on=AS_OF - timedelta(days=31), closed_at=NOW + timedelta(days=1))
    world.gap(None, GapKind.STOP_DUE, roll_no="1", unit=world.other_township)
    world.gap(people[0], GapKind.UNINSURED)
    move_in(world, people[0], 1, AS_OF)
    move_in(world, people[2], 2, AS_OF - timedelta(days=30))
    move_in(world, people[3], 3, AS_OF - timedelta(days=31))
    browser = signed_in("clerk_a")
    with queries_within():
        answer = browser.get("/reports/zeroing/")
    arrivals = {str(each.label): (each.new, each.open, each.closed) for _url, each in answer.context["arrivals"]}
    assert arrivals == {
        "Newly poor": (1, 2, 1), "Turning 16": (0, 0, 0), "Turning 60": (0, 0, 0), "Moved in": (1, 1, 1), "Died": (1, 1, 0),
    }  # fmt: skip
    poor = answer.context["arrivals"][0][1]
    days = (today - NOW.date()).days
    assert (poor.oldest_days, poor.mean_days) == (days + 10, days + 5)
    township = {
        str(each.label): each.open for _url, each in signed_in("township").get("/reports/zeroing/").context["arrivals"]
    }
    assert (township["Newly poor"], township["Moved in"], township["Died"]) == (2, 1, 0)


def move_in(world: World, person: Person, row: int, day: date) -> None:
    """Have the police say that a person's hukou moved in."""
    number = person.identifiers.get().number
    delivery = world.delivery("hukou", file_name=f"{row}.csv")
    Fact.objects.create(
        county=world.county_a, kind=FactKind.HUKOU_IN, delivery=delivery, row=row, name=person.name, number=number,
        number_state="ok", event_date=day, recorded_at=NOW,
    )  # fmt: skip


@pytest.fixture
def crowd(town, judge) -> World:
    """The six of the town, and one woman of 68 in two lists with two gaps."""
    values = {"categories": "poverty dibao", "birth_date": date(1950, 6, 1), "sex": 2, "verdict": "1-011"}
    person = judge("辛", "9_resident", town.village, town.village, **values)
    for kind in (GapKind.UNINSURED, GapKind.IDENTITY_CONFLICT):
        town.gap(person, kind)
    return town


def counted(answer) -> dict[str, dict[str, int]]:
    columns = answer.context["columns"]
    return {
        label: dict(zip(columns, (cell.count for cell in cells), strict=True))
        for label, cells in answer.context["lines"]
    }


def test_counts_by_two_dimensions_count_everybody_once_in_total(crowd, signed_in, queries_within):
    clerk = signed_in("clerk_a")
    with queries_within():
        answer = clerk.get("/reports/counts/?population=all&rows=category&columns=gap")
    table = counted(answer)
    assert table["Dibao"] == {"Uninsured": 1, "Incorrect identity data": 1, "none": 0, "Total": 1}
    assert table["Total"] == {"Uninsured": 1, "Incorrect identity data": 1, "none": 6, "Total": 7}


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("age=60-69", 1), ("age=-", 6), ("sex=2", 1), ("category=dibao", 1), ("category=tekun", 0), ("gap=UNINSURED", 1),
        ("gap=-", 6), ("verdict=1-011", 1), ("column=16a_waived", 1), ("column=9_resident&sex=2", 1), ("sex=1", 0),
    ],
)  # fmt: skip
def test_counts_are_filtered_by_the_other_dimensions(crowd, signed_in, query, total):
    clerk = signed_in("clerk_a")
    answer = clerk.get(f"/reports/counts/?population=all&rows=unit&columns=&{query}")
    assert counted(answer)["Total"] == {"Total": total}
    people = clerk.get(f"/reports/counts/people/?population=all&{query}")
    assert people.context["page"].paginator.count == total


@pytest.mark.parametrize("rows", DIMENSIONS)
@pytest.mark.parametrize("columns", ["", "gap", "unit"])
def test_every_count_links_to_as_many_persons(crowd, signed_in, rows, columns):
    clerk = signed_in("clerk_a")
    answer = clerk.get(f"/reports/counts/?population=all&rows={rows}&columns={columns}")
    cells = [cell for _label, cells in answer.context["lines"] for cell in cells if cell.count]
    assert cells
    for cell in cells:
        assert clerk.get(cell.url).context["page"].paginator.count == cell.count, cell.url


def test_counts_as_a_workbook(crowd, signed_in):
    answer = signed_in("clerk_a").get("/reports/counts/counts.xlsx?population=all&rows=sex&columns=")
    rows = sheet_rows(answer.content)
    assert ["Women", 1] in rows
    assert ["Total", 7] in rows
