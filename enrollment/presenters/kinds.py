"""Which applications fit a person: by open gaps first, the others below them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from casework.constants import GapKind
from enrollment.constants import ApplicationKind
from foundation.accounts.actors import Actor
from foundation.accounts.permissions import Action

G, K = GapKind, ApplicationKind
DIRECT = "direct_inclusion"
"""Reason of an uninsured person who may be taken in without contributions."""
ANSWERS: dict[GapKind, tuple[ApplicationKind, ...]] = {
    G.UNINSURED: (K.REGISTER, K.DECLINE),
    G.NEW_POOR: (K.REGISTER,),
    G.LAPSED: (K.REGISTER,),
    G.ROLL_ENDED: (K.REGISTER,),
    G.TURNING_16: (K.REGISTER,),
    G.TURNING_60: (K.CLAIM,),
    G.DUE_NOT_DRAWING: (K.CLAIM, K.WAIVE),
    G.PAUSED: (K.RESUME,),
    G.STOP_DUE: (K.TERMINATE,),
    G.DRAWING_AFTER_DEATH: (K.TERMINATE,),
    G.CONTRIBUTING_AFTER_DEATH: (K.TERMINATE,),
    G.DRAWING_IN_PRISON: (K.PAUSE,),
    G.NO_IDENTITY: (K.TEMPORARY_IDENTITY, K.REPLACE_IDENTITY),
    G.IDENTITY_CONFLICT: (K.CHANGE_DETAILS,),
}
"""Gap -> the applications that answer it, the usual one first."""
GROUPS: tuple[tuple[str | Promise, tuple[ApplicationKind, ...]], ...] = (
    (_("Enrolment"), (K.REGISTER, K.DIRECT_INCLUSION, K.DECLINE, K.REVOKE_DECLINE)),
    (_("Benefit"), (K.CLAIM, K.EARLY_DRAW, K.WAIVE, K.REVOKE_WAIVER, K.PAUSE, K.RESUME, K.TERMINATE)),
    (_("Details and account"), (K.CHANGE_DETAILS, K.CHANGE_ACCOUNT)),
    (_("Identity"), (K.TEMPORARY_IDENTITY, K.REPLACE_IDENTITY)),
)
"""All kinds, as the page that chooses one shows them."""


@dataclass(frozen=True)
class ApplyLink:
    """Where an application of a kind is begun for a person."""

    label: str
    url: str


def kinds_for_gaps(gaps: Iterable[tuple[str, str]]) -> list[ApplicationKind]:
    """List the kinds that answer open gaps, given as kind and reason; over the benefit age direct inclusion comes first."""
    found: list[ApplicationKind] = []
    for kind, reason in gaps:
        if kind == G.UNINSURED and DIRECT in reason.lower():
            found += (K.DIRECT_INCLUSION, K.WAIVE)
        elif kind in ANSWERS:
            found += ANSWERS[GapKind(kind)]
    return list(dict.fromkeys(found))


def apply_links(actor: Actor, person_id: int, kinds: Iterable[ApplicationKind]) -> list[ApplyLink]:
    """List the links that begin these applications; none for whoever may not prepare one."""
    if not actor.may(Action.PREPARE_APPLICATION):
        return []
    address = reverse("application_begin", args=[person_id])
    return [ApplyLink(str(kind.label), f"{address}?kind={kind.value}") for kind in kinds]
