"""Foreign keys checked once a statement, for tables that are filled a million rows at a time.

PostgreSQL checks a foreign key row by row: of a poverty file of a million people that takes a third of the time, all of it at
commit. These triggers check the same with one join a column. They check the rows written; the rows they refer to are never
deleted, which the tables referred to ensure themselves (`refuse_deletion`).
"""

import pgtrigger

_CHECK = """
EXECUTE 'SELECT a."{column}" FROM added a WHERE a."{column}" IS NOT NULL
    AND NOT EXISTS (SELECT FROM {table} p WHERE p.id = a."{column}") LIMIT 1' INTO missing;
IF missing IS NOT NULL THEN
    RAISE foreign_key_violation USING MESSAGE = TG_TABLE_NAME || '.{column}: there is no {table} ' || missing;
END IF;
"""


def references_exist(
    operation: pgtrigger.Operation = pgtrigger.Insert, name: str = "references_exist", /, **tables: str
) -> pgtrigger.Trigger:
    """Return the trigger that refuses rows whose columns refer to rows that do not exist, as `person_id="registry_person"`.

    For columns whose ForeignKey has db_constraint=False, in tables whose rows are never updated in these columns; where they
    are, a second trigger for Update. Each check is planned again: one row or a million. Errors: IntegrityError.
    """
    checks = "".join(_CHECK.format(column=column, table=table) for column, table in tables.items())
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(new="added"),  # type: ignore[no-untyped-call]
        declare=[("missing", "bigint")],
        func=checks + "RETURN NULL;",
    )


def refuse_deletion() -> pgtrigger.Trigger:
    """Return the trigger that refuses to delete rows, or to change their id: other rows refer to them."""
    return pgtrigger.Trigger(
        name="refuse_deletion",
        when=pgtrigger.Before,
        operation=pgtrigger.Delete | pgtrigger.UpdateOf("id"),  # type: ignore[no-untyped-call]
        func="RAISE EXCEPTION 'pgtrigger: Rows of % stay: others name them', TG_TABLE_NAME;",
    )
