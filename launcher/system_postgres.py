"""The PostgreSQL that this machine has installed: ./run test runs a second time on it. The product never starts it."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

OLDEST = 14
PLACES = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "usr/local/pgsql/bin", "usr/bin")
NEEDED = ("postgres", "initdb", "psql")


@dataclass(frozen=True)
class SystemPostgres:
    """Its programs and its major version."""

    programs: Path
    version: int


def find(root: Path = Path("/")) -> SystemPostgres | None:
    """Return the newest one that our SQL supports, or None."""
    found = [read(folder) for place in PLACES for folder in root.glob(place)]
    fit = [each for each in found if each and each.version >= OLDEST]
    return max(fit, key=lambda each: each.version, default=None)


def read(programs: Path) -> SystemPostgres | None:
    """Return the server of a folder, or None when a program is missing or reports no version."""
    if not all((programs / name).is_file() for name in NEEDED):
        return None
    output = subprocess.run([programs / "postgres", "--version"], capture_output=True, text=True, check=False).stdout
    number = re.search(r"\(PostgreSQL\) (\d+)", output)
    return SystemPostgres(programs, int(number[1])) if number else None
