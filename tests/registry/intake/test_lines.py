"""A line of a long text is found without reading the text: the same cells as in the whole, or the whole is read."""

import random

import pytest

from registry.intake import lines
from registry.intake.files import sheets_of
from registry.intake.lines import find_lines
from registry.intake.texts import has_one_record_per_line
from tests import senders
from tests.oracles.numbers import make_number

ROWS = [senders.resident_row(f"R{n}", "王明", make_number("19600101", n % 900)) for n in range(300)]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONG_TEXT_BYTES", 1_000)
    monkeypatch.setattr(lines, "LONG_WORKBOOK_BYTES", 1_000)
    monkeypatch.setattr(lines, "FIRST_LINES", 20)


def text(separator: str = ",", end: str = "\r\n", *, quoted: bool = False) -> str:
    quote = '"' if quoted else ""
    return "".join(separator.join(f"{quote}{cell}{quote}" for cell in row) + end for row in [senders.RESIDENT, *ROWS])


ALONE = {
    "gb18030": text().encode("gb18030"),
    "utf-8": text().encode(),
    "utf-8 with a mark": text().encode("utf-8-sig"),
    "line feeds": text(end="\n").encode("gb18030"),
    "no end of the last line": text()[:-2].encode("gb18030"),
    "tabs": text("\t").encode("gb18030"),
    "bars": text("|").encode("gb18030"),
    "quoted": text(quoted=True).encode("gb18030"),
    "quoted, with separators inside": text(quoted=True).replace('"正常缴费"', '"正常,缴费"').encode(),
    "lines of other lengths": text().replace(",正常缴费,1,1,", ",正常缴费,1", 40).encode(),
    "in a zip": senders.zip_bytes({"名册.csv": text().encode("gb18030")}),
}
SPANNING = {
    "a cell of two lines": text(quoted=True).replace('"正常缴费"', '"正常\n缴费"', 30).encode(),
    "a stray quote": text().replace("正常缴费", '正常"缴费', 1).encode(),
    "utf-16": text().encode("utf-16"),
    "returns": text(end="\r").encode(),
}


@pytest.mark.parametrize("data", ALONE.values(), ids=ALONE.keys())
@pytest.mark.parametrize("line", [1, 2, 19, 20, 24, 150, 298, 301])
def test_a_line_of_a_long_text_is_the_same_as_in_the_whole(data, line):
    (whole,) = sheets_of(data, "名册.zip" if data[:2] == b"PK" else "名册.csv")
    name = "名册.zip" if data[:2] == b"PK" else "名册.csv"
    found = find_lines(data, name, "", line, around=3, encoding=whole.encoding, read_long=False)
    assert found is not None
    (part,) = found
    assert len(part.lines) < 30
    for place, number in enumerate(part.lines):
        assert part.cells(place) == [(column[int(number) - 1].as_py() or "") for column in whole.cells]
    assert set(range(max(1, line - 3), min(301, line + 3) + 1)) <= set(part.lines.tolist())


@pytest.mark.parametrize("data", SPANNING.values(), ids=SPANNING.keys())
def test_where_a_record_may_span_lines_the_whole_is_read_on_request(data):
    assert find_lines(data, "名册.csv", "", 150, around=3, encoding="", read_long=False) is None
    (whole,) = sheets_of(data, "名册.csv")
    (part,) = find_lines(data, "名册.csv", "", 150, around=3, encoding="", read_long=True) or []
    assert part.cells(149) == [(column[149].as_py() or "") for column in whole.cells]


def test_another_encoding_than_the_whole_was_read_in_reads_the_whole():
    ascii_first = "".join(f"{n},a,b\n" for n in range(200)) + "200,名,乙\n" * 100
    data = ascii_first.encode("gb18030")
    assert find_lines(data, "x.csv", "", 250, around=3, encoding="gb18030", read_long=False)
    assert find_lines(data, "x.csv", "", 250, around=3, encoding="utf-8", read_long=False) is None


def test_a_line_beyond_the_end_is_not_there():
    for data in (ALONE["gb18030"], SPANNING["a stray quote"]):
        for line in (302, 303, 10_000):
            assert find_lines(data, "名册.csv", "", line, around=3, encoding="", read_long=True) == []


def test_sheets_of_one_name_are_distinguished(tmp_path):
    books = {}
    for name in ("甲.xlsx", "乙.xlsx"):
        books[name] = senders.write_xlsx(tmp_path / name, [[name, "x"], ["1", "2"]]).read_bytes()
    tables = {"一.csv": b"a,b\n1,2\n", "二.csv": b"c,d\n3,4\n"}
    sheets = sheets_of(senders.zip_bytes(books | tables), "全部.zip")
    assert [sheet.name for sheet in sheets] == ["甲.xlsx · Sheet1", "乙.xlsx · Sheet1", "一.csv", "二.csv"]
    long = "很长的名字" * 20
    sheets = sheets_of(
        senders.zip_bytes({f"{long}1.csv": b"a,b\n", f"{long}2.csv": b"a,b\n", f"x{long}1.csv": b"a,b\n"}), "z.zip"
    )
    names = [sheet.name for sheet in sheets]
    assert len(set(names)) == 3
    assert max(map(len, names)) <= 64


def test_quotes_pair_as_csv_pairs_them():
    """The quick test for quotes against the obvious one, on random lines."""
    chance = random.Random(7)
    for _ in range(500):
        lines_of_text = ["".join(chance.choices('"",a', k=chance.randrange(8))) for _ in range(3)]
        body = "\n".join(lines_of_text).encode()
        even = all(line.count('"') % 2 == 0 for line in lines_of_text)
        marks = "\n" + "\n".join(lines_of_text) + "\n"
        edges = all(
            marks[place - 1] in ',\n"' or marks[place + 1] in ',\n"' for place, mark in enumerate(marks) if mark == '"'
        )
        assert has_one_record_per_line(body) is (even and edges) or b'"' not in body
