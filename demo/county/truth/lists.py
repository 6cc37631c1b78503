"""The rows of the lists, the roll lines that are theirs or only look alike, and what is wrong on the roll."""

import numpy as np
import pyarrow as pa

from demo.county import anomalies as roll_findings
from demo.county.draw import NOBODY
from demo.county.households import POVERTY_STATUSES
from demo.county.truth.county import Columns, County, list_columns, month_column, spread


def poor_rows(county: County) -> Columns:
    rows, poor, where = county.rows, county.poor, county.addresses
    uid = rows.uid
    dibao = np.char.add(
        np.where(poor.dibao_full[uid], "dibao:full:", "dibao:partial:"),
        np.where(poor.dibao_rural[uid], "rural", "urban"),
    )
    poverty = np.char.add("poverty:", POVERTY_STATUSES[poor.poverty_status[uid]])
    tekun = np.where(poor.tekun_in_home[uid], "tekun:集中供养", "tekun:分散供养")
    again = np.flatnonzero(rows.repeats != NOBODY)
    duplicate = np.full(len(rows), "", dtype="U8")
    duplicate[again] = where.line[rows.repeats[again]].astype("U8")
    return {
        "month": month_column(county, len(rows)),
        **list_columns(county, slice(None)),
        "category": np.select([rows.feed == 0, rows.feed == 1], [poverty, dibao], tekun),
        "village": county.month.places.code[rows.village],
        "name_as_written": rows.name,
        "id_as_written": rows.number,
        "errors": rows.tags,
        "duplicate_of_row": duplicate,
    }


def pair_rows(county: County) -> Columns:
    pairs = county.pairs
    at = pairs.poor_row
    outprov = county.listings["outprov"]
    files = county.roll_files | {"outprov": (outprov.file, outprov.sheet)}
    scheme = np.searchsorted(sorted(files), pairs.scheme)
    return {
        "month": month_column(county, len(at)),
        **list_columns(county, at),
        "scheme": pairs.scheme,
        "roll_no": pairs.roll_no,
        "roll_file": spread([files[name][0] for name in sorted(files)], scheme),
        "roll_part": spread([files[name][1] for name in sorted(files)], scheme),
        "roll_line": pairs.roll_line,
        "match": pairs.match,
        "action": pairs.action,
        "why": pairs.why,
        "feed_errors": county.rows.tags[at],
        "roll_errors": pairs.roll_errors,
    }


def anomaly_rows(county: County) -> Columns:
    roll, found = county.resident, county.anomalies
    rows = np.concatenate(found.row)
    file, part = county.roll_files["resident"]
    return {
        "month": month_column(county, len(rows)),
        "roll_no": roll.roll_no[rows].astype(str),
        "roll_file": pa.repeat(pa.scalar(file), len(rows)),
        "roll_part": pa.repeat(pa.scalar(part), len(rows)),
        "roll_line": rows + 2,
        "uid": roll.uid[rows],
        "status": roll_findings.statuses(roll, rows),
        "kind": np.concatenate(found.kind),
        "months": np.concatenate(found.months),
        "detail": np.concatenate(found.detail),
    }
