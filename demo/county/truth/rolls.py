"""Whom each line of the rolls names."""

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from demo.county.truth.county import County


def roll_uids(county: County) -> list[pa.Table]:
    tables = [_uid_table("resident", pa.array(county.resident.roll_no).cast(pa.string()), county.resident.uid)]
    return tables + [_uid_table(roll.scheme, pa.array(roll.roll_no), roll.uid) for roll in county.schemes]


def _uid_table(scheme: str, roll_no: pa.Array, uid: NDArray) -> pa.Table:
    return pa.table({"scheme": pa.repeat(pa.scalar(scheme), len(uid)), "roll_no": roll_no, "uid": uid.astype(np.int32)})
