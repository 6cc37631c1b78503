"""The list of packages: what the product imports is what requirements/run.in names, pinned with hashes, from the package index only."""

from __future__ import annotations

import re
import sys
from importlib.metadata import packages_distributions

import pytest

from tests.security.sources import PARTS, ROOT, imported, trees

REQUIREMENTS = ROOT / "requirements"
STARTED = {
    "gunicorn",
    "tzdata",
    "psycopg2-binary",
    "whitenoise",
    "drf-spectacular-sidecar",
    "django-htmx",
    "lxml",
    "babel",
}
"""Named, but used without being imported by our own modules: started by name, or by another package."""


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def named(file: str) -> set[str]:
    lines = (REQUIREMENTS / file).read_text("utf-8").splitlines()
    return {plain(re.match(r"[A-Za-z0-9_.-]+", line)[0]) for line in lines if line and line[0].isalpha()}  # type: ignore[index]


def locked(file: str) -> dict[str, set[str]]:
    """Return the locked versions of each package: two where they differ by the version of Python."""
    text = (REQUIREMENTS / file).read_text("utf-8")
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9_.-]+)==([^ \\;]+)", text, re.MULTILINE):
        found.setdefault(plain(name), set()).add(version)
    return found


def test_every_package_the_product_imports_is_named():
    distributions = packages_distributions()
    tops = {name.partition(".")[0] for tree in trees(PARTS).values() for name in imported(tree)}
    foreign = {top for top in tops if top not in sys.stdlib_module_names and top not in PARTS and top != "tests"}
    unnamed = {top for top in foreign if not {plain(each) for each in distributions.get(top, [])} & named("run.in")}
    assert foreign
    assert unnamed <= {"kombu", "redis", "billiard"}  # celery[redis] brings them, and names their versions


def test_every_named_package_is_used():
    distributions = packages_distributions()
    tops = {name.partition(".")[0] for tree in trees(PARTS).values() for name in imported(tree)}
    used = {plain(each) for top in tops for each in distributions.get(top, [])}
    assert named("run.in") - used - STARTED == set()


def test_every_package_is_locked_by_version_and_hash():
    lock = (REQUIREMENTS / "run.txt").read_text("utf-8")
    assert named("run.in") <= set(locked("run.txt"))
    for block in re.split(r"\n(?=\S)", lock.strip()):
        assert "--hash=sha256:" in block, block[:60]
        assert not re.search(r"git\+|https?:|file:|--index|--find-links|--trusted", block), block[:60]


@pytest.mark.parametrize("file", ["run.txt", "servers.txt"])
def test_what_is_installed_is_what_is_locked(file):
    from importlib.metadata import PackageNotFoundError, version

    for name, wanted in locked(file).items():
        try:
            found = version(name)
        except PackageNotFoundError:
            continue  # of another platform
        assert found in wanted, name
