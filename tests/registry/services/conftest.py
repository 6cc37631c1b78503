"""The named world for the tests of reports of the villages; the others make a county of their own."""

from tests.named_world import world

__all__ = ["world"]
