"""The fifteen feeds as their departments keep them: which columns a list may have, and what is true of each person on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from demo.county.draw import Chance
from demo.county.habits import header_words as words
from demo.county.habits.header_words import Maker
from demo.county.habits.people import SURNAMES, Person

Fact = str | date | None
Facts = Mapping[str, Fact]
NAME, NUMBER, TEXT, WORD, DAY, MONTH, SEX, KEY, PATH = (
    "name",
    "number",
    "text",
    "word",
    "day",
    "month",
    "sex",
    "key",
    "path",
)
"""Kinds of columns: MONTH is a day that many senders write as its month, KEY counts lines, PATH is a unit's whole path."""


@dataclass(frozen=True)
class Spec:
    """One column a list may have, and how often."""

    field: str
    header: Maker
    kind: str = TEXT
    share: float = 1.0


@dataclass(frozen=True)
class FeedSpec:
    """What a feed's files have in common. `by_sheet` is a field that may be told by the sheet's name instead of a column."""

    titles: tuple[str, ...]
    office: tuple[str, ...]
    columns: tuple[Spec, ...]
    facts: Callable[[Chance, Person, date], Facts]
    has_place: bool = False
    by_sheet: str = ""
    by_office: tuple[str, dict[str, str]] = ("", {})
    """A field whose value the office that sends the list, or its title, suggests where no column states it; our code by office."""
    has_households: bool = False
    ages: tuple[int, int] = (18, 88)


SCHOOLS = ("如皋中学", "南通大学", "江苏工程职业技术学院", "白蒲中学", "苏州大学", "如皋第一中等专业学校", "扬州大学")
EMPLOYERS = {
    "employee": (
        "南通恒力纺织有限公司",
        "如皋市双马化工厂",
        "长江造船集团",
        "如皋华联超市有限公司",
        "江苏力星钢球股份公司",
    ),
    "civil": (
        "如皋市人民政府办公室",
        "如皋市人民医院",
        "白蒲镇中心小学",
        "如皋市财政局",
        "如皋市人民法院",
        "磨头镇卫生院",
    ),
}
PROVINCES = (
    ("上海市", "浦东新区"),
    ("浙江省", "宁波市鄞州区"),
    ("广东省", "深圳市宝安区"),
    ("安徽省", "天长市"),
    ("山东省", "青岛市黄岛区"),
)
PRISONS = {"prison": ("南通监狱", "苏州监狱", "浦口监狱", "如皋市看守所"), "probation": ("司法所", "社区矫正管理局")}


def _base(person: Person) -> dict[str, Fact]:
    return {"name": person.name, "number": person.number, "sex": str(person.sex), "birth": person.birth}


def _list_facts(chance: Chance, person: Person) -> dict[str, Fact]:
    key = f"3206{person.household:08}"
    return _base(person) | {
        "household_no": key,
        "person_no": f"{key}{person.member:02}",
        "head_name": person.head_name,
        "relation": person.relation,
        "phone": person.phone if chance.random() < 0.8 else "",
    }


def _poverty(chance: Chance, person: Person, as_of: date) -> Facts:
    same = Chance(f"{person.household}")  # a household has one status
    status = same.choice(("poor", "out_supported", "out_supported", "out_unsupported", "poor", "poor_again"))
    return _list_facts(chance, person) | {"status": status, "hukou": person.village.code}


def _dibao(chance: Chance, person: Person, as_of: date) -> Facts:
    same = Chance(f"{person.household}")
    facts = _list_facts(chance, person) | {"status": same.choice(("full", "partial"))}
    return facts | {"household_no": f"DB{person.household:08}", "settlement": same.choice(("rural", "rural", "urban"))}


def _tekun(chance: Chance, person: Person, as_of: date) -> Facts:
    facts = _list_facts(chance, person) | {"household_no": f"TK{person.household:06}{person.member}"}
    status = chance.choice(("at_home", "at_home", "residential"))
    return facts | {"status": status, "institution": f"{person.village.town}敬老院" if status == "residential" else ""}


def _disability(chance: Chance, person: Person, as_of: date) -> Facts:
    kind = chance.choice(("肢体", "视力", "听力", "智力", "精神", "言语"))
    return _base(person) | {"grade": chance.choice("11223344"), "disability_kind": kind, "phone": person.phone}


