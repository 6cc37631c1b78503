"""Headers as other counties write them, for every feed: recognised without a file name that helps."""

import pyarrow as pa
import pytest

from registry.constants import Feed
from registry.intake.errors import NEEDS_MAPPING, IntakeError
from registry.intake.recognising import find_layout
from registry.intake.sheets import Sheet

HEADERS: list[tuple[Feed, str]] = [
    (Feed.POVERTY, "省 市 县 乡(镇) 行政村 自然村 户编码 人编码 姓名 性别 身份证号码 人数 与户主关系 民族 脱贫户类型 联系电话"),
    (Feed.POVERTY, "序号 乡镇名称 村名称 户主姓名 家庭成员姓名 成员身份证号码 家庭关系 贫困户属性 致贫原因"),
    (Feed.POVERTY, "监测对象编号 户主姓名 姓名 公民身份证号码 监测对象类别 识别时间 风险是否消除 所在村"),
    (Feed.DIBAO, "街道 社区 低保证编号 申请人姓名 申请人身份证号 家庭成员姓名 家庭成员身份证号码 与申请人关系 保障类别 户籍类别"),
    (Feed.DIBAO, "所属区划 家庭住址 户主 身份证件号码 姓名 低保类别 享受低保人数 开户银行 银行账号"),
    (Feed.DIBAO, "乡镇 村 户主姓名 户主身份证号 保障人数 低保等级 保障金 起始时间"),
    (Feed.TEKUN, "乡镇 村 特困人员姓名 身份证号码 救助供养形式 照料护理等级 监护人姓名 监护人身份证号 救助供养证编号"),
    (Feed.TEKUN, "五保证号 五保对象姓名 身份证件号码 供养类别 敬老院"),
    (Feed.DISABILITY, "残疾人证号 持证人姓名 性别 残疾类别 残疾级别 发证日期 现住址 联系电话"),
    (Feed.DISABILITY, "姓名 身份证号 残疾证号码 残疾种类 残疾程度 监护人 村(社区)"),
    (Feed.RESIDENT, "aac001 aac003 aac002 aac004 aac006 aac008 aac031 aac049"),
    (Feed.RESIDENT, "个人社保编号 参保人姓名 居民身份证号码 所属村居 人员参保状态 人员缴费状态 首次参保日期 享受待遇开始年月"),
    (Feed.RESIDENT, "行政村代码 居保编号 姓名 社会保障号码 居保状态 待遇领取年月"),
    (Feed.OUTPROV, "姓名 公民身份号码 险种类型 参保省份名称 统筹区 人员参保状态"),
    (Feed.OUTPROV, "人员姓名 证件号 养老保险类型 所在省 参保地名称 缴费状态 首次参保年月"),
    (Feed.DEATHS, "死者姓名 死者身份证号码 性别 去世时间 死亡原因 报送单位 户籍住址"),
    (Feed.DEATHS, "亡者姓名 身份证 火化日期 户籍地址 家属姓名 家属电话"),
    (Feed.HUKOU, "公民姓名 公民身份号码 业务名称 业务办理日期 变更前内容 变更后内容 何地迁来 何地迁往"),
    (Feed.HUKOU, "姓名 身份证号码 变动原因 变动时间 原户籍地 现户籍地"),
    (Feed.PRISON, "罪犯姓名 身份证号码 刑种 刑期起日 刑期止日 关押单位"),
    (Feed.PRISON, "矫正对象姓名 公民身份号码 矫正类别 矫正开始日期 矫正结束日期 司法所"),
    (Feed.STUDENTS, "学校名称 学生姓名 身份证件号 学历层次 入学日期 预计毕业日期 专业"),
    (Feed.STUDENTS, "姓名 身份证号 就读院校 年级 入学时间"),
    (Feed.SOLDIERS, "士兵姓名 公民身份号码 批准入伍时间 服役情况 部队驻地"),
    (Feed.SOLDIERS, "姓名 身份证号码 参军时间 是否在役"),
    (Feed.SURVEY, "核查对象 身份证号 未参保原因 入户时间 走访人 备注"),
    (Feed.SURVEY, "村 姓名 证件号码 核实情况 核实时间 核实人 反馈方式"),
    (Feed.CERTIFICATION, "参保人姓名 公民身份号码 资格认证时间 认证渠道 经办机构"),
    (Feed.CERTIFICATION, "姓名 证件号码 最近一次认证日期 认证类型"),
]  # fmt: skip
NOBODYS = [
    "车牌号 车主 颜色",
    "姓名 身份证号 银行账号 金额",
    "姓名 身份证号 状态",
    "户主 户主身份证号 联系电话 宅基地面积",
    "姓名 工号 部门 岗位 入职日期",
]


def sheet_of(headers: str) -> Sheet:
    return Sheet("", "Sheet1", [pa.array([header], pa.string()) for header in headers.split(" ")])


@pytest.mark.parametrize(("feed", "headers"), HEADERS)
def test_a_header_of_another_county(feed, headers):
    assert find_layout(sheet_of(headers), "新建工作表.xlsx").layout.feed == feed


@pytest.mark.parametrize("headers", NOBODYS)
def test_a_table_that_is_none_of_ours_is_asked_about(headers):
    with pytest.raises(IntakeError) as refusal:
        find_layout(sheet_of(headers), "新建工作表.xlsx")
    assert refusal.value.code in NEEDS_MAPPING
