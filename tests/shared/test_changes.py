"""The real county's second month beside its first: changes by kind as the truth counts them. Skipped where the data are not beside us.

What differs is named with its number; where the two agree no allowance stands.
"""

import csv
import gzip
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import override_settings

from foundation.regions.selectors import get_unit
from foundation.regions.services.loading import import_villages, load_divisions
from tests.plugins.county import load_local_parameters
from tests.shared.test_rugao import CODE, COUNTY, SHARED, _divisions

FILES = ("建档立卡", "城乡低保", "特困", "城乡居保", "死亡")
OTHERWISE = {
    # Cleaning heals blanks, marks and full-width figures of a number, and the dot in a name: such lines say what they said.
    ("poverty", "new_error"): -7,
    (
        "poverty",
        "name_corrected",
    ): 3,  # four of those lines also have another character in the name; one name sounds otherwise
    ("dibao", "new_error"): -3,
    ("dibao", "name_corrected"): -1,
    ("resident", "name_corrected"): -31,
    # A name that sounds otherwise, and another right number, are told apart from corrections.
    ("poverty", "name_changed"): 1,
    ("dibao", "name_changed"): 3,
    ("resident", "name_changed"): 23,
    ("resident", "id_changed"): 18,
    # Dead whose number in the lists is damaged, or whom nobody reports; the truth does not tell the dead of the dibao lists.
    ("poverty", "poor_exit"): 4,
    ("poverty", "poor_removed_dead"): -4,
    ("dibao", "poor_exit"): 1,
    ("dibao", "poor_removed_dead"): 16,
    # The truth has five moves to the same village, and a death on a line removed as a duplicate.
    ("resident", "moved"): -5,
    ("resident", "terminated_death"): -1,
}

pytestmark = [
    pytest.mark.skipif(not COUNTY.exists(), reason="the shared county is not beside the checkout"),
    pytest.mark.xdist_group("rugao changes"),
    pytest.mark.django_db,
]


@pytest.fixture
def both_months(tmp_path: Path) -> Iterator[Path]:
    """Receive the lists, deaths and the resident roll of both months; return the export of the second's changes."""
    with override_settings(DATA_DIR=tmp_path / "data"):
        load_divisions(_divisions(tmp_path))
        import_villages(SHARED / "regions" / "divisions_2023.csv.gz", county=get_unit(code=CODE))
        load_local_parameters(tmp_path / "parameters")
        for month, day in (("2018-12", "2018-12-31"), ("2019-01", "2019-01-31")):
            files = [str(path) for path in sorted((COUNTY / month).iterdir()) if path.name.startswith(FILES)]
            assert len(files) == len(FILES)
            call_command("receive", *files, county=CODE, as_of=day, yes=True)
        out = tmp_path / "changes.csv"
        call_command("export", "changes", f"--county={CODE}", "--month=2019-01", f"--out={out}", "--purpose=test")
        yield out


def test_changes_by_kind_are_the_truths(both_months):
    with both_months.open(encoding="utf-8", newline="") as ours:
        found = Counter((row["feed"], row["kind"]) for row in csv.DictReader(ours))
    with gzip.open(COUNTY / "truth" / "changes.csv.gz", "rt", encoding="utf-8", newline="") as truth:
        true = Counter((row["feed"].replace("roll", "resident"), row["kind"]) for row in csv.DictReader(truth))
    differing = {key: found[key] - true[key] for key in found | true if found[key] != true[key]}
    assert differing == OTHERWISE
