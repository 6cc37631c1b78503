"""Invented people for one small file: households in the villages of a county, drawn afresh for every file.

Light on purpose: a file of forty lines is drawn in a millisecond, without the county that make_county builds.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from demo.county.draw import Chance
from demo.county.numbers import CHECK_CHARACTERS, WEIGHTS
from demo.county.places import load_places

NEVER_ASSIGNED = "320697"
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙朱马胡郭林何高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁"
    "任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严"
)
MALE = (
    "建国 志强 海涛 永明 国庆 卫东 文华 德胜 金龙 宝林 学军 春生 立新 玉田 长江 明 军 勇 刚 伟 平 俊杰 浩然 子轩 家豪"
)
FEMALE = "秀英 桂兰 玉梅 凤英 素珍 小红 丽华 美芳 月娥 红霞 海燕 晓芳 芳 敏 静 燕 娟 雨桐 欣怡 梓涵 桂芳 金凤 翠萍"
FOREIGN = (("阿依古丽", "买买提"), ("吐尔逊", "艾合买提"), ("木呷", "阿鲁"), ("卓玛", "央金"))
RELATIONS = ("配偶", "之子", "之女", "之儿媳", "之孙子", "之孙女", "之母", "之父")


@dataclass(frozen=True)
class Village:
    """A village or community of the county with its township."""

    code: str
    name: str
    town: str
    county_path: str
    """Province, prefecture and county in words."""
    county: str

    @property
    def town_code(self) -> str:
        return self.code[:9]


@dataclass(frozen=True)
class Person:
    """Somebody invented: who they are, and where in which household."""

    name: str
    number: str
    sex: int
    """1 a man, 2 a woman, as the numbers count."""
    birth: date
    relation: str
    household: int
    member: int
    head_name: str
    head_number: str
    village: Village
    phone: str
    group: int
    """The number of the group of their village."""


@cache
def villages_of(county: str) -> tuple[Village, ...]:
    """Return the villages of a county whose villages are shipped."""
    places = load_places(county)
    rows = zip(places.code, places.name, places.township_name, strict=True)
    return tuple(
        Village(str(code), str(name), str(town), places.county_path, places.county_name)
        for code, name, town in list(rows)[: places.village_count]
    )


def make_number(chance: Chance, birth: date, sex: int, prefix: str = NEVER_ASSIGNED) -> str:
    """Return an identity number of nobody: its county was never assigned."""
    serial = chance.randrange(1, 999) // 2 * 2 + (sex % 2)
    first = f"{prefix}{birth:%Y%m%d}{serial:03}"
    place = sum(int(digit) * int(weight) for digit, weight in zip(first, WEIGHTS, strict=True)) % 11
    return first + chr(CHECK_CHARACTERS[place])


def draw_people(chance: Chance, count: int, villages: list[Village], *, oldest: date, youngest: date) -> list[Person]:
    """Draw people by households, those of one village one after another, as lists are kept."""
    people: list[Person] = []
    chosen = sorted(chance.choices(villages, max(1, count // 2)), key=lambda village: village.code)
    household = chance.randrange(100, 90_000)
    for village in chosen * 2:
        household += chance.randrange(1, 9)
        people += _draw_household(chance, household, village, oldest, youngest)
        if len(people) >= count:
            break
    return sorted(people[:count], key=lambda person: person.village.code)


def _draw_household(chance: Chance, household: int, village: Village, oldest: date, youngest: date) -> list[Person]:
    group, phone = chance.randrange(1, 30), _phone(chance)
    members: list[Person] = []
    for member in range(1, chance.choice((1, 1, 2, 2, 3, 4)) + 1):
        sex = chance.choice((1, 2))
        birth = oldest + timedelta(days=chance.randrange((youngest - oldest).days))
        name, number = draw_name(chance, sex), make_number(chance, birth, sex)
        head_name, head_number = (members[0].name, members[0].number) if members else (name, number)
        relation = chance.choice(RELATIONS) if members else "户主"
        members.append(
            Person(name, number, sex, birth, relation, household, member, head_name, head_number, village, phone, group)
        )
    return members


def draw_name(chance: Chance, sex: int) -> str:
    """Draw a name, now and then one with an interpunct."""
    if chance.random() < 0.01:
        return "·".join(chance.choice(FOREIGN))
    return chance.choice(SURNAMES) + draw_given_name(chance, sex)


def draw_given_name(chance: Chance, sex: int) -> str:
    return chance.choice((MALE if sex == 1 else FEMALE).split())


def _phone(chance: Chance) -> str:
    return f"1{chance.choice('3578')}{chance.randrange(10**9):09}"
