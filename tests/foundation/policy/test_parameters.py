"""The YAML files, their copy in the table, and the nearest region's value."""

from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from foundation.policy.models import ParameterValue
from foundation.policy.selectors import ParameterMissing, get_parameter, get_parameters
from foundation.policy.services.loading import load_parameters
from foundation.policy.services.reading import ParameterFileError, read_parameters
from foundation.regions.models import Unit

FEEDS = {"poverty", "dibao", "tekun", "disability", "resident", "employee", "civil", "outprov", "deaths", "hukou", "prison",
         "students", "soldiers", "survey", "certification"}  # fmt: skip
FILE = """
description: A fact.
unit: fen
values:
  national:
    2018-01-01: {value: 8800, source: paper 1}
    2020-07-01: {value: 9300, source: paper 2}
    2022-01-01: {ends: true, source: not known}
  "320682":
    2019-01-01: {value: 14800, source: paper 3}
  "3206":
    2019-01-01: {no_rule: true, source: paper 4}
"""


@pytest.fixture
def rugao(db):
    parent, path = None, ""
    for level, (code, name) in enumerate(
        [("320000000000", "江苏省"), ("320600000000", "南通市"), ("320682000000", "如皋市")], 1
    ):
        path += f"{code}/"
        parent = Unit.objects.create(
            code=code, name=name, full_name=name, level=level, parent=parent, path=path, valid_from=date(1949, 10, 1)
        )
    return parent


def write(folder: Path, text: str = FILE, name: str = "topic/fact.yaml") -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("name", "day", "value"),
    [
        ("base_pension", date(2018, 12, 31), 13_500),
        ("base_pension", date(2019, 1, 1), 14_800),
        ("benefit_age_years", date(2018, 12, 31), 60),
        ("participation_age_years", date(2018, 12, 31), 16),
        ("contribution_paid_by_government", date(2018, 12, 31), 10_000),
        ("designation_priority", date(2018, 12, 31), ["tekun", "dibao", "poverty"]),
        ("direct_inclusion_window", date(2021, 6, 1), {"first_day": "2018-12-01", "last_day": "2020-12-31"}),
        ("delivery_loss_share", date(2018, 12, 31), 0.05),
        ("delivery_new_share", date(2018, 12, 31), 0.2),
    ],
)
def test_rugao_s_rules_are_shipped(rugao, name, day, value):
    load_parameters()
    parameter = get_parameter(name, unit=rugao, on=day)
    assert parameter.value == value
    assert parameter.source


def test_every_feed_has_its_limits():
    by_name = {each.name: each for each in read_parameters()}
    for name in ("feed_expected_day", "feed_freshness_days"):
        limits = by_name[name].value
        assert isinstance(limits, dict)
        assert limits.keys() == FEEDS
        assert all(isinstance(each, int) for each in limits.values())


def test_the_country_s_value_applies_where_no_region_states_one(rugao):
    load_parameters()
    city = rugao.parent
    assert get_parameter("base_pension", unit=city, on=date(2020, 6, 30)).value == 8_800
    assert get_parameter("base_pension", unit=city, on=date(2020, 7, 1)).value == 9_300


def test_a_value_that_ended_is_missing_and_says_where_and_when(rugao):
    load_parameters()
    with pytest.raises(ParameterMissing, match=r"base_pension.*南通市.*2022-01-01") as refusal:
        get_parameter("base_pension", unit=rugao.parent, on=date(2022, 1, 1))
    assert refusal.value.ids == ("base_pension", "320600000000", "2022-01-01")


def test_no_such_rule_here_is_a_value_and_hides_the_country_s(rugao, tmp_path):
    load_parameters(write(tmp_path))
    parameter = get_parameter("fact", unit=rugao.parent, on=date(2019, 6, 1))
    assert (parameter.is_none_here, parameter.value, parameter.region_code) == (True, None, "320600000000")
    assert get_parameter("fact", unit=rugao, on=date(2019, 6, 1)).value == 14_800
    assert get_parameter("fact", unit=rugao, on=date(2018, 6, 1)).value == 8_800


def test_several_parameters_are_one_query(rugao, django_assert_num_queries):
    load_parameters()
    with django_assert_num_queries(1):
        found = get_parameters(["base_pension", "benefit_age_years"], unit=rugao, on=date(2019, 1, 1))
    assert found.keys() == {"base_pension", "benefit_age_years"}


def test_loading_again_changes_nothing(rugao):
    first = load_parameters()
    second = load_parameters()
    assert (second.added, second.changed, second.removed, second.unchanged) == (0, 0, 0, first.added)


def test_a_changed_file_moves_borders_and_leaves_history(rugao, tmp_path):
    load_parameters(write(tmp_path))
    moved = FILE.replace("2020-07-01", "2020-06-01").replace("14800", "14900").replace('"3206":', '"320000":')
    loaded = load_parameters(write(tmp_path, moved))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert (loaded.added, loaded.changed, loaded.removed) == (2, 2, 2)
    history = apps.get_model("policy", "ParameterValueEvent").objects.filter(region=rugao)
    assert list(history.order_by("pgh_id").values_list("value", flat=True)) == [14_800, 14_900]


def test_one_value_holds_at_a_time(rugao):
    values = {"name": "fact", "value": 1, "unit": "fen", "source": "paper"}
    rows = [ParameterValue(valid_from=date(year, 1, 1), **values) for year in (2018, 2019)]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="parametervalue_once_at_a_time"), transaction.atomic():
        ParameterValue.objects.bulk_create(rows)


@pytest.mark.parametrize("change", [{"source": ""}, {"value": None}, {"is_none_here": True}, {"unit": "yuan"}])
def test_a_value_without_source_unit_or_meaning_is_refused(db, change):
    values = {"name": "fact", "valid_from": date(2018, 1, 1), "value": 1, "unit": "fen", "source": "paper"}
    with pytest.raises(IntegrityError), transaction.atomic():
        ParameterValue.objects.create(**values | change)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("unit: fen", "unit: yuan"), "unit"),
        (("description: A fact.\n", ""), "description"),
        (("source: paper 1", "author: paper 1"), "2018-01-01"),
        (("{value: 8800, ", "{value: 8800, ends: true, "), "exactly one"),
    ],
)
def test_a_file_against_the_format_is_named(tmp_path, change, complaint):
    with pytest.raises(ParameterFileError, match=complaint):
        read_parameters(write(tmp_path, FILE.replace(*change)))


def test_two_files_of_one_name_are_an_error(tmp_path):
    write(tmp_path, name="other/fact.yaml")
    with pytest.raises(ParameterFileError, match="same parameter"):
        read_parameters(write(tmp_path))


def test_a_region_outside_the_tree_is_named(rugao, tmp_path):
    with pytest.raises(ParameterFileError, match="999999000000"):
        load_parameters(write(tmp_path, FILE.replace("320682", "999999")))
