"""One sender's habits, drawn by chance: what a file looks like, before anybody is on it.

Every part of a habit is drawn for itself, so that combinations come out that nobody thought of. The same feed and seed draw the same.
"""

from dataclasses import dataclass, field, replace
from datetime import date

from demo.county.draw import Chance
from demo.county.habits import extra_columns, forms, header_words
from demo.county.habits.feeds import DAY, FEEDS, KEY, MONTH, NAME, NUMBER, WORD, FeedSpec, Spec
from demo.county.habits.value_words import NOBODY_KNOWS, SEX_WORDS, choose_words, list_name

PLACE, TOWN, CODE, TOWN_CODE, ADDRESS, TERM = "place", "town", "code", "town_code", "address", "term"
"""Kinds of columns that say where, and the one with both ends of a term."""
PLACE_FORMS = (
    "town_village", "town_village", "town_village", "code", "town_code_village", "address", "address", "village_by_sheet",
    "village_by_file", "village_alone", "town_only",
)  # fmt: skip
NO_TOWN_COLUMN = ("code", "address", "address", "village_by_sheet", "village_by_file", "village_alone")
"""Of a feed whose layout has one column for the place."""
ADDRESS_FORMS = ("path", "path", "county", "town", "town_full", "group", "house")
HEADER_STYLES = ("plain",) * 12 + ("numbered", "starred", "noted", "spaced", "broken", "wide", "ended")
CONTAINERS = ("xlsx",) * 6 + ("csv",) * 3 + ("txt", "tsv")
ENCODINGS = ("gb18030", "gb18030", "gbk", "utf-8-sig", "utf-8", "utf-16")
OF_ONE_PERSON = ("name", "number", "person_no", "relation", "sex", "birth", "head_name")
"""Fields a line of a whole household has no column for."""
MOST_MEMBERS = 4
SPELLED_UNKNOWN = 0.12
SIGNATURES = ("填表人：李经办", "制表人：王某某    审核人：张某某", "单位负责人（签字）：", "注：本表数据截至12月31日")
SAYS_NOTHING = ("附件1", "名单", "12月报送", "Book1", "新建 Microsoft Excel 工作表", "上报数据", "附件2（定稿）")


@dataclass(frozen=True)
class ColumnHabit:
    """One column as one sender keeps it; `field` is empty where nobody asked for it. `form` is how its cells are written."""

    field: str
    kind: str
    header: str
    form: str = ""
    group: str = ""
    """The heading above it, where the header has two rows."""
    member: int | None = None
    """The place in the household, as the sender counts, where a line is a household."""


@dataclass(frozen=True)
class Furniture:
    """What stands around and between the lines."""

    titles: tuple[str, ...] = ()
    blank_above_header: bool = False
    column_numbers: bool = False
    subtotals: bool = False
    sections: bool = False
    repeated_header_every: int = 0
    blank_lines: bool = False
    hidden_lines: bool = False
    centred_title: bool = False
    duplicates: bool = False
    total: str = ""
    signature: str = ""


@dataclass(frozen=True)
class Habit:
    """Everything a file of one sender has in common, whoever is on it."""

    feed: str
    seed: int
    county: str
    as_of: date
    columns: tuple[ColumnHabit, ...]
    place_form: str
    village_form: str
    by_sheet: str
    by_file: str
    """Our code of a value that only the file's name and title state."""
    office: str
    """Who sends it; the file's name or a title may say so."""
    words: dict[str, dict[str, str]]
    unknown_words: dict[str, str]
    """Field -> a word nobody knows that stands on some lines."""
    sex_words: tuple[str, str]
    term_between: str
    header_rows: int
    shared_cells: str
    """How a household's cells stand: "each" line, "merged" over its lines, or "blank" below the first."""
    container: str
    encoding: str
    separator: str
    quoted: bool
    parts: int
    """How many members a zip has; 0 where the file is no zip."""
    file_stem: str
    title_words: str
    sheet_name: str
    notes_sheet: bool
    summary_sheet: bool
    left_sheet: bool
    cover_sheet: bool
    empty_sheets: bool
    hidden_columns: bool
    notes_in_names: bool
    damaged_share: float
    people: int
    furniture: Furniture = field(default_factory=Furniture)

    @property
    def is_workbook(self) -> bool:
        return self.container == "xlsx"

    @property
    def member_places(self) -> list[int]:
        """The places of a household's members; empty where a line is one person."""
        return sorted({column.member for column in self.columns if column.member is not None})


