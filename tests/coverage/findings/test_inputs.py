"""Which facts a night reads: somebody discharged from the army is no soldier any more."""

import pyarrow as pa
import pytest
from django.db import connection

from coverage.findings.inputs import _without_lost_digits
from coverage.findings.statements import read_statement
from coverage.findings.tables import FACT_COLUMNS
from foundation.primitives.bulk import copy_out
from foundation.primitives.clock import now
from foundation.primitives.columns import clean_numbers
from tests import senders
from tests.oracles.numbers import make_number

pytestmark = pytest.mark.django_db


def test_a_discharged_soldier_is_none(tmp_path, take_in, county):
    header = ["姓名", "身份证号", "入伍年月", "服役状态"]
    rows = [
        ["张三", make_number("19980305", 1), "201609", "现役"],
        ["李四", make_number("19971215", 2), "201509", "退役"],
        ["王五", make_number("19971216", 3), "201509", ""],
    ]
    assert take_in(senders.write_xlsx(tmp_path / "现役军人.xlsx", [header, *rows], "现役军人")).state == "applied"
    with connection.cursor() as cursor:
        values = {"county": county.pk, "known": now(), "last_days": "[]"}
        facts = copy_out(cursor, read_statement("register/read_facts"), FACT_COLUMNS, values).to_pylist()
    assert sorted(fact["name"] for fact in facts) == ["张三", "王五"]


def test_a_number_kept_as_a_figure_is_never_a_right_one():
    """Its last digits are lost, even where what is left happens to satisfy the check character."""
    number = make_number("19500305", 1)
    numbers, states = pa.array([number, number, ""]), pa.chunked_array([["numeric", "ok", "numeric"]])
    trusted = clean_numbers(_without_lost_digits(numbers, states))
    assert trusted.key.is_null().to_pylist() == [True, False, True]
    assert trusted.birth[0].as_py() == trusted.birth[1].as_py()
