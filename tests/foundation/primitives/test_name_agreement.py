"""Another name, or the same one written otherwise."""

import pytest

from foundation.primitives.name_agreement import is_other_name


@pytest.mark.parametrize(
    ("name", "names", "is_other"),
    [
        ("王芳", ["王强"], True),
        ("王芳", ["王强", "王芳"], False),
        ("王方", ["王芳"], False),
        ("張三", ["张三"], False),
        ("王 芳", ["王芳"], False),
        ("", ["王芳"], False),
        ("王芳", [], False),
        ("王芳", [""], False),
    ],
)
def test_another_name(name, names, is_other):
    assert is_other_name(name, names) is is_other
