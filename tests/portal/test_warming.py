"""What a web process has loaded when it takes its first request: asked of a process of its own."""

import json
import subprocess
import sys

ASK = """
import json, sys
import poverty_pension.wsgi
from poverty_pension.warming import load_own
load_own()
known = set(sys.modules)
from django.template import engines
from django.urls import resolve
from django.utils import translation
import pyarrow as pa
from foundation.primitives.columns import clean_names, clean_numbers
from foundation.primitives.person_names import phonetic_key_table
resolve("/api/v1/coverage"), resolve("/work/"), resolve("/reports/")
clean_numbers(pa.array(["32068219480101001X"])), clean_names(pa.array(["李四"]))
with translation.override("zh-hans"):
    translation.gettext("Work list")
templates = engines["django"].engine.template_loaders[0].get_template_cache
print(json.dumps({
    "imported": sorted(set(sys.modules) - known),
    "templates": sorted(key for key, found in templates.items() if not isinstance(found, type)),
    "phonetic_keys": phonetic_key_table.cache_info().hits,
    "misses": phonetic_key_table.cache_info().misses,
}))
"""


def test_the_first_request_imports_nothing_and_reads_no_template():
    done = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True, timeout=120)
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["imported"] == []
    assert {"base.html", "worklist/list.html", "possible_matches/card.html", "today/today.html"} <= set(
        report["templates"]
    )
    assert report["phonetic_keys"] > 0
    assert report["misses"] == 1
