"""Headers as departments write them: parts of words put together by chance, so that thousands come out that nobody listed.

Written from what offices write, not from what the product knows: registry/intake is not imported and its lists are not repeated.
"""

from collections.abc import Callable

from demo.county.draw import Chance

WHO = {
    "poverty": ("", "", "家庭成员", "成员", "人员", "贫困人口", "脱贫人口", "本人", "帮扶对象", "农户成员"),
    "dibao": ("", "", "家庭成员", "保障对象", "被保障人", "低保对象", "低保人员", "享受人员", "共同生活成员", "本人"),
    "tekun": ("", "", "供养对象", "特困人员", "特困供养对象", "五保对象", "供养人员", "本人"),
    "disability": ("", "", "残疾人", "持证人", "本人"),
    "resident": ("", "", "参保人", "参保人员", "人员", "参保居民", "本人", "被保险人"),
    "employee": ("", "", "参保人", "职工", "人员", "参保职工", "本人", "被保险人"),
    "civil": ("", "", "参保人", "职工", "人员", "在编人员", "本人", "工作人员"),
    "outprov": ("", "", "人员", "参保人", "参保人员"),
    "deaths": ("", "", "死者", "死亡人员", "逝者", "亡者", "亡故人员", "死亡对象"),
    "hukou": ("", "", "公民", "人员", "变动人员", "本人"),
    "prison": ("", "", "罪犯", "服刑人员", "矫正对象", "社区矫正对象", "在押人员", "人员"),
    "students": ("", "", "学生", "在校生", "本人"),
    "soldiers": ("", "", "军人", "士兵", "入伍青年", "应征青年", "现役军人", "本人"),
    "survey": ("", "", "被核查人", "核查对象", "人员", "被调查人", "走访对象"),
    "certification": ("", "", "待遇领取人员", "领待人员", "参保人", "本人"),
}
NUMBER_WORDS = ("公民身份", "居民身份证", "身份证", "身份证", "身份证件", "身份", "公民身份证", "有效身份证件", "证件")
NUMBER_ENDS = ("号码", "号码", "号", "号", "编号")
HOUSE_WORDS = {
    "poverty": ("户", "家庭", "农户", "贫困户", "建档立卡户", "帮扶户", "脱贫户"),
    "dibao": ("低保证", "低保", "保障证", "低保家庭", "低保户", "家庭", "户", "救助证", "保障家庭"),
    "tekun": ("特困证", "供养证", "五保证", "特困供养证", "供养人员", "特困人员救助供养证"),
}
STATUS_WORDS = {
    "poverty": (
        "脱贫属性", "脱贫状态", "脱贫标识", "脱贫情况", "是否脱贫", "贫困状态", "贫困户属性", "户属性", "农户属性", "脱贫类型",
        "户脱贫情况", "贫困属性", "脱贫退出情况", "目前脱贫状态", "建档立卡户类型", "当前状态", "脱贫（监测）状态", "人员脱贫属性",
    ),
    "dibao": (
        "救助类别", "救助类型", "保障类别", "保障类型", "低保类别", "低保类型", "施保类别", "补助类别", "享受类别", "保障方式",
        "保障金类别", "低保档次", "救助金享受类型", "全额/差额", "低保享受类型", "施保方式", "保障档次",
    ),
    "tekun": (
        "供养方式", "供养形式", "供养类别", "集中或分散", "集中/分散供养", "特困供养形式", "救助供养方式", "照料护理形式", "供养情况",
        "特困类型", "供养性质", "分散/集中",
    ),
}  # fmt: skip
DEATH, LEAVE = (
    ("死亡", "死亡", "亡故", "去世", "离世", "身故", "过世"),
    ("注销", "销户", "登记", "上报", "户口注销", "填报"),
)
TERM, BEGIN, END = (
    ("刑期", "服刑", "矫正", "刑罚执行", "执行", "刑期"),
    ("起始", "开始", "起", "始", "起算"),
    ("截止", "届满", "止", "终止", "结束", "期满"),
)
DAY_ENDS = ("日期", "日期", "时间", "时间", "年月日", "日")
PLACE_BEFORE, VILLAGE_WORDS = (
    ("", "", "所在", "所属", "户籍", "居住"),
    (
        "村",
        "行政村",
        "村居",
        "村（居）",
        "村(社区)",
        "村/社区",
        "村社区",
        "村委会",
        "村居委会",
        "村（居）委会",
        "社区（村）",
    ),
)
TOWN_WORDS = (
    "乡镇",
    "镇",
    "乡（镇）",
    "镇（街道）",
    "乡镇（街道）",
    "镇街",
    "街镇",
    "乡镇街道",
    "镇区",
    "镇（街、区）",
)


def person(chance: Chance, feed: str) -> str:
    """Return a header of the column of names."""
    who = chance.choice(WHO[feed])
    return who + chance.choice(("姓名", "姓名", "姓名", "姓名", "姓名", "名字", "名称" if who else "姓名"))


