"""The geometry of pictures: everything drawn lies within the picture, labels do not overlap, what is empty draws nothing."""

import re
from itertools import pairwise

import pytest
from django.template.loader import render_to_string

from foundation.documents.charts import (
    LINE,
    WIDTH,
    Bar,
    Flow,
    Picture,
    Point,
    Series,
    bars,
    columns,
    flow,
    lines,
    svg_file,
    text_width,
)

NUMBER = re.compile(r"-?\d+\.?\d*")
LONG = "如皋高新技术产业开发区居民委员会第十三组"
VALUES = [[], [0.0], [1.0, 1.0, 1.0], [99.98, 99.99], [0.0, 650_000.0], [-3.0, 8.0], [1.0, None, 3.0]]
EVIL = '"><script>alert(1)</script>&'


def drawn(values: list, name: str = "应保未保") -> list[Picture]:
    points = [Point(value, f"{name} {value}", "/work/") for value in values]
    months = [f"2018-{place + 1:02}" for place in range(len(values))]
    counts = [Point(abs(point.value or 0), point.words, point.url) for point in points]
    return [
        lines(key="a", title=name, note="", steps=months, series=[Series(name, points)] * 6, shown=str),
        bars(key="b", title=name, note="", legend=[name] * 6, rows=[Bar(name, counts, "1 · 2", "/")] * 3, head=""),
        columns(key="c", title=name, note="", steps=months, rows=[Series(name, counts)] * 3, marked=lambda point: False),
        flow(
            key="d", title=name, note="", heads=("", ""), many="",
            flows=[Flow(f"{name}{place}", name, int(point.value or 0), "w", "/") for place, point in enumerate(counts)],
        ),
    ]  # fmt: skip


@pytest.mark.parametrize("values", VALUES, ids=str)
@pytest.mark.parametrize("name", ["应保未保", LONG, "x"])
def test_every_mark_and_label_lies_within_the_picture(values, name):
    for picture in drawn(values, name):
        for mark in picture.marks:
            x, y = map(float, NUMBER.findall(mark.d)[:2])
            assert -1 <= x <= WIDTH, (picture.key, mark)
            assert -1 <= y <= picture.height, (picture.key, mark)
        for label in picture.labels:
            width = text_width(label.text)
            left = {"start": label.x, "middle": label.x - width / 2, "end": label.x - width}[label.anchor]
            assert left >= -width / 2, (picture.key, label)
            assert 0 <= label.y <= picture.height, (picture.key, label)


def test_labels_of_lines_that_end_together_do_not_overlap():
    series = [Series(f"n{place}", [Point(5.0 + place / 100, "w")]) for place in range(6)]
    picture = lines(key="a", title="", note="", steps=["2018-12"], series=series, shown=str)
    places = sorted(label.y for label in picture.labels if label.text.startswith("n"))
    assert all(later - earlier >= LINE - 0.01 for earlier, later in pairwise(places))


def test_a_month_without_a_night_leaves_a_gap_in_the_line():
    (picture, *_rest) = drawn([1.0, None, 3.0])
    assert picture.strokes[0].d.count("M") == 2
    assert len(picture.marks) == 12


def test_bars_are_as_long_as_they_count():
    row = [Bar("a", [Point(30, "w"), Point(10, "w")], "40"), Bar("b", [Point(20, "w")], "20")]
    picture = bars(key="b", title="", note="", legend=[], rows=row, head="")
    widths = [float(re.search(r"h(\d+\.\d+)", mark.d)[1]) for mark in picture.marks]  # type: ignore[index]
    assert widths[0] == pytest.approx(3 * widths[1], rel=0.01)
    assert widths[2] == pytest.approx(2 * widths[1], rel=0.01)


def test_a_flow_is_kept_whole_on_both_sides():
    picture = flow(
        key="d", title="", note="", heads=("", ""), many="",
        flows=[Flow("a", "x", 30, "w"), Flow("a", "y", 10, "w"), Flow("b", "x", 5, "w")],
    )  # fmt: skip
    assert [label.text for label in picture.labels if label.text] == ["a 40", "b 5", "x 35", "y 10"]
    assert picture.table.rows == [["a", "x", 30], ["a", "y", 10], ["b", "x", 5]]


def test_what_is_not_drawn_is_in_the_table_and_in_every_total():
    flows = [Flow("a", f"x{place}", 20 - place, f"w{place}") for place in range(16)]
    picture = flow(key="d", title="", note="", heads=("", ""), many="", flows=flows)
    assert (len(picture.marks), len(picture.table.rows)) == (14, 16)
    assert f"a {sum(each.count for each in flows)}" in [label.text for label in picture.labels]
    rows = [Bar(f"u{place}", [Point(3, "w")], "3") for place in range(30)]
    picture = bars(key="b", title="", note="", legend=["n"], rows=rows, head="")
    assert (len(picture.marks), len(picture.table.rows)) == (25, 30)


def test_what_a_name_holds_is_text_in_the_picture_and_its_table():
    for picture in drawn([1.0, 2.0], EVIL):
        for text in (render_to_string("components/chart.html", {"picture": picture}), svg_file(picture)):
            assert "<script" not in text
            assert "&lt;script&gt;" in text or EVIL[:4] not in text


def test_the_file_for_paper_has_its_colours_and_no_links():
    (picture, *_rest) = drawn([1.0, 2.0])
    text = svg_file(picture)
    assert "<style>" in text
    assert "<a " not in text
    assert "<a " in render_to_string("components/chart.html", {"picture": picture})
