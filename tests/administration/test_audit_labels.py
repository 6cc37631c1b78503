"""What the audit log shows is written in words: every verb of the code has a label, and details show no key of the code."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from enrollment.constants import Verb as ApplicationVerb
from foundation.accounts.permissions import Action
from portal.administration.audit_details import detail_lines
from portal.administration.presenters import ACTIONS, VERBS, object_words, verb_label

VERB = re.compile(r"""(?:verb=|_record\(actor, |Event\()"([a-z_]+)\"""")
PARTS = ("casework", "coverage", "enrollment", "foundation", "nightly", "operations", "payments", "portal", "registry")


def verbs_of_the_code() -> set[str]:
    files = (file for part in PARTS for file in (Path(settings.BASE_DIR) / part).rglob("*.py"))
    found = {verb for file in files for verb in VERB.findall(file.read_text("utf-8"))} - {"no_verb"}
    return found | {f"{step}_application" for step in ApplicationVerb}


def test_every_verb_of_the_code_has_a_label():
    assert sorted(verbs_of_the_code() - VERBS.keys()) == []
    assert set(ACTIONS) == set(Action)


@pytest.mark.parametrize(
    ("detail", "shown"),
    [
        ({"reason": "role", "ids": {}, "user": 11}, [("原因", "角色无此权限"), ("用户", "11")]),
        ({"from": "open", "to": "assigned"}, [("变更前", "待分派"), ("变更后", "已分派")]),
        ({"by": ["password"]}, [("方式", "密码")]),
        ({"rows": 9, "outcomes": {"loaded": 8}}, [("行数", "9"), ("各行处理结果", "原样入库 8")]),
        ({"code": "empty_file", "values": {}}, [("原因", "文件为空，请报送单位重新提供。")]),
        ({"never_seen_before": 1}, [("其他", "1")]),
    ],
)
def test_details_are_shown_in_words(detail, shown):
    with translation.override("zh-hans"):
        assert detail_lines(detail) == shown


def test_objects_and_refused_pages_are_shown_in_words():
    with translation.override("zh-hans"):
        assert object_words("page", "report_counts") == "统计通报"
        assert object_words("roll_line", "r:1187:resident:3206") == "名册记录 3206"
        assert object_words("delivery", "5") == "文件 5"
        assert verb_label("view_board") == "权限：查看统计数据"
