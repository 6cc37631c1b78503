"""The order of floors and apps, read from where it stands: the import contract in pyproject.toml."""

import tomllib
from pathlib import Path

from django.conf import settings

_CONTRACTS = tomllib.loads((Path(settings.BASE_DIR) / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
    "contracts"
]


def _layers(name: str) -> list[str]:
    contract = next(each for each in _CONTRACTS if each["name"].startswith(name))
    return [part.strip() for layer in contract["layers"] for part in layer.split("|")]


FLOORS = _layers("Floors")
"""Packages, the highest first."""
FOUNDATION = _layers("Inside the foundation")
APPS = {"nightly", "payments", "enrollment", "coverage", "casework", "registry", "foundation"}
LABELS = [label for floor in FLOORS for label in (FOUNDATION if floor == "foundation" else [floor])]
"""Labels of Django apps, the highest first."""
