"""A roll read by way of the roll before it is, row by row, the roll read afresh."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.intake import unchanged_lines
from registry.intake.errors import IntakeError
from registry.intake.files import only_text
from registry.intake.reading import ReadSheet, read_rows
from registry.intake.recognising import find_layout
from registry.intake.rolls import prepare_roll, repairs_path, write_snapshot
from registry.intake.sheets import Sheet
from registry.intake.texts import read_text_sheet
from registry.intake.unchanged_lines import (
    LineHashes,
    form_of,
    lines_path,
    open_line_hashes,
    raw_lines,
    read_changed_lines,
    store_line_hashes,
)
from tests import senders
from tests.oracles.numbers import make_number

COUNTY = Path(__file__).resolve().parents[4] / "shared" / "data" / "county_320682"
NAME = "居保.csv"
HEADER = ["序号", *senders.RESIDENT]
NUMBERS = [make_number(f"19{year}0305", place) for year in range(40, 60) for place in (1, 2)]
SURNAMES = "王李张刘陈杨"


@pytest.fixture(autouse=True)
def _small_rolls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unchanged_lines, "FIRST_LINES", 8)
    monkeypatch.setattr(unchanged_lines, "LEAST_SHARED", 0.0)


@dataclass(frozen=True)
class Read:
    """What became of a roll: its prepared file, problems and outcomes."""

    path: Path
    sha256: str
    sheet: ReadSheet
    control_sums: dict[str, object]

    def contents(self) -> tuple[object, ...]:
        files = [pq.read_table(path).to_pylist() for path in (self.path, repairs_path(self.path))]
        return *files, self.sheet.problems, self.sheet.outcomes(), self.control_sums


def reader(name: str) -> Callable[[bytes], tuple[Sheet, ReadSheet]]:
    def read(text: bytes) -> tuple[Sheet, ReadSheet]:
        sheet = read_text_sheet(text, name)
        return sheet, read_rows(sheet, find_layout(sheet, name))

    return read


def read_afresh(text: bytes, path: Path, name: str = NAME) -> Read:
    """Read everything, and store the hashes where lines are independent."""
    sheet, rows = reader(name)(text)
    prepared = prepare_roll([(name, rows)], target=path)
    raw = raw_lines(text)
    if raw is not None and (form := form_of(raw, sheet, rows.layout)):
        store_line_hashes(path, prepared.sha256, raw, form, rows)
    return Read(path, prepared.sha256, rows, prepared.control_sums)


def read_by_lines(text: bytes, before: Read, path: Path, name: str = NAME) -> Read | None:
    """Read the lines the roll before does not contain; None where all must be read."""
    raw, stored = raw_lines(text), open_line_hashes(before.path, before.sha256)
    found = read_changed_lines(raw, name, stored, reader(name)) if raw and stored else None
    if raw is None or stored is None or found is None:
        return None
    prepared = write_snapshot(found[1].rows.rename_columns({"row": "line"}), path)
    store_line_hashes(path, prepared.sha256, raw, stored.form, found[1])
    return Read(path, prepared.sha256, found[1], prepared.control_sums)


def _text(lines: list[list[str]], *, end: str = "\n", encoding: str = "gb18030", mark: str = ",") -> bytes:
    return "".join(mark.join(line) + end for line in lines).encode(encoding)


def _line(place: int, number: str = "", name: str = "", status: str = "contributing") -> list[str]:
    number = number or NUMBERS[place % len(NUMBERS)]
    name = name or SURNAMES[place % 6] + "明芳国英"[place % 4]
    return [str(place), *senders.resident_row(f"3206{place:010}", name, number, status, birth="19500305")]


def _people(count: int) -> list[list[str]]:
    return [_line(place) for place in range(count)]


def _damaged(number: str) -> Iterator[str]:
    yield from ("", "无", number[:-1], number[:-1] + ("0" if number[-1] != "0" else "1"), number[:6] + number[8:17])
    yield from (f" {number}", f"{number}\u3000", number.lower(), number + "43", "3.20697195003050E+17")


STRANGE_LINES = st.sampled_from(
    [
        ["合计", "40人", *[""] * 10],
        [""] * 12,
        HEADER,
        ["", "", "", *[""] * 9],
        ["某村", *[""] * 11],
        ["填表人：王某", *[""] * 11],
        ["示例", *_line(3)[1:]],
        ["99", *_line(5)[1:3], "", *_line(5)[4:]],
        ["7"],
        [*_line(4), "多"],
        ["7", '"引"', *_line(5)[2:]],
    ]
)


@st.composite
def changed(draw: st.DrawFn, lines: list[list[str]]) -> list[list[str]]:
    """The roll after a month: lines gone, changed, new, twice, moved, and lines that are no person."""
    lines = list(lines)
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(lines) - 1))
        kind = draw(st.integers(0, 7))
        if kind == 0 and len(lines) > 12:
            del lines[at]
        elif kind == 1:
            lines.insert(at, list(lines[draw(st.integers(0, len(lines) - 1))]))
        elif kind == 2:
            other = draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
        elif kind == 3:
            lines.insert(at, draw(STRANGE_LINES))
        elif kind == 4 and len(lines[at]) == len(HEADER):
            damage = draw(st.sampled_from(list(_damaged(lines[at][4] or NUMBERS[0]))))
            lines[at] = [*lines[at][:4], damage, *lines[at][5:]]
        elif kind == 5:
            again = list(lines[draw(st.integers(0, len(lines) - 1))])
            again[0] = str(draw(st.integers(900, 999)))  # the same but for its serial number
            again[-1] += draw(st.sampled_from(["", " ", "\u3000"]))
            lines.insert(at, again)
        elif kind == 6:
            lines.insert(at, _line(draw(st.integers(100, 140))))
        else:
            cell = draw(st.integers(0, len(lines[at]) - 1))
            lines[at] = [
                *lines[at][:cell],
                draw(st.sampled_from(["", "其他", "2", "201102", "䶮"])),
                *lines[at][cell + 1 :],
            ]
    return lines


FORMS = st.fixed_dictionaries(
    {
        "end": st.sampled_from(["\n", "\n", "\r\n", "\r\n", "\n", "\r\r\n", "\r"]),
        "encoding": st.sampled_from(["gb18030", "gb18030", "gb18030", "utf-8", "utf-8-sig", "utf-16"]),
        "mark": st.sampled_from([",", ",", "|", "，"]),
    }
)
OTHER_HEADER = [*HEADER[:3], "人员姓名", *HEADER[4:]]


@st.composite
def two_months(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """A roll and the roll after it: mostly in the same form and under the same header."""
    first = draw(changed(_people(draw(st.integers(14, 40)))))
    second = draw(changed(first))
    form = draw(FORMS)
    other = draw(FORMS) if draw(st.integers(0, 5)) == 0 else form
    header = OTHER_HEADER if draw(st.integers(0, 9)) == 0 else HEADER
    texts = _text([HEADER, *first], **form), _text([header, *second], **other)
    return texts[0], texts[1][: -1 if draw(st.booleans()) else None]


@given(two_months())
@settings(max_examples=120, deadline=None)
def test_what_is_taken_over_is_what_would_have_been_read(months):
    with TemporaryDirectory() as name:
        folder = Path(name)
        try:
            before = read_afresh(months[0], folder / "before.parquet")
        except IntakeError:
            return
        try:
            by_lines = read_by_lines(months[1], before, folder / "by_lines.parquet")
        except IntakeError:
            return  # then the whole is read
        if by_lines is None:
            return
        afresh = read_afresh(months[1], folder / "afresh.parquet")
        assert by_lines.contents() == afresh.contents()
        assert pq.read_table(lines_path(by_lines.path)).equals(pq.read_table(lines_path(afresh.path)))


def _stored(folder: Path, text: bytes) -> tuple[Read, LineHashes]:
    before = read_afresh(text, folder / "before.parquet")
    stored = open_line_hashes(before.path, before.sha256)
    assert stored is not None
    return before, stored


def test_only_lines_that_are_new_are_read(tmp_path):
    people = _people(30)
    _, stored = _stored(tmp_path, _text([HEADER, *people]))
    people[20] = _line(20, status="drawing")
    del people[15]
    raw = raw_lines(_text([HEADER, *people]))
    assert raw is not None
    shared = stored.shared_with(raw)
    assert shared is not None
    assert shared.read.tolist() == [*range(8), 20]


def test_a_new_line_with_the_number_of_a_known_one_brings_that_into_the_reading(tmp_path):
    """They are each other's duplicate though no byte is the same."""
    before, _ = _stored(tmp_path, _text([HEADER, *_people(30)]))
    again = [*_line(20)[:-1], _line(20)[-1] + " "]
    again[0] = "77"
    text = _text([HEADER, *_people(30), again])
    found = read_by_lines(text, before, tmp_path / "after.parquet")
    assert found is not None
    assert [(each.row, each.reason) for each in found.sheet.problems if each.row == 32] == [(32, "duplicate_of_row_22")]


