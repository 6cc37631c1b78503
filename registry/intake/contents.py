"""What the cells of a column look like: numbers, names, places, days. Confirms a header, contradicts it, or suggests one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from foundation.primitives.person_names import INTERPUNCTS
from registry.constants import DatePrecision
from registry.intake.dates import read_date, read_range
from registry.intake.sheets import Sheet

SAMPLE = 400
MOST_CHARACTERS = 300
DEPTH_PER_CELL = 3
"""So many lines are looked at for each cell wanted: columns may be filled here and there."""
"""Of a cell that is looked at: what begins so is neither a number nor a name, a place, a day or a word."""
CLEAR_SHARE = 0.6
SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚"
    "谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛"
    "焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵"
    "解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷"
    "卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺肖闫付代邝缪檀"
)
_DOUBLE_SURNAMES = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "夏侯",
    "司徒",
    "阿不",
    "买买",
    "吐尔",
    "努尔",
)
_NAME = re.compile(
    rf"[\u3400-\u9fff\U00020000-\U0003ffff]{{1,6}}([{re.escape(INTERPUNCTS)}·.][\u3400-\u9fff]+){{0,4}}[?？*]?$"
)
_NUMBER = re.compile(r"['`’]?(\d{14,18}[0-9Xx×]?|\d{17}[0-9Xx×]\d{2}([Bb]\d)?)$")
_CODE = re.compile(r"(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|81|82)\d{4}(\d{3}|\d{6})?$")
_PLACE = re.compile(r"(省|市|县|区|镇|乡|街道|苏木|村|嘎查|社区|居委会|村委会|[村居]民委员会|组|居)$")
_ADDRESS = re.compile(r"(省|市|县|区|镇|乡|街道|苏木|开发区).{1,12}(村|社区|居|组|号|队)")
_KEY = re.compile(r"(?=.*\d)[0-9A-Za-z_.\-/]{1,40}")
_FULL_WIDTH = {0xFF10 + digit: 0x30 + digit for digit in range(10)}


def _is_name(cell: str) -> bool:
    name = cell.replace(" ", "").replace("\u3000", "")
    if not _NAME.match(name) or _PLACE.search(name):
        return False
    known = name[0] in SURNAMES or name.startswith(_DOUBLE_SURNAMES)
    return (known and 2 <= len(name) <= 4) or any(mark in name for mark in INTERPUNCTS)


def _is_number(cell: str) -> bool:
    return bool(_NUMBER.match(re.sub(r"[\s-]", "", cell.translate(_FULL_WIDTH))))


def _is_day(cell: str) -> bool:
    found = read_date(cell)
    return (found is not None and found[1] != DatePrecision.YEAR) or read_range(cell) is not None


KINDS: dict[str, Callable[[str], bool]] = {
    "identity_number": _is_number,
    "person_name": _is_name,
    "place": lambda cell: (
        bool(_CODE.match(cell) or _PLACE.search(cell) or _ADDRESS.search(cell)) and not _is_number(cell)
    ),
    "day": lambda cell: _is_day(cell) and not _CODE.match(cell[:6] + "000000" if len(cell) == 12 else "x"),
    "sex": lambda cell: cell in ("男", "女", "男性", "女性"),
    "key": lambda cell: bool(_KEY.fullmatch(cell)),
    "phone": lambda cell: bool(re.fullmatch(r"1[3-9]\d{9}|0\d{2,3}-?\d{7,8}", cell)),
}


def filled_cells(sheet: Sheet, column: int, below: int, most: int = SAMPLE) -> list[str]:
    """Return the first cells below a line that are not blank, of each its beginning."""
    cells = sheet.cells[column].slice(below, most * DEPTH_PER_CELL).to_pylist()
    return [cell.strip()[:MOST_CHARACTERS] for cell in cells if cell and cell.strip()][:most]


def share_like(cells: Sequence[str], kind: str) -> float:
    """Return the share of cells that look like the kind; 0 of no cells."""
    looks = KINDS[kind]
    return sum(map(looks, cells)) / len(cells) if cells else 0.0


def kind_of(cells: Sequence[str]) -> tuple[str, float] | None:
    """Return what most cells look like, and the share; None when they look like nothing known."""
    shares = [(share_like(cells, kind), kind) for kind in KINDS if kind != "key"]
    share, kind = max(shares, key=lambda each: each[0])
    return (kind, share) if share >= CLEAR_SHARE else None
