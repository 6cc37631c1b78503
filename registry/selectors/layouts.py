"""The layouts users have stated for senders' tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from registry.models import LearnedLayout

LayoutsByFingerprint = Mapping[str, tuple[str, Mapping[str, Any]]]
"""Fingerprint of a header -> name and mapping."""


def list_learned_layouts(county_id: int) -> LayoutsByFingerprint:
    """Return a county's learned layouts by fingerprint, the latest of each."""
    rows = LearnedLayout.objects.filter(county_id=county_id).order_by("id")
    return {
        row.fingerprint: (f"{row.feed} ({row.sender})"[:64] if row.sender else row.feed, row.mapping) for row in rows
    }