def draw_habit(feed: str, seed: int, *, county: str = "320682", as_of: date = date(2018, 12, 31)) -> Habit:
    """Draw the habits of one sender of a feed."""
    chance, spec = Chance(f"habit {feed} {seed}"), FEEDS[feed]
    container = chance.choice(CONTAINERS)
    is_workbook = container == "xlsx"
    places = PLACE_FORMS if feed in ("poverty", "dibao", "tekun") else NO_TOWN_COLUMN
    place_form = chance.choice(places) if spec.has_place else ""
    by_sheet = _draw_by_sheet(chance, spec, place_form, is_workbook)
    by_file = _draw_by_file(chance, feed, by_sheet)
    header_rows = 2 if chance.random() < 0.18 else 1
    columns = _draw_columns(
        chance, feed, spec, container, place_form, {by_sheet, "source" if by_file else ""}, header_rows
    )
    words = {
        column.field: choose_words(chance, list_name(feed, column.field)) for column in columns if column.kind == WORD
    }
    if by_sheet in [each.field for each in spec.columns]:
        words[by_sheet] = choose_words(chance, list_name(feed, by_sheet))
    encoding, separator = _draw_text(chance, container)
    title = chance.choice(spec.titles) + (f"（{_source_word(by_file)}）" if by_file else "")
    habit = Habit(
        feed=feed, seed=seed, county=county, as_of=as_of, columns=columns, place_form=place_form,
        village_form=chance.choice(("full", "full", "short")), by_sheet=by_sheet, by_file=by_file,
        office=_draw_office(chance, spec, by_file), words=words,
        unknown_words=_draw_unknown_words(chance, words), sex_words=chance.choice(SEX_WORDS),
        term_between=chance.choice(("-", "至", "—", "~", "--", " 至 ", "～", "到")), header_rows=header_rows,
        shared_cells=_draw_shared_cells(chance, spec, columns, is_workbook), container=container, encoding=encoding,
        separator=separator, quoted=chance.random() < 0.25,
        parts=chance.choice((0, 0, 0, 0, 0, 1, 2, 3)) if by_sheet == "" else 0,
        file_stem="", title_words=title, sheet_name="",
        notes_sheet=is_workbook and chance.random() < 0.15, summary_sheet=is_workbook and chance.random() < 0.12,
        left_sheet=is_workbook and not by_sheet and chance.random() < 0.06, empty_sheets=is_workbook and chance.random() < 0.15,
        cover_sheet=is_workbook and chance.random() < 0.06, notes_in_names=chance.random() < 0.04,
        hidden_columns=is_workbook and chance.random() < 0.1, damaged_share=chance.choice((0, 0, 0, 0.03, 0.1)),
        people=chance.choice((8, 12, 20, 30, 45, 60)),
    )  # fmt: skip
    return _with_names(chance, habit, spec)


def _draw_by_sheet(chance: Chance, spec: FeedSpec, place_form: str, is_workbook: bool) -> str:
    """Return the field that only the names of sheets, or of the parts of a zip, state; TOWN for the township."""
    if place_form == "village_by_sheet":
        return TOWN
    if not is_workbook:
        return ""
    return spec.by_sheet if spec.by_sheet and chance.random() < 0.15 else ""


def _draw_by_file(chance: Chance, feed: str, by_sheet: str) -> str:
    return (
        chance.choice(("police", "health", "funeral"))
        if feed == "deaths" and not by_sheet and chance.random() < 0.3
        else ""
    )


