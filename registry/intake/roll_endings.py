"""On whose report a line of a roll was ended for death, read from what the roll says of it: reason, source, remark, status.

A line says it only where its reason is death and a reporter is named. Codes are those of the deaths list, and village, family,
court. Whoever keeps the roll, or an authority not listed here, is no reporter. Called once a roll is prepared (rolls.py).
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

REASON_FIELDS, SOURCE_FIELD = ("business", "status", "end_reason", "remark"), "end_source"
LONGEST_CLAUSE = 60
ENDED = "4"
"""Every code of an ended line begins with it."""
_DEAD = "(?:死亡|亡故|去世|病故|身故|过世|逝世|离世|身亡|病亡|故去)"
_DOUBT = re.compile(rf"健在|在世|误|疑似|待核|待查|存疑|不实|恢复|撤销|[未没非无]有?{_DEAD}")
_ORGANISATIONS = {
    "police": "公安|社区民警|民警|派出所|户政|户籍(?=注销)|户籍(?=销户)|户口(?=注销)|户口(?=销户)|户口(?=已注销)",
    "health": "卫健|卫生|卫计|医院|疾控|死因监测|社区卫生服务中心|社区卫生服务站|社区医院|村卫生室",
    "funeral": "殡葬|殡仪|火化|火葬|民政殡葬|民政部门|民政局|民政",
    "village": "村委|村居|居委|居村|社区|村民委员会|居民委员会|协办员|协管员|村干部|村级|本村|所在村|网格员",
    "family": "家属|亲属|家人|子女|儿子|女儿|配偶|丈夫|妻子",
    "court": "法院",
    "": "民政低保|民政救助|低保",
}
"""Words of who reports deaths; those without a code report none. Where one word begins with another, the longer is meant."""
_REPORTS_OF_DEATH = (
    "比对|上报|报告|报送|申报|反馈|推送|提供|通报|通知|核实|核查|确认|证明|数据|信息|名单|下发|注销|销户|共享|交换|告知|来电|出具|移交|"
    "宣告|判决"
)
_OF_SOMETHING_ELSE = "(?![了]?(?:申领|领取)?(?:丧葬|抚恤|补助|待遇|养老金|余额|账户|退费|一次性|材料|资料))"
_BETWEEN = "[^,，。;；、()（）未没无非不待]{0,6}?"
_BY_LENGTH = sorted(
    ((word, code) for code, words in _ORGANISATIONS.items() for word in words.split("|")),
    key=lambda pair: -len(pair[0]),
)
_GROUPS = {f"o{place}": code for place, (_word, code) in enumerate(_BY_LENGTH)}
_ANYBODY = "|".join(f"(?P<o{place}>{word})" for place, (word, _code) in enumerate(_BY_LENGTH))
_ANYBODY_UNNAMED = "|".join(word for word, _code in _BY_LENGTH)
_NAMED = re.compile(_ANYBODY)
_REPORTED_BY = re.compile(rf"(?<!未经)(?<![未待非])(?:{_ANYBODY}){_BETWEEN}(?:{_REPORTS_OF_DEATH}){_OF_SOMETHING_ELSE}")
_ACCORDING_TO = re.compile(rf"(?<!未)(?:根据|依据|据|凭|经由|来源于|来自){_BETWEEN}(?:{_ANYBODY})")
_NEGATED = re.compile(rf"[非无](?:{_ANYBODY_UNNAMED})|未|没有|并非|不是")
_BEFORE = (
    "参保人员|参保人|参保对象|待遇领取人员|待遇领取人|待遇人员|领取人员|领取人|本人|人员|因|由于|于|已|系|该|人|终止|注销|停保|退保|停发|减员|"
    "参保|缴费|待遇|宣告|非正常|正常|自然|意外|[-./0-9年月日]"
)
_BEHIND = (
    "人员|时间|日期|停发|终止|注销|退保|停保|减员|核销|清退|销户|登记|待遇|参保|缴费|关系|养老保险|一次性|支付|清算|结算|原因|了|后|的|"
    "[-./0-9年月日]"
)
_STATES_DEATH = re.compile(
    rf"(?:(?:根据|依据|据|凭|经由)?[^未没无非不]{{0,6}}?(?:{_ANYBODY_UNNAMED}){_BETWEEN}(?:{_REPORTS_OF_DEATH})[为已其该人的]{{0,4}})?"
    rf"(?>{_BEFORE})*+{_DEAD}(?>{_BEHIND})*+"
)
"""Possessive, so that no cell keeps a worker busy."""
_CLAUSES = re.compile(r"[,，。;；、:：\s（）()【】\[\]|/—]+")


def death_reporters(rows: pa.Table, status: pa.Array) -> pa.Array:
    """Return for each line the codes of who reported the death it was ended for, divided by blanks; empty on all others.

    Cost: nothing on a roll without such columns; else one look at each ended line.
    """
    named = [name for name in (*REASON_FIELDS, SOURCE_FIELD) if name in rows.column_names]
    if not {SOURCE_FIELD, "end_reason", "remark"} & set(named):
        return pa.repeat(pa.scalar("", pa.string()), rows.num_rows)
    ended = np.flatnonzero(pc.fill_null(pc.starts_with(status, ENDED), False).to_numpy(zero_copy_only=False))
    texts = zip(*(_taken(rows, name, ended) for name in (*REASON_FIELDS, SOURCE_FIELD)), strict=True)
    known: dict[tuple[str, ...], str] = {}
    found = np.full(rows.num_rows, "", dtype=object)
    for line, written in zip(ended, texts, strict=True):
        if written not in known:
            known[written] = _reporters(written[:-1], written[-1])
        found[line] = known[written]
    return pa.array(found, pa.string())


def _taken(rows: pa.Table, name: str, lines: npt.NDArray[np.intp]) -> list[str]:
    if name not in rows.column_names:
        return [""] * len(lines)
    return [text or "" for text in rows[name].take(pa.array(lines)).to_pylist()]


def _reporters(reasons: tuple[str, ...], source: str) -> str:
    if any(_DOUBT.search(text) for text in (*reasons, source)) or not any(map(_states_death, (*reasons, source))):
        return ""
    found = set() if _NEGATED.search(source) else _codes(source, _NAMED)
    for text in reasons:
        found |= _codes(text, _REPORTED_BY) | _codes(text, _ACCORDING_TO)
    return " ".join(sorted(found))


def _states_death(text: str) -> bool:
    return any(_STATES_DEATH.fullmatch(clause) for clause in _CLAUSES.split(text) if 0 < len(clause) <= LONGEST_CLAUSE)


def _codes(text: str, pattern: re.Pattern[str]) -> set[str]:
    """Return the codes of the organisations a text names as the pattern has them; of one place the longest word."""
    groups = (name for match in pattern.finditer(text) for name, word in match.groupdict().items() if word is not None)
    return {code for code in map(_GROUPS.__getitem__, groups) if code}
