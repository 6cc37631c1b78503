"""Whether a name is another than those on record: by phonetic key, so that a variant or homophone is the same name."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

from foundation.primitives.columns import clean_names


def is_other_name(name: str, names: Iterable[str]) -> bool:
    """Answer whether a name reads like none of these; where one side has no name, nothing contradicts."""
    others = [each for each in names if each]
    if not name or not others:
        return False
    first, *rest = clean_names(pa.array([name, *others], pa.string())).phonetic_key.to_pylist()
    return first not in rest
