"""The triggers of an append-only table: the database itself refuses update, delete and truncate."""

import pgtrigger


def append_only_triggers() -> list[pgtrigger.Trigger]:
    """Return the triggers for a model's Meta; set-based SQL is refused like everything else."""
    return [
        pgtrigger.Protect(name="no_change", operation=pgtrigger.Update | pgtrigger.Delete),
        no_truncate_trigger(),
    ]


def no_truncate_trigger() -> pgtrigger.Trigger:
    """Return the trigger that refuses TRUNCATE."""
    return pgtrigger.Trigger(
        name="no_truncate",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="RAISE EXCEPTION 'pgtrigger: Cannot truncate %: it only grows', TG_TABLE_NAME;",
    )