def number(chance: Chance, feed: str) -> str:
    """Return a header of the column of identity numbers."""
    who = chance.choice(WHO[feed])
    if chance.random() < 0.06:
        return who + chance.choice(
            ("身份证", "身份证信息", "二代身份证号", "身份证（18位）", "ID号", "证件号（身份证）")
        )
    if feed in ("resident", "employee", "civil") and chance.random() < 0.15:
        return chance.choice(("社会保障号码", "社会保障号", "社会保障号码（身份证）", "公民身份号码/社会保障号"))
    return who + chance.choice(NUMBER_WORDS) + chance.choice(NUMBER_ENDS)


def head(chance: Chance, feed: str) -> str:
    return chance.choice(("户主", "户主姓名", "户主名字", "家庭户主", "户主姓名（户口本）", "户主名称"))


def household(chance: Chance, feed: str) -> str:
    return chance.choice(HOUSE_WORDS[feed]) + chance.choice(("编号", "编号", "号", "号码", "编码", "代码"))


def person_no(chance: Chance, feed: str) -> str:
    return chance.choice(("人", "人员", "成员", "家庭成员", "个人", "贫困人口")) + chance.choice(
        ("编号", "编号", "编码", "代码", "ID")
    )


def relation(chance: Chance, feed: str) -> str:
    who = "申请人" if feed == "dibao" and chance.random() < 0.3 else "户主"
    return chance.choice(
        (f"与{who}关系", f"与{who}之间关系", f"与{who}的关系", f"{who}关系", f"同{who}关系", "家庭关系", "成员关系")
    )


def status(chance: Chance, feed: str) -> str:
    return chance.choice(STATUS_WORDS[feed])


def village(chance: Chance, feed: str) -> str:
    return (
        chance.choice(PLACE_BEFORE[:4] if feed == "poverty" else PLACE_BEFORE)
        + chance.choice(VILLAGE_WORDS)
        + chance.choice(("", "", "", "名称", "名"))
    )


def town(chance: Chance, feed: str) -> str:
    return chance.choice(("", "", "所在", "所属")) + chance.choice(TOWN_WORDS) + chance.choice(("", "", "", "名称"))


def place_code(chance: Chance, feed: str) -> str:
    return chance.choice(("行政区划", "区划", "村居区划", "行政村", "村级区划", "所属区划", "村居")) + chance.choice(
        ("代码", "编码", "代码", "码")
    )


def address(chance: Chance, feed: str) -> str:
    if feed == "deaths":
        return chance.choice(
            (
                "户籍地址",
                "家庭住址",
                "生前住址",
                "户籍地",
                "户籍所在地",
                "户口所在地",
                "生前户籍地址",
                "住址",
                "户籍详址",
            )
        )
    if feed == "resident":
        return chance.choice(("行政区划", "所属行政区划", "所在区划", "行政区划名称", "所属区划", "所属村居"))
    return chance.choice(
        ("家庭住址", "家庭地址", "住址", "现住址", "居住地址", "家庭详细地址", "居住地", "详细住址", "常住地址")
    )


def sex(chance: Chance, feed: str) -> str:
    return chance.choice(("性别", "性别", "性别", f"{chance.choice(WHO[feed])}性别", "男/女"))


def birth(chance: Chance, feed: str) -> str:
    return "出生" + chance.choice(("日期", "年月", "年月日", "时间", "日期"))


def phone(chance: Chance, feed: str) -> str:
    return chance.choice(("联系电话", "电话", "手机号码", "手机号", "联系方式", "电话号码", "本人联系电话", "联系手机"))


def hukou(chance: Chance, feed: str) -> str:
    return "户籍" + chance.choice(("地", "地址", "所在地", "地详址"))


def settlement(chance: Chance, feed: str) -> str:
    return chance.choice(
        (
            "城乡类别",
            "城乡性质",
            "城乡分类",
            "低保性质",
            "户口性质",
            "城市/农村",
            "城乡",
            "户籍性质",
            "保障对象城乡类别",
            "城乡低保类别",
        )
    )


def death_day(chance: Chance, feed: str) -> str:
    return chance.choice(DEATH) + chance.choice(DAY_ENDS)


def reported_day(chance: Chance, feed: str) -> str:
    return chance.choice(LEAVE) + chance.choice(("日期", "时间"))


def death_source(chance: Chance, feed: str) -> str:
    return chance.choice(
        (
            "数据来源",
            "信息来源",
            "来源",
            "来源部门",
            "提供部门",
            "数据提供单位",
            "报送单位",
            "报送部门",
            "数据来源部门",
            "信息提供方",
        )
    )


def term_from(chance: Chance, feed: str) -> str:
    return chance.choice(TERM) + chance.choice(BEGIN) + chance.choice(("日期", "时间", "日", "年月日"))


def term_to(chance: Chance, feed: str) -> str:
    return chance.choice(TERM) + chance.choice(END) + chance.choice(("日期", "时间", "日", "年月日"))


