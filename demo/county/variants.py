"""Another county's way to write the same files: other header words, column orders, encodings and separators.

Only what is written changes; the truth's files, sheets and lines stay as they are. The seed decides.
"""

from dataclasses import dataclass, replace

from demo.county.draw import Generator, stream
from demo.county.listing import Listing

HEADER_WORDS = {
    "姓名": ("姓  名", "人员姓名"),
    "身份证号": ("公民身份号码", "身份证号码", "居民身份证号"),
    "证件号码": ("身份证件号码", "公民身份号码", "身份证号码"),
    "性别": ("性 别",),
    "户编号": ("家庭编号", "户号"),
    "人编号": ("人员编号",),
    "脱贫属性": ("贫困属性", "脱贫状态"),
    "行政村": ("行政村名称", "所在村"),
    "低保证号": ("低保证编号", "低保证号码"),
    "救助类型": ("低保类别", "保障类型"),
    "城乡类别": ("城乡属性", "城乡类型"),
    "供养证号": ("特困证号", "供养证编号"),
    "供养方式": ("供养类型", "救助供养形式"),
    "残疾证号": ("残疾人证号", "残疾证号码"),
    "残疾等级": ("残疾级别",),
    "死亡日期": ("死亡时间",),
    "变动类别": ("变动类型", "业务类型"),
    "变动日期": ("变动时间",),
    "险种": ("险种类型", "参保险种"),
    "服役状态": ("在役状态",),
    "核查结果": ("核查情况", "核实结果"),
    "核查人": ("核查人员",),
    "学校": ("学校名称", "就读学校"),
    "乡镇": ("乡镇(街道)", "所属乡镇"),
    "村(居)": ("村(社区)", "村居"),
}
TEXT_FORMS = (("gb18030", ","), ("utf-8-sig", ","), ("utf-8", "|"), ("gb18030", "|"))


@dataclass(frozen=True)
class TextForm:
    """How a text file is written."""

    encoding: str = "gb18030"
    separator: str = ","


def choose_form(seed: int, feed: str) -> TextForm:
    """The encoding and separator of one sender."""
    rng = stream(seed, f"variant text {feed}")
    return TextForm(*TEXT_FORMS[int(rng.integers(0, len(TEXT_FORMS)))])


def vary(seed: int, listing: Listing) -> Listing:
    """The same lines under other header words; where one line is the header, the columns behind the first in another order."""
    rng = stream(seed, f"variant {listing.feed}")
    words = {header: _other_word(rng, header) for header in listing.columns}
    headers = list(listing.columns)
    order = list(range(len(headers)))
    if listing.header_row == 1 and not any(len(cells) > 2 for line, cells in listing.furniture.items() if line > 1):
        order = [0, *(1 + rng.permutation(len(headers) - 1)).tolist()]
    return replace(
        listing,
        columns={words[headers[place]]: listing.columns[headers[place]] for place in order},
        furniture={line: _vary_line(cells, headers, words, order) for line, cells in listing.furniture.items()},
        typed_cells={(row, words[header]): cell for (row, header), cell in listing.typed_cells.items()},
    )


def _other_word(rng: Generator, header: str) -> str:
    choices = (header, *HEADER_WORDS.get(header, ()))
    return choices[int(rng.integers(0, len(choices)))]


def _vary_line(cells: list, headers: list[str], words: dict[str, str], order: list[int]) -> list:
    """A header line in the new words and order; any other line as it was."""
    if not cells or cells[0] != headers[0] or len(cells) < len(headers):
        return cells
    return [words.get(cells[place], cells[place]) for place in order]
