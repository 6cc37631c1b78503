"""Columns nobody asked for: of other people, of money, of other days; what stands in them is no field of the feed."""

from datetime import date, timedelta

from demo.county.draw import Chance
from demo.county.habits.people import SURNAMES, Person, draw_given_name, make_number

REMARK, SERIAL = "remark", "serial"
HEADERS = {
    SERIAL: ("序号", "序号", "编号", "No.", "行号"),
    REMARK: ("备注", "备注", "备 注", "说明"),
    "head_number": ("户主身份证号", "户主身份证号码", "户主公民身份号码", "户主证件号码"),
    "bank": ("开户银行", "开户行", "银行名称"),
    "account": ("银行账号", "社保卡银行账号", "一卡通账号", "发放账号", "银行卡号"),
    "contact": ("联系人", "联系人姓名", "紧急联系人"),
    "contact_phone": ("联系人电话", "联系人手机号", "紧急联系人电话"),
    "worker": ("帮扶责任人", "帮扶干部姓名", "包保干部", "帮扶联系人", "网格员姓名", "协办员姓名"),
    "worker_phone": ("帮扶责任人电话", "帮扶干部联系电话", "包保干部电话", "网格员电话"),
    "guardian": ("监护人姓名", "监护人", "法定代理人姓名"),
    "guardian_number": ("监护人身份证号", "监护人身份证号码", "法定代理人证件号码"),
    "ethnic": ("民族", "民族名称"),
    "education": ("文化程度", "学历", "受教育程度"),
    "health": ("健康状况", "身体状况"),
    "document": ("证件类型", "证件种类"),
    "age": ("年龄", "周岁年龄"),
    "size": ("家庭人口", "家庭人口数", "户内人数"),
    "amount": ("月保障金额", "金额（元）", "月补助标准", "发放金额"),
    "entered": ("录入日期", "录入时间", "数据更新时间", "打印日期", "导出时间"),
    "operator": ("录入人", "经办人姓名", "操作员"),
    "marriage": ("婚姻状况",),
}
OF_FEED = {
    "students": {"education"},
    "survey": {REMARK, "worker", "operator"},
    "disability": {"health"},
    "employee": {"amount"},
}
"""What would be a field of its own there, or be taken for one by anybody."""
OF_A_PERSON = (
    "head_number",
    "guardian",
    "guardian_number",
    "contact",
    "worker",
    "age",
    "ethnic",
    "education",
    "health",
    "marriage",
)
"""What a line of a whole household does not state beside its members."""
WITH_REMARK = ("resident", "employee", "civil")
"""Feeds that read a remark; the survey has one of its own."""
WITH_HOUSEHOLDS = ("poverty", "dibao")
SHARES = {
    SERIAL: 0.5, REMARK: 0.35, "head_number": 0.2, "bank": 0.08, "account": 0.12, "contact": 0.08, "contact_phone": 0.06, "worker": 0.12,
    "worker_phone": 0.08, "guardian": 0.08, "guardian_number": 0.06, "ethnic": 0.12, "education": 0.08, "health": 0.08, "document": 0.1,
    "age": 0.12, "size": 0.08, "amount": 0.1, "entered": 0.15, "operator": 0.1, "marriage": 0.06,
}  # fmt: skip


def draw(chance: Chance, feed: str, place_form: str) -> list[tuple[str, str]]:
    """Return headers and kinds of the additional columns of one sender."""
    kinds = [kind for kind, share in SHARES.items() if chance.random() < share and kind not in OF_FEED.get(feed, ())]
    kinds = [
        kind
        for kind in kinds
        if feed in WITH_HOUSEHOLDS or kind not in ("head_number", "size", "worker", "worker_phone")
    ]
    return [(chance.choice(HEADERS[kind]), kind) for kind in kinds]


def stated(feed: str, kind: str, written: str | int | date) -> dict[str, str]:
    """Return what such a cell states of the person, by field: on a roll a remark may say why a line was ended."""
    return {REMARK: str(written)} if kind == REMARK and feed in WITH_REMARK else {}


def write(chance: Chance, kind: str, person: Person, serial: int, as_of: date) -> str | int | date:
    """Return what stands in such a column on a person's line."""
    name = chance.choice(SURNAMES) + draw_given_name(chance, chance.choice((1, 2)))
    other_birth = person.birth - timedelta(days=9000)
    written: dict[str, str | int | date] = {
        SERIAL: serial,
        REMARK: chance.choice(("", "", "", "", "新增", "外出务工", "已核对")),
        "head_number": person.head_number,
        "bank": chance.choice(("如皋农商银行", "江苏农村商业银行", "中国邮政储蓄银行")),
        "account": f"62284{chance.randrange(10**14):014}",
        "contact": name,
        "contact_phone": f"139{chance.randrange(10**8):08}",
        "worker": name,
        "worker_phone": f"138{chance.randrange(10**8):08}",
        "guardian": name if person.birth.year > as_of.year - 18 else "",
        "guardian_number": make_number(chance, other_birth, 1) if person.birth.year > as_of.year - 18 else "",
        "ethnic": chance.choice(("汉族", "汉族", "汉族", "回族")),
        "education": chance.choice(("小学", "初中", "高中", "大专", "文盲或半文盲")),
        "health": chance.choice(("健康", "长期慢性病", "残疾", "患有大病")),
        "document": "居民身份证",
        "age": as_of.year - person.birth.year,
        "size": 1 + person.household % 5,
        "amount": 300 + person.household % 400,
        "entered": f"2018-12-{chance.randrange(1, 29):02}",
        "operator": name,
        "marriage": chance.choice(("已婚", "未婚", "丧偶", "离异")),
    }
    return written[kind]
