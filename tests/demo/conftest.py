"""One small invented county, made once for all tests of this folder."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.csv
import pytest

from demo.county import MadeCounty, make_county

POOR, ROLL, SEED = 3000, 40_000, 7


class SmallCounty(NamedTuple):
    made: MadeCounty
    rows: Callable[[str], list[dict[str, str]]]  # of a truth table


def read_truth(folder: Path, table: str) -> list[dict[str, str]]:
    with pa.input_stream(folder / f"{table}.csv.gz") as stream:
        names = pyarrow.csv.open_csv(stream).schema.names
    text = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False)
    return pyarrow.csv.read_csv(folder / f"{table}.csv.gz", convert_options=text).to_pylist()


@pytest.fixture(scope="session")
def small_county(tmp_path_factory: pytest.TempPathFactory) -> SmallCounty:
    made = make_county(poor=POOR, roll=ROLL, seed=SEED, out=tmp_path_factory.mktemp("county"))
    return SmallCounty(made, lambda table: read_truth(made.truth_folder, table))
