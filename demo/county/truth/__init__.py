"""The tables beside the files, one module a table or two. Columns and words are those of the real deliveries' truth."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from demo.county.truth.changes import change_rows
from demo.county.truth.county import Addresses, Columns, County, address_rows
from demo.county.truth.feeds import feed_rows, file_rows
from demo.county.truth.lists import anomaly_rows, pair_rows, poor_rows
from demo.county.truth.monthly_table import e1_rows
from demo.county.truth.persons import persons
from demo.county.truth.refusals import refused_rows
from demo.county.truth.rolls import roll_uids
from demo.county.writers import truth_table, write_parquet, write_table

__all__ = ["Addresses", "Columns", "County", "address_rows", "change_rows", "write_truth"]


def write_truth(counties: list[County], folder: Path, changes: Columns | None = None) -> None:
    """Write all tables of the months, each as compressed text and as Parquet, what changed between them, and the counts of each."""
    tables = {
        "persons": persons,
        "poor_rows": poor_rows,
        "pairs": pair_rows,
        "roll_anomalies": anomaly_rows,
        "refused_rows": refused_rows,
        "feed_rows": feed_rows,
        "files": file_rows,
        "e1_expected": e1_rows,
    }
    for name, build in tables.items():
        _write(folder, name, [truth_table(build(county)) for county in counties])
    if changes is not None:
        _write(folder, "changes", [truth_table(changes)])
    write_parquet(folder / "roll_uid.parquet", roll_uids(counties))
    counts = {month: count for county in counties for month, count in summary(county).items()}
    (folder / "summary.json").write_text(json.dumps(counts, ensure_ascii=False, indent=1), encoding="utf-8")


def _write(folder: Path, name: str, months: list[pa.Table]) -> None:
    table = pa.concat_tables([month.cast(months[0].schema) for month in months]).combine_chunks()
    write_table(folder / f"{name}.csv.gz", table)
    write_parquet(folder / f"{name}.parquet", [table])


def summary(county: County) -> dict[str, dict]:
    """Counts by word, for a reader and for tests of the proportions."""

    def count(values: NDArray | list) -> dict[str, int]:
        return dict(sorted(Counter(np.asarray(values).tolist()).items()))

    tags = " ".join(county.rows.tags.tolist()).split()
    files = file_rows(county)
    rows = dict(zip(files["feed"], files["data_rows"], strict=True))
    listed = county.poor.listed
    lists = county.poor.in_poverty.astype(int) + county.poor.in_dibao + county.poor.in_tekun
    refused = refused_rows(county)["reason"].tolist()
    pairs = county.pairs
    return {
        county.month_word: {
            "natural_persons": int(listed.sum()),
            "three_categories": int(county.poor.in_three_categories.sum()),
            "in_several_feeds": int((lists > 1).sum()),
            "rows": rows,
            "verdict": count(county.verdicts.verdict[listed]),
            "gap_reason": count(county.verdicts.reason[listed & (county.verdicts.reason != "")]),
            "e1": count(county.verdicts.e1_column[listed]),
            "pay_target": int((county.verdicts.pay_target & listed).sum()),
            "feed_errors": count(tags),
            "anomalies": count(np.concatenate(county.anomalies.kind)),
            "pairs": count(np.where(pairs.match == 1, pairs.action, np.char.add("neg:", pairs.why))),
            "pair_why": count(pairs.why[(pairs.match == 1) & (pairs.why != "")]),
            "refused": count([reason.rstrip("0123456789").rstrip("_") for reason in refused]),
        }
    }
