"""What applying a file changes, told of the delivery itself: its counts, and for a roll the comparison with the roll before.

Asked inside the transaction that applies the file; a preview then rolls it back. Line by line: comparing.py.
"""

from __future__ import annotations

from typing import Any

from registry.comparison.rolls import count_roll_changes
from registry.constants import ROLL_FEEDS
from registry.models import Delivery


def describe_changes(delivery: Delivery, changes: dict[str, int]) -> dict[str, Any]:
    """Return {"changes": counts}, for a roll {"roll": {...}} beside. Holds no person."""
    roll = count_roll_changes(delivery) if delivery.feed in ROLL_FEEDS else {}
    return {"changes": changes, **({"roll": roll} if roll else {})}
