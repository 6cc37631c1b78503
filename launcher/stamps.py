"""When `manage.py initialise` (migrate, load regions and parameters, compile translations) must run.

It must when anything it reads, or the database's address, has changed since it last succeeded. A second stamp
records that the demo county was loaded.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from launcher.installation import Installation

WATCHED = (
    "*/migrations/*.py",
    "foundation/*/migrations/*.py",
    "foundation/regions/**/*",
    "foundation/policy/**/*",
    "poverty_pension/settings/*.py",
    "operations/grants.py",
    "operations/management/commands/initialise.py",
    "locale/**/*.po",
    "requirements/run.txt",
)


@dataclass(frozen=True)
class Stamp:
    """A file that records with which input a step last succeeded."""

    path: Path
    content: str

    def is_current(self) -> bool:
        return self.path.exists() and self.path.read_text("utf-8") == self.content

    def write(self) -> None:
        self.path.write_text(self.content, "utf-8")

    def forget(self) -> None:
        self.path.unlink(missing_ok=True)


def initialised_stamp(installation: Installation) -> Stamp:
    """Return the stamp of initialise: the present files and the database they were loaded into."""
    content = f"{fingerprint(installation.checkout)} {_database(installation)}"
    return Stamp(installation.run_dir / "initialised.stamp", content)


def demo_stamp(installation: Installation) -> Stamp:
    """Return the stamp of load_demo: once per database."""
    return Stamp(installation.run_dir / "demo.stamp", _database(installation))


def fingerprint(checkout: Path) -> str:
    """Return one hash over names and contents of the watched files, the same whatever the order or the dates."""
    digest = hashlib.sha256()
    for path in sorted(set(_watched_files(checkout))):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(checkout)}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _watched_files(checkout: Path) -> Iterator[Path]:
    for pattern in WATCHED:
        for path in checkout.glob(pattern):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def _database(installation: Installation) -> str:
    return hashlib.sha256(installation.database_url.encode()).hexdigest()[:16]
