"""Odd values for addresses, forms and API fields, and the names under which the product reads them: shared by a test and requests.py.

Names are read from the source, so a new field is asked for without a line here.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
APPS = ("foundation", "registry", "casework", "coverage", "enrollment", "payments", "nightly", "operations", "portal")
TEN = (
    "\0",
    "9" * 20,
    "9" * 5000,
    "-1",
    "0001-01-01",
    "9999-12-31",
    "1849-12-31",
    "٣٤٥",
    "=HYPERLINK(\"http://x\")",
    "𠀀\u200b<script>alert(1)</script>'\"%s{}",
)  # fmt: skip
"""What broke something once, or would break most that is wrong."""
UNREFUSED = (str(2**63 - 1), "-1", "٣٤٥", "2018-02-30", "1899-12-31", "2200-12-31", "=1+1", "{}", "p:1:2", "320682")
"""What no middleware refuses, so that each field has to."""
_NUMBERS = (
    "0", "-0", "+1", "1e999", "-1e-999", "NaN", "Infinity", "0x1f", "1_000", "1.5", "٠", "１２", "²", "½", "00000000000000000001",
    str(2**31), str(2**31 - 1), str(-(2**31) - 1), str(2**63), str(2**63 - 1), str(-(2**63) - 1), str(2**64), "9" * 4301,
)  # fmt: skip
_DAYS = (
    "2018-02-30", "2018-13-01", "1899-12-31", "1900-01-01", "2200-12-31", "2201-01-01", "10000-01-01", "-2018-01-01", "2018-1-1",
    "20181231", "2018-12-31T25:00:00", "0000-00-00", "2018-12-31T00:00:00+99:99", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00",
    "2018年12月31日", "32069700000000000X", "32069718491231001X",
)  # fmt: skip
_TEXTS = (
    "", " ", "\t\r\n", "\ufeff", "\u202e", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "é" * 300, "长" * 5000,
    "a" * 100_000, "%", "%00", "%zz", "\\", "'", "''; DROP TABLE registry_person;--", "' OR '1'='1", "\\x00", "\u0000x", "x\0y",
    "../../../../etc/passwd", "//example.org", "https://example.org/", "javascript:alert(1)", "data:text/html,x", "-1", "?", "#", "&",
    "=1+1", "+1", "@SUM(A1)", "|calc", "＝1", "[]", "{}", "[[[[[[", "null", "true", "on", "yes", "None", "undefined", "*", "(", "[", "(?",
    "p:", "p:-1", "p:9" + "9" * 30, "r:1:resident:", "r:::", "p:1:2:3", "r:1:resident:\0", "320682", "320682000000", "999999999999",
    "system", "admin", "0" * 64, "f" * 64, "\x1b[31m", "\x7f", "\u2028", "<img src=x onerror=alert(1)>", "{{7*7}}", "${7*7}", "%(x)s",
)  # fmt: skip


def list_odd_values(count: int, seed: int) -> list[str]:
    """Return odd values, the ten first, then those above, then mixtures of them; the same for the same seed."""
    known = list(dict.fromkeys([*TEN, *_NUMBERS, *_DAYS, *_TEXTS]))
    dice = random.Random(seed)
    while len(known) < count:
        parts = (dice.choice(known)[: dice.randint(1, 40)] for _part in range(dice.randint(2, 3)))
        known.append("".join(parts) if dice.random() < 0.7 else chr(dice.randint(1, 0xD7FF)) * dice.randint(1, 400))
    return known[:count]


_READ = re.compile(r"(?:request|data|query)\.(?:GET|POST|get|getlist)\b[^\n]*?\(\s*[\"'](\w+)[\"']")
_FIELD = re.compile(r"^\s+(\w+)(?:: [^=\n]+)? = (?:\w+\.)*\w*(?:Field|Serializer)\(", re.MULTILINE)


def list_names() -> list[str]:
    """Return every name a view reads from an address or a form, and every field of a form or serializer."""
    return sorted(set(_names()) | {"page", "next", "q", "lang"})


def _names() -> Iterator[str]:
    for app in APPS:
        for path in (CHECKOUT / app).rglob("*.py"):
            if "migrations" not in path.parts and "models" not in path.parts:
                source = path.read_text("utf-8")
                yield from _READ.findall(source)
                yield from _FIELD.findall(source)