def _draw_office(chance: Chance, spec: FeedSpec, by_file: str) -> str:
    """Return who sends the list: nobody else than whom its title names."""
    _, codes = spec.by_office
    return chance.choice([office for office in spec.office if not by_file or codes[office] == by_file])


def _source_word(source: str) -> str:
    return {"police": "公安销户", "health": "卫健部门", "funeral": "殡仪馆火化"}[source]


def _draw_text(chance: Chance, container: str) -> tuple[str, str]:
    """Return the encoding and separator of a text, both empty for a workbook."""
    encoding = chance.choice(ENCODINGS) if container != "xlsx" else ""
    separators = {"csv": (",", ",", ",", ";"), "txt": ("\t", "|", ",", "^"), "tsv": ("\t",), "xlsx": ("",)}
    separator = "\t" if encoding == "utf-16" else chance.choice(separators[container][:3])
    return encoding, separator


def _draw_columns(
    chance: Chance,
    feed: str,
    spec: FeedSpec,
    container: str,
    place_form: str,
    told_elsewhere: set[str],
    header_rows: int,
) -> tuple[ColumnHabit, ...]:
    """Draw which columns there are, in which order, under which headers."""
    wanted = [each for each in spec.columns if each.field not in told_elsewhere and chance.random() < each.share]
    if feed == "resident" and not {"business", "status"} & {each.field for each in wanted}:
        wanted.append(Spec("business", header_words.business, WORD))
    style = chance.choice(header_words.MEMBER_STYLES) if spec.has_households and chance.random() < 0.15 else ""
    if style == "grouped" and header_rows == 1:
        style = "counted"
    if style:
        wanted = [each for each in wanted if each.field not in OF_ONE_PERSON]
    columns = [_draw_column(chance, feed, each, container) for each in wanted]
    columns = _with_one_term(chance, feed, columns)
    for kind, maker in _place_columns(place_form):
        column = ColumnHabit(PLACE, kind, maker(chance, feed), chance.choice(ADDRESS_FORMS) if kind == ADDRESS else "")
        columns.insert(chance.randrange(len(columns) + 1), column)
    columns = _in_order(chance, columns)
    columns += [ColumnHabit("", kind, header) for header, kind in extra_columns.draw(chance, feed, place_form)]
    columns = _with_extras_between(
        chance, [column for column in columns if not style or column.kind not in extra_columns.OF_A_PERSON]
    )
    if header_rows == 2:
        columns = _grouped(chance, columns)
    dressed = _with_headers(chance, feed, columns)
    return (*dressed, *_member_columns(chance, style, container)) if style else dressed


def _member_columns(chance: Chance, style: str, container: str) -> list[ColumnHabit]:
    """A pair of name and number for each member; the head's own first, now and then."""
    number_form, name_form = _draw_form(chance, NUMBER, container), chance.choice(forms.NAME_FORMS)
    columns = []
    for place in range(0 if style == "head" else 1, MOST_MEMBERS + (style != "head")):
        name, number, group = header_words.member_headers(style, place)
        columns.append(ColumnHabit("name", NAME, name, name_form, group, place))
        columns.append(ColumnHabit("number", NUMBER, number, number_form, group, place))
    return columns


def _draw_column(chance: Chance, feed: str, spec: Spec, container: str) -> ColumnHabit:
    header = spec.header(chance, feed)
    if chance.random() < 0.015 and spec.field in header_words.ENGLISH:
        header = chance.choice(header_words.ENGLISH[spec.field])
    return ColumnHabit(spec.field, spec.kind, header, _draw_form(chance, spec.kind, container))


def _draw_form(chance: Chance, kind: str, container: str) -> str:
    is_workbook = container == "xlsx"
    if kind in (DAY, MONTH):
        if chance.random() < 0.02:
            return chance.choice(forms.RARE_DAY_FORMS)
        if kind == MONTH and chance.random() < 0.3:
            return chance.choice([each for each in forms.MONTH_FORMS if is_workbook or each != "month_figure"])
        return chance.choice(forms.DAY_FORMS + (forms.WORKBOOK_DAY_FORMS if is_workbook else ()))
    if kind == NUMBER:
        if is_workbook and chance.random() < 0.015:
            return "figure"
        return chance.choice(forms.NUMBER_FORMS + (() if is_workbook else forms.TEXT_NUMBER_FORMS))
    if kind == KEY:
        return "figure" if is_workbook and chance.random() < 0.2 else ""
    return chance.choice(forms.NAME_FORMS) if kind == NAME else ""


