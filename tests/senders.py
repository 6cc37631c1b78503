"""Small files of departments: their real headers and shapes, with the rows a test names.

Each function writes one file of one feed and returns its path.
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import xlsxwriter

Cells = Sequence[Any]
MADE_AT = datetime(2018, 12, 31, tzinfo=UTC)
POVERTY_TOP = ["户信息", "", "", "人员基本信息", "", "", "", "人员状况", "行政村", "户籍地"]
POVERTY = ["户编号", "人编号", "户主", "姓名", "性别", "证件号码", "与户主关系", "脱贫属性", "", ""]
DIBAO = ["序号", "低保证号", "乡镇", "村(居)", "户主姓名", "救助类型", "城乡类别"]
TEKUN = ["地区", "供养证号", "姓名", "身份证号", "性别", "出生日期", "供养方式"]
RESIDENT = [
    "行政区划",
    "个人编号",
    "姓名",
    "证件号码",
    "性别",
    "出生日期",
    "业务状态",
    "参保状态",
    "缴费状态",
    "参保时间",
    "待遇开始年月",
]
SCHEME = ["参保地", "单位编号", "单位名称", "个人编号", "姓名", "身份证号", "性别", "参保状态", "参保年月"]
DEATHS = ["序号", "数据来源", "姓名", "身份证号", "性别", "死亡日期", "登记日期", "地区"]
HUKOU = ["变动类别", "姓名", "身份证号", "变动日期", "变动前", "变动后", "迁出地", "迁入地"]
PRISON = ["序号", "姓名", "身份证号", "类别", "刑期起", "刑期止", "执行机关"]
SURVEY = ["序号", "姓名", "证件号码", "核查结果", "核查日期", "核查人", "备注"]
STUDENTS = ["姓名", "身份证号", "学校", "层次", "入学年月", "预计毕业年月"]
SOLDIERS = ["序号", "姓名", "身份证号", "入伍年月", "服役状态"]
CERTIFICATION = ["序号", "姓名", "身份证号", "认证日期", "认证方式"]
OUTPROV = ["序号", "姓名", "身份证号", "险种", "参保省份", "参保地", "参保地区划", "参保状态", "参保年月"]
DISABILITY = ["行政区划", "姓名", "性别", "残疾证号", "残疾类别", "残疾等级", "发证日期", "证件状态"]
ENDED_FOR = ["终止原因", "死亡信息来源", "备注"]
"""Columns that some resident rolls have behind the others: why a line was ended."""
STATUS = {
    "contributing": ("正常缴费", "1", "1"),
    "lapsed": ("暂停缴费", "2", "2"),
    "drawing": ("正常待遇", "1", "3"),
    "paused": ("暂停待遇", "2", "3"),
    "ended": ("终止参保", "4", "3"),
    "registered": ("", "1", "0"),
    "impossible": ("", "0", "3"),
}
VILLAGE, VILLAGE_NAME = "320682111201", "江苏省南通市如皋市长江镇二案村委会"
HUKOU_HERE = VILLAGE_NAME


def write_xlsx(path: Path, rows: Iterable[Cells], sheet: str = "Sheet1") -> Path:
    """Write a workbook of one sheet; figures stay figures, text stays text."""
    with xlsxwriter.Workbook(str(path)) as book:
        book.set_properties({"created": MADE_AT})  # the same rows, the same bytes
        page = book.add_worksheet(sheet)
        for line, row in enumerate(rows):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    page.write_string(line, column, cell)
                elif cell is not None:
                    page.write(line, column, cell)
    return path


def csv_bytes(rows: Iterable[Cells], encoding: str = "gb18030") -> bytes:
    return "".join(",".join(str(cell) for cell in row) + "\r\n" for row in rows).encode(encoding)


def write_csv(path: Path, rows: Iterable[Cells], encoding: str = "gb18030") -> Path:
    path.write_bytes(csv_bytes(rows, encoding))
    return path


def zip_bytes(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name, MADE_AT.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def poverty(path: Path, people: Iterable[dict[str, Any]]) -> Path:
    """One row a person under a title and two header rows; a total line and a signature below.

    A person: name, number; household 1, person 1, status 未脱贫, place, hukou.
    """
    rows = [
        [
            str(each.get("household", 1)),
            str(each.get("person", 1)),
            "户主",
            each["name"],
            each.get("sex", ""),
            each["number"],
            "户主",
            each.get("status", "未脱贫"),
            each.get("place", VILLAGE),
            each.get("hukou", HUKOU_HERE),
        ]
        for each in people
    ]
    title = ["如皋市建档立卡低收入农户人口信息表（2018年12月）"]
    end = [["合计", "", "", f"{len(rows)}人"], ["填表人：张三", "", "", "审核人：李四"]]
    return write_xlsx(path, [title, POVERTY_TOP, POVERTY, *rows, *end], "贫困人口")


def dibao(path: Path, households: Iterable[dict[str, Any]]) -> Path:
    """One row a household with up to four (name, number) pairs in `members`."""
    header = [*DIBAO, *(f"成员{n}{what}" for n in range(1, 5) for what in ("姓名", "身份证号"))]
    rows = []
    for line, each in enumerate(households, start=1):
        members = [cell for member in each["members"] for cell in member]
        first = [
            str(line),
            each.get("household", f"D{line}"),
            each.get("town", "长江镇"),
            each.get("village", "二案村委会"),
        ]
        rows.append(
            [*first, each["members"][0][0], each.get("status", "全额"), each.get("settlement", "农村"), *members]
        )
    return write_xlsx(path, [header, *rows, ["合计", "", "", "", "", "", str(len(rows))]], "低保")


def tekun(path: Path, people: Iterable[dict[str, Any]]) -> Path:
    rows = [
        [
            each.get("place", "如皋市长江镇二案村委会"),
            each.get("household", f"T{line}"),
            each["name"],
            each["number"],
            each.get("sex", "男"),
            each.get("birth", ""),
            each.get("status", "分散供养"),
        ]
        for line, each in enumerate(people)
    ]
    return write_csv(path, [TEKUN, *rows, ["合计", f"{len(rows)}人"]])


def resident_row(roll_no: str, name: str, number: str, status: str = "contributing", **other: str) -> list[str]:
    """One line of the resident roll; `status` is a word of STATUS, `end_reason`, `end_source` and `remark` say why it was ended."""
    business, insured, paying = STATUS[status]
    end = [other.get(field, "") for field in ("end_reason", "end_source", "remark")]
    return [
        other.get("unit", VILLAGE),
        roll_no,
        name,
        number,
        other.get("sex", "男"),
        other.get("birth", number[6:14]),
        business,
        insured,
        paying,
        "201101",
        other.get("benefit_start", ""),
        *(end if any(end) else []),
    ]


def resident(path: Path, rows: Iterable[Cells]) -> Path:
    """Write a resident roll, with the columns ENDED_FOR where some line has more cells than RESIDENT."""
    lines = [list(row) for row in rows]
    width = max([len(RESIDENT), *map(len, lines)])
    filled = [line + [""] * (width - len(line)) for line in lines]
    path.write_bytes(zip_bytes({"jm_201812.csv": csv_bytes([[*RESIDENT, *ENDED_FOR][:width], *filled])}))
    return path


def scheme(path: Path, people: Iterable[tuple[str, str, str, str]], *, employer: str) -> Path:
    """Write an employee or public-sector roll; a person: number on the roll, name, number, status."""
    rows = [
        ["320682", "32068201619", employer, no, name, number, "", status, "199407"]
        for no, name, number, status in people
    ]
    path.write_bytes(zip_bytes({path.name.removesuffix(".zip"): csv_bytes([SCHEME, *rows])}))
    return path


def employee(path: Path, people: Iterable[tuple[str, str, str, str]]) -> Path:
    return scheme(path, people, employer="江安俊发建筑有限公司")


def civil(path: Path, people: Iterable[tuple[str, str, str, str]]) -> Path:
    return scheme(path, people, employer="九华镇人民政府")


def deaths(path: Path, people: Iterable[tuple[str, str, str, Any]]) -> Path:
    """A death: source, name, number, day."""
    rows = [
        [str(line), source, name, number, "", day, "20181201", "江苏省南通市如皋市长江镇"]
        for line, (source, name, number, day) in enumerate(people, 1)
    ]
    return write_xlsx(path, [DEATHS, *rows], "死亡")


def hukou(path: Path, changes: Iterable[dict[str, str]]) -> Path:
    columns = ("kind", "name", "number", "day", "before", "after", "from_place", "to_place")
    return write_csv(path, [HUKOU, *([each.get(column, "") for column in columns] for each in changes)])


def prison(path: Path, people: Iterable[tuple[str, str, str, str, str]]) -> Path:
    """A term: name, number, kind, from, to."""
    title = [["江苏省南通市如皋市服刑人员名单"], PRISON]
    return write_xlsx(path, [*title, *([str(n), *each, "司法局"] for n, each in enumerate(people, 1))], "名单")


def survey(path: Path, answers: Iterable[tuple[str, str, str, str, str, str]]) -> Path:
    """An answer: name, number, answer, day, verifier, remark."""
    return write_xlsx(path, [SURVEY, *([str(n), *each] for n, each in enumerate(answers, 1))], "反馈")