def term(chance: Chance, feed: str) -> str:
    return chance.choice(
        (
            "刑期起止",
            "刑期",
            "刑期起止日期",
            "服刑起止时间",
            "刑罚执行期限",
            "起止日期",
            "矫正期限",
            "服刑期间",
            "刑期（起止）",
            "执行期限",
        )
    )


def prison_kind(chance: Chance, feed: str) -> str:
    return chance.choice(
        (
            "类别",
            "人员类别",
            "服刑类别",
            "服刑类型",
            "执行方式",
            "刑罚执行方式",
            "服刑状态",
            "刑罚种类",
            "对象类别",
            "服刑形式",
            "刑罚执行类别",
        )
    )


def authority(chance: Chance, feed: str) -> str:
    return chance.choice(
        ("执行机关", "服刑监狱", "关押单位", "执行单位", "服刑场所", "关押地点", "羁押场所", "执行机构")
    )


def roll_no(chance: Chance, feed: str) -> str:
    return chance.choice(("个人", "人员", "参保人", "个人社保", "社保", "参保")) + chance.choice(
        ("编号", "编号", "编码", "代码")
    )


def business(chance: Chance, feed: str) -> str:
    return chance.choice(("业务状态", "人员状态", "人员业务状态", "当前状态", "参保缴费状态", "待遇状态", "居保状态"))


def insured(chance: Chance, feed: str) -> str:
    return chance.choice(("参保状态", "人员参保状态", "当前参保状态", "参保情况", "参保状态名称", "养老参保状态"))


def paying(chance: Chance, feed: str) -> str:
    return chance.choice(("缴费状态", "个人缴费状态", "当前缴费状态", "缴费情况", "缴费状态名称"))


def joined(chance: Chance, feed: str) -> str:
    return chance.choice(("", "首次", "开始", "最早")) + "参保" + chance.choice(("日期", "时间", "年月"))


def benefit_start(chance: Chance, feed: str) -> str:
    return chance.choice(("待遇", "养老待遇", "待遇享受", "待遇领取", "养老金领取", "领取待遇")) + chance.choice(
        ("开始年月", "起始年月", "开始时间", "起始月份", "起始时间")
    )


def identity(chance: Chance, feed: str) -> str:
    return chance.choice(("参保身份", "人员身份", "参保类型", "身份类别", "参保人员类别"))


Maker = Callable[[Chance, str], str]
ENGLISH = {
    "name": ("name", "NAME", "xm", "XM"),
    "number": ("id_card", "sfzh", "SFZH", "IDNO", "id_no"),
    "sex": ("sex", "xb"),
}
GROUPS = {
    "name": ("人员信息", "基本信息", "人员基本情况", "个人信息"),
    "household_no": ("家庭信息", "户信息", "户基本情况"),
    "status": ("政策享受情况", "类别信息", "状态信息", "认定信息"),
    "place": ("所在地", "行政区划信息", "地区", "户籍情况"),
    "": ("其他信息", "其他", "附加信息", "管理信息"),
}


def dress(chance: Chance, header: str, place: int, style: str) -> str:
    """Return a header as one sender decorates all of theirs: numbered, starred, with blanks, notes or full-width forms."""
    if style == "numbered":
        return f"{place}{chance.choice('.、．')}{header}"
    if style == "starred":
        return f"*{header}" if chance.random() < 0.6 else header
    if style == "noted":
        return header + (
            chance.choice(("（必填）", "(必填)", "（选填）", "[文本]", "（文本格式）")) if chance.random() < 0.5 else ""
        )
    if style == "spaced" and len(header) == 2:
        return header[0] + chance.choice((" ", "  ", "　", "    ")) + header[1]
    if style == "broken" and len(header) > 4:
        return header[: len(header) // 2] + "\n" + header[len(header) // 2 :]
    if style == "wide":
        return header.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})
    if style == "ended":
        return header + chance.choice(("：", ":", ""))
    return header


MEMBER_STYLES = ("counted", "behind", "chinese", "repeated", "grouped", "head")
CHINESE = "零一二三四五六七八九"


def member_headers(style: str, place: int) -> tuple[str, str, str]:
    """Return the headers of a member's name and number, and the heading above both, where a line is a household."""
    if style == "grouped":
        return "姓名", "身份证号码", f"成员{place}"
    if style == "head" and place == 0:
        return "户主姓名", "户主身份证号", ""
    return {
        "counted": (f"家庭成员{place}姓名", f"家庭成员{place}公民身份号码", ""),
        "head": (f"成员{place}姓名", f"成员{place}身份证号", ""),
        "behind": (f"姓名{place}", f"身份证号码{place}", ""),
        "chinese": (f"成员{CHINESE[place]}姓名", f"成员{CHINESE[place]}身份证号", ""),
        "repeated": ("成员姓名", "成员身份证号", ""),
    }[style]
