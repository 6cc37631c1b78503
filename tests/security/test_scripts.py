"""What runs in the browser: our own few scripts, which build no code and talk to nobody else.

They keep the place and the selection of a list, by ids, until the tab closes or the user signs out, and nothing else.
"""

from __future__ import annotations

import re

import pytest

from tests.security.sources import ROOT, scripts, templates

HTML_OF_OURS = {
    "possible_matches.js": [
        "slot.innerHTML = html;",
        'document.getElementById("done").innerHTML = parts.getElementById("done").innerHTML;',
    ]
}
"""Where a script puts HTML into the page: parts our own server drew, escaped there."""
RUNS_TEXT = (
    r"\beval\(|new Function|setTimeout\(\s*[\"'`]|setInterval\(\s*[\"'`]|"
    r"document\.write|insertAdjacentHTML|outerHTML\s*=|\.srcdoc|createContextualFragment"
)
SELECTION_OF_A_LIST = {"list.js": ["sessionStorage"] * 4}
"""Cleared when nobody is signed in, written and read: row ids and a place, no name and no number."""
KEEPS = r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\.|serviceWorker"
SPEAKS = (
    r"postMessage|addEventListener\(\s*[\"']message[\"']|WebSocket|EventSource|"
    r"RTCPeerConnection|sendBeacon|BroadcastChannel|importScripts|window\.opener"
)
PROTOTYPES = r"__proto__|\.prototype\b|Object\.assign\(|\[\s*[a-z]+\s*\]\s*\[\s*[a-z]+\s*\]\s*=|\bfor\s*\(\s*(?:const|let|var)\s+\w+\s+in\b"


@pytest.mark.parametrize(
    ("pattern", "known"),
    [(RUNS_TEXT, {}), (KEEPS, SELECTION_OF_A_LIST), (SPEAKS, {}), (PROTOTYPES, {})],
    ids=["runs text", "keeps", "speaks", "prototypes"],
)
def test_no_script_does_this(pattern, known):
    assert len(scripts()) >= 5
    assert {name: found for name, text in scripts().items() if (found := re.findall(pattern, text))} == known


def test_what_a_list_keeps_is_ids_and_places():
    text = scripts()["list.js"]
    assert re.findall(r"sessionStorage\.setItem\(([^;]*)\);", text) == ["name, JSON.stringify(kept)"]
    assert set(re.findall(r"kept\.(\w+) =|(\w+): (?=here\(\)|all\.indexOf|window)", text)) == {
        ("picked", ""), ("", "row"), ("", "place"), ("", "top"),
    }  # fmt: skip
    assert "if (!signedIn) sessionStorage.clear();" in text


def test_only_parts_our_server_drew_become_html():
    found = {name: re.findall(r"\S+\.innerHTML = [^\n;]*;", text) for name, text in scripts().items()}
    assert {name: lines for name, lines in found.items() if lines} == HTML_OF_OURS


def test_what_a_user_or_a_file_wrote_is_put_in_as_text():
    """File names, the server's words and errors of the upload page: textContent, never HTML."""
    text = scripts()["upload.js"]
    assert 'querySelector("strong").textContent = path' in text
    assert "label.textContent = text" in text
    assert "innerHTML" not in text


def test_scripts_and_pages_name_no_other_host():
    for name, text in {**scripts(), **templates()}.items():
        hosts = set(re.findall(r"(?:https?:)?//([a-z0-9-]+(?:\.[a-z0-9-]+)+)", text))
        assert hosts <= {"www.w3.org"}, name


def test_pages_hold_no_inline_script_no_plugin_and_no_frame():
    for name, text in templates().items():
        assert not re.search(r"<(?:object|embed|applet|iframe|frame|portal)\b", text), name
        assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), name
        assert not re.search(r"javascript:|hx-on|hx-vals=[\"']js:|data-hx-on", text), name
        for tag in re.findall(r"<script[^>]*>", text):
            assert "src=" in tag or 'type="application/json"' in tag, (name, tag)


def test_htmx_evaluates_nothing_and_asks_only_us():
    page = (ROOT / "templates" / "base.html").read_text("utf-8")
    assert '"allowEval": false' in page
    assert '"selfRequestsOnly": true' in page
