"""The promise of every page: at most twelve queries, whatever its rows. Measured by pages.py, held by the tests (tests/named_world.py)."""

MOST_QUERIES = 12
_FRAME = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", 'UPDATE "django_session"')


def is_counted(sql: str) -> bool:
    """Answer whether a statement counts: savepoints exist in tests only, and a session is written once a minute."""
    return not sql.startswith(_FRAME)