@pytest.mark.parametrize(
    "text",
    [
        _text([OTHER_HEADER, *_people(30)]),
        _text([HEADER, *_people(30)], encoding="utf-8"),
        _text([HEADER, *_people(30)], mark="|"),
        _text([HEADER, *_people(29), [*_line(29), "多"]]),
        _text([HEADER, *_people(29), _line(29, name='"王"')]),
        _text([HEADER, *_people(29), _line(29)[:3]]),
    ],
)
def test_what_is_unusual_is_read_whole(tmp_path, text):
    before, _ = _stored(tmp_path, _text([HEADER, *_people(30)]))
    assert read_by_lines(text, before, tmp_path / "after.parquet") is None


@pytest.mark.parametrize("damaged", ["snapshot", "lines"])
def test_what_is_damaged_is_not_taken_over(tmp_path, damaged):
    before, _ = _stored(tmp_path, _text([HEADER, *_people(30)]))
    path = before.path if damaged == "snapshot" else lines_path(before.path)
    spoilt = bytearray(path.read_bytes())
    spoilt[40] ^= 0xFF
    path.write_bytes(spoilt)
    assert open_line_hashes(before.path, before.sha256) is None


@pytest.mark.parametrize(
    "file", ["城乡居保参保人员_{}.zip", "企业职工养老参保_{}.csv.zip", "机关事业养老参保_{}.csv.zip"]
)
def test_a_county_s_second_month(tmp_path, monkeypatch, file):
    monkeypatch.undo()
    first, second = COUNTY / "2018-12" / file.format("201812"), COUNTY / "2019-01" / file.format("201901")
    if not first.exists():
        pytest.skip("the shared county is not here")
    texts = [only_text(path.read_bytes(), path.name) for path in (first, second)]
    assert texts[0] is not None
    assert texts[1] is not None
    before = read_afresh(texts[0][1], tmp_path / "before.parquet", first.name)
    by_lines = read_by_lines(texts[1][1], before, tmp_path / "by_lines.parquet", second.name)
    afresh = read_afresh(texts[1][1], tmp_path / "afresh.parquet", second.name)
    assert by_lines is not None
    assert by_lines.sha256 == afresh.sha256
    assert (by_lines.sheet.problems, by_lines.sheet.outcomes()) == (afresh.sheet.problems, afresh.sheet.outcomes())
    assert by_lines.control_sums == afresh.control_sums
    assert pq.read_table(repairs_path(by_lines.path)).equals(pq.read_table(repairs_path(afresh.path)))
