"""Law cases in plain words: region, day, parameter, expected; "missing" and "no rule" are answers, too."""

import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.db import connection

from foundation.policy.selectors import ParameterMissing, get_parameter
from foundation.policy.services.loading import load_parameters
from foundation.policy.services.reading import read_facts, read_parameters
from foundation.regions.models import Unit
from foundation.regions.selectors import get_unit
from foundation.regions.services.changing import load_changes
from foundation.regions.services.loading import load_divisions

CASES = [
    (file.stem, each)
    for file in sorted((Path(__file__).parent / "cases").glob("*.yaml"))
    for each in yaml.safe_load(file.read_text("utf-8"))
]
pytestmark = pytest.mark.xdist_group("country")


@pytest.fixture(scope="module")
def country(module_database):
    """Load the country and all parameters once."""
    if not Unit.objects.exists():
        load_divisions()
        load_changes()
    load_parameters()
    connection.check_constraints()  # once, instead of after every test


@pytest.mark.parametrize(("topic", "case"), CASES, ids=[f"{topic}: {case['case']}" for topic, case in CASES])
def test_a_case_of_the_law(country, db, topic, case):
    unit = get_unit(code=case["region"])
    if case["expected"] == "missing":
        with pytest.raises(ParameterMissing, match=case["parameter"]):
            get_parameter(case["parameter"], unit=unit, on=case["day"])
        return
    parameter = get_parameter(case["parameter"], unit=unit, on=case["day"])
    if case["expected"] == "no rule":
        assert parameter.is_none_here
        assert parameter.value is None
    else:
        assert parameter.value == case["expected"]
    assert parameter.source


def test_each_case_is_listed_once():
    questions = [(case["region"], case["day"], case["parameter"]) for _topic, case in CASES]
    assert len(set(questions)) == len(questions) > 85


def test_every_parameter_says_what_it_means_and_every_value_its_source():
    assert len(read_facts()) > 55
    for fact in read_facts():
        assert len(fact.description) > 20, fact.name
        assert fact.chinese, fact.name
    for statement in read_parameters():
        assert len(statement.source) > 8, statement.name


RULES = (Path(settings.BASE_DIR) / "docs" / "rules.md").read_text("utf-8")
CITED = sorted(
    {(each.name, rule) for each in read_parameters() for rule in re.findall(r"rules\.md (R\d+)", each.source)}
)


@pytest.mark.parametrize(("name", "rule"), CITED)
def test_a_rule_that_a_parameter_cites_names_the_parameter(name, rule):
    section = re.search(rf"^## {rule} .*?(?=^## |\Z)", RULES, re.MULTILINE | re.DOTALL)
    assert section is not None
    assert f"`{name}`" in section[0]


def test_what_regions_may_choose_has_a_default_for_the_country():
    defaults = {each.name for each in read_parameters() if not each.region_code}
    assert {name for name, _rule in CITED} <= defaults
    assert len(CITED) > 30


def test_the_rules_name_no_parameter_that_does_not_exist():
    named = re.findall(r"^- Parameter: (.*?)(?=^- |^$)", RULES, re.MULTILINE | re.DOTALL)
    words = {word for text in named for word in re.findall(r"`(\w+)`", text)}
    assert len(words) > 15
    assert words <= {fact.name for fact in read_facts()}


def test_an_assumed_month_is_marked_as_such():
    marked = [each for each in read_parameters() if "not given" in each.source or "not in the excerpt" in each.source]
    assert all("assumed" in each.source for each in marked)
    assert len(marked) > 15
    assert ("base_pension", "320682000000", date(2018, 1, 1)) in {
        (each.name, each.region_code, each.valid_from) for each in marked
    }
