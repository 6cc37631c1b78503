"""What the columns beside name and number must not carry on: identity numbers and telephones, wherever a sender wrote one.

Called while a sheet is read, so that nothing later can store what it never saw; the cell itself stays in the encrypted original.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pyarrow as pa
import pyarrow.compute as pc

from foundation.primitives.columns import half_width_numbers
from foundation.primitives.personal_texts import (
    ID_MARK,
    MAY_BE_TELEPHONE,
    READS_AS_IDENTITY,
    hash_words,
    is_personal,
    make_reference,
    without_numbers,
)
from registry.selectors.numbers import hash_roll_no

ROLL_NO, SENT = "roll_no", "roll_no_sent"
KEYS = ("household_no", "person_no")
"""Columns by which a sender's line is recognised next month; they become part of a record key."""
READ_AT_ONCE = ("phone", "before", "after", "birth", "joined", "benefit_start", "event", "from", "to")
"""Columns whose text is read as a number or a day by their own rule and stored as that only."""
SHORTEST_SAME_NUMBER = 14
OWN_NUMBERING_SHARE = 0.5
"""From this share on what looks like telephones is how a roll counts: the codes of some provinces begin like them."""
_NAMES_SOMEBODY = r"^[^0-9０-９]+$|\p{Han}"
_PLAIN_CODE = r"^(?:|[02-9][0-9]{0,12}|1(?:[0-9]{0,9}|[0-2][0-9]{9}|[0-9]{11,12}))$"
"""A code too short for an identity number that is no telephone either."""
_REFERENCE_FORM = r"^[^.]\*+[^.]?\.[a-z2-7]{20}$"


def protect_fields(fields: dict[str, pa.Array], numbers: Iterable[pa.Array]) -> dict[str, pa.Array]:
    """Return a sheet's columns without personal numbers; `numbers` are its columns of identity numbers as written.

    A roll number that reads as an identity number becomes its reference, with the number as sent in a column of its own, null on
    all other lines. A key with one becomes an id. Cost: nothing where no text is long enough.
    """
    protected = {name: _protected(name, column) for name, column in fields.items()}
    if ROLL_NO in protected:
        protected[ROLL_NO], protected[SENT] = _roll_numbers(fields[ROLL_NO], numbers)
    return protected


def _protected(name: str, column: pa.Array) -> pa.Array:
    if name == ROLL_NO or name in READ_AT_ONCE:
        return column
    return _over_distinct(column, _protected_key) if name in KEYS else without_numbers(column)


def _protected_key(key: str) -> str:
    """A key states nothing: neither a personal number nor, having no digit at all, a name."""
    if not key or (any(map(str.isdigit, key)) and not is_personal(key) and not key.startswith(ID_MARK)):
        return key
    return f"{ID_MARK}{hash_words(key, hash_roll_no)}"


def _over_distinct(column: pa.Array, rule: Callable[[str], str]) -> pa.Array:
    encoded = column.dictionary_encode()
    return pa.array([rule(text) for text in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)


def _roll_numbers(sent: pa.Array, numbers: Iterable[pa.Array]) -> tuple[pa.Array, pa.Array]:
    """The roll numbers as stored, and those as sent that are replaced.

    Replaced is what reads as an identity number, the line's own damaged one, a name, and a telephone unless the roll counts so. Most
    lines of most rolls are told by one expression.
    """
    nothing = pa.nulls(len(sent), pa.string())
    suspect = pc.invert(pc.match_substring_regex(sent, _PLAIN_CODE))
    if not pc.any(suspect).as_py():
        return sent, nothing
    plain = _comparable(sent.filter(suspect))
    found = _personal(plain, sent.filter(suspect), [each.filter(suspect) for each in numbers], len(sent))
    if not pc.any(found).as_py():
        return sent, nothing
    personal = pc.replace_with_mask(pa.repeat(pa.scalar(False), len(sent)), suspect, found)
    references = [make_reference(number, hash_roll_no) for number in plain.filter(found).to_pylist()]
    return pc.replace_with_mask(sent, personal, pa.array(references, pa.string())), pc.if_else(personal, sent, nothing)


def _personal(plain: pa.Array, sent: pa.Array, numbers: Iterable[pa.Array], lines: int) -> pa.Array:
    """Mark what reads as an identity number, a name, a reference of ours or a telephone, and the line's own damaged number."""
    personal = pc.or_(
        pc.match_substring_regex(plain, READS_AS_IDENTITY),
        pc.match_substring_regex(sent, rf"{_NAMES_SOMEBODY}|{_REFERENCE_FORM}"),
    )
    telephones = pc.match_substring_regex(plain, MAY_BE_TELEPHONE)
    if (pc.sum(telephones).as_py() or 0) < OWN_NUMBERING_SHARE * lines:
        personal = pc.or_(personal, telephones)
    is_long = pc.greater_equal(pc.utf8_length(plain), SHORTEST_SAME_NUMBER)
    for each in numbers:
        personal = pc.or_(personal, pc.and_(is_long, pc.equal(plain, _comparable(each))))
    return personal


def _comparable(numbers: pa.Array) -> pa.Array:
    """Numbers as they are compared; most are written so."""
    written = pc.fill_null(numbers, "")
    is_plain = pc.all(pc.match_substring_regex(written, "^[0-9A-Z]*$")).as_py()
    return written if is_plain else half_width_numbers(written)
