"""The interface of a place that stores ciphertexts, through which verify_keys and rotate_keys reach all of them.

An app that stores ciphertexts lists such places as STORES in its module `ciphertexts`; registry/services/keys.py finds it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from foundation.primitives.ciphertext import Cipher

BROKEN_IDS_SHOWN = 20
Report = Callable[[int, int], None]
"""Called with the rows done and the rows to do."""


@dataclass(frozen=True)
class Verified:
    """The state of one place: rows per key id, and the rows that cannot be decrypted or whose blind indexes differ."""

    place: str
    rows_of_key: dict[str, int]
    broken: int = 0
    broken_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Rotated:
    """The result of rotating one place."""

    place: str
    rows: int


class CiphertextStore(Protocol):
    """Rows with one ciphertext each. `report` is called after each batch."""

    @property
    def place(self) -> str:
        """The "table.column" its ciphertexts are bound to."""

    def count_rows_by_key(self) -> dict[str, int]:
        """Return how many rows each key encrypted, by the key ids of the rows."""

    def verify(self, cipher: Cipher, report: Report | None = None) -> Verified:
        """Decrypt every row."""

    def rotate(self, cipher: Cipher, report: Report | None = None) -> Rotated:
        """Encrypt again, a transaction per batch, what another key than the current one encrypted; safe to kill and run again."""
