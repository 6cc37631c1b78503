"""A whole county's month as senders nobody knows would write it: other file names, titles, headers, orders, words and forms of days.

The lines stay in their order and every error a line has stays in it, so the truth beside the files holds. Which file says what is
drawn by the seed, one habit a feed; what a single file of a stranger can look like beyond that is in habit.py.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import partial

import numpy as np
import pyarrow as pa

from demo.county.draw import Chance
from demo.county.habits import forms, header_words
from demo.county.habits.feeds import DAY, FEEDS, MONTH, WORD, Spec
from demo.county.habits.value_words import choose_words, codes_of, list_name
from demo.county.listing import Listing
from demo.county.variants import TextForm

FIELDS = {
    "户编号": "household_no", "人编号": "person_no", "户主": "head_name", "户主姓名": "head_name", "姓名": "name", "证件号码": "number",
    "身份证号": "number", "性别": "sex", "与户主关系": "relation", "脱贫属性": "status", "联系电话": "phone", "低保证号": "household_no",
    "救助类型": "status", "城乡类别": "settlement", "供养证号": "household_no", "出生日期": "birth", "供养方式": "status",
    "供养机构": "institution", "残疾证号": "number", "残疾类别": "disability_kind", "残疾等级": "grade",
    "个人编号": "roll_no", "业务状态": "business", "参保状态": "status", "缴费状态": "paying", "参保时间": "joined",
    "待遇开始年月": "benefit_start",
    "参保地": "insured_in", "单位编号": "employer_no", "单位名称": "employer", "参保年月": "joined",
    "险种": "scheme", "参保省份": "province",
    "数据来源": "source", "死亡日期": "event", "登记日期": "registered", "变动类别": "event_kind", "变动日期": "event", "变动前": "before",
    "变动后": "after", "迁出地": "from_place", "迁入地": "to_place", "类别": "event_kind", "刑期起": "from", "刑期止": "to",
    "执行机关": "authority", "学校": "school", "层次": "level", "入学年月": "from", "预计毕业年月": "to", "入伍年月": "from",
    "服役状态": "state", "核查结果": "answer", "核查日期": "event", "核查人": "verifier",
}  # fmt: skip
"""The county's own headers and the fields they are; of two that mean two things in two feeds see `_spec`."""
PLACES = {"乡镇": header_words.town, "村(居)": header_words.village, "行政村": header_words.village}
ADDRESSES = {"tekun": ("地区", "所在地", "户籍地址", "家庭住址"), "deaths": ("地区", "户籍地", "户籍地址", "生前住址")}
MEMBER_NAMES = ("成员{}姓名", "家庭成员{}姓名", "姓名{}", "成员{}", "第{}成员姓名")
MEMBER_NUMBERS = ("成员{}身份证号", "家庭成员{}公民身份号码", "身份证号{}", "成员{}身份证号码", "第{}成员身份证号")
MEMBER = re.compile(r"成员(\d)(姓名|身份证号)")
OWN_WORDS_SHARE = 0.4
TEXT_FORMS = (("gb18030", ","), ("utf-8-sig", ","), ("utf-8", "|"), ("gb18030", "\t"))
DAY_FORMS = ("solid", "dash", "slash", "slash_short", "chinese", "dot")
MONTH_FORMS = ("month_solid", "month_dash", "month_chinese")
TITLED = ("dibao", "tekun", "deaths", "outprov")
"""The feeds whose truth lists the lines that are no persons."""


def rename_file(seed: int, listing: Listing, stamp: str) -> Listing:
    """Give a list another file name and sheet, and now and then a title line: its lines then stand one lower."""
    chance = _chance(seed, listing.feed, "file")
    spec = FEEDS[listing.feed]
    ending = listing.file.rpartition(".")[2]
    title = chance.choice(spec.titles)
    name = chance.choice(
        (f"{title}{stamp}", f"{chance.choice(spec.office)}_{title}", f"{stamp[4:]}月{title}", f"{title}（定稿）")
    )
    sheet = chance.choice(("Sheet1", "明细", title[:20])) if listing.sheet else ""
    renamed = replace(listing, file=f"{name}.{ending}", sheet=sheet)
    if listing.header_row != 1 or listing.feed not in TITLED or chance.random() < 0.5:
        return renamed
    furniture = {line + 1: cells for line, cells in listing.furniture.items()}
    furniture[1] = [f"{stamp[:4]}年{int(stamp[4:])}月{title}", *[""] * (len(listing.columns) - 1)]
    return replace(renamed, furniture=furniture, line=listing.line + 1, header_row=2)


def rename_roll(seed: int, scheme: str, stamp: str) -> tuple[str, str]:
    """Return another name for a roll's zip and the file in it."""
    chance = _chance(seed, scheme, "file")
    title = chance.choice(FEEDS[scheme].titles)
    return f"{title}{chance.choice(('', '_'))}{stamp}.zip", f"{chance.choice((title, 'data', stamp))}.csv"


def choose_text_form(seed: int, feed: str) -> TextForm:
    """Return the encoding and separator of one sender's text."""
    return TextForm(*_chance(seed, feed, "text").choice(TEXT_FORMS))


