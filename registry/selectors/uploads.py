"""Uploads not yet finished."""

from __future__ import annotations

from foundation.accounts.actors import Actor
from registry.models import Upload, UploadState


def list_unfinished_uploads(actor: Actor) -> list[Upload]:
    """List the actor's own unfinished files, oldest first. One query."""
    codes = actor.unit_codes
    own = Upload.objects.filter(user=actor.user_id, county__code__in=codes, state=UploadState.OPEN)
    return list(own.order_by("id"))
