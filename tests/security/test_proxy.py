"""The proxy of the compose file: read as text, without starting it."""

import re

from tests.security.sources import ROOT

CONFIGURATION = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")


def test_only_tls_1_2_and_1_3_are_accepted():
    assert re.findall(r"ssl_protocols ([^;]+);", CONFIGURATION) == ["TLSv1.2 TLSv1.3"]
    assert re.findall(r"listen ([^;]+);", CONFIGURATION) == ["443 ssl"]
