"""Name and village as one integer: the parts can be taken out again, and a value is the same in every year."""

import duckdb
import pytest

from foundation.primitives.name_place import define_name_place


@pytest.fixture
def ask():
    with duckdb.connect() as database:
        define_name_place(database)
        yield lambda expression: database.sql(f"SELECT {expression}").fetchall()[0][0]


def test_a_value_never_changes(ask):
    """Prepared rolls store it: another value is another preparation."""
    assert ask("name_place('㙣㐭', '320682103201')") == 3683004475372328120


@pytest.mark.parametrize(
    ("phonetic_key", "village"), [("㙣㐭", "320682103201"), ("㙣", ""), ("", "320682103201"), ("", "")]
)
def test_the_parts_can_be_taken_out_again(ask, phonetic_key, village):
    assert ask(f"name_of(name_place('{phonetic_key}', '{village}')) = name_code('{phonetic_key}')")
    assert ask(f"surname_of(name_place('{phonetic_key}', '{village}')) = surname_code('{phonetic_key}')")
    assert ask(f"name_place('{phonetic_key}', '{village}') >= 0")


def test_another_name_or_village_is_another_integer(ask):
    values = [
        ask(f"name_place('{s}', '{v}')") for s in ("㙣㐭", "㙣", "㐭㙣") for v in ("320682103201", "320682103202", "")
    ]
    assert len(set(values)) == len(values)