def rewrite(seed: int, listing: Listing) -> Listing:
    """Return the same lines under a stranger's headers, in another order, in other words and days."""
    chance = _chance(seed, listing.feed, "columns")
    headers = list(listing.columns)
    words = _headers(chance, listing.feed, headers)
    order = list(range(len(headers)))
    if not listing.merges:
        order = [0, *(1 + place for place in chance.sample(range(len(headers) - 1), len(headers) - 1))]
    typed = {header for _, header in listing.typed_cells}
    columns = {}
    for place in order:
        header = headers[place]
        column = listing.columns[header]
        change = _changer(chance, listing.feed, header)
        columns[words[header]] = column if header in typed else np.array(_changed(pa.array(column), change).to_pylist())
    furniture = {line: _rearranged(cells, headers, words, order) for line, cells in listing.furniture.items()}
    typed_cells = {(row, words[header]): cell for (row, header), cell in listing.typed_cells.items()}
    return replace(listing, columns=columns, furniture=furniture, typed_cells=typed_cells)


def rewrite_roll(seed: int, scheme: str, chunks: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Yield a roll's chunks as a stranger writes them: each the same way."""
    for chunk in chunks:
        chance = _chance(seed, scheme, "columns")
        words = _headers(chance, scheme, chunk.column_names)
        order = chance.sample(range(chunk.num_columns), chunk.num_columns)
        changed = [_changed(chunk.column(name), _changer(chance, scheme, name)) for name in chunk.column_names]
        yield pa.table({words[chunk.column_names[place]]: changed[place] for place in order})


def _chance(seed: int, feed: str, subject: str) -> Chance:
    return Chance(f"stranger {seed} {feed} {subject}")


def _headers(chance: Chance, feed: str, headers: list[str]) -> dict[str, str]:
    """Return a stranger's header for each of the county's, no two alike."""
    style = chance.choice(("plain", "plain", "plain", "starred", "spaced", "wide", "ended"))
    member = chance.randrange(len(MEMBER_NAMES))
    words: dict[str, str] = {}
    for place, header in enumerate(headers, 1):
        word = _header(chance, feed, header, member)
        while word in words.values():
            word = header if header not in words.values() else f"{header}（{place}）"
        words[header] = word
    return {header: header_words.dress(chance, word, 0, style) for header, word in words.items()}


def _header(chance: Chance, feed: str, header: str, member: int) -> str:
    if found := MEMBER.fullmatch(header):
        return (MEMBER_NAMES if found[2] == "姓名" else MEMBER_NUMBERS)[member].format(found[1])
    if header in PLACES:
        return PLACES[header](chance, feed)
    if header == "地区" and feed in ADDRESSES:
        return chance.choice(ADDRESSES[feed])
    if header == "行政区划" and feed == "resident":
        return header_words.place_code(chance, feed)
    spec = _spec(feed, header)
    return spec.header(chance, feed) if spec else header


def _spec(feed: str, header: str) -> Spec | None:
    """Return the column of the feed a header of the county is, where it is one."""
    name = "place" if feed == "outprov" and header == "参保地" else FIELDS.get(header, "")
    return next((spec for spec in FEEDS[feed].columns if spec.field == name), None)


Changes = Mapping[str, str]


def _changer(chance: Chance, feed: str, header: str) -> partial[str] | None:
    """Return how one column's cells are rewritten; None where they stay."""
    spec = _spec(feed, header)
    if spec is None:
        return None
    if spec.kind == WORD and chance.random() > OWN_WORDS_SHARE:
        key = list_name(feed, spec.field)
        chosen, codes = choose_words(chance, key), codes_of(key)
        return partial(_reword, {word: chosen[code] for word, code in codes.items() if not word.isdigit()})
    if spec.kind in (DAY, MONTH):
        return partial(_redate, chance.choice(DAY_FORMS), chance.choice(MONTH_FORMS))
    return None


def _reword(words: Changes, text: str) -> str:
    return words.get(text, text)


def _redate(day_form: str, month_form: str, text: str) -> str:
    """Write a plain day or month in another form; whatever else a cell holds stays as it is."""
    if not re.fullmatch(r"(19|20)\d{4}(\d{2})?", text):
        return text
    try:
        day = date(int(text[:4]), int(text[4:6]), int(text[6:8] or 1))
    except ValueError:
        return text
    return str(forms.write_day(day, day_form if len(text) == 8 else month_form, Chance(""))[0])


def _changed(column: pa.Array | pa.ChunkedArray, change: partial[str] | None) -> pa.Array:
    """Apply a change of one text over the distinct texts of a column."""
    if change is None:
        return column
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    encoded = whole.cast(pa.string()).dictionary_encode()
    return pa.array([change(text) for text in encoded.dictionary.to_pylist()], pa.string()).take(encoded.indices)


def _rearranged(cells: list, headers: list[str], words: dict[str, str], order: list[int]) -> list:
    """A header or total line in the new words and order; a title or signature as it was."""
    if len([cell for cell in cells if cell != ""]) < 2:
        return cells
    padded = [*cells, *[""] * (len(headers) - len(cells))]
    is_header = cells[0] == headers[0]
    return [words.get(padded[place], padded[place]) if is_header else padded[place] for place in order]