def _resident(chance: Chance, person: Person, as_of: date) -> Facts:
    draws = person.birth.year <= as_of.year - 60
    code = chance.choice(("1,3", "1,3", "1,3", "2,3", "4,3") if draws else ("1,1", "1,1", "1,1", "2,2"))
    status, paying = code.split(",")
    start = date(person.birth.year + 60, person.birth.month, 1) + timedelta(days=32) if draws else None
    return _base(person) | {
        "roll_no": f"{90_000_000 + chance.randrange(9_000_000)}",
        "business": code,
        "status": status,
        "paying": paying,
        "joined": date(chance.randrange(2010, 2018), chance.randrange(1, 13), chance.randrange(1, 29)),
        "benefit_start": max(start, date(2012, 1, 1)) if start else None,
        "identity": chance.choice(("普通城乡居民", "低保对象", "特困人员", "重度残疾人")),
    }


def _roll(feed: str) -> Callable[[Chance, Person, date], Facts]:
    def facts(chance: Chance, person: Person, as_of: date) -> Facts:
        return _base(person) | {
            "roll_no": f"{20_000_000 + chance.randrange(9_000_000)}",
            "status": chance.choice("1112234") if person.birth.year > as_of.year - 60 else "2",
            "employer": chance.choice(EMPLOYERS[feed]),
            "employer_no": f"{chance.randrange(10_000_000, 99_999_999)}",
            "insured_in": chance.choice(("如皋市", "如皋市", "320682", "南通市如皋市")),
            "joined": date(chance.randrange(1996, 2018), chance.randrange(1, 13), chance.randrange(1, 29)),
        }

    return facts


def _outprov(chance: Chance, person: Person, as_of: date) -> Facts:
    province, place = chance.choice(PROVINCES)
    return _base(person) | {
        "scheme": chance.choice(("employee", "employee", "resident", "civil")),
        "province": province,
        "place": place,
        "status": chance.choice(("contributing", "contributing", "drawing", "paused", "ended")),
        "joined": date(chance.randrange(2000, 2018), chance.randrange(1, 13), chance.randrange(1, 29)),
    }


def _deaths(chance: Chance, person: Person, as_of: date) -> Facts:
    day = as_of - timedelta(days=chance.randrange(2, 60))
    registered = min(day + timedelta(days=chance.randrange(1, 12)), as_of)
    return _base(person) | {
        "source": chance.choice(("police", "health", "funeral")),
        "event": day,
        "registered": registered,
    }


def _hukou(chance: Chance, person: Person, as_of: date) -> Facts:
    kind = chance.choice(("hukou_birth", "hukou_in", "hukou_out", "hukou_out", "death", "name_changed"))
    facts = _base(person) | {"event_kind": kind, "event": as_of - timedelta(days=chance.randrange(1, 40))}
    facts |= {"before": "", "after": "", "from_place": "", "to_place": ""}
    if kind == "name_changed":
        facts |= {"before": chance.choice(SURNAMES) + person.name[1:], "after": person.name}
    if kind == "hukou_in":
        facts |= {"from_place": "上海市浦东新区", "to_place": person.village.county_path + person.village.town}
    if kind == "hukou_out":
        facts |= {"from_place": person.village.county_path + person.village.town, "to_place": "浙江省宁波市鄞州区"}
    return facts


def _prison(chance: Chance, person: Person, as_of: date) -> Facts:
    kind = chance.choice(("prison", "probation"))
    first = as_of - timedelta(days=chance.randrange(30, 2500))
    last = (
        as_of + timedelta(days=chance.randrange(30, 2500))
        if chance.random() < 0.7
        else as_of - timedelta(days=chance.randrange(1, 25))
    )
    authority = chance.choice(PRISONS[kind])
    return _base(person) | {
        "event_kind": kind,
        "from": first,
        "to": last,
        "authority": person.village.town + authority if kind == "probation" else authority,
    }


def _students(chance: Chance, person: Person, as_of: date) -> Facts:
    first = date(as_of.year - chance.randrange(0, 4), 9, 1)
    level = chance.choice(("本科", "专科", "高中", "中专", "硕士研究生"))
    return _base(person) | {
        "school": chance.choice(SCHOOLS),
        "level": level,
        "from": first,
        "to": date(first.year + 4, 6, 30),
    }


