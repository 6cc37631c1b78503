"""Reads of signatures. Each function is one query."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from foundation.accounts.actors import Actor
from foundation.accounts.signing import people_behind
from foundation.signatures.constants import Act
from foundation.signatures.models import Signature


def list_signatures(object_type: str, object_ids: Collection[int]) -> dict[int, list[Signature]]:
    """Return object -> its signatures, oldest first, the person and whoever acted loaded.

    The caller has checked that the reader may see the objects.
    """
    found: dict[int, list[Signature]] = {}
    rows = Signature.objects.filter(object_type=object_type, object_id__in=object_ids)
    for row in rows.select_related("person", "acted_by").order_by("object_id", "pk"):
        found.setdefault(row.object_id, []).append(row)
    return found


def list_people(object_type: str, object_id: int) -> set[int]:
    """Return the people who prepared or signed any version of an object."""
    rows = Signature.objects.filter(object_type=object_type, object_id=object_id)
    return set(rows.values_list("person_id", flat=True))


def list_preparers(object_type: str, object_id: int) -> set[int]:
    """Return the people who prepared any version of an object."""
    rows = Signature.objects.filter(object_type=object_type, object_id=object_id, act=Act.PREPARED)
    return set(rows.values_list("person_id", flat=True))


def may_still_sign(actor: Actor, signatures: Iterable[Signature], content: str, act: Act) -> bool:
    """Answer, from signatures already read, whether the database would take this act; pages ask before they show a button."""
    behind = people_behind(actor)
    theirs = [each for each in signatures if each.person_id in behind]
    if any(each.content_hash == content for each in theirs):
        return False
    return all((each.act == Act.PREPARED) == (act == Act.PREPARED) for each in theirs)
