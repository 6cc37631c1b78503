"""The example of docs/feeds.md: an unknown sender becomes known by one layout file."""

import re
from pathlib import Path

import pytest

from registry.intake.errors import IntakeError
from registry.intake.files import read_sheets
from registry.intake.layouts import load_layout
from registry.intake.reading import read_rows
from registry.intake.recognising import find_layout
from tests.oracles.numbers import make_number
from tests.senders import write_csv

FEEDS = Path(__file__).parents[3] / "docs" / "feeds.md"
ROWS = [
    ["床位", "入住人", "身份号", "入住类别"],
    ["1", "张三", make_number("19500305", 2), "全托"],
    ["2", "李四", make_number("19481215", 1), "日托"],
    ["3", "王五", make_number("19391215", 1), "全托"],
]


def layout_of_the_page(folder: Path) -> Path:
    """Take the layout out of the page, so that the page stays true."""
    (text,) = re.findall(r"```yaml\n(.*?)```", FEEDS.read_text("utf-8"), re.DOTALL)
    path = folder / "county_home.yaml"
    path.write_text(text, "utf-8")
    return path


def test_before_the_words_are_unknown(tmp_path):
    path = write_csv(tmp_path / "入住名册.csv", ROWS)
    with pytest.raises(IntakeError) as refusal:
        find_layout(read_sheets(path)[0], path.name)
    assert refusal.value.code == "unknown_words"


def test_with_the_layout_file_it_is_read(tmp_path):
    path = write_csv(tmp_path / "入住名册.csv", ROWS)
    layout = load_layout(layout_of_the_page(tmp_path))
    (sheet,) = read_sheets(path)
    read = read_rows(sheet, find_layout(sheet, path.name, (layout,)))
    assert read.rows["name"].to_pylist() == ["张三", "李四", "王五"]
    meant = [read.layout.layout.value("status", word) for word in read.rows["status"].to_pylist()]
    assert meant == ["集中供养", "分散供养", "集中供养"]
