"""The patch files of `./run torture defects` can be read, have their place in the code, and name tests that exist."""

import pytest

from tests.architecture.escaping import CHECKOUT
from tests.locks.all_races import RACES
from torture._patches import PatchError, read_patch, read_patches

FOLDER = CHECKOUT / "torture" / "defects"
PATCHES = read_patches(FOLDER)
KINDS = {"scope", "role", "boundary", "key", "trigger", "lock", "escape", "order", "evidence class", "rounding", "mask"}
HEADER = "What: x\nKind: scope\nTest: tests/x.py\n"


@pytest.mark.parametrize("patch", PATCHES, ids=lambda patch: patch.name)
def test_a_defect_has_its_place_and_its_tests(patch):
    for path, text in patch.changed(CHECKOUT).items():
        assert text != (CHECKOUT / path).read_text("utf-8")
        if path.endswith(".py"):
            compile(text, path, "exec")
    for test in patch.tests:
        path, _, name = test.partition("::")
        assert (CHECKOUT / path).exists(), test
        assert not name or f"def {name.partition('[')[0]}(" in (CHECKOUT / path).read_text("utf-8"), test
        if path == "tests/locks/test_races.py":
            assert name.partition("[")[2].rstrip("]") in {"", *map(str, RACES)}, test


def test_there_are_enough_of_every_kind():
    assert len(PATCHES) >= 40
    assert {patch.kind for patch in PATCHES} >= KINDS


@pytest.fixture
def checkout(tmp_path):
    (tmp_path / "code.py").write_text(
        "def first():\n    x = 1\n    return x\n\n\ndef second():\n    x = 1\n    return -x\n"
    )
    return tmp_path


def read(checkout, hunk: str, header: str = HEADER):
    path = checkout / "a.patch"
    path.write_text(f"{header}--- a/code.py\n+++ b/code.py\n{hunk}\n")
    return read_patch(path)


def test_a_hunk_is_found_by_its_lines_whatever_number_and_indentation(checkout):
    patch = read(checkout, "@@ -700,2 +700,2 @@ def second\n x = 1\n-return -x\n+return x")
    assert patch.changed(checkout)["code.py"].endswith("def second():\n    x = 1\n    return x\n")


def test_context_that_has_changed_is_left_out(checkout):
    patch = read(checkout, "@@\n x = 2\n-    return -x\n+    return x")
    assert patch.changed(checkout)["code.py"].endswith("    x = 1\n    return x\n")


@pytest.mark.parametrize(
    ("hunk", "words"),
    [
        ("@@\n-    return y\n+    return x", "does not have the lines"),
        ("@@\n-    x = 1\n+    x = 2", "has its lines 2 times"),
    ],
)
def test_a_patch_without_its_place_says_so(checkout, hunk, words):
    with pytest.raises(PatchError, match=words):
        read(checkout, hunk).changed(checkout)


@pytest.mark.parametrize(
    ("header", "hunk", "words"),
    [
        ("Kind: scope\nTest: x\n", "@@\n-a\n+b", "What"),
        (HEADER + "Who: x\n", "@@\n-a\n+b", "Who"),
        (HEADER + "anything\n", "@@\n-a\n+b", "neither"),
        (HEADER, "@@\n a", "changes nothing"),
        (HEADER, "@@\n-a\nb", "begins neither"),
    ],
)
def test_a_patch_file_that_cannot_be_read_says_why(checkout, header, hunk, words):
    with pytest.raises(PatchError, match=words):
        read(checkout, hunk, header)
