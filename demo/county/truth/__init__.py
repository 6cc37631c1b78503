"""The tables beside the files, one module a table or two. Columns and words are those of the real deliveries' truth."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from demo.county.truth.county import Addresses, County, address_rows
from demo.county.truth.feeds import feed_rows, file_rows
from demo.county.truth.lists import anomaly_rows, pair_rows, poor_rows
from demo.county.truth.monthly_table import e1_rows
from demo.county.truth.persons import persons
from demo.county.truth.refusals import refused_rows
from demo.county.truth.rolls import roll_uids
from demo.county.writers import truth_table, write_parquet, write_table

__all__ = ["Addresses", "County", "address_rows", "write_truth"]


def write_truth(county: County, folder: Path) -> None:
    """Write all tables, each as compressed text and as Parquet, and the counts of the month."""
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
        table = truth_table(build(county))
        write_table(folder / f"{name}.csv.gz", table)
        write_parquet(folder / f"{name}.parquet", [table])
    write_parquet(folder / "roll_uid.parquet", roll_uids(county))
    (folder / "summary.json").write_text(json.dumps(summary(county), ensure_ascii=False, indent=1), encoding="utf-8")


def summary(county: County) -> dict[str, dict]:
    """Counts by word, for a reader and for tests of the proportions."""

    def count(values: NDArray | list) -> dict[str, int]:
        return dict(sorted(Counter(np.asarray(values).tolist()).items()))

    tags = " ".join(county.rows.tags.tolist()).split()
    files = file_rows(county)
    rows = dict(zip(files["feed"], files["data_rows"], strict=True))
    lists = county.poor.in_poverty.astype(int) + county.poor.in_dibao + county.poor.in_tekun
    refused = refused_rows(county)["reason"].tolist()
    pairs = county.pairs
    return {
        county.month_word: {
            "natural_persons": len(county.poor),
            "three_categories": int(county.poor.in_three_categories.sum()),
            "in_several_feeds": int((lists > 1).sum()),
            "rows": rows,
            "verdict": count(county.verdicts.verdict),
            "gap_reason": count(county.verdicts.reason[county.verdicts.reason != ""]),
            "e1": count(county.verdicts.e1_column),
            "pay_target": int(county.verdicts.pay_target.sum()),
            "feed_errors": count(tags),
            "anomalies": count(np.concatenate(county.anomalies.kind)),
            "pairs": count(np.where(pairs.match == 1, pairs.action, np.char.add("neg:", pairs.why))),
            "pair_why": count(pairs.why[(pairs.match == 1) & (pairs.why != "")]),
            "refused": count([reason.rstrip("0123456789").rstrip("_") for reason in refused]),
        }
    }
