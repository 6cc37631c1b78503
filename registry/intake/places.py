"""Place texts of a county's files to units. The rules are in regions/gazetteer.py; here is what intake needs of them.

Works on distinct texts only: a file of a million rows names a few hundred places.
"""

from __future__ import annotations

from foundation.regions.gazetteer import Gazetteer
from foundation.regions.models.unit import Level


class PlaceFinder:
    """Finds places of one county. Built once a file from regions.selectors.county_gazetteer."""

    def __init__(self, county: Gazetteer) -> None:
        self._county = county

    def find(self, text: str) -> int | None:
        """Return the id of the most precise unit the text names; None when it names none of this county's, or several."""
        place = self._county.find(text).place if text.strip() else None
        return place.id if place is not None else None

    def is_township(self, name: str) -> bool:
        """Answer whether a sheet's name is a township of the county."""
        found = self._county.find(name)
        return found.place is not None and found.place.level == Level.TOWNSHIP and not found.rest
