"""Files of every feed full of canaries: numbers, names and telephones of nobody, in the columns they belong in and in every other.

What a month leaves behind is then searched for them (tests/portal/test_canaries.py). Numbers begin with a county code never assigned.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

from foundation.primitives.resident_id import check_character
from registry.constants import PERSON_FEEDS, ROLL_FEEDS, Feed
from registry.intake.layouts import ANY_WORD, Layout, get_layout
from tests import senders

SURNAMES, FIRST, SECOND = "鄢阚逄亓仉佴厍郏妫蹇璩缑", "翾騄瀞嫒旻昺琭祎", "霈彧赟翀玥翃旂喆"
ROWS = 40
USUAL = {
    "sex": "男", "place": senders.VILLAGE, "town": "长江镇", "unit_code": senders.VILLAGE, "hukou": senders.HUKOU_HERE,
    "relation": "户主", "joined": "201101", "benefit_start": "201101", "insured_in": "320682", "employer_no": "32068201619",
    "event": "20181105", "registered": "20181201", "from": "20180101", "to": "20200101", "authority": "司法局", "level": "本科",
    "school": "南通大学", "province": "浙江省", "place_code": "330100", "identity": "011", "address": "二案村12号", "remark": "入户",
    "disability_kind": "肢体", "state": "有效",
    "from_place": "如皋市长江镇", "to_place": "山东省德州市", "institution": "敬老院",
    "before": "", "after": "", "end_reason": "", "end_source": "",
}  # fmt: skip
EMPLOYERS = {Feed.EMPLOYEE: "江安俊发建筑有限公司", Feed.CIVIL: "九华镇人民政府"}
FILES = {
    Feed.POVERTY: "建档立卡", Feed.DIBAO: "低保", Feed.TEKUN: "特困", Feed.DISABILITY: "残疾", Feed.RESIDENT: "居保",
    Feed.EMPLOYEE: "企业职工", Feed.CIVIL: "机关事业", Feed.OUTPROV: "省外参保", Feed.DEATHS: "死亡", Feed.HUKOU: "户籍变动",
    Feed.PRISON: "服刑", Feed.STUDENTS: "在校学生", Feed.SOLDIERS: "现役军人", Feed.SURVEY: "核查反馈",
    Feed.CERTIFICATION: "资格认证",
}  # fmt: skip


def canary_number(place: int) -> str:
    """Return a right number: born in 1950 to 1989, numbered through."""
    body = f"320697{1950 + place % 40}{1 + place % 12:02}{1 + place % 28:02}{place // 40 % 1000:03}"
    return body + check_character(body)


@dataclass
class Canaries:
    """Every canary handed out so far, by kind."""

    numbers: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)

    def number(self) -> str:
        self.numbers.append(canary_number(len(self.numbers)))
        return self.numbers[-1]

    def name(self) -> str:
        place = len(self.names)
        parts = (SURNAMES, FIRST, SECOND)
        letters = []
        for part in parts:
            place, letter = divmod(place, len(part))
            letters.append(part[letter])
        self.names.append("".join(letters))
        return self.names[-1]

    def phone(self) -> str:
        self.phones.append(f"1391{len(self.phones):07}")
        return self.phones[-1]

    def texts(self) -> Iterator[str]:
        """Yield texts that contain canaries: one alone, several, with words around."""
        while True:
            yield self.number()
            yield self.phone()
            yield self.name()
            yield f"其子{self.name()}电话{self.phone()}，{self.number()[:17]}x"


@dataclass
class Person:
    """Somebody who is a canary throughout."""

    name: str
    number: str
    phone: str


@dataclass
class Month:
    """A month's files of one county."""

    folder: Path
    canaries: Canaries = field(default_factory=Canaries)
    poor: list[Person] = field(default_factory=list)

    def write(self, month: str) -> list[Path]:
        """Write a file of every feed: its persons, and each other cell in turn with a canary in place of what belongs there."""
        self.poor = self.poor or [self._person() for _ in range(ROWS)]
        polluting = self.canaries.texts()
        return [self._file(feed, month, polluting) for feed in FILES]

    def _person(self) -> Person:
        return Person(self.canaries.name(), self.canaries.number(), self.canaries.phone())

    def _file(self, feed: Feed, month: str, polluting: Iterator[str]) -> Path:
        layout = get_layout(feed)
        others = [column for column in layout.columns if column not in ("name", "number")]
        people = list(self.poor if feed in PERSON_FEEDS else self.poor[: ROWS // 2])
        people += [self._person() for _ in range(ROWS * 2 - len(people))]
        rows = []
        for place, (person, polluted) in enumerate(
            zip(people, islice(cycle([*others, ""]), len(people)), strict=False)
        ):
            cells = self._cells(layout, person, place, month)
            if polluted:
                cells[polluted] = next(polluting)
            rows.append([cells[column] for column in layout.columns])
        header = [words[0] for words in layout.columns.values()]
        path = self.folder / f"{FILES[feed]}_{month}.csv"
        return senders.write_csv(path, [header, *rows], "utf-8")

    def _cells(self, layout: Layout, person: Person, place: int, month: str) -> dict[str, str]:
        """Return what belongs into the cells of one line."""
        known = {
            column: next(word for word in words if word != ANY_WORD) for column, words in layout.values.items() if words
        }
        number = person.number
        if layout.feed in ROLL_FEEDS and place % 5 == 1:
            number = number[:13] + number[14] + number[13] + number[15:]  # two digits exchanged: a possible match
        cells = USUAL | known
        cells |= {"name": person.name, "number": number, "phone": person.phone, "birth": number[6:14]}
        cells |= {"household_no": f"H{place}", "person_no": str(place), "head_name": person.name, "roll_no": number}
        cells |= {"employer": EMPLOYERS.get(layout.feed, ""), "verifier": self.canaries.names[0]}
        if layout.feed == Feed.POVERTY and month > "2018-12":
            cells["name"] = person.name if place % 7 else self.canaries.name()
            cells["hukou"] = senders.HUKOU_HERE if place % 3 else f"云南省昆明市{self.canaries.name()}家"
        if layout.feed == Feed.TEKUN:
            cells["household_no"] = number
        if layout.feed == Feed.HUKOU:
            cells |= self._moved(place)
        if layout.feed == Feed.DEATHS:
            cells["event"] = f"201811{1 + place % 28:02}"
        return cells

    def _moved(self, place: int) -> dict[str, str]:
        match place % 3:
            case 0:
                return {"event_kind": "姓名变更", "before": self.canaries.name(), "after": self.canaries.name()}
            case 1:
                return {"event_kind": "身份证号变更", "before": self.canaries.number(), "after": self.canaries.number()}
        return {"event_kind": "迁出"}

    def headerless(self) -> Path:
        """A table without a header: its first line is a person."""
        rows = [[each.name, each.number, each.phone, "未脱贫"] for each in (self._person() for _ in range(5))]
        return senders.write_csv(self.folder / "新名单.csv", rows, "utf-8")

    def unknown_words(self) -> Path:
        """A list whose statuses are names, numbers and telephones."""
        people = [self._person() for _ in range(9)]
        texts = islice(self.canaries.texts(), 9)
        header = ["户编号", "人编号", "姓名", "证件号码", "脱贫属性", "行政村"]
        rows = [
            [f"U{n}", "1", each.name, each.number, text, senders.VILLAGE]
            for n, (each, text) in enumerate(zip(people, texts, strict=True))
        ]
        return senders.write_csv(self.folder / "建档立卡_新词.csv", [header, *rows], "utf-8")
