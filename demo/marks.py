"""Whether this database is a demonstration: asked by the second factor, which is lifted only here."""

from demo.models import DemoMark


def is_demo_database() -> bool:
    """Answer from the mark, which is set while a database is empty and never taken off. One query."""
    return DemoMark.objects.exists()
