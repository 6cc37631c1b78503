"""No cell of a CSV file begins a formula, in Python and in PostgreSQL alike; numbers stay numbers."""

import io

import pytest
from django.db import connection

from foundation.primitives.csv_cells import safe_cell, safe_cell_sql, write_csv

RUN = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "＠x", "－x", "-", "=cmd|' /C calc'!A0"]
LEFT = ["张三", "", "-5", "+5", "-0.5", "5", "320697195003050028", "a=b", "1-2", "'=1"]


def test_what_a_spreadsheet_would_run_is_quoted():
    assert [safe_cell(text) for text in RUN] == [f"'{text}" for text in RUN]
    assert [safe_cell(text) for text in LEFT] == LEFT
    assert [safe_cell(value) for value in (-5, 0.5, True, None)] == [-5, 0.5, True, None]


def test_a_written_file_has_none():
    target = io.StringIO()
    write_csv(target, [[text] for text in RUN])
    assert target.getvalue().count("'") >= len(RUN)


@pytest.mark.django_db
def test_the_statement_does_the_same():
    with connection.cursor() as cursor:
        for text in [*RUN, *LEFT]:
            cursor.execute(f"SELECT {safe_cell_sql('given')} FROM (SELECT %s::text AS given) AS asked", [text])
            assert cursor.fetchone() == (safe_cell(text),), text
