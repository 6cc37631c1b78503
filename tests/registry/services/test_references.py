"""Foreign keys checked once a statement refuse what a foreign key refuses, and name the column."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ForeignKey

from foundation.primitives.clock import now
from registry.models import DeliveredRow, Designation, Person, PersonIdentifier, PersonName
from tests.named_world import world

__all__ = ["world"]
pytestmark = pytest.mark.django_db
BULK = (Person, PersonName, PersonIdentifier, DeliveredRow, Designation)
NOBODY = 999_999_999


@pytest.mark.parametrize("model", BULK)
def test_every_key_without_a_constraint_is_checked_by_the_trigger(model):
    unchecked = {
        (field.column, field.related_model._meta.db_table)
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and not field.db_constraint  # type: ignore[attr-defined]
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE t.tgrelid = %s::regclass AND t.tgname LIKE 'pgtrigger\\_references\\_exist%%'",
            [model._meta.db_table],
        )
        (source,) = cursor.fetchone()
    assert unchecked
    for column, table in unchecked:
        assert f'NOT EXISTS (SELECT FROM {table} p WHERE p.id = a."{column}")' in source


def test_a_person_of_no_county_is_refused_at_insert_and_update(world):
    values = {"name": "张三", "name_pinyin": "zhang san", "created_at": now()}
    with (
        pytest.raises(IntegrityError, match=r"registry_person\.county_id: there is no regions_unit"),
        transaction.atomic(),
    ):
        Person.objects.create(county_id=NOBODY, **values)
    person = world.person("李四")
    with pytest.raises(IntegrityError, match=r"unit_id: there is no regions_unit"), transaction.atomic():
        Person.objects.filter(pk=person.pk).update(unit_id=NOBODY)


def test_one_bad_row_among_many_refuses_the_statement(world):
    person = world.person("张三")
    names = [PersonName(person_id=each, name="章三", recorded_at=now()) for each in (person.pk, NOBODY)]
    before = PersonName.objects.count()
    with pytest.raises(IntegrityError, match="there is no registry_person 999999999"), transaction.atomic():
        PersonName.objects.bulk_create(names)
    assert PersonName.objects.count() == before


def test_what_others_name_stays(world):
    person, delivery = world.person("张三"), world.delivery()
    for table, pk in (
        ("registry_person", person.pk),
        ("registry_delivery", delivery.pk),
        ("regions_unit", world.county_a.pk),
    ):
        for statement in (f"DELETE FROM {table} WHERE id = %s", f"UPDATE {table} SET id = {NOBODY} WHERE id = %s"):
            with (
                pytest.raises(Exception, match="others name them"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement, [pk])


def test_designations_and_rows_name_what_is_there(world):
    person = world.person("张三")
    designation = {
        "person": person,
        "county": world.county_a,
        "kind": "poverty",
        "record_key": "POV|1|1",
        "status": "poor",
        "valid_from": date(2018, 12, 31),
        "recorded_at": now(),
    }
    with pytest.raises(IntegrityError, match=r"row_id: there is no registry_deliveredrow"), transaction.atomic():
        Designation.objects.create(row_id=NOBODY, **designation)
    row = {"sheet": "", "row": 1, "name": "张三", "number_state": "missing", "record_key": "", "identified_by": "new"}
    with pytest.raises(IntegrityError, match=r"delivery_id: there is no registry_delivery"), transaction.atomic():
        DeliveredRow.objects.create(delivery_id=NOBODY, person=person, **row)