def _with_one_term(chance: Chance, feed: str, columns: list[ColumnHabit]) -> list[ColumnHabit]:
    """Put both ends of a term into one column, now and then."""
    ends = [column for column in columns if column.field in ("from", "to")]
    if feed != "prison" or len(ends) < 2 or chance.random() > 0.25:
        return columns
    form = chance.choice(("solid", "dot_short", "chinese", "slash_short", "dot"))
    both = ColumnHabit("from+to", TERM, header_words.term(chance, feed), form)
    return [both if column is ends[0] else column for column in columns if column is not ends[1]]


def _place_columns(place_form: str) -> list[tuple[str, header_words.Maker]]:
    village, town, code = (PLACE, header_words.village), (TOWN, header_words.town), (CODE, header_words.place_code)
    town_code: tuple[str, header_words.Maker] = (
        TOWN_CODE,
        lambda chance, feed: chance.choice(("乡镇代码", "镇街代码", "乡镇编码", "所属乡镇代码")),
    )
    columns: dict[str, list[tuple[str, header_words.Maker]]] = {
        "town_village": [village, town],
        "town_code_village": [village, town_code],
        "code": [code],
        "address": [(ADDRESS, header_words.address)],
        "village_by_sheet": [village],
        "village_by_file": [village],
        "village_alone": [village],
        "town_only": [town],
    }
    return columns.get(place_form, [])


def _in_order(chance: Chance, columns: list[ColumnHabit]) -> list[ColumnHabit]:
    """Leave most tables in the order people expect; others in any."""
    if chance.random() < 0.35:
        chance.shuffle(columns)
    elif chance.random() < 0.3:
        columns = [*columns[1:], columns[0]]
    return columns


def _with_extras_between(chance: Chance, columns: list[ColumnHabit]) -> list[ColumnHabit]:
    own = [column for column in columns if column.field]
    for column in (column for column in columns if not column.field):
        place = {"serial": 0, "remark": len(own)}.get(column.kind, chance.randrange(len(own) + 1))
        own.insert(place, column)
    return own


def _grouped(chance: Chance, columns: list[ColumnHabit]) -> list[ColumnHabit]:
    """Give runs of columns a heading; the others are merged over both rows of the header."""
    grouped, place, used = [], 0, set()
    while place < len(columns):
        run = chance.choice((1, 1, 2, 3, 4))
        heading = chance.choice(header_words.GROUPS.get(columns[place].field, header_words.GROUPS[""]))
        heading = "" if run == 1 or heading in used or place + run > len(columns) else heading
        used.add(heading)
        grouped += [replace(column, group=heading) for column in columns[place : place + run]]
        place += run
    return _with_term_heading(chance, grouped)


def _with_term_heading(chance: Chance, columns: list[ColumnHabit]) -> list[ColumnHabit]:
    """Two neighbouring ends of a term under one heading, each with the rest of its word below."""
    for place in range(len(columns) - 1):
        first, second = columns[place], columns[place + 1]
        if (
            (first.field, second.field) == ("from", "to")
            and not first.group
            and not second.group
            and chance.random() < 0.7
        ):
            begin, end = chance.choice((("起", "止"), ("起始日期", "终止日期"), ("开始时间", "结束时间"), ("自", "至")))
            heading = chance.choice(("刑期", "起止时间", "服刑期限")) if first.kind == DAY else "在校时间"
            columns[place], columns[place + 1] = (
                replace(first, header=begin, group=heading),
                replace(second, header=end, group=heading),
            )
    return columns


