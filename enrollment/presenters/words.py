"""Words put one after the other as the reader's language does."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language


def listed(words: Iterable[object]) -> str:
    """Join words: 甲、乙 in Chinese, "a, b" elsewhere."""
    return ("、" if (get_language() or "").startswith("zh") else ", ").join(map(str, words))
