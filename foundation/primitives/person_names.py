"""Characters of Chinese names: variants of the same character, characters of the same reading, marks for a lost one.

Owns the lookup tables over all of Unicode that `columns.py` applies to whole columns. Readings come from pypinyin,
traditional and variant forms from OpenCC; only what they lack is here.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import opencc
from pypinyin.constants import PINYIN_DICT

Table = npt.NDArray[np.uint32]
UNICODE = 0x110000
INTERPUNCT = "·"
LOST = "〓"
INTERPUNCTS = "·•．・‧∙⋅●･ᐧ᛫.-—–－_﹒"
LOST_MARKS = "?？*＊□〓▲△○◯█■�﹖﹡"
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u180e\u3000\u00a0\t\r\n\v\f \u2002\u2003\u2009'\"`‘’“”"
SPELLED_OUT = re.compile(r"[(（\[【]\s*([A-Za-züÜ]+)\s*[)）\]】]")
SPELLED_OUT_BARE = re.compile(r"(?<=[\u3400-\u9fff])([a-zü]{2,6})(?=$|[\u3400-\u9fff])")
TRAILING_MARK = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]|[0-9A-Za-z]+$")
# fmt: off
COMPOUND_SURNAMES = frozenset((
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "司徒", "令狐",
    "夏侯", "端木", "长孙", "宇文", "轩辕", "南宫", "西门", "独孤", "申屠", "公羊", "赫连",
    "澹台", "濮阳", "淳于", "单于", "太叔", "仲孙", "钟离", "鲜于", "闾丘", "司空", "亓官",
    "呼延", "归海", "羊舌", "百里", "东郭", "拓跋", "第五",
))
RADICALS = (
    "⺁厂⺃乙⺄乙⺈刀⺊卜⺌小⺍小⺎兀⺒巳⺕彐⺗心⺝月⺟母⺠民⺡水⺢水⺣火⺥爪⺩玉⺬示⺭示⺮竹⺯糸⺱网⺲网⺳网⺶羊⺷羊⺸羊⺹老⺼肉⺽臼⺾艹⺿艹⻀艹"
    "⻂衣⻄西⻅见⻆角⻈言⻉贝⻋车⻌辶⻍辶⻎辶⻐金⻑长⻒长⻓长⻔门⻖阜⻘青⻙韦⻚页⻛风⻜飞⻝食⻠食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻫齐⻬齐⻮齿⻯龙⻰龙⻲龟⻳龟"
)
"""Radicals of the CJK supplement, which print like characters and come from PDF and OCR, each followed by its character."""
# fmt: on


@cache
def same_character_table() -> Table:
    """Map every code point to its plain form: simplified, half-width, one interpunct, one mark for a lost one; 0 deletes."""
    table = np.arange(UNICODE, dtype=np.uint32)
    for point in range(0xFF01, 0xFF5F):
        table[point] = point - 0xFEE0
    for line in _opencc_lines("TSCharacters.txt"):
        traditional, simplified = line.split("\t")[:2]
        plain = simplified.split(" ")[0]
        if len(traditional) == 1 and len(plain) == 1:
            table[ord(traditional)] = ord(plain)
    for point in [*range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20), *range(0x2E80, 0x2FE0)]:
        plain = unicodedata.normalize("NFKC", chr(point))
        if len(plain) == 1:
            table[point] = table[ord(plain)]
    for radical, character in zip(RADICALS[::2], RADICALS[1::2], strict=True):
        table[ord(radical)] = table[ord(character)]
    _write(table, INTERPUNCTS, ord(INTERPUNCT))
    _write(table, LOST_MARKS, ord(LOST))
    _write(table, INVISIBLE, 0)
    return table


@cache
def phonetic_key_table() -> Table:
    """Map every code point to one representative of its toneless reading; interpuncts are deleted."""
    table = same_character_table().copy()
    plain = same_character_table()
    representative: dict[str, int] = {}
    points = sorted(PINYIN_DICT)
    readings = {point: _toneless(PINYIN_DICT[point].split(",")[0]) for point in points}
    for point in points:
        representative.setdefault(readings[point], point)
    for point in points:
        table[point] = representative[readings.get(int(plain[point]), readings[point])]
    _write(table, INTERPUNCTS, 0)
    return table


@cache
def representatives() -> dict[str, str]:
    """Return reading -> representative character, for a character the sender could only spell out, as in 王双(yan)."""
    table = phonetic_key_table()
    return {_toneless(reading.split(",")[0]): chr(int(table[point])) for point, reading in PINYIN_DICT.items()}


@cache
def pinyin_of(character: str) -> str:
    """Return a character's first reading without tone, or the character itself."""
    reading = PINYIN_DICT.get(ord(character))
    return _toneless(reading.split(",")[0]) if reading else character


def sort_key(name: str) -> str:
    """Return the name's toneless reading, syllables divided by a blank: lists are sorted by it (no ICU in the database)."""
    return " ".join(pinyin_of(character) for character in name)


def surname_length(name: str) -> int:
    """Return 2 for a compound surname followed by a given name, else 1."""
    return 2 if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else 1


def _write(table: Table, characters: str, value: int) -> None:
    for character in characters:
        table[ord(character)] = value


def _toneless(reading: str) -> str:
    letters = unicodedata.normalize("NFD", reading.lower()).replace("u\u0308", "v")
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _opencc_lines(name: str) -> list[str]:
    path = Path(opencc.__file__).parent / "dictionary" / name
    return [line for line in path.read_text("utf-8").splitlines() if "\t" in line]
