"""What applying a file changes, in counts, and for a roll the comparison with the roll before.

Called inside the transaction that applies the file; a preview then rolls it back. Line by line: comparison/lists.py.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from registry.comparison.persons import Turnover
from registry.comparison.rolls import count_roll_changes
from registry.constants import ROLL_FEEDS
from registry.models import Delivery


def describe_changes(delivery: Delivery, changes: dict[str, int], turnover: Turnover | None) -> dict[str, Any]:
    """Return {"changes": counts}, with {"persons": {...}} beside a list before, for a roll with {"roll": {...}}. Nothing personal."""
    roll = count_roll_changes(delivery) if delivery.feed in ROLL_FEEDS else {}
    persons = asdict(turnover) if turnover else {}
    return {"changes": changes, **({"persons": persons} if persons else {}), **({"roll": roll} if roll else {})}
