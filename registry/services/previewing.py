"""What applying a file changes, in counts, and for a roll the comparison with the roll before.

Called inside the transaction that applies the file; a preview then rolls it back. Line by line: comparison/lists.py.
"""

from __future__ import annotations

from typing import Any

from registry.comparison.rolls import count_roll_changes
from registry.constants import ROLL_FEEDS
from registry.models import Delivery


def describe_changes(delivery: Delivery, changes: dict[str, int]) -> dict[str, Any]:
    """Return {"changes": counts}, for a roll with {"roll": {...}}. Contains no personal data."""
    roll = count_roll_changes(delivery) if delivery.feed in ROLL_FEEDS else {}
    return {"changes": changes, **({"roll": roll} if roll else {})}
