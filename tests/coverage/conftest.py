"""The named world for the tests of this folder, and possible matches in it."""

from tests.named_world import queries_within, signed_in, world
from tests.possible_matches import pairs

__all__ = ["pairs", "queries_within", "signed_in", "world"]
