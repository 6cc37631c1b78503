"""The named world for the tests of this folder."""

from tests.named_world import queries_within, signed_in, world

__all__ = ["queries_within", "signed_in", "world"]
