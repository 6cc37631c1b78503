"""The named world for the tests of this folder, and candidate pairs in it."""

from tests.candidate_pairs import pairs
from tests.named_world import queries_within, signed_in, world

__all__ = ["pairs", "queries_within", "signed_in", "world"]
