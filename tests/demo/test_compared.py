"""The generated county is run through the product and compared with its own truth: nobody is linked to another's roll line."""

import csv
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from demo.loading import VILLAGES
from foundation.regions.selectors import get_unit
from foundation.regions.services.loading import DIVISIONS, import_villages, load_divisions
from tests.demo.conftest import SmallCounty
from tests.plugins.county import load_local_parameters

CODE, MONTH, AS_OF = "320682", "2018-12", "2018-12-31"
COMPARE = Path(__file__).resolve().parents[3] / "shared" / "tools" / "compare.py"
EXPORTS = {"links": "--matches", "verdicts": "--verdicts", "problems": "--refused", "roll_findings": "--anomalies"}

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("generated county")]


@pytest.fixture(scope="module")
def exported(
    module_database: None, small_county: SmallCounty, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A folder with the product's exports of the generated county: received, matched by one night, exported."""
    folder = tmp_path_factory.mktemp("compared")
    with override_settings(DATA_DIR=folder / "data"):
        load_divisions(DIVISIONS)
        import_villages(VILLAGES, county=get_unit(code=CODE))
        load_local_parameters(folder / "parameters")
        call_command("receive", str(small_county.made.month_folder), county=CODE, as_of=AS_OF)
        call_command("nightly", county=CODE, as_of=AS_OF)
        for name in EXPORTS:
            out = folder / f"{name}.csv"
            call_command("export", name, f"--county={CODE}", f"--month={MONTH}", f"--out={out}", "--purpose=test")
        connection.check_constraints()
        yield folder


def place(row: dict[str, str], member: str) -> tuple[str, ...]:
    return (row["file"], row["row"], member if row["feed"] == "dibao" else "", row["scheme"], row["roll_no"])


def test_no_wrong_line_of_a_roll_is_confirmed(exported: Path, small_county: SmallCounty) -> None:
    true = {
        place(pair, pair["row_key"].rsplit("|", 1)[-1]): pair
        for pair in small_county.rows("pairs")
        if pair["match"] == "1" and pair["scheme"] != "outprov"
    }
    with (exported / "links.csv").open(encoding="utf-8-sig", newline="") as lines:
        links = {place(row, row["member"]): row["action"] for row in csv.DictReader(lines)}
    confirmed = {key for key, action in links.items() if action.startswith("auto") and key[3] != "outprov"}
    expected = {key for key, pair in true.items() if pair["action"] == "auto"}
    assert confirmed - true.keys() == set()
    assert len(expected - confirmed) < 0.01 * len(expected)


@pytest.mark.skipif(not COMPARE.exists(), reason="the comparing tool is not beside the checkout")
def test_the_comparing_tool_runs_on_a_generated_county(exported: Path, small_county: SmallCounty) -> None:
    files = [argument for name, option in EXPORTS.items() for argument in (option, str(exported / f"{name}.csv"))]
    command = [sys.executable, str(COMPARE), str(small_county.made.truth_folder), MONTH, *files]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    (exported / "compared.txt").write_text(said, encoding="utf-8")
    traps = next(line for line in said.splitlines() if line.startswith("traps"))
    assert "/AUTO" not in traps
    assert "lines without cause 0" in said
