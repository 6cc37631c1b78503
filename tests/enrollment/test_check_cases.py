"""Cases in plain words: those shipped are right, a wrong one is told with the difference, and nothing of a case stays."""

from __future__ import annotations

import io
import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from django.core.management import CommandError, call_command

from enrollment.management.cases.format import ACTS, EXPECTATIONS, FACTS, SECTIONS, check_case, read_cases, schema
from foundation.accounts.models import User
from foundation.policy.models import ParameterValue
from foundation.regions.models import Unit
from registry.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("check_cases")]

SHIPPED = sorted((Path(__file__).resolve().parents[2] / "enrollment" / "cases").glob("*.yaml"))
OLD_WOMAN = {"birth": "1950-03-05", "sex": "female"}
ELIGIBLE = {"on": "2019-01-10", "expect": "eligibility", "kind": "direct_inclusion", "outcome": "eligible"}


def run(*files: Path, fails: bool = False) -> str:
    """Run the command on files; return what it printed."""
    out = io.StringIO()
    if fails:
        with pytest.raises(SystemExit) as ended:
            call_command("check_cases", *map(str, files), stdout=out)
        assert ended.value.code == 1
    else:
        call_command("check_cases", *map(str, files), stdout=out)
    return out.getvalue()


@pytest.fixture
def written(tmp_path):
    def write(*cases: object) -> Path:
        path = tmp_path / "cases.yaml"
        path.write_text(yaml.safe_dump(list(cases), allow_unicode=True), "utf-8")
        return path

    return write


def test_the_shipped_cases_are_right_and_leave_nothing_in_an_empty_database():
    printed = run(*SHIPPED)
    cases = sum(len(read_cases(path)) for path in SHIPPED)
    assert printed.splitlines()[-1] == f"{cases} of {cases} right"
    assert not any(model.objects.exists() for model in (Person, User, Unit, ParameterValue))


def test_every_shipped_case_fits_the_printed_schema_and_every_kind_of_entry_is_used():
    out = io.StringIO()
    call_command("check_cases", "--schema", stdout=out)
    assert json.loads(out.getvalue()) == schema()
    cases = [case for path in SHIPPED for case in read_cases(path)]
    jsonschema.Draft202012Validator(schema()).validate(cases)
    used = {
        section: {entry[naming] for case in cases for entry in case.get(section, ())}
        for section, (naming, *_) in SECTIONS.items()
    }
    assert used["expected"] == set(EXPECTATIONS)
    assert set(ACTS) == used["acts"]
    assert set(FACTS) - used["facts"] == {"soldier", "abroad"}


@pytest.mark.parametrize(("change", "difference"), [
    ({"expected": [ELIGIBLE | {"outcome": "refused", "reasons": ["NOT_POOR"]}]},
     "2019-01-10 eligibility: outcome expected refused, found eligible"),
    ({"expected": [{"on": "2019-01-10", "expect": "enrolment", "enrolled": True}]}, "enrolled expected True, found False"),
    ({"expected": [{"on": "2019-01-10", "expect": "application", "kind": "claim", "state": "none", "receipt_no": "1"}]},
     "receipt_no expected 1, found none"),
    ({"acts": [{"on": "2019-01-10", "act": "apply", "kind": "claim", "refused": "application_open"}]},
     "expected to be refused with application_open, was done"),
    ({"acts": [{"on": "2019-01-10", "act": "apply", "kind": "claim", "by": "county_approver"}]}, "refused with not_allowed"),
    ({"acts": [{"on": "2019-01-10", "act": "grant"}]}, "there is no such application yet"),
    ({"parameters": {"benefit_agee": 3}}, "there is no parameter “benefit_agee”"),
    ({"facts": [{"fact": "dibao", "frm": "2018-01-01"}]},
     "facts, entry 1 (dibao): Additional properties are not allowed ('frm' was unexpected)"),
    ({"facts": [{"fact": "dibaoo"}]}, "facts, entry 1: “fact” is one of abroad, certification_list, certified, death,"),
    ({"person": OLD_WOMAN | {"age": 60}}, "person: Additional properties are not allowed ('age' was unexpected)"),
    ({"expects": []}, "Additional properties are not allowed ('expects' was unexpected)"),
    ({"expected": [ELIGIBLE | {"outcome": "granted"}]}, "'granted' is not one of"),
    ({"expected": [ELIGIBLE | {"on": "2019-02-30"}]}, "day"),
])  # fmt: skip
def test_what_is_wrong_is_told_and_the_other_cases_run(written, change, difference):
    right = {"case": "right", "person": OLD_WOMAN, "facts": [{"fact": "dibao"}], "expected": [ELIGIBLE]}
    printed = run(written(right | {"case": "wrong"} | change, right), fails=True)
    assert difference in printed
    assert printed.splitlines()[-1] == "1 of 2 right"


@pytest.mark.parametrize("text", ["", "a: b", "- [1", "- case", "\udcff"])
def test_a_file_that_is_no_list_of_cases_counts_as_wrong(tmp_path, text):
    path = tmp_path / "cases.yaml"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert run(path, fails=True).splitlines()[-1] == "0 of 1 right"


def test_a_file_must_be_named():
    with pytest.raises(CommandError):
        call_command("check_cases")


def test_a_case_runs_beside_the_county_people_and_rules_the_database_has(office, written):
    office.person("王秀英", "320682195003050025")
    before = (Person.objects.count(), User.objects.count(), Unit.objects.count(), ParameterValue.objects.count())
    case = {
        "case": "here",
        "person": OLD_WOMAN | {"number": "320682195003050025"},
        "facts": [{"fact": "dibao"}],
        "expected": [ELIGIBLE],
    }
    assert run(written(case)).endswith("1 of 1 right\n")
    assert before == (
        Person.objects.count(),
        User.objects.count(),
        Unit.objects.count(),
        ParameterValue.objects.count(),
    )


def test_a_day_without_quotation_marks_and_the_key_on_are_read(tmp_path):
    path = tmp_path / "cases.yaml"
    path.write_text(
        "- case: x\n  person: {birth: 1950-03-05, sex: male}\n"
        "  expected:\n    - {on: 2019-01-10, expect: enrolment, enrolled: false}\n"
    )
    (case,) = read_cases(path)
    check_case(case)
    assert (case["person"]["birth"], case["expected"][0]["on"]) == ("1950-03-05", "2019-01-10")
