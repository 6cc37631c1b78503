"""The headers of a list by which it can be sorted: each a link that sorts by its column, or turns the order round.

The order stands in the address as `sort=due` or `sort=-due`; the list itself decides what each name means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

NONE, ASCENDING, DESCENDING, OTHER = "none", "ascending", "descending", "other"


@dataclass(frozen=True)
class SortHeader:
    """One header: the query of the list sorted by it, and the order in force, as `aria-sort` has it."""

    query: str
    aria_sort: str


def sort_headers(
    current: str, names: Iterable[str], given: Mapping[str, Any], *, own_order: str
) -> dict[str, SortHeader]:
    """Return column -> header. `names` are the orders a first click gives, as "due" or "-days"; `own_order` is the column whose link
    goes back to the list's own order; `given` the other parameters of the address.
    """
    others = {name: value for name, value in given.items() if name != "sort"}
    headers = {own_order: SortHeader(urlencode(others), NONE if current else OTHER)}
    for first in names:
        column = first.removeprefix("-")
        turned = f"-{column}" if first == column else column
        query = urlencode({**others, "sort": turned if current == first else first})
        in_force = {column: ASCENDING, f"-{column}": DESCENDING}.get(current, NONE)
        headers[column] = SortHeader(query, in_force)
    return headers