def _with_headers(chance: Chance, feed: str, columns: list[ColumnHabit]) -> tuple[ColumnHabit, ...]:
    """Dress the headers in the sender's style, no two alike."""
    style, dressed, seen = chance.choice(HEADER_STYLES), [], set()
    for place, column in enumerate(columns, 1):
        header = column.header
        while (column.group, header) in seen:
            header = f"{header}{chance.choice('1234')}" if column.field == "" else _other_header(chance, feed, column)
        seen.add((column.group, header))
        dressed.append(replace(column, header=header_words.dress(chance, header, place, style)))
    return tuple(dressed)


def _other_header(chance: Chance, feed: str, column: ColumnHabit) -> str:
    found = [spec for spec in FEEDS[feed].columns if spec.field == column.field]
    return found[0].header(chance, feed) if found else f"{column.header}名称"


def _draw_unknown_words(chance: Chance, words: dict[str, dict[str, str]]) -> dict[str, str]:
    return {name: chance.choice(NOBODY_KNOWS) for name in words if chance.random() < SPELLED_UNKNOWN}


def _draw_shared_cells(chance: Chance, spec: FeedSpec, columns: tuple[ColumnHabit, ...], is_workbook: bool) -> str:
    has_key = any(column.field in ("household_no", "head_name") for column in columns)
    is_wide = any(column.member is not None for column in columns)
    if not spec.has_households or not has_key or is_wide or chance.random() < 0.7:
        return "each"
    return chance.choice(("merged", "blank")) if is_workbook else "blank"


def _with_names(chance: Chance, habit: Habit, spec: FeedSpec) -> Habit:
    """Decide which of file name, title and sheet name say what the file is, and the lines around the table."""
    month = chance.choice(("2018年12月", "201812", "12月", "（2018.12）", "2018年12月份", ""))
    office = habit.office
    says = chance.choice(
        ("file", "file", "file", "title", "sheet", "none") if habit.is_workbook else ("file", "file", "title", "none")
    )
    said_everywhere = chance.random() < 0.5
    in_file = says == "file" or said_everywhere or bool(habit.by_file)
    stem = chance.choice(
        (
            f"{habit.title_words}{month}",
            f"{month}{habit.title_words}",
            f"{office}_{habit.title_words}",
            f"如皋市{habit.title_words}",
        )
    )
    sheet = (
        habit.title_words[:28]
        if says == "sheet"
        else chance.choice(("Sheet1", "Sheet1", "明细", "名单", month or "Sheet1"))
    )
    has_title = says == "title" or chance.random() < 0.45
    titles = _draw_titles(chance, habit, office, month, named=says == "title" or said_everywhere) if has_title else ()
    furniture = Furniture(
        titles=titles, blank_above_header=bool(titles) and chance.random() < 0.15, column_numbers=chance.random() < 0.04,
        subtotals=chance.random() < 0.08, sections=chance.random() < 0.06,
                centred_title=chance.random() < 0.15, hidden_lines=habit.is_workbook and chance.random() < 0.04,
        repeated_header_every=chance.choice((10, 15, 20)) if chance.random() < 0.07 else 0, blank_lines=chance.random() < 0.08,
        duplicates=chance.random() < 0.06, total=chance.choice(("合计", "总计", "合 计", "共计")) if chance.random() < 0.25 else "",
        signature=chance.choice(SIGNATURES) if chance.random() < 0.2 else "",
    )  # fmt: skip
    return replace(
        habit,
        file_stem=stem if in_file else chance.choice(SAYS_NOTHING),
        sheet_name=sheet.strip("（）"),
        furniture=furniture,
    )


def _draw_titles(chance: Chance, habit: Habit, office: str, month: str, *, named: bool) -> tuple[str, ...]:
    first = (
        f"如皋市{month}{habit.title_words}" if named else chance.choice(("如皋市数据报送表", f"{month}明细表", "附件1"))
    )
    second = chance.choice((f"填报单位：{office}", f"单位：{office}    日期：2018年12月25日", "单位：人、元", ""))
    return tuple(filter(None, (first, second)))
