"""The demonstration's sign-ins: one per role, with a public password. Only ever in a marked database."""

from dataclasses import dataclass

from foundation.accounts.constants import Role


@dataclass(frozen=True)
class DemoPerson:
    """Who can sign in, with which role, at which unit: 6, 9 or 12 digits of its code."""

    username: str
    display_name: str
    role: Role
    digits: int


PASSWORD = "rugao-demo-2018"
PEOPLE = (
    DemoPerson("wang.jingban", "王经办", Role.COUNTY_CLERK, 6),
    DemoPerson("li.fuhe", "李复核", Role.COUNTY_REVIEWER, 6),
    DemoPerson("zhao.shenpi", "赵审批", Role.COUNTY_APPROVER, 6),
    DemoPerson("sun.shiwusuo", "孙事务", Role.TOWNSHIP_CLERK, 9),
    DemoPerson("zhou.xieban", "周协办", Role.VILLAGE_OFFICIAL, 12),
    DemoPerson("wu.caiwu", "吴财务", Role.FINANCE, 6),
    DemoPerson("zheng.dudao", "郑督导", Role.SUPERVISOR, 4),
    DemoPerson("feng.xitong", "冯系统", Role.SYSADMIN, 6),
    DemoPerson("chen.anquan", "陈安全", Role.SECADMIN, 6),
    DemoPerson("wei.anquan", "卫安全", Role.SECADMIN, 6),  # approves what the first one proposes
    DemoPerson("chu.shenji", "褚审计", Role.AUDITOR, 6),
)
