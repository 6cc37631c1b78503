"""Everything the tables are made of, and the columns they share."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from demo.county.anomalies import Anomalies
from demo.county.feed import Feed, Month
from demo.county.households import Poor
from demo.county.listing import Listing
from demo.county.pairs import Pairs
from demo.county.poor_files import dibao_numbers, household_numbers, person_numbers, tekun_numbers
from demo.county.poor_rows import FEEDS, PoorRows
from demo.county.rolls import ResidentRoll
from demo.county.scheme_rolls import SchemeRoll
from demo.county.variants import TextForm
from demo.county.verdicts import Verdicts
from demo.county.written import spell_combinations

Text = NDArray[np.str_]
Columns = dict[str, NDArray | pa.Array]


@dataclass
class Addresses:
    """Where the rows of the three lists stand: the line and key of each."""

    line: NDArray[np.int64]
    key: Text


def address_rows(
    rows: PoorRows, poor: Poor, listings: dict[str, Listing], dibao_row: NDArray, county: str
) -> Addresses:
    line = np.zeros(len(rows), dtype=np.int64)
    line[rows.of("poverty")] = listings["poverty"].line
    line[rows.of("dibao")] = listings["dibao"].line[dibao_row]
    line[rows.of("tekun")] = listings["tekun"].line
    return Addresses(line, row_keys(rows, poor, county))


def row_keys(rows: PoorRows, poor: Poor, county: str) -> Text:
    """The sender's own key of each row, behind a word for its list."""
    key = np.full(len(rows), "", dtype="U32")
    at = rows.of("poverty")
    home, person = (
        household_numbers(county, rows.household[at]),
        person_numbers(county, rows.household[at], rows.position[at]),
    )
    key[at] = _with_bars("POV", home, person)
    at = rows.of("dibao")
    key[at] = _with_bars("DB", dibao_numbers(county, rows.household[at]), rows.position[at].astype("U1"))
    at = rows.of("tekun")
    key[at] = _with_bars("TK", tekun_numbers(county, poor.tekun_serial[rows.uid[at]]), np.full(len(at), "1"))
    return key


def _with_bars(kind: str, first: Text, second: Text) -> Text:
    return np.char.add(np.char.add(np.char.add(kind + "|", first), "|"), second)


@dataclass
class County:
    """Everything the tables are made of."""

    month: Month
    poor: Poor
    rows: PoorRows
    addresses: Addresses
    listings: dict[str, Listing]
    resident: ResidentRoll
    schemes: list[SchemeRoll]
    roll_files: dict[str, tuple[str, str]]  # scheme -> file, part
    feeds: dict[str, Feed]
    verdicts: Verdicts
    pairs: Pairs
    anomalies: Anomalies
    text_forms: dict[str, TextForm] = field(default_factory=dict)  # of the feeds that are not written as usual
    earlier: "County | None" = None  # the month before, where it was written too

    def text_form(self, feed: str) -> TextForm:
        """How a text file of this feed is written."""
        return self.text_forms.get(feed, TextForm())

    @property
    def month_word(self) -> str:
        return f"{self.month.stamp[:4]}-{self.month.stamp[4:]}"


def month_column(county: County, size: int) -> pa.Array:
    return pa.repeat(pa.scalar(county.month_word), size)


def spread(words: list[str] | Text, index: NDArray) -> pa.Array:
    """A few words over many rows."""
    return pa.array(words).take(pa.array(index))


def list_columns(county: County, rows: NDArray[np.int64] | slice) -> Columns:
    """Which list, file, sheet and line these rows of the poor stand in."""
    feed, where = county.rows.feed[rows], county.addresses
    listings = [county.listings[name] for name in FEEDS]
    return {
        "feed": spread(list(FEEDS), feed),
        "file": spread([listing.file for listing in listings], feed),
        "sheet": spread([listing.sheet for listing in listings], feed),
        "row": where.line[rows],
        "row_key": where.key[rows],
        "uid": county.rows.uid[rows],
    }


def listed(words: dict[str, NDArray[np.bool_]], separator: str) -> Text:
    """The words that apply to each entry, in the order given."""
    combination = np.zeros(len(next(iter(words.values()))), dtype=np.int64)
    for bit, applies in enumerate(words.values()):
        combination |= applies.astype(np.int64) << bit
    return spell_combinations(combination, list(words), separator)
