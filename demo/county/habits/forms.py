"""How one sender writes what a cell holds: days, identity numbers, names and places, each in one form a column.

`write_*` return the cell and what a right reader gets from it: a text, or one of the marks of truth.py where there is no right value.
"""

from datetime import date

from demo.county.draw import Chance
from demo.county.habits.people import Person, Village
from demo.county.habits.truth import AMBIGUOUS, DAMAGED

Cell = str | int | float | date
SPREADSHEET_EPOCH = date(1899, 12, 30)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
CHINESE = "〇一二三四五六七八九"
DAY_FORMS = (
    "solid", "solid", "dash", "dash", "slash", "slash_short", "dot_short", "dot", "chinese", "chinese", "chinese_padded", "moment",
    "wide", "numerals", "english", "mixed",
)  # fmt: skip
WORKBOOK_DAY_FORMS = ("cell", "cell", "cell", "serial", "solid_figure")
MONTH_FORMS = ("month_solid", "month_dash", "month_chinese", "month_slash", "month_figure")
RARE_DAY_FORMS = ("day_first", "short_year")
NUMBER_FORMS = ("plain",) * 10 + (
    "apostrophe",
    "grouped",
    "lower",
    "wide",
    "padded",
    "tabbed",
    "marked",
    "broken_space",
)
TEXT_NUMBER_FORMS = ("formula", "formula")
NAME_FORMS = ("plain",) * 8 + ("spaced", "wide_spaced", "padded", "other_dot")
INTERPUNCTS = ("•", "．", "・", "‧")


def write_day(day: date, form: str, chance: Chance) -> tuple[Cell, str]:
    """Write a day or its month."""
    y, m, d = day.year, day.month, day.day
    if form == "mixed":
        form = chance.choice(("solid", "dash", "slash_short", "chinese"))
    if form in MONTH_FORMS:
        return _write_month(day, form), f"{day:%Y-%m}"
    if form == "day_first":
        return f"{d}/{m}/{y}", AMBIGUOUS if d != m and max(d, m) <= 12 else day.isoformat()
    if form == "short_year":
        return f"{y % 100:02}.{m}.{d}", AMBIGUOUS
    written: dict[str, Cell] = {
        "solid": f"{y}{m:02}{d:02}",
        "solid_figure": int(f"{y}{m:02}{d:02}"),
        "dash": day.isoformat(),
        "slash": f"{y}/{m:02}/{d:02}",
        "slash_short": f"{y}/{m}/{d}",
        "dot_short": f"{y}.{m}.{d}",
        "dot": f"{y}.{m:02}.{d:02}",
        "chinese": f"{y}年{m}月{d}日",
        "chinese_padded": f"{y}年{m:02}月{d:02}日",
        "moment": f"{day.isoformat()} 00:00:00",
        "wide": widened(day.isoformat()),
        "numerals": "".join(CHINESE[int(c)] for c in str(y)) + f"年{_numeral(m)}月{_numeral(d)}日",
        "english": f"{d:02}-{MONTHS[m - 1]}-{y}",
        "cell": day,
        "serial": (day - SPREADSHEET_EPOCH).days,
    }
    return written[form], day.isoformat()


def _write_month(day: date, form: str) -> Cell:
    y, m = day.year, day.month
    written: dict[str, Cell] = {
        "month_solid": f"{y}{m:02}",
        "month_dash": f"{y}-{m:02}",
        "month_chinese": f"{y}年{m}月",
        "month_slash": f"{y}/{m:02}",
        "month_figure": int(f"{y}{m:02}"),
    }
    return written[form]


def write_term(first: date, last: date, form: str, between: str) -> str:
    """Write both ends of a term into one cell."""
    return between.join(str(write_day(day, form, Chance(""))[0]) for day in (first, last))


def _numeral(figure: int) -> str:
    tens, ones = divmod(figure, 10)
    return ("", "十", "二十", "三十")[tens] + (CHINESE[ones] if ones else "")


def write_number(number: str, form: str, chance: Chance) -> Cell:
    """Write an identity number in one of its forms; each still says the same number."""
    written = {
        "apostrophe": f"'{number}",
        "grouped": f"{number[:6]} {number[6:14]} {number[14:]}",
        "lower": number.lower(),
        "wide": widened(number),
        "padded": f" {number} ",
        "tabbed": f"{number}\t",
        "marked": f"\u200e{number}\u200b",
        "broken_space": f"{number[:14]}\u00a0{number[14:]}",
        "formula": f'="{number}"',
    }
    return written.get(form, number)


def damage_number(number: str, kind: str, chance: Chance) -> tuple[str, str]:
    """Return a number as a clerk spoils it, and the mark that it must be in the problem list."""
    if kind == "missing":
        return chance.choice(("", "无", "不详", "/")), DAMAGED
    if kind == "fifteen":
        return number[:6] + number[8:17], DAMAGED
    if kind == "cut":
        return number[:-1], DAMAGED
    if kind == "masked":
        return f"{number[:6]}********{number[14:]}", DAMAGED
    digit = chance.randrange(6, 17)
    return number[:digit] + str((int(number[digit]) + 1) % 10) + number[digit + 1 :], DAMAGED


def write_name(name: str, form: str, chance: Chance) -> str:
    """Write a name as a sender types it."""
    if form == "spaced" and len(name) == 2:
        return name[0] + "  " + name[1]
    if form == "wide_spaced" and len(name) == 2:
        return name[0] + "　" + name[1]
    if form == "padded":
        return f"{name} "
    if form == "other_dot":
        return name.replace("·", chance.choice(INTERPUNCTS))
    return name


def widened(text: str) -> str:
    """Return digits, letters and signs in their full width."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def shorten_village(village: Village) -> str:
    """Return a village's name as people say it: 二案村 for 二案村委会, 邹庄社区 for 邹庄居委会."""
    return village.name.replace("村委会", "村").replace("居委会", "社区")


def write_village(person: Person, form: str) -> str:
    """Write a village alone."""
    return person.village.name if form == "full" else shorten_village(person.village)


def write_address(person: Person, form: str, chance: Chance) -> str:
    """Write a place in one cell, from the whole path down to town and village, with or without what follows."""
    village = person.village
    path = {"path": village.county_path + village.town, "county": village.county + village.town}.get(form, village.town)
    name = village.name if form in ("path", "town_full") else shorten_village(village)
    end = {"group": f"{person.group}组", "house": f"{person.group}组{chance.randrange(1, 90)}号"}.get(form, "")
    return path + name + end
