"""What a place that stores ciphertexts can do, so that verify_keys and rotate_keys reach all of them alike.

An app that stores ciphertexts lists such places as STORES in its module `ciphertexts`; registry/services/keys.py finds it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from foundation.primitives.ciphertext import Cipher

BROKEN_IDS_SHOWN = 20
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Verified:
    """What one place looked like: rows per key id, and the rows that do not open or whose blind indexes differ."""

    place: str
    rows_of_key: dict[str, int]
    broken: int = 0
    broken_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Rotated:
    """What one place's rotation did."""

    place: str
    rows: int


class CiphertextStore(Protocol):
    """Rows with one ciphertext each. `tell` hears how many are done, of how many."""

    @property
    def place(self) -> str:
        """The "table.column" its ciphertexts are bound to."""

    def count_rows_by_key(self) -> dict[str, int]:
        """Return how many rows each key closed, by what the rows say."""

    def verify(self, cipher: Cipher, tell: Tell | None = None) -> Verified:
        """Open every row."""

    def rotate(self, cipher: Cipher, tell: Tell | None = None) -> Rotated:
        """Close anew, a transaction per batch, what another key than the current one closed; safe to kill and run again."""
