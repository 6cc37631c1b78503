"""Where the people of the county live: its villages, and townships elsewhere for those who moved or came."""

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DEMO_DATA = Path(__file__).resolve().parents[1] / "data"
DIVISIONS = Path(__file__).resolve().parents[2] / "foundation" / "regions" / "data" / "divisions_2023.csv.gz"
Text = NDArray[np.str_]

NOBODY_LIVES_THERE = "虚拟"  # farms and zones have units of this name only for statistics


@dataclass(frozen=True)
class Places:
    """The county's villages first (0 .. village_count - 1), then every township outside it."""

    county: str  # six digits
    county_name: str
    county_path: str  # province, prefecture and county in words
    code: Text  # twelve digits
    name: Text
    full_name: Text
    township_name: Text
    village_count: int
    sister_counties: Text  # six-digit codes of the other counties of the province

    @property
    def elsewhere(self) -> NDArray[np.int64]:
        return np.arange(self.village_count, len(self.code))


def load_places(county: str) -> Places:
    """Read the country's divisions and the county's villages. Errors: ValueError for a county whose villages are not shipped."""
    villages_file = DEMO_DATA / f"villages_{county}.csv.gz"
    if not villages_file.exists():
        raise ValueError(f"no villages are shipped for county {county}: expected {villages_file.name}")
    divisions = {row["code"]: row for row in _read(DIVISIONS)}
    if county + "000000" not in divisions:
        raise ValueError(f"{county} is not a county of the 2023 divisions")
    villages = [row for row in _read(villages_file) if NOBODY_LIVES_THERE not in row["name"]]
    away = [row for row in divisions.values() if row["level"] == "4" and not row["code"].startswith(county)]
    path = {code: _full_name(code, divisions) for code in {row["parent_code"] for row in [*villages, *away]}}
    rows = [*villages, *away]
    sisters = [c[:6] for c, row in divisions.items() if row["level"] == "3" and c[:2] == county[:2] and c[:6] != county]
    return Places(
        county=county,
        county_name=divisions[county + "000000"]["name"],
        county_path=_full_name(county + "000000", divisions),
        code=np.array([row["code"] for row in rows]),
        name=np.array([row["name"] for row in rows]),
        full_name=np.array([path[row["parent_code"]] + row["name"] for row in rows]),
        township_name=np.array([divisions[row["parent_code"]]["name"] for row in rows]),
        village_count=len(villages),
        sister_counties=np.array(sorted(sisters)),
    )


def _full_name(code: str, divisions: dict[str, dict[str, str]]) -> str:
    name = ""
    while code:
        name = divisions[code]["name"] + name
        code = divisions[code]["parent_code"]
    return name


def _read(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
