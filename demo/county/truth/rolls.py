"""Whom each line of the rolls names."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from demo.county.truth.county import County


def roll_uids(counties: list[County]) -> list[pa.Table]:
    """The lines of all months, each once: a line names the same person in every month."""
    tables = [table for county in counties for table in _uid_tables(county)]
    if len(counties) == 1:
        return tables
    whole = pa.concat_tables([table.cast(tables[0].schema) for table in tables])
    line = pc.binary_join_element_wise(whole["scheme"], whole["roll_no"], ":").combine_chunks()
    _, first = np.unique(line.dictionary_encode().indices.to_numpy(), return_index=True)
    return [whole.take(pa.array(np.sort(first)))]


def _uid_tables(county: County) -> list[pa.Table]:
    tables = [_uid_table("resident", pa.array(county.resident.roll_no).cast(pa.string()), county.resident.uid)]
    return tables + [_uid_table(roll.scheme, pa.array(roll.roll_no), roll.uid) for roll in county.schemes]


def _uid_table(scheme: str, roll_no: pa.Array, uid: NDArray) -> pa.Table:
    return pa.table({"scheme": pa.repeat(pa.scalar(scheme), len(uid)), "roll_no": roll_no, "uid": uid.astype(np.int32)})