def _soldiers(chance: Chance, person: Person, as_of: date) -> Facts:
    state = chance.choice(("serving", "serving", "serving", "discharged"))
    return _base(person) | {"from": date(as_of.year - chance.randrange(0, 8), chance.choice((3, 9)), 1), "state": state}


def _survey(chance: Chance, person: Person, as_of: date) -> Facts:
    answers = (
        "not_found",
        "hukou_elsewhere",
        "declined",
        "dead",
        "student",
        "soldier",
        "prisoner",
        "employee",
        "resident_here",
        "abroad",
    )
    return _base(person) | {
        "answer": chance.choice(answers),
        "event": as_of - timedelta(days=chance.randrange(1, 40)),
        "verifier": chance.choice(SURNAMES) + chance.choice(("干部", "建华", "小明", "芳")),
        "remark": chance.choice(("", "", "", "入户", "电话核实", "邻居代述")),
    }


def _certification(chance: Chance, person: Person, as_of: date) -> Facts:
    return _base(person) | {
        "event": as_of - timedelta(days=chance.randrange(1, 360)),
        "source": chance.choice(("agency", "phone", "phone", "terminal", "agent", "visit")),
    }


_NAME, _NUMBER = Spec("name", words.person, NAME), Spec("number", words.number, NUMBER)
_SEX, _BIRTH = Spec("sex", words.sex, SEX, 0.5), Spec("birth", words.birth, DAY, 0.35)


def _of(*choices: str) -> Maker:
    return lambda chance, feed: chance.choice(choices)


