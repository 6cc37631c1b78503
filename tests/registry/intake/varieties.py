"""One list of poor people written in the many ways departments write it. Each way is a function from a table to a file.

A table is headers and rows of text; `households` says which lines belong together. Whatever the way, the reader must find
the same people.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import xlsxwriter

from registry.constants import Feed
from tests.oracles.numbers import make_number
from tests.senders import csv_bytes, write_xlsx, zip_bytes

TITLE = "某县2018年12月名册"


@dataclass(frozen=True)
class Table:
    """Headers in the order of FIELDS, one row a person; the name and number columns and those a household shares."""

    feed: Feed
    file: str
    fields: list[str]
    headers: list[str]
    rows: list[list[str]]
    shared: list[str]

    def column(self, name: str) -> int:
        return self.fields.index(name)

    def households(self) -> list[list[list[str]]]:
        key = self.column("household_no")
        return [list(lines) for _, lines in groupby(self.rows, key=lambda row: row[key])]


SURNAMES = "王李张刘陈杨赵黄周吴"
GIVEN = ["明", "芳", "建国", "秀英", "海涛", "小兰", "𬭼", "䶮", "志·伟", "玉梅"]


def _people(count: int, seed: int = 4) -> list[tuple[str, str]]:
    chance = random.Random(seed)
    return [
        (
            chance.choice(SURNAMES) + chance.choice(GIVEN),
            make_number(
                f"{chance.randint(1930, 2010)}{chance.randint(1, 12):02}{chance.randint(1, 28):02}", 1 + place % 2
            ),
        )
        for place in range(count)
    ]


def _household_sizes() -> list[int]:
    return [1, 3, 2, 4, 1, 2, 1, 3]


def _lines() -> list[tuple[str, int, str, str]]:
    people = iter(_people(sum(_household_sizes())))
    return [
        (f"32068200{home:02}", place, *next(people))
        for home, size in enumerate(_household_sizes())
        for place in range(1, size + 1)
    ]


def poverty_table() -> Table:
    states = ["未脱贫", "已脱贫(享受政策)", "返贫", "已脱贫(不享受政策)"]
    rows = [
        [home, f"{home}{place:02}", name, number, states[int(home[-1]) % 4], "长江镇", f"二案村{home[-1]}"]
        for home, place, name, number in _lines()
    ]
    fields = ["household_no", "person_no", "name", "number", "status", "town", "place"]
    headers = ["户编号", "人编号", "姓名", "证件号码", "脱贫属性", "乡镇", "行政村"]
    return Table(Feed.POVERTY, "建档立卡贫困人口", fields, headers, rows, ["household_no", "status", "town", "place"])


def dibao_table() -> Table:
    rows = [
        [
            home,
            name,
            number,
            ["全额", "差额"][int(home[-1]) % 2],
            ["农村", "城市"][int(home[-1]) % 3 == 0],
            "长江镇",
            "二案村",
        ]
        for home, _place, name, number in _lines()
    ]
    fields = ["household_no", "name", "number", "status", "settlement", "town", "place"]
    headers = ["低保证号", "姓名", "身份证号", "救助类型", "城乡类别", "乡镇", "村(居)"]
    return Table(
        Feed.DIBAO, "城乡低保家庭名册", fields, headers, rows, ["household_no", "status", "settlement", "town", "place"]
    )


def tekun_table() -> Table:
    rows = [
        [f"T{home}{place}", name, number, ["集中供养", "分散供养"][place % 2], "长江镇", "二案村"]
        for home, place, name, number in _lines()
    ]
    fields = ["household_no", "name", "number", "status", "town", "place"]
    return Table(
        Feed.TEKUN, "特困供养人员", fields, ["供养证号", "姓名", "身份证号", "供养方式", "乡镇", "行政村"], rows, []
    )


def text_of(rows: list[list[str]], separator: str) -> str:
    return "".join(separator.join(row) + "\r\n" for row in rows)


def put(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def in_encoding(encoding: str) -> Callable[[Table, Path], Path]:
    def write(table: Table, folder: Path) -> Path:
        return put(folder / f"{table.file}.csv", csv_bytes([table.headers, *table.rows], encoding))

    return write


def with_separator(separator: str) -> Callable[[Table, Path], Path]:
    def write(table: Table, folder: Path) -> Path:
        return put(folder / f"{table.file}.txt", text_of([table.headers, *table.rows], separator).encode())

    return write


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def set_with_blanks(table: Table, folder: Path) -> Path:
    rows = [table.headers, *table.rows]
    widths = [max(_width(row[column]) for row in rows) + 2 for column in range(len(table.headers))]
    lines = [
        "".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)) for row in rows
    ]
    return put(folder / f"{table.file}.txt", "\n".join(line.rstrip() for line in lines).encode("gb18030"))


def quoted(table: Table, folder: Path) -> Path:
    rows = [[f'"{cell}"' for cell in row] for row in [table.headers, *table.rows]]
    return put(folder / f"{table.file}.csv", text_of(rows, ",").encode())


def preceded_by_tabs(table: Table, folder: Path) -> Path:
    number = table.column("number")
    rows = [[f"\t{cell}" if column == number else cell for column, cell in enumerate(row)] for row in table.rows]
    return put(folder / f"{table.file}.csv", csv_bytes([table.headers, *rows]))


def zipped(table: Table, folder: Path) -> Path:
    return put(folder / f"{table.file}.zip", zip_bytes({"a.csv": csv_bytes([table.headers, *table.rows])}))


def zip_in_zip(table: Table, folder: Path) -> Path:
    inner = zip_bytes({f"{table.file}.csv": csv_bytes([table.headers, *table.rows])})
    return put(folder / "十二月.zip", zip_bytes({"inner.zip": inner}))


def workbook(table: Table, folder: Path) -> Path:
    return write_xlsx(folder / f"{table.file}.xlsx", [table.headers, *table.rows])


def reordered(table: Table, folder: Path) -> Path:
    order = sorted(range(len(table.headers)), key=lambda column: -column * 7 % 11)
    rows = [[row[column] for column in order] for row in [table.headers, *table.rows]]
    return write_xlsx(folder / f"{table.file}.xlsx", rows)


def with_title_total_and_signature(table: Table, folder: Path) -> Path:
    rows: list[list[Any]] = [[TITLE], ["填报单位：某县", "", "单位：人"], table.headers, *table.rows]
    return write_xlsx(folder / f"{table.file}.xlsx", [*rows, ["合计", f"{len(table.rows)}人"], ["填表人：王某"]])


def with_extra_columns(table: Table, folder: Path) -> Path:
    extra = [["序号", "银行账号", "监护人姓名", "监护人身份证号", "备注"]]
    extra += [[str(place), "62284800000000", "王某", "无", ""] for place in range(1, len(table.rows) + 1)]
    rows = [[*first[:1], *row, *first[1:]] for first, row in zip(extra, [table.headers, *table.rows], strict=True)]
    blank = [[str(place)] for place in range(len(table.rows) + 1, len(table.rows) + 4)]
    return write_xlsx(folder / f"{table.file}.xlsx", [*rows, *blank])


def renamed(words: dict[str, str]) -> Callable[[Table, Path], Path]:
    def write(table: Table, folder: Path) -> Path:
        headers = [
            words.get(f"{table.feed}.{name}", words.get(name, header))
            for name, header in zip(table.fields, table.headers, strict=True)
        ]
        return write_xlsx(folder / f"{table.file}.xlsx", [headers, *table.rows])

    return write


def a_sheet_each(table: Table, folder: Path) -> Path:
    path = folder / f"{table.file}.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("说明").write_string(0, 0, "本表一镇一页")
        for start, name in ((0, "长江镇"), (6, "如城街道")):
            page = book.add_worksheet(name)
            for line, row in enumerate([table.headers, *table.rows[start : start + 6 if start == 0 else None]]):
                page.write_row(line, 0, row)
    return path


def under_two_rows(table: Table, folder: Path) -> Path:
    """Names and numbers under a heading, the other columns merged over both rows."""
    return _merged(table, folder, ["人员信息"])


def under_three_rows(table: Table, folder: Path) -> Path:
    return _merged(table, folder, ["基本情况", "人员信息"])


def _merged(table: Table, folder: Path, headings: list[str]) -> Path:
    path = folder / f"{table.file}.xlsx"
    depth = len(headings)
    together = sorted((table.column("name"), table.column("number")))
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.merge_range(0, 0, 0, len(table.headers) - 1, TITLE)
        for row, heading in enumerate(headings, 1):
            page.merge_range(row, together[0], row, together[1], heading)
        for column, header in enumerate(table.headers):
            if column in together:
                page.write_string(depth + 1, column, header)
            else:
                page.merge_range(1, column, depth + 1, column, header)
        for line, row_cells in enumerate(table.rows, depth + 2):
            page.write_row(line, column := 0, row_cells)
    return path


def two_rows_without_merges(table: Table, folder: Path) -> Path:
    together = sorted((table.column("name"), table.column("number")))
    upper = [header if column not in together else "" for column, header in enumerate(table.headers)]
    upper[together[0]] = "人员信息"
    lower = [header if column in together else "" for column, header in enumerate(table.headers)]
    return put(folder / f"{table.file}.csv", csv_bytes([[TITLE], upper, lower, *table.rows]))


def households_merged(table: Table, folder: Path) -> Path:
    """What a household shares stands once, merged over the lines of its members."""
    path = folder / f"{table.file}.xlsx"
    shared = [table.column(name) for name in table.shared]
    with xlsxwriter.Workbook(str(path)) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, table.headers)
        line = 1
        for lines in table.households():
            for offset, row in enumerate(lines):
                page.write_row(line + offset, 0, row)
            for column in shared:
                if len(lines) > 1:
                    page.merge_range(line, column, line + len(lines) - 1, column, lines[0][column])
            line += len(lines)
    return path


def households_below_each_other(table: Table, folder: Path) -> Path:
    """What a household shares stands on its first line only."""
    shared = {table.column(name) for name in table.shared}
    rows = [
        [cell if place == 0 or column not in shared else "" for column, cell in enumerate(row)]
        for lines in table.households()
        for place, row in enumerate(lines)
    ]
    return put(folder / f"{table.file}.csv", csv_bytes([table.headers, *rows]))


def _wide(table: Table, headers: Callable[[int], list[str]], *, number_first: bool = False) -> list[list[str]]:
    own = [column for column in range(len(table.fields)) if table.fields[column] not in ("name", "number", "person_no")]
    most = max(map(len, table.households()))
    name, number = table.column("name"), table.column("number")
    pair = (number, name) if number_first else (name, number)
    first = [table.headers[column] for column in own] + [
        word for place in range(1, most + 1) for word in headers(place)
    ]
    rows = [
        [lines[0][column] for column in own] + [line[column] for line in lines for column in pair]
        for lines in table.households()
    ]
    return [first, *(list(cells) for cells in _padded(rows, len(first)))]


def _padded(rows: list[list[str]], width: int) -> list[list[str]]:
    return [row + [""] * (width - len(row)) for row in rows]


def members_counted(table: Table, folder: Path) -> Path:
    return write_xlsx(folder / f"{table.file}.xlsx", _wide(table, lambda n: [f"成员{n}姓名", f"成员{n}身份证号"]))


def members_counted_in_words(table: Table, folder: Path) -> Path:
    figures = "一二三四五六"
    rows = _wide(
        table, lambda n: [f"家庭成员{figures[n - 1]}身份证号码", f"家庭成员{figures[n - 1]}"], number_first=True
    )
    return write_xlsx(folder / f"{table.file}.xlsx", rows)


def members_counted_behind(table: Table, folder: Path) -> Path:
    return put(folder / f"{table.file}.csv", csv_bytes(_wide(table, lambda n: [f"姓名{n}", f"身份证号{n}"])))


def members_repeated(table: Table, folder: Path) -> Path:
    return write_xlsx(folder / f"{table.file}.xlsx", _wide(table, lambda _n: ["姓名", "身份证号"]))


def members_under_headings(table: Table, folder: Path) -> Path:
    rows = _wide(table, lambda n: [f"成员{n}", ""])
    own = len(rows[0]) - 2 * max(map(len, table.households()))
    lower = ["" if column < own else ["姓名", "身份证号"][(column - own) % 2] for column in range(len(rows[0]))]
    return write_xlsx(folder / f"{table.file}.xlsx", [rows[0], lower, *rows[1:]])


RENAMED = [
    {"name": "姓 名", "number": "公民身份号码", "household_no": "户 号", "town": "乡（镇）", "place": "行政村（社区）"},
    {
        "name": "*姓名(必填)",
        "number": "身份证号码(18位)",
        "poverty.status": "是否脱贫状态",
        "dibao.status": "保障类别",
        "tekun.status": "供养形式",
    },
    {
        "name": "人员姓名",
        "number": "居民身份证号码",
        "poverty.status": "贫困户属性",
        "dibao.status": "低保类别",
        "tekun.status": "特困类别",
    },
    {
        "name": "贫困人口姓名",
        "number": "证件号",
        "dibao.name": "低保对象姓名",
        "tekun.name": "供养人员姓名",
        "town": "所属乡镇",
        "place": "村居",
    },
    {
        "name": "姓名：",
        "number": "身份证件号码",
        "town": "镇街",
        "place": "所在村",
        "poverty.status": "脱贫标识",
        "tekun.status": "集中/分散",
    },
    {
        "name": "对象姓名",
        "number": "本人身份证号",
        "dibao.status": "救助方式",
        "settlement": "户口性质",
        "tekun.household_no": "救助供养证号",
    },
]
LONG: dict[str, Callable[[Table, Path], Path]] = {
    "utf8": in_encoding("utf-8"),
    "utf8_mark": in_encoding("utf-8-sig"),
    "utf16": in_encoding("utf-16"),
    "utf16_unmarked": in_encoding("utf-16-le"),
    "gb18030": in_encoding("gb18030"),
    "pipe": with_separator("|"),
    "tab": with_separator("\t"),
    "semicolon": with_separator(";"),
    "wide_comma": with_separator("，"),
    "set_with_blanks": set_with_blanks,
    "quoted": quoted,
    "preceded_by_tabs": preceded_by_tabs,
    "zipped": zipped,
    "zip_in_zip": zip_in_zip,
    "workbook": workbook,
    "reordered": reordered,
    "title_total_signature": with_title_total_and_signature,
    "extra_columns": with_extra_columns,
    "a_sheet_each": a_sheet_each,
    "two_rows": under_two_rows,
    "three_rows": under_three_rows,
    "two_rows_unmerged": two_rows_without_merges,
    **{f"renamed_{place}": renamed(words) for place, words in enumerate(RENAMED)},
}
HOUSEHOLDS = {"households_merged": households_merged, "households_below": households_below_each_other}
WIDE = {
    "counted": members_counted,
    "counted_in_words": members_counted_in_words,
    "counted_behind": members_counted_behind,
    "repeated": members_repeated,
    "under_headings": members_under_headings,
}
