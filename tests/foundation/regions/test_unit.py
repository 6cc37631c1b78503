"""What the database itself refuses about units, and how codes change over time."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from foundation.regions.models import Unit
from foundation.regions.selectors import get_unit

pytestmark = pytest.mark.django_db


def make(code: str, **changes) -> Unit:
    values = {
        "name": "某县",
        "full_name": "某县",
        "level": 3,
        "path": f"{code}/",
        "valid_from": date(2000, 1, 1),
    } | changes
    return Unit.objects.create(code=code, **values)


@pytest.mark.parametrize(
    "changes",
    [
        {"path": "360400000000/"},
        {"level": 6},
        {"valid_to": date(1999, 1, 1)},
        {"path": "360000000000/360402000000/"},
    ],
)
def test_a_unit_against_the_rules_is_refused(changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        make("360402000000", **changes)


@pytest.mark.parametrize("code", ["36040200000", "36040200000x"])
def test_a_code_is_twelve_digits(code):
    with pytest.raises(IntegrityError), transaction.atomic():
        make(code)


def test_one_code_means_one_unit_at_a_time():
    first = make("360402000000", name="庐山区", valid_to=date(2016, 5, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        make("360402000000", valid_from=date(2016, 4, 30))
    second = make("360402000000", name="濂溪区", valid_from=date(2016, 5, 1))
    Unit.objects.filter(pk=first.pk).update(successor=second)
    assert get_unit(code="360402", on=date(2016, 4, 30)) == first
    assert get_unit(code="360402", on=date(2016, 5, 1)) == second
    assert get_unit(code="360402") == second


def test_scope_walks_the_index_of_paths():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT id FROM regions_unit WHERE path LIKE '320000000000/320600000000/%'")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "unit_by_path" in plan
    assert "path >= " in plan