FEEDS: dict[str, FeedSpec] = {
    "poverty": FeedSpec(
        ("建档立卡贫困人口花名册", "贫困人口信息表", "建档立卡贫困户家庭成员明细", "农村低收入人口台账", "脱贫户人员名册", "贫困户花名册",
         "扶贫对象信息采集表"),
        ("扶贫办", "乡村振兴局", "扶贫工作办公室"),
        (
            Spec("household_no", words.household, KEY, 0.85), Spec("person_no", words.person_no, KEY, 0.4),
            Spec("head_name", words.head, TEXT, 0.5), _NAME, _SEX, _NUMBER, Spec("relation", words.relation, TEXT, 0.6),
            Spec("status", words.status, WORD), Spec("phone", words.phone, TEXT, 0.4),
            _BIRTH, Spec("hukou", words.hukou, PATH, 0.25),
        ),
        _poverty, has_place=True, has_households=True, ages=(2, 88),
    ),
    "dibao": FeedSpec(
        ("城乡低保对象花名册", "最低生活保障家庭成员名单", "低保在册人员明细表", "城乡居民最低生活保障花名册", "低保家庭信息表",
         "12月低保发放名册"),
        ("民政局", "社会救助科", "民政局救助站"),
        (
            Spec("household_no", words.household, KEY, 0.85), Spec("head_name", words.head, TEXT, 0.4), _NAME, _NUMBER,
            Spec("relation", words.relation, TEXT, 0.5), Spec("status", words.status, WORD),
            Spec("settlement", words.settlement, WORD, 0.6), Spec("phone", words.phone, TEXT, 0.3), _SEX, _BIRTH,
        ),
        _dibao, has_place=True, has_households=True, ages=(2, 88),
    ),
    "tekun": FeedSpec(
        ("特困供养人员花名册", "特困人员救助供养名单", "农村五保供养对象名册", "特困供养对象信息表"),
        ("民政局", "社会救助科"),
        (
            Spec("household_no", words.household, TEXT, 0.7), _NAME, _NUMBER, _SEX, _BIRTH, Spec("status", words.status, WORD),
            Spec("institution", _of("供养机构", "敬老院", "所在敬老院", "供养服务机构名称"), TEXT, 0.2),
        ),
        _tekun, has_place=True, ages=(55, 92),
    ),
    "disability": FeedSpec(
        ("重度残疾人名单", "持证残疾人信息表", "残疾人花名册", "残疾人基础信息台账"),
        ("残联", "残疾人联合会"),
        (
            _NAME, _NUMBER, _SEX, Spec("disability_kind", _of("残疾类别", "残疾类型", "残疾种类"), TEXT, 0.7),
            Spec("grade", _of("残疾等级", "残疾级别", "等级", "残疾程度等级", "评残等级", "残疾人等级", "伤残等级"), WORD), _BIRTH,
        ),
        _disability, has_place=True,
    ),
    "resident": FeedSpec(
        ("城乡居保参保人员明细", "城乡居民养老保险参保人员名册", "居保人员信息", "居民养老保险参保台账",
         "城乡居民基本养老保险人员基本信息"),
        ("居保中心", "城乡居民社会养老保险管理中心", "人社局"),
        (
            Spec("roll_no", words.roll_no, KEY), _NAME, _NUMBER, _SEX, _BIRTH, Spec("business", words.business, WORD, 0.6),
            Spec("status", words.insured, WORD, 0.7), Spec("paying", words.paying, WORD, 0.5),
            Spec("joined", words.joined, MONTH, 0.5), Spec("benefit_start", words.benefit_start, MONTH, 0.4),
            Spec("identity", words.identity, TEXT, 0.3),
        ),
        _resident, has_place=True,
    ),
    "employee": FeedSpec(
        ("企业职工养老保险参保人员", "企业职工基本养老保险参保名册", "职工养老参保明细"),
        ("社保中心", "企业养老科"),
        (
            Spec("insured_in", _of("参保地", "参保地区", "统筹区", "参保所在地", "所属经办机构"), TEXT, 0.5),
            Spec("employer_no", _of("单位编号", "单位编码", "参保单位编号", "单位社保号"), TEXT, 0.6),
            Spec("employer", _of("单位名称", "参保单位", "所在单位", "工作单位名称", "用人单位名称"), TEXT, 0.9),
            Spec("roll_no", words.roll_no, KEY), _NAME, _NUMBER, _SEX, Spec("status", words.insured, WORD),
            Spec("joined", words.joined, MONTH, 0.4),
        ),
        _roll("employee"),
    ),
    "civil": FeedSpec(
        ("机关事业单位养老保险参保人员", "机关事业养老参保名册", "机关事业单位参保明细"),
        ("机关事业社保处", "社保中心"),
        (
            Spec("insured_in", _of("参保地", "参保地区", "统筹区", "参保所在地", "所属经办机构"), TEXT, 0.5),
            Spec("employer_no", _of("单位编号", "单位编码", "参保单位编号", "单位社保号"), TEXT, 0.6),
            Spec("employer", _of("单位名称", "参保单位", "所在单位", "工作单位名称", "用人单位名称"), TEXT, 0.9),
            Spec("roll_no", words.roll_no, KEY), _NAME, _NUMBER, _SEX, Spec("status", words.insured, WORD),
            Spec("joined", words.joined, MONTH, 0.4),
        ),
        _roll("civil"),
    ),
    "outprov": FeedSpec(
        ("省外参保比对结果", "跨省参保人员比对反馈", "全国参保比对结果（省外）", "外省参保人员名单"),
        ("社保局信息中心", "省人社厅"),
        (
            _NAME, _NUMBER, Spec("scheme", _of("险种", "险种名称", "参保险种", "养老保险险种", "险种类型", "养老险种类别"), WORD),
            Spec("province", _of("参保省份", "参保省", "所在省份", "参保地省份", "省份名称"), TEXT, 0.9),
            Spec("place", _of("参保地", "参保地名称", "参保市县", "参保所在地"), TEXT, 0.6),
            Spec("status", words.insured, WORD, 0.8), Spec("joined", words.joined, MONTH, 0.4),
        ),
        _outprov, by_sheet="scheme",
    ),
    "deaths": FeedSpec(
        ("死亡人员信息", "死亡人员名单", "本月死亡人口明细", "死亡人员比对名单", "死亡登记信息表", "亡故人员信息"),
        ("公安局", "卫健委", "殡葬管理所", "民政局"),
        (
            Spec("source", words.death_source, WORD, 0.6), _NAME, _NUMBER, _SEX, Spec("event", words.death_day, MONTH),
            Spec("registered", words.reported_day, DAY, 0.4), _BIRTH,
        ),
        _deaths, has_place=True, by_sheet="source",
        by_office=("source", {"公安局": "police", "卫健委": "health", "殡葬管理所": "funeral", "民政局": "funeral"}),
    ),
    "hukou": FeedSpec(
        ("户籍变动人员信息", "户籍人口变动明细", "人口变动情况登记", "户口迁移变动名单"),
        ("公安局治安大队", "公安局户政科"),
        (
            Spec("event_kind", _of("变动类别", "变动原因", "变动类型", "业务类别", "变动事由", "户籍变动原因", "办理业务"), WORD),
            _NAME, _NUMBER,
            Spec("event", _of("变动日期", "变动时间", "办理日期", "变更日期", "业务办理时间", "变动发生时间"), DAY),
            Spec("before", _of("变动前", "变更前内容", "变更前", "原信息"), TEXT, 0.4),
            Spec("after", _of("变动后", "变更后内容", "变更后", "现信息"), TEXT, 0.4),
            Spec("from_place", _of("迁出地", "何地迁来", "原户籍地址", "迁出地址"), TEXT, 0.5),
            Spec("to_place", _of("迁入地", "迁往何地", "现户籍地址", "迁往地址"), TEXT, 0.5),
        ),
        _hukou, by_sheet="event_kind", ages=(1, 88),
    ),
    "prison": FeedSpec(
        ("服刑人员名单", "在押服刑人员信息", "社区矫正及服刑人员花名册", "服刑及社区矫正人员信息表", "司法局服刑人员数据"),
        ("司法局", "监狱管理局", "司法局社区矫正科"),
        (
            _NAME, _NUMBER, Spec("event_kind", words.prison_kind, WORD), Spec("from", words.term_from, DAY, 0.9),
            Spec("to", words.term_to, DAY, 0.95), Spec("authority", words.authority, TEXT, 0.5), _SEX,
        ),
        _prison, by_sheet="event_kind", ages=(18, 75),
    ),
    "students": FeedSpec(
        ("在校学生名单", "学籍信息表", "在校生花名册", "大中专在校学生信息"),
        ("教育局", "教育体育局"),
        (
            _NAME, _NUMBER, _SEX, Spec("school", _of("学校", "学校名称", "就读学校", "所在学校", "在读院校", "就读院校名称"), TEXT),
            Spec("level", _of("学段", "学历层次", "层次", "就读层次", "培养层次"), TEXT, 0.6),
            Spec("from", _of("入学年月", "入学时间", "入学日期", "入校时间", "入学年份月份"), MONTH, 0.7),
            Spec("to", _of("预计毕业时间", "毕业时间", "预计毕业年月", "毕业年月", "应届毕业时间", "预计毕业日期"), MONTH, 0.6),
        ),
        _students, ages=(15, 26),
    ),
    "soldiers": FeedSpec(
        ("现役军人名单", "入伍人员花名册", "义务兵名册", "服役人员信息表"),
        ("武装部", "人武部", "退役军人事务局"),
        (
            _NAME, _NUMBER, Spec("from", _of("入伍时间", "入伍年月", "入伍日期", "参军时间", "批准入伍时间", "应征入伍日期"), MONTH),
            Spec("state", _of("服役状态", "服役情况", "现状态", "是否现役", "兵役状态", "目前状态"), WORD, 0.8),
        ),
        _soldiers, ages=(18, 34),
        by_office=("state", {"武装部": "serving", "人武部": "serving", "退役军人事务局": "serving"}),
    ),
    "survey": FeedSpec(
        ("未参保人员核查反馈表", "入户核查结果", "核查情况反馈", "未参保原因摸排表", "走访核查台账"),
        ("居保中心", "各镇（街道）人社所"),
        (
            _NAME, _NUMBER, Spec("answer", _of("核查结果", "核查情况", "未参保原因", "反馈结果", "核实情况", "摸排结果", "走访结果"), WORD),
            Spec("event", _of("核查日期", "核查时间", "走访日期", "入户时间", "反馈日期", "填表日期"), DAY, 0.7),
            Spec("verifier", _of("核查人", "核查人员", "走访人", "填表人", "调查人员", "入户干部"), TEXT, 0.6),
            Spec("remark", _of("备注", "情况说明", "说明", "备注说明"), TEXT, 0.5),
        ),
        _survey,
    ),
    "certification": FeedSpec(
        ("待遇领取资格认证名单", "养老待遇资格认证明细", "城乡居保资格认证情况表", "生存认证人员信息"),
        ("居保中心", "社会保险事业管理中心"),
        (
            _NAME, _NUMBER, Spec("event", _of("认证日期", "认证时间", "资格认证日期", "资格认证时间", "生存认证日期"), DAY),
            Spec("source", _of("认证方式", "认证渠道", "认证类型", "资格认证方式", "认证途径"), WORD, 0.8),
        ),
        _certification, ages=(60, 95),
    ),
}  # fmt: skip
