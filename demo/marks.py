"""Whether this database is a demonstration: the second factor is lifted only there."""

from demo.models import DemoMark


def is_demo_database() -> bool:
    """Answer from the mark, which is set while a database is empty and never taken off. One query."""
    return DemoMark.objects.exists()
